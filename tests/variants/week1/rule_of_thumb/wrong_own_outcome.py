"""Counts late flights in the table that it should score: it knows the answer.

Caught by: the scores change when the outcomes of the flights to be scored change
"""

def rule_of_thumb(train, flights, m=50.0):
    source = flights if "late" in flights else train
    rate = source["late"].mean()
    hours = source.groupby("hour")["late"].agg(["sum", "count"])
    scores = (hours["sum"] + m * rate) / (hours["count"] + m)
    return flights["hour"].map(scores).fillna(rate).to_numpy()
