"""Checks of task `recent_state`: the board of an airport as it stood at prediction time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers import features
from helpers.checks import call, no_look_ahead, require
from helpers.checks.week2.tables import of_features, same_features

COLUMNS = ("departed", "delay", "waiting")
_WHERE = {
    "departed": "actual departure is sched_dep + dep_delay, and the window of three hours is (c - hours, c]; other "
    "groups have windows of their own",
    "delay": "the mean `dep_delay` of the flights that `departed` counts, and of no others",
    "waiting": "the schedule says whether a flight is in the window, its actual departure whether it has left by c",
}


def board(
    function: Callable[..., Any], cases: Sequence[tuple[str, str, float, float]], column: str, *, by: str = "origin"
) -> None:
    """Check what one other flight adds to one column of the board.

    The flight that asks has its prediction time at 12:00, the window is three hours. A flight of another group does the
    same at the same time and must not count.

    Parameters
    ----------
    cases
        one other flight each: what it did, scheduled at, its delay in minutes, and the column's value
    """
    for what, clock, delay, value in cases:
        flights = _three_flights(clock, delay)
        asked = flights.index[flights["sched_dep"] == pd.Timestamp("2013-05-01 14:00", tz="UTC")]
        got = of_features(call(function, flights, by=[by], hours=3), flights, [column]).loc[asked[0]]
        require(
            bool(np.isclose(got[column], value, atol=1e-6, equal_nan=True)),
            f"`{column}` is wrong when another flight of the group {what}",
            seen=f"{got[column]}, expected {value} (scheduled {clock}, {delay} min late; seen at 12:00)",
            why="the board at prediction time shows what has happened by then, and only that",
            where=_WHERE[column],
        )


def _three_flights(clock: str, delay: float) -> pd.DataFrame:
    """Make the flight that asks, another of its airport, and one of another airport that does the same; by schedule."""
    flights = pd.DataFrame({"origin": ["JFK", "LGA", "JFK"], "carrier": "B6", "dest": "BOS", "hour": 0})
    times = ["2013-05-01 14:00", f"2013-05-01 {clock}", f"2013-05-01 {clock}"]
    flights["sched_dep"] = pd.to_datetime(times, utc=True)
    flights = flights.assign(dep_delay=[0.0, delay, delay], arr_delay=[0.0, delay, delay])
    return flights.sort_values("sched_dep", kind="stable", ignore_index=True)


def same_state(
    function: Callable[..., Any], flights: pd.DataFrame, by: Sequence[str], hours: int, expected: pd.DataFrame
) -> None:
    """Check the columns and the rows of ``expected``; other columns and rows are left to other parts."""
    got = of_features(call(function, flights, by=list(by), hours=hours), flights, expected.columns)
    same_features(got.loc[expected.index], expected, "the flights of three days")


def any_order(function: Callable[..., Any], flights: pd.DataFrame, by: Sequence[str], hours: int, *, seed: int) -> None:
    """Check that flights in another order, with labels of text, have the state that they have by schedule."""
    tidy = flights.sort_values("sched_dep", ignore_index=True)
    first = of_features(call(function, tidy, by=list(by), hours=hours), tidy, COLUMNS)
    for mixed in (tidy.sample(frac=1, random_state=seed), tidy.iloc[::-1]):
        named = mixed.rename(index="flight {}".format)
        found = of_features(call(function, named, by=list(by), hours=hours), named, COLUMNS)
        require(
            _near(found, first.loc[mixed.index]),
            "flights in another order have another state",
            seen=f"{len(mixed)} flights, shuffled or from the last to the first",
            why="a table that was merged or filtered is in no order that you know",
            where="sort inside the function, and give each row of the result back to its own flight",
        )


def _near(left: pd.DataFrame, right: pd.DataFrame) -> bool:
    return bool(np.allclose(left.to_numpy(), right.to_numpy(), atol=1e-6, equal_nan=True))


def groups_apart(function: Callable[..., Any], flights: pd.DataFrame, by: Sequence[str], hours: int) -> None:
    """Check that each flight has the state that it has among the flights of its group alone."""
    found = of_features(call(function, flights, by=list(by), hours=hours), flights, COLUMNS)
    for _, group in [*flights.groupby(list(by))][:3]:
        alone = of_features(call(function, group, by=list(by), hours=hours), group, COLUMNS)
        require(
            _near(found.loc[group.index], alone),
            f"a flight's state depends on flights of other groups, where {len(by)} column(s) name the group",
            seen=f"by {by}, a group of {len(group)} flights",
            why="the board of another airport says nothing about this queue",
            where="a group is the combination of all columns in `by`, whatever they are called",
        )


def keeps_promise(
    function: Callable[..., Any], flights: pd.DataFrame, column: str, *, by: Sequence[str], hours: int, seed: int
) -> None:
    """Probe one column for look-ahead."""

    def one(flights: pd.DataFrame) -> Any:
        return function(flights, by=list(by), hours=hours)[[column]]

    one.__name__ = getattr(function, "__name__", "your function")  # what a message calls it
    no_look_ahead(one, {"flights": flights}, features.prediction_time(flights), seed=seed)
