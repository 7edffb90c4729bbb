"""Validation has no end: the test days are in it as well.

Caught by: flights are on the wrong side
"""

def time_split(flights, valid_from, test_from):
    departs = flights["sched_dep"].dt.tz_convert("America/New_York")
    first, second = (pd.Timestamp(day, tz="America/New_York") for day in (valid_from, test_from))
    return flights[departs < first], flights[departs >= first], flights[departs >= second]
