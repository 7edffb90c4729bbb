"""Refuses to give a part without flights.

Caught by: raised ValueError
"""

def time_split(flights, valid_from, test_from):
    departs = flights["sched_dep"].dt.tz_convert("America/New_York")
    first, second = (pd.Timestamp(day, tz="America/New_York") for day in (valid_from, test_from))
    parts = flights[departs < first], flights[(departs >= first) & (departs < second)], flights[departs >= second]
    if any(part.empty for part in parts):
        raise ValueError("a part is empty")
    return parts
