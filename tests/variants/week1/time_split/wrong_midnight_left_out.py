"""Strict comparisons on both sides: who leaves on the stroke of midnight is in no part.

Caught by: in no part, or in two
"""

def time_split(flights, valid_from, test_from):
    first = pd.Timestamp(valid_from, tz="America/New_York")
    second = pd.Timestamp(test_from, tz="America/New_York")
    departs = flights["sched_dep"]
    return flights[departs < first], flights[(departs > first) & (departs < second)], flights[departs > second]
