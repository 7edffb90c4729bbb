"""Adds a column of local dates to its own copy and puts day after day into its part; one column more comes out."""

def time_split(flights, valid_from, test_from):
    import datetime

    first, second = (datetime.date.fromisoformat(day) for day in (valid_from, test_from))
    dated = flights.assign(local_date=flights["sched_dep"].dt.tz_convert("US/Eastern").dt.date)
    parts = {"train": [], "valid": [], "test": []}
    for date, group in dated.groupby("local_date"):
        name = "train" if date < first else "valid" if date < second else "test"
        parts[name].append(group)
    return tuple(pd.concat(groups) if groups else dated.iloc[:0] for groups in parts.values())
