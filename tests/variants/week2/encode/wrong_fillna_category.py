"""Fills missing values with a new word first, which a column of dtype category refuses.

Clause: "category : the category of each row, of any dtype; may be missing"

Caught by: `encode` raised TypeError
"""

def encode(category: pd.Series, late: pd.Series, fold: np.ndarray, m: float = 20.0) -> np.ndarray:
    frame = pd.DataFrame({"category": category.fillna("(missing)").to_numpy(), "late": np.asarray(late, dtype=float)})
    frame["category"] = frame["category"].where(frame["category"] != "(missing)")
    fold = np.asarray(fold)
    result = np.zeros(len(frame))
    for number in np.unique(fold):
        mine = fold == number
        others = frame[~mine]
        rate = others["late"].mean()
        stats = others.groupby("category", sort=False)["late"].agg(["sum", "count"])
        code = (stats["sum"] + m * rate) / (stats["count"] + m)
        result[mine] = frame.loc[mine, "category"].map(code).astype(float).fillna(rate)
    return result
