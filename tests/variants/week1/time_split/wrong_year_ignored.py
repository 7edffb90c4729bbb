"""Compares the day of the year, so a flight of another year lands on the wrong side.

Clause: "validation, then test, in the order of time"

Caught by: flights are on the wrong side in winter, or when the clocks change
"""

def time_split(
    flights: pd.DataFrame, valid_from: str, test_from: str
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:

    day = flights["sched_dep"].dt.tz_convert("America/New_York").dt.dayofyear
    first, second = pd.Timestamp(valid_from).dayofyear, pd.Timestamp(test_from).dayofyear
    return flights[day < first], flights[(day >= first) & (day < second)], flights[day >= second]
