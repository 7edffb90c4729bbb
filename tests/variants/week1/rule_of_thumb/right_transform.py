"""One crosstab, and the hours of a day as its rows."""

def rule_of_thumb(train, flights, m=50.0):
    rate = train["late"].mean()
    counts = pd.crosstab(train["hour"], train["late"]).reindex(columns=[False, True], fill_value=0)
    score = (counts[True] + m * rate) / (counts.sum(axis=1) + m)
    return np.array([score.get(hour, rate) for hour in flights["hour"]], dtype=float)
