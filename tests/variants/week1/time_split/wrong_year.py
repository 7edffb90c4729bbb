"""Compares month and day, as if there were one year.

Caught by: flights are on the wrong side
"""

def time_split(flights, valid_from, test_from):
    local = flights["sched_dep"].dt.tz_convert("America/New_York").dt.strftime("%m-%d")
    first, second = valid_from[5:], test_from[5:]
    return flights[local < first], flights[(local >= first) & (local < second)], flights[local >= second]
