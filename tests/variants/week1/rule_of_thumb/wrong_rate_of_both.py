"""Counts the flights to be scored into the overall rate, where their outcome is known.

Caught by: the scores change when the outcomes
"""

def rule_of_thumb(train, flights, m=50.0):
    both = pd.concat([train, flights]) if "late" in flights else train
    rate = both["late"].mean()
    hours = train.groupby("hour")["late"].agg(["sum", "count"])
    scores = (hours["sum"] + m * rate) / (hours["count"] + m)
    return flights["hour"].map(scores).fillna(rate).to_numpy(dtype=float)
