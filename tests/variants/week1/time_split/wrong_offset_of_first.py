"""Takes the distance to UTC of the first date for both.

Caught by: in winter
"""

def time_split(flights, valid_from, test_from):
    first = pd.Timestamp(valid_from, tz="America/New_York")
    second = first + (pd.Timestamp(test_from) - pd.Timestamp(valid_from))
    departs = flights["sched_dep"]
    return flights[departs < first], flights[(departs >= first) & (departs < second)], flights[departs >= second]
