"""Expects the folds to be numbered 0, 1, 2 …; rows of other folds keep the code 0.

Clause: "fold : number of the fold of each row, shape (n,); at least two different ones"

Caught by: the codes where rows or folds have other labels is not what it should be
"""

def encode(category: pd.Series, late: pd.Series, fold: np.ndarray, m: float = 20.0) -> np.ndarray:
    frame = pd.DataFrame({"category": category.astype(object).to_numpy(), "late": np.asarray(late, dtype=float)})
    fold = np.asarray(fold)
    result = np.zeros(len(frame))
    for number in range(len(np.unique(fold))):
        mine = fold == number
        others = frame[~mine]
        rate = others["late"].mean()
        stats = others.groupby("category", sort=False)["late"].agg(["sum", "count"])
        code = (stats["sum"] + m * rate) / (stats["count"] + m)
        result[mine] = frame.loc[mine, "category"].map(code).astype(float).fillna(rate)
    return result
