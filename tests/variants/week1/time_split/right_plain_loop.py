"""A plain loop that collects row positions by New York date."""

def time_split(
    flights: pd.DataFrame, valid_from: str, test_from: str
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:

    first, second = pd.Timestamp(valid_from).date(), pd.Timestamp(test_from).date()
    positions = [], [], []
    for position, day in enumerate(flights["sched_dep"].dt.tz_convert("America/New_York").dt.date):
        if day < first:
            positions[0].append(position)
        elif day < second:
            positions[1].append(position)
        else:
            positions[2].append(position)
    train, valid, test = (flights.iloc[part] for part in positions)
    return train, valid, test
