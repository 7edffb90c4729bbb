"""Another weight where nobody says otherwise.

Caught by: the score without `m`
"""

def rule_of_thumb(train, flights, m=20.0):
    rate = train["late"].mean()
    hours = train.groupby("hour")["late"].agg(["sum", "count"])
    scores = (hours["sum"] + m * rate) / (hours["count"] + m)
    return flights["hour"].map(scores).fillna(rate).to_numpy(dtype=float)
