"""New York as five hours behind UTC all the year: wrong by an hour from March to November.

Caught by: flights are on the wrong side
"""

def time_split(flights, valid_from, test_from):
    first, second = (pd.Timestamp(day + "T00:00-05:00") for day in (valid_from, test_from))
    departs = flights["sched_dep"]
    return flights[departs < first], flights[(departs >= first) & (departs < second)], flights[departs >= second]
