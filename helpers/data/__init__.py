"""The course's data: real tables, built once on your machine, then read in a blink.

Every table has a card, ``datasets/<name>/README.md``: origin, licence, columns, units, known faults.
"""

from helpers.data.competition import Competition, competition, competition_answers
from helpers.data.store import DataError
from helpers.data.tables import airlines, airports, flights, mortgages, planes, weather

__all__ = [
    "Competition",
    "DataError",
    "airlines",
    "airports",
    "competition",
    "competition_answers",
    "flights",
    "mortgages",
    "planes",
    "weather",
]
