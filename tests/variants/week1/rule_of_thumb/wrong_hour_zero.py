"""Hour 0 is taken for no hour and gets the overall rate.

Clause: "train : DataFrame with ``hour`` (local, 0 to 23) and ``late`` (bool)"

Caught by: the score of an hour next to midnight that training has seen is not what it should be
"""

def rule_of_thumb(train: pd.DataFrame, flights: pd.DataFrame, m: float = 50.0) -> np.ndarray:

    rate = train["late"].mean()
    hours = train.groupby("hour")["late"].agg(["sum", "count"])
    score = ((hours["sum"] + m * rate) / (hours["count"] + m)).to_dict()
    return np.array([score.get(hour, rate) if hour else rate for hour in flights["hour"]], dtype=float)
