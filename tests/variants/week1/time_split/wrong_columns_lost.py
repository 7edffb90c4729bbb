"""Makes the departure the index and leaves it there.

Caught by: the table has no column 'sched_dep'
"""

def time_split(flights, valid_from, test_from):
    first, second = (pd.Timestamp(day, tz="America/New_York") for day in (valid_from, test_from))
    indexed = flights.set_index("sched_dep").sort_index()
    day = indexed.index
    return indexed[day < first], indexed[(day >= first) & (day < second)], indexed[day >= second]
