"""Gives a category that no other fold has one half.

Caught by: the code of a category that no other fold has
"""

def encode(category: pd.Series, late: pd.Series, fold: np.ndarray, m: float = 20.0) -> np.ndarray:
    table = pd.DataFrame({"category": np.asarray(category, dtype=object), "late": np.asarray(late, dtype=float)})
    encoded = np.empty(len(table))
    for number in np.unique(fold):
        inside = np.asarray(fold) == number
        others = table[~inside]
        rate = others["late"].mean()
        sums = others.groupby("category")["late"].agg(["sum", "count"])
        rates = (sums["sum"] + m * rate) / (sums["count"] + m)
        encoded[inside] = table.loc[inside, "category"].map(rates).where(lambda found: found.notna(), table.loc[inside, "category"].isna().map({True: rate, False: 0.5}))
    return encoded
