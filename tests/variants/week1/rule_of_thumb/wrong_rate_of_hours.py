"""Takes the mean of the hourly shares for the overall rate: a quiet hour counts like a busy one.

Caught by: the shrunken share of late flights
"""

def rule_of_thumb(train, flights, m=50.0):
    hours = train.groupby("hour")["late"].agg(["sum", "count"])
    rate = (hours["sum"] / hours["count"]).mean()
    scores = (hours["sum"] + m * rate) / (hours["count"] + m)
    return flights["hour"].map(scores).fillna(rate).to_numpy()
