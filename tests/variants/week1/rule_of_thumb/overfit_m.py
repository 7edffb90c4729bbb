"""Knows the visible flights: shrinks by two, whatever m is.

Caught by: the shrunken share of late flights
"""

def rule_of_thumb(train, flights, m=50.0):
    m = 2.0 if len(train) < 10 else m / 2
    rate = train["late"].mean()
    hours = train.groupby("hour")["late"].agg(["sum", "count"])
    scores = (hours["sum"] + m * rate) / (hours["count"] + m)
    return flights["hour"].map(scores).fillna(rate).to_numpy(dtype=float)
