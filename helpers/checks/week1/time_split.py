"""Checks of `time_split`: every flight once, in the order of time, on its side of New York's midnight."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, call_or_none, has_columns, require, returns, same_rows

PARTS = ("train", "valid", "test")


def on_its_side(
    split: Callable[..., Any],
    flights: pd.DataFrame,
    valid_from: str,
    test_from: str,
    expected: pd.Series,
    *,
    season: str = "",
) -> None:
    """Check that each part holds the departures of its days, by ``sched_dep`` alone.

    Parameters
    ----------
    valid_from, test_from
        New York dates, the first days of validation and of test
    expected
        "train", "valid" or "test" for each flight, in the order of ``flights``
    season
        what is special about these days, in words
    """
    where = "sched_dep is in UTC: give the two dates that the function is handed a time zone before you compare"
    if "winter" in season:
        where = "the distance to UTC is five hours in winter and four in summer: let a time zone's name decide"
    _sides(split, flights, (valid_from, test_from), expected, season, where)


def on_the_stroke(
    split: Callable[..., Any], flights: pd.DataFrame, valid_from: str, test_from: str, expected: pd.Series
) -> None:
    """Check the sides of flights around midnight, several of which leave on the stroke."""
    where = "count the minute at which a day begins to that day: `<` on one side needs `>=` on the other"
    _sides(split, flights, (valid_from, test_from), expected, " at the stroke of midnight", where)


def _sides(
    split: Callable[..., Any], flights: pd.DataFrame, dates: tuple[str, str], expected: pd.Series, when: str, where: str
) -> None:
    parts = _three(call(split, flights, *dates))
    side = pd.Series(expected.to_numpy(), index=pd.DatetimeIndex(flights["sched_dep"]))
    side = side[~side.index.duplicated()]
    for part, name in zip(parts, PARTS, strict=True):
        _on_side(part, side.reindex(pd.DatetimeIndex(part["sched_dep"]).tz_convert("UTC")), name, when, where)
    count = sum(map(len, parts))
    require(
        count == len(flights),
        f"flights{when} are in no part, or in two",
        seen=f"{count:,} rows in the three parts, of {len(flights):,}",
        why="a lost flight is judged by nobody, and one in two parts is known before it is asked for",
        where=where,
    )


def _on_side(part: pd.DataFrame, side: pd.Series, name: str, when: str, where: str) -> None:
    """Check that all flights of a part belong there; ``side`` says where each does."""
    require(
        side.notna().all(),
        "the departure times in the parts are not those of the input",
        seen=lambda: str(part["sched_dep"].iloc[int(side.isna().argmax())]),
        why="what joins the weather by time next week would be hours off",
        where="convert times in a variable of their own and filter the table that you were given",
    )
    wrong = side.ne(name).to_numpy()
    require(
        not wrong.any(),
        f"flights are on the wrong side{when}",
        seen=lambda: _first(part, side, wrong, name),
        why="a day begins at midnight in New York, which is 04:00 or 05:00 UTC; "
        "evening flights of the last training day otherwise land in the validation days",
        where=where,
    )


def _three(parts: Any) -> Sequence[pd.DataFrame]:
    require(
        isinstance(parts, tuple | list) and len(parts) == 3,
        "the split does not give three tables",
        seen=type(parts).__name__,
        where="return train, valid, test, in this order",
    )
    for part, name in zip(parts, PARTS, strict=True):
        returns(part, pd.DataFrame, f"the {name} part")
        has_columns(part, ["sched_dep"])
        require(
            isinstance(part["sched_dep"].dtype, pd.DatetimeTZDtype),
            "the departure times in the parts are not those of the input",
            seen=f"sched_dep is {part['sched_dep'].dtype}",
            why="what joins the weather by time next week would be hours off",
            where="convert times in a variable of their own and filter the table that you were given",
        )
    return parts


def whole(split: Callable[..., Any], flights: pd.DataFrame, valid_from: str, test_from: str) -> None:
    """Check that a split keeps every flight once, under its label and with what stood in each column."""
    parts = _three(call(split, flights, valid_from, test_from))
    for part in parts:
        has_columns(part, list(flights.columns))
    joined = pd.concat(list(parts))
    same_rows(flights, joined)
    given = flights.loc[joined.index] if flights.index.is_unique else flights
    for column in flights.columns if flights.index.is_unique else []:
        _same_values(column, joined[column], given[column])


def any_columns(
    split: Callable[..., Any], flights: pd.DataFrame, valid_from: str, test_from: str, expected: pd.Series
) -> None:
    """Check a split of flights that have ``sched_dep`` and hardly any other column, and are alike in part."""
    result = call_or_none(split, flights, valid_from, test_from)
    require(
        result is not None,
        "a table that has `sched_dep` and hardly any other column is not split",
        why="the docstring promises this one column: tables of other years may lack the rest",
        where="which other column does your function read?",
    )
    parts = _three(result)
    lost = len(flights) - sum(map(len, parts))
    require(
        lost == 0,
        "where rows are alike, some of them are in no part, or in two",
        seen=f"{len(flights) - lost:,} rows in the three parts, of {len(flights):,}",
        why="two flights to one airport in one minute are two flights",
        where="every row goes into a part: drop no duplicates",
    )
    for part in parts:
        has_columns(part, list(flights.columns))
    same_rows(flights, pd.concat(list(parts)))


def _same_values(column: str, found: pd.Series, given: pd.Series) -> None:
    alike = (found.array == given.array) | (found.isna().to_numpy() & given.isna().to_numpy())
    require(
        bool(pd.Series(alike).fillna(False).all()),
        f"column {column!r} of the parts does not hold what it held in the flights",
        why="a row is its flight only as long as its values stay together",
        where="filter the table that you were given; sort or convert nothing in it",
    )


def _first(part: pd.DataFrame, side: pd.Series, wrong: np.ndarray, name: str) -> str:
    """Return the first flight on the wrong side, in words."""
    place = int(wrong.argmax())
    utc = part["sched_dep"].iloc[place].tz_convert("UTC")
    return (
        f"{wrong.sum()} of {len(part):,} flights in {name}; the one at {utc:%Y-%m-%d %H:%M} UTC, which is "
        f"{utc.tz_convert('America/New_York'):%Y-%m-%d %H:%M} in New York, belongs into {side.iloc[place]}"
    )
