"""Shrinks with the weight of the visible rows.

Caught by: the codes with a weight
"""

def encode(category: pd.Series, late: pd.Series, fold: np.ndarray, m: float = 20.0) -> np.ndarray:
    table = pd.DataFrame({"category": np.asarray(category, dtype=object), "late": np.asarray(late, dtype=float)})
    encoded = np.empty(len(table))
    for number in np.unique(fold):
        inside = np.asarray(fold) == number
        others = table[~inside]
        rate = others["late"].mean()
        sums = others.groupby("category")["late"].agg(["sum", "count"])
        rates = (sums["sum"] + 2.0 * rate) / (sums["count"] + 2.0)
        encoded[inside] = table.loc[inside, "category"].map(rates).fillna(rate)
    return encoded
