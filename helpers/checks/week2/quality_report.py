"""Checks of task `quality_report`: faults of raw tables, counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from helpers.checks import call, require, returns

_WHERE = {
    "hours_missing": "count pairs of origin and UTC hour once, however many flights they have",
    "flights_without_weather": "match origin and `time_hour` together; every flight counts, and none twice",
    "clock_hours_twice": "New York's clock, airport by airport; count the hours that repeat, not their rows",
    "impossible_wind": "more than 200 mph; neither a missing wind nor 200 itself is an impossible one",
    "tailnum_missing": "`isna`, on the flights",
    "flights_without_plane": "a flight without a tail number is another fault, and counted there",
    "flights_without_airport": "count flights, not destinations",
}


def counts(function: Callable[..., Any], tables: Mapping[str, pd.DataFrame], **expected: int) -> None:
    """Check some counts of a report of faults, by name."""
    found = returns(call(function, *tables.values()), dict, "the report")
    missing = [name for name in expected if name not in found]
    require(not missing, f"the report lacks {', '.join(missing)}", seen=f"it has {', '.join(map(str, found))}")
    for name, number in expected.items():
        count = returns(found[name], float, f"`{name}`")
        way = "high" if count > number else "low"
        require(
            count == number,
            f"`{name}` is not the right count: it is too {way}",
            seen=f"{count:g}, expected {number}",
            why="what is not counted before a join cannot be found after it",
            where=_WHERE[name],
        )
