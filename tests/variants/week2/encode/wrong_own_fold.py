"""Uses the labels of the own fold instead of the others.

Caught by: the codes of six rows
"""

def encode(category: pd.Series, late: pd.Series, fold: np.ndarray, m: float = 20.0) -> np.ndarray:
    table = pd.DataFrame({"category": np.asarray(category, dtype=object), "late": np.asarray(late, dtype=float)})
    encoded = np.empty(len(table))
    for number in np.unique(fold):
        inside = np.asarray(fold) == number
        others = table[inside]
        rate = others["late"].mean()
        sums = others.groupby("category")["late"].agg(["sum", "count"])
        rates = (sums["sum"] + m * rate) / (sums["count"] + m)
        encoded[inside] = table.loc[inside, "category"].map(rates).fillna(rate)
    return encoded
