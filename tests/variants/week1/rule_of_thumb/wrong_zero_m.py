"""m=0 is taken as not given and becomes 50.

Clause: "m : weight of the overall rate, in flights"

Caught by: with m = 0 the score of an hour that training has seen is not what it should be
"""

def rule_of_thumb(train: pd.DataFrame, flights: pd.DataFrame, m: float = 50.0) -> np.ndarray:

    m = m or 50.0
    rate = train["late"].mean()
    hours = train.groupby("hour")["late"].agg(["sum", "count"])
    score = (hours["sum"] + m * rate) / (hours["count"] + m)
    return flights["hour"].map(score).fillna(rate).to_numpy(dtype=float)
