"""Writes New York times into the caller's sched_dep and hands them on.

Clause: "flights : DataFrame with ``sched_dep``, timestamps in UTC, in any order"

Caught by: `time_split` changed its input in place (argument 1)
"""

def time_split(
    flights: pd.DataFrame, valid_from: str, test_from: str
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:

    first, second = (pd.Timestamp(day, tz="America/New_York") for day in (valid_from, test_from))
    flights["sched_dep"] = flights["sched_dep"].dt.tz_convert("America/New_York")
    local = flights["sched_dep"]
    return flights[local < first], flights[(local >= first) & (local < second)], flights[local >= second]
