"""Sorts the times and leaves the rest of the row where it was.

Caught by: does not hold what it held
"""

def time_split(flights, valid_from, test_from):
    departs = flights["sched_dep"].dt.tz_convert("America/New_York")
    first, second = (pd.Timestamp(day, tz="America/New_York") for day in (valid_from, test_from))
    flights = flights.assign(sched_dep=flights["sched_dep"].sort_values().array)
    departs = flights["sched_dep"]
    return flights[departs < first], flights[(departs >= first) & (departs < second)], flights[departs >= second]
