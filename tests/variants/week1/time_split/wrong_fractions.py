"""Cuts the sorted table at fractions of its length and never looks at the dates.

Caught by: flights are on the wrong side
"""

def time_split(flights, valid_from, test_from):
    ordered = flights.sort_values("sched_dep")
    first, second = int(len(ordered) * 0.5), int(len(ordered) * 0.67)
    return ordered.iloc[:first], ordered.iloc[first:second], ordered.iloc[second:]
