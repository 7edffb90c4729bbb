"""Rounds m down to a whole number.

Clause: "m : weight of the overall rate, in flights"

Caught by: the shrunken share of late flights at an hour is not what it should be
"""

def rule_of_thumb(train: pd.DataFrame, flights: pd.DataFrame, m: float = 50.0) -> np.ndarray:

    m = int(m)
    rate = train["late"].mean()
    hours = train.groupby("hour")["late"].agg(["sum", "count"])
    score = (hours["sum"] + m * rate) / (hours["count"] + m)
    return flights["hour"].map(score).fillna(rate).to_numpy(dtype=float)
