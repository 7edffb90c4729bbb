"""Splits by the months of the example and ignores the dates it is given.

Caught by: flights are on the wrong side
"""

def time_split(flights, valid_from, test_from):
    month = flights["sched_dep"].dt.tz_convert("America/New_York").dt.month
    return flights[month < 7], flights[month.between(7, 8)], flights[month > 8]
