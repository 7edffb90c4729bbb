"""Checks of `time_split`: every flight once, in the order of time, on its side of New York's midnight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import pandas as pd

from helpers.checks import call, has_columns, require, returns, same_rows

PARTS = ("train", "valid", "test")
_IN_WORDS = ("training", "validation", "test")


def in_order(
    split: Callable[..., Any], flights: pd.DataFrame, valid_from: str, test_from: str
) -> Sequence[pd.DataFrame]:
    """Check that a split keeps every flight once, as it was, and that no part sees a later one; return the parts.

    ``valid_from`` and ``test_from`` are New York dates, the first days of validation and of test.
    """
    parts = call(split, flights, valid_from, test_from)
    require(
        isinstance(parts, tuple | list) and len(parts) == 3,
        "the split does not give three tables",
        seen=type(parts).__name__,
        where="return train, valid, test, in this order",
    )
    for part, name in zip(parts, PARTS, strict=True):
        returns(part, pd.DataFrame, f"the {name} part")
        has_columns(part, list(flights.columns))
    same_rows(flights, pd.concat(list(parts)))
    _same_departures(flights, parts)
    for early, late in pairwise(zip(_IN_WORDS, parts, strict=True)):
        _one_after_the_other(*early, *late)
    return parts


def on_its_side(
    split: Callable[..., Any], flights: pd.DataFrame, valid_from: str, test_from: str, *, expected: pd.Series
) -> None:
    """Check that each flight is in the part where it belongs.

    Parameters
    ----------
    expected
        "train", "valid" or "test" for each flight, same index as ``flights``
    """
    parts = in_order(split, flights, valid_from, test_from)
    names = [pd.Series(name, index=part.index) for name, part in zip(PARTS, parts, strict=True)]
    found = pd.concat(names).reindex(expected.index)
    wrong = found.ne(expected)
    require(
        not wrong.any(),
        "flights near the boundary are on the wrong side",
        seen=lambda: _first(flights["sched_dep"], found[wrong], expected[wrong]),
        why="a day begins at midnight in New York, which is 04:00 or 05:00 UTC; "
        "evening flights of the last training day otherwise land in the validation days",
        where="sched_dep is in UTC: give the two dates that the function is handed a time zone before you compare, "
        "and count the minute at which a day begins to that day",
    )


def _first(departs: pd.Series, found: pd.Series, expected: pd.Series) -> str:
    """Return the first flight on the wrong side, in words."""
    first = expected.index[0]
    utc = departs[first]
    return (
        f"{len(found)} of {len(departs):,} flights; the one at {utc:%Y-%m-%d %H:%M} UTC, which is "
        f"{utc.tz_convert('America/New_York'):%Y-%m-%d %H:%M} in New York, is in {found[first]}, "
        f"expected in {expected[first]}"
    )


def _same_departures(flights: pd.DataFrame, parts: Sequence[pd.DataFrame]) -> None:
    for part in parts:
        departs, given = part["sched_dep"], flights["sched_dep"].reindex(part.index)
        require(
            isinstance(departs.dtype, pd.DatetimeTZDtype) and bool((departs == given).all()),
            "the departure times in the parts are not those of the input",
            seen=f"sched_dep is {departs.dtype}, and was {given.dtype}",
            why="what joins the weather by time next week would be hours off",
            where="convert times in a variable of their own and filter the table that you were given",
        )


def _one_after_the_other(early: str, before: pd.DataFrame, late: str, after: pd.DataFrame) -> None:
    if before.empty or after.empty:
        return
    last, first = before["sched_dep"].max(), after["sched_dep"].min()
    require(
        last < first,
        f"a {late} flight departs no later than a {early} flight",
        seen=f"last {early} departure {last}, first {late} departure {first}",
        why="a model that has seen the same hour of the same day knows its weather: the score is too good",
        where="compare departure times, not row positions, and put equal times on one side",
    )
