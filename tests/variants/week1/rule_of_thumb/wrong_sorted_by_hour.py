"""An outer merge sorts by hour: the scores come in another order than the flights.

Caught by: the shrunken share of late flights
"""

def rule_of_thumb(train, flights, m=50.0):
    rate = train["late"].mean()
    hours = train.groupby("hour")["late"].agg(["sum", "count"]).reset_index()
    hours["score"] = (hours["sum"] + m * rate) / (hours["count"] + m)
    merged = flights.merge(hours, on="hour", how="left").sort_values("hour")
    return merged["score"].fillna(rate).to_numpy()
