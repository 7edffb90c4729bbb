"""An hour without training flights gets no score.

Caught by: some probabilities are missing
"""

def rule_of_thumb(train, flights, m=50.0):
    rate = train["late"].mean()
    hours = train.groupby("hour")["late"].agg(["sum", "count"])
    return flights["hour"].map((hours["sum"] + m * rate) / (hours["count"] + m)).to_numpy()
