"""A departure at midnight exactly goes to the part before.

Clause: "valid_from : first New York day of the validation part, e.g. "2013-07-01""

Caught by: flights are on the wrong side at the stroke of midnight
"""

def time_split(
    flights: pd.DataFrame, valid_from: str, test_from: str
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:

    first, second = (pd.Timestamp(day, tz="America/New_York") for day in (valid_from, test_from))
    local = flights["sched_dep"].dt.tz_convert("America/New_York")
    return flights[local <= first], flights[(local > first) & (local <= second)], flights[local > second]
