"""The plain share of each hour: three flights are believed as much as three thousand.

Caught by: the shrunken share of late flights
"""

def rule_of_thumb(train, flights, m=50.0):
    share = train.groupby("hour")["late"].mean()
    return flights["hour"].map(share).fillna(train["late"].mean()).to_numpy()
