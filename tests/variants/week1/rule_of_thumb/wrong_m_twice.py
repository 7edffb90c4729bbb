"""Adds m to the flights and forgets to multiply the rate by it.

Caught by: the shrunken share of late flights
"""

def rule_of_thumb(train, flights, m=50.0):
    rate = train["late"].mean()
    hours = train.groupby("hour")["late"].agg(["sum", "count"])
    scores = (hours["sum"] + rate) / (hours["count"] + m)
    return flights["hour"].map(scores).fillna(rate).to_numpy(dtype=float)
