"""Counts the folds from 0.

Caught by: the codes where rows or folds
"""

def encode(category: pd.Series, late: pd.Series, fold: np.ndarray, m: float = 20.0) -> np.ndarray:
    table = pd.DataFrame({"category": np.asarray(category, dtype=object), "late": np.asarray(late, dtype=float)})
    encoded = np.zeros(len(table))
    for number in range(len(np.unique(fold))):
        inside = np.asarray(fold) == number
        others = table[~inside]
        rate = others["late"].mean()
        sums = others.groupby("category")["late"].agg(["sum", "count"])
        rates = (sums["sum"] + m * rate) / (sums["count"] + m)
        encoded[inside] = table.loc[inside, "category"].map(rates).fillna(rate)
    return encoded
