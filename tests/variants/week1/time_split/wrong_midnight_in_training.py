"""The first minute of the first validation day is trained on.

Caught by: flights are on the wrong side
"""

def time_split(flights, valid_from, test_from):
    first = pd.Timestamp(valid_from, tz="America/New_York")
    second = pd.Timestamp(test_from, tz="America/New_York")
    departs = flights["sched_dep"]
    return flights[departs <= first], flights[(departs > first) & (departs <= second)], flights[departs > second]
