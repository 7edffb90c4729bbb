"""Pairs categories and labels by index label, not by order.

Clause: "late : bool, one a row, in the same order"

Caught by: the codes where rows or folds have other labels is not what it should be
"""

def encode(category: pd.Series, late: pd.Series, fold: np.ndarray, m: float = 20.0) -> np.ndarray:
    frame = pd.DataFrame({"category": category.astype(object), "late": late.astype(float)}).reset_index(drop=True)
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
