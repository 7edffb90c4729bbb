"""Turns the two days into instants of New York and compares instants."""

def time_split(
    flights: pd.DataFrame, valid_from: str, test_from: str
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:

    first, second = (pd.Timestamp(day).tz_localize("America/New_York") for day in (valid_from, test_from))
    when = flights["sched_dep"]
    before, after = (when < first).to_numpy(), (when >= second).to_numpy()
    return flights[before], flights[~before & ~after], flights[after]
