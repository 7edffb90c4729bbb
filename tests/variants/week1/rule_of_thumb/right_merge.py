"""Merges the table of hours on the left and takes the column of scores out of it."""

def rule_of_thumb(train, flights, m=50.0):
    overall = train["late"].mean()
    table = train.groupby("hour", as_index=False).agg(flown=("late", "size"), late_flights=("late", "sum"))
    table["score"] = (table["late_flights"] + m * overall) / (table["flown"] + m)
    return flights[["hour"]].merge(table, on="hour", how="left")["score"].fillna(overall).to_numpy()
