"""Sees the formula as a weighted mean of the hour and the year."""

def rule_of_thumb(train, flights, m=50.0):
    n = train["hour"].value_counts().reindex(range(24), fill_value=0)
    overall = train["late"].mean()
    by_hour = train.groupby("hour")["late"].mean().reindex(range(24)).fillna(overall)
    trust = (n / (n + m)).fillna(0)
    return (trust * by_hour + (1 - trust) * overall).loc[flights["hour"]].values.astype("float64")
