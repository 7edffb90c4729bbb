"""Converts to New York and compares dates as text, in which their order is the same."""

def time_split(flights, valid_from, test_from):
    day = flights["sched_dep"].dt.tz_convert("America/New_York").dt.strftime("%Y-%m-%d")
    return flights[day < valid_from], flights[(day >= valid_from) & (day < test_from)], flights[day >= test_from]
