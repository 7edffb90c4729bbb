"""Drops flights that share a label.

Caught by: rows of the result are not those of the input
"""

def time_split(flights, valid_from, test_from):
    departs = flights["sched_dep"].dt.tz_convert("America/New_York")
    first, second = (pd.Timestamp(day, tz="America/New_York") for day in (valid_from, test_from))
    flights = flights[~flights.index.duplicated()]
    departs = flights["sched_dep"]
    return flights[departs < first], flights[(departs >= first) & (departs < second)], flights[departs >= second]
