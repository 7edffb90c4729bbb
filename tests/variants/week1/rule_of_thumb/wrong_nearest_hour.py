"""Gives an hour without training flights the score of the hour before it.

Caught by: the score of an hour never seen in training
"""

def rule_of_thumb(train, flights, m=50.0):
    rate = train["late"].mean()
    hours = train.groupby("hour")["late"].agg(["sum", "count"])
    scores = (hours["sum"] + m * rate) / (hours["count"] + m)
    scores = scores.reindex(range(24)).ffill().fillna(rate)
    return flights["hour"].map(scores).to_numpy(dtype=float)
