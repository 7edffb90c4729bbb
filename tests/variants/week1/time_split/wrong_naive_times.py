"""Strips the time zone from the column so that it can be compared with text.

Caught by: the departure times in the parts are not those of the input
"""

def time_split(flights, valid_from, test_from):
    local = flights.assign(sched_dep=flights["sched_dep"].dt.tz_convert("America/New_York").dt.tz_localize(None))
    train = local[local["sched_dep"] < valid_from]
    valid = local[(local["sched_dep"] >= valid_from) & (local["sched_dep"] < test_from)]
    return train, valid, local[local["sched_dep"] >= test_from]
