"""Writes 50 into the formula, whatever m is.

Caught by: the shrunken share of late flights
"""

def rule_of_thumb(train, flights, m=50.0):
    rate = train["late"].mean()
    hours = train.groupby("hour")["late"].agg(["sum", "count"])
    scores = (hours["sum"] + 50 * rate) / (hours["count"] + 50)
    return flights["hour"].map(scores).fillna(rate).to_numpy()
