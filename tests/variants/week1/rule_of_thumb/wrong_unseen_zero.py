"""An hour without training flights is taken for always punctual.

Caught by: the score of an hour never seen in training
"""

def rule_of_thumb(train, flights, m=50.0):
    rate = train["late"].mean()
    hours = train.groupby("hour")["late"].agg(["sum", "count"])
    return flights["hour"].map((hours["sum"] + m * rate) / (hours["count"] + m)).fillna(0).to_numpy()
