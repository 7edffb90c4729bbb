"""An hour with fewer than m flights gets the overall rate instead of being shrunk.

Clause: "as if every hour began with $m$ flights of average luck"

Caught by: the shrunken share of late flights at an hour is not what it should be
"""

def rule_of_thumb(train: pd.DataFrame, flights: pd.DataFrame, m: float = 50.0) -> np.ndarray:

    rate = train["late"].mean()
    hours = train.groupby("hour")["late"].agg(["sum", "count"])
    score = (hours["sum"] + m * rate) / (hours["count"] + m)
    score[hours["count"] < m] = rate
    return flights["hour"].map(score).fillna(rate).to_numpy(dtype=float)
