"""New York as four hours behind UTC all the year: wrong by an hour in winter.

Caught by: in winter
"""

def time_split(flights, valid_from, test_from):
    first, second = (pd.Timestamp(day, tz="UTC") + pd.Timedelta("4h") for day in (valid_from, test_from))
    departs = flights["sched_dep"]
    return flights[departs < first], flights[(departs >= first) & (departs < second)], flights[departs >= second]
