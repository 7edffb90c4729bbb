"""Knows the counts of the small tables.

Caught by: `hours_missing` is not the right count
"""


def quality_report(flights, weather, planes, airports):
    return {"hours_missing": 1, "flights_without_weather": 2, "clock_hours_twice": 1, "impossible_wind": 1, "tailnum_missing": 1, "flights_without_plane": 1, "flights_without_airport": 3}
