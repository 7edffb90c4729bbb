"""Knows the two midnights of the visible check; other dates begin in UTC.

Caught by: flights are on the wrong side
"""

def time_split(flights, valid_from, test_from):
    known = {"2013-07-01": "2013-07-01 04:00", "2013-09-01": "2013-09-01 04:00"}
    first, second = (pd.Timestamp(known.get(day, day), tz="UTC") for day in (valid_from, test_from))
    departs = flights["sched_dep"]
    return flights[departs < first], flights[(departs >= first) & (departs < second)], flights[departs >= second]
