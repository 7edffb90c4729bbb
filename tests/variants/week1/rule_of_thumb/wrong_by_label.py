"""Puts scores and flights together by an index that does not belong to either.

Caught by: the shrunken share of late flights
"""

def rule_of_thumb(train, flights, m=50.0):
    rate = train["late"].mean()
    hours = train.groupby("hour")["late"].agg(["sum", "count"])
    by_train_row = train["hour"].map((hours["sum"] + m * rate) / (hours["count"] + m))
    return by_train_row.reindex(flights.index).fillna(rate).to_numpy()
