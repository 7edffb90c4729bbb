"""Forgets the validation part.

Caught by: the split does not give three tables
"""

def time_split(flights, valid_from, test_from):
    first = pd.Timestamp(valid_from, tz="America/New_York")
    return flights[flights["sched_dep"] < first], flights[flights["sched_dep"] >= first]
