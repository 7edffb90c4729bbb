"""Uses the calendar columns, which are New York dates already."""

def time_split(flights, valid_from, test_from):
    date = pd.to_datetime(flights[["year", "month", "day"]])
    part = (date >= valid_from).astype(int) + (date >= test_from).astype(int)
    train, valid, test = (flights.loc[part.eq(number)].copy() for number in (0, 1, 2))
    return train, valid, test
