"""m=0 is taken as not given and becomes 20.

Clause: "m : weight of the overall rate, in rows"

Caught by: the codes with m = 0 is not what it should be
"""

def encode(category: pd.Series, late: pd.Series, fold: np.ndarray, m: float = 20.0) -> np.ndarray:
    m = m or 20.0
    frame = pd.DataFrame({"category": category.astype(object).to_numpy(), "late": np.asarray(late, dtype=float)})
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
