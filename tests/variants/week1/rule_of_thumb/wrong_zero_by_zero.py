"""All hours of the day in the formula: with m = 0 an hour without flights is zero by zero.

Caught by: with m = 0
"""

def rule_of_thumb(train, flights, m=50.0):
    rate = train["late"].mean()
    hours = train.groupby("hour")["late"].agg(["sum", "count"]).reindex(range(24), fill_value=0)
    scores = (hours["sum"] + m * rate) / (hours["count"] + m)
    return flights["hour"].map(scores).to_numpy(dtype=float)
