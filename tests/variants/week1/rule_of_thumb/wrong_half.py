"""Shrinks towards one half, as if every second flight were late.

Caught by: the shrunken share of late flights
"""

def rule_of_thumb(train, flights, m=50.0):
    hours = train.groupby("hour")["late"].agg(["sum", "count"])
    scores = (hours["sum"] + m * 0.5) / (hours["count"] + m)
    return flights["hour"].map(scores).fillna(0.5).to_numpy()
