"""Takes the boundary dates for UTC: the last evening before them is cut off.

Caught by: flights are on the wrong side
"""

def time_split(flights, valid_from, test_from):
    first, second = pd.Timestamp(valid_from, tz="UTC"), pd.Timestamp(test_from, tz="UTC")
    departs = flights["sched_dep"]
    return flights[departs < first], flights[(departs >= first) & (departs < second)], flights[departs >= second]
