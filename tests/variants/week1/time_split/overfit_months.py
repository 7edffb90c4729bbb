"""July and September, as the visible check has them.

Caught by: flights are on the wrong side
"""

def time_split(flights, valid_from, test_from):
    month = flights["sched_dep"].dt.tz_convert("America/New_York").dt.month
    return flights[month < 7], flights[month.between(7, 8)], flights[month >= 9]
