"""Missing is a category of its own, with its own rate.

Clause: "A category that is missing, or that no other fold has, gets the overall rate of the other folds."

Caught by: the code of a row without a category, the overall rate of the other folds is not what it
"""

def encode(category: pd.Series, late: pd.Series, fold: np.ndarray, m: float = 20.0) -> np.ndarray:
    frame = pd.DataFrame({"category": category.astype(object).to_numpy(), "late": np.asarray(late, dtype=float)})
    frame["category"] = frame["category"].where(frame["category"].notna(), "(missing)")
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
