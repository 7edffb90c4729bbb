"""Returns a Series with the index of the flights, not an array.

Clause: "array of shape (len(flights),), each between 0 and 1, in the order of ``flights``"

Caught by: the scores are a Series with an index, and not an array
"""

def rule_of_thumb(train: pd.DataFrame, flights: pd.DataFrame, m: float = 50.0) -> np.ndarray:

    rate = train["late"].mean()
    hours = train.groupby("hour")["late"].agg(["sum", "count"])
    score = (hours["sum"] + m * rate) / (hours["count"] + m)
    return flights["hour"].map(score).fillna(rate)
