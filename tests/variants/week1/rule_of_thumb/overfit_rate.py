"""Knows that four of six flights are late.

Caught by: the shrunken share of late flights
"""

def rule_of_thumb(train, flights, m=50.0):
    rate = 4 / 6
    hours = train.groupby("hour")["late"].agg(["sum", "count"])
    scores = (hours["sum"] + m * rate) / (hours["count"] + m)
    return flights["hour"].map(scores).fillna(rate).to_numpy(dtype=float)
