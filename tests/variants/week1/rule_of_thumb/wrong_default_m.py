"""The default of m is 20.

Clause: "def rule_of_thumb(train: pd.DataFrame, flights: pd.DataFrame, m: float = 50.0) -> np.ndarray:"

Caught by: the score without `m` is not what it should be
"""

def rule_of_thumb(train: pd.DataFrame, flights: pd.DataFrame, m: float = 20.0) -> np.ndarray:

    rate = train["late"].mean()
    hours = train.groupby("hour")["late"].agg(["sum", "count"])
    score = (hours["sum"] + m * rate) / (hours["count"] + m)
    return flights["hour"].map(score).fillna(rate).to_numpy(dtype=float)
