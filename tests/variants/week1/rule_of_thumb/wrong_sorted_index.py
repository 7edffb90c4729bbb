"""Sorts the flights by their index before it scores them.

Caught by: under an index that is not 0, 1, 2
"""

def rule_of_thumb(train, flights, m=50.0):
    rate = train["late"].mean()
    hours = train.groupby("hour")["late"].agg(["sum", "count"])
    scores = (hours["sum"] + m * rate) / (hours["count"] + m)
    return flights.sort_index()["hour"].map(scores).fillna(rate).to_numpy(dtype=float)
