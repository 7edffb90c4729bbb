"""Takes the first day of the test part for the last one of validation.

Caught by: flights are on the wrong side
"""

def time_split(flights, valid_from, test_from):
    departs = flights["sched_dep"].dt.tz_convert("America/New_York")
    first, second = (pd.Timestamp(day, tz="America/New_York") for day in (valid_from, test_from))
    second = second + pd.Timedelta("1D")
    return flights[departs < first], flights[(departs >= first) & (departs < second)], flights[departs >= second]
