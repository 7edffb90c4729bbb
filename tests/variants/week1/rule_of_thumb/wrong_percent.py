"""Scores in percent.

Caught by: some probabilities lie outside 0 and 1
"""

def rule_of_thumb(train, flights, m=50.0):
    rate = train["late"].mean()
    hours = train.groupby("hour")["late"].agg(["sum", "count"])
    scores = (hours["sum"] + m * rate) / (hours["count"] + m)
    return 100 * flights["hour"].map(scores).fillna(rate).to_numpy()
