"""Checks of task `recent_state`: the board of an airport as it stood at prediction time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, require
from helpers.checks.week2.tables import of_features

COLUMNS = ("departed", "delay", "waiting")


def board(function: Callable[..., Any], cases: Sequence[tuple[str, str, float, int, int]]) -> None:
    """Check what one other flight adds to the board.

    The flight that asks has its prediction time at 12:00, the window is three hours, the group is the airport. A flight
    of another airport does the same at the same time and must not count.

    Parameters
    ----------
    cases
        one other flight each: what it did, scheduled at, its delay in minutes, and how many (0 or 1) have departed and
        are waiting
    """
    for what, clock, delay, departed, waiting in cases:
        flights = _three_flights(clock, delay)
        got = of_features(call(function, flights, by=["origin"], hours=3), flights, COLUMNS).loc[7]
        expected = {"departed": departed, "delay": delay if departed else np.nan, "waiting": waiting}
        for column, value in expected.items():
            require(
                bool(np.isclose(got[column], value, atol=1e-6, equal_nan=True)),
                f"`{column}` is wrong when another flight of the airport {what}",
                seen=f"{got[column]}, expected {value} (scheduled {clock}, {delay} min late; seen at 12:00)",
                why="the board at prediction time shows what has happened by then, and only that",
                where="actual departure is sched_dep + dep_delay; the window is (c - hours, c]; "
                "waiting asks about the schedule, departed about the departure",
            )


def _three_flights(clock: str, delay: float) -> pd.DataFrame:
    """Make the flight that asks (index 7), another of its airport, and one of another airport that does the same."""
    flights = pd.DataFrame({"origin": ["JFK", "LGA", "JFK"], "carrier": "B6", "dest": "BOS", "hour": 0})
    times = ["2013-05-01 14:00", f"2013-05-01 {clock}", f"2013-05-01 {clock}"]
    flights["sched_dep"] = pd.to_datetime(times, utc=True)
    return flights.assign(dep_delay=[0.0, delay, delay], arr_delay=[0.0, delay, delay]).set_axis([7, 3, 5])
