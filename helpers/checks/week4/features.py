"""Task `features`: the board as it was at prediction time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from helpers import lake
from helpers.checks import call, close, hand_over, require, returns
from helpers.checks.week4.folders import partition, partitions

LOOKS_AHEAD = "training would learn from a board that nobody could have read at that moment"


def written(function: Callable[..., Any], day: str, flights: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Check that a day's partition of features has its flights, each once, and all columns; the partition.

    Parameters
    ----------
    flights
        by date, partitions of flights
    """
    folder = hand_over(partitions("flights", flights))
    count = returns(call(function, day, f"{folder}/lake"), int, "features")
    table = partition(folder, "features", day)
    absent = [name for name in [*lake.KEYS, *lake.FEATURES] if name not in table.columns]
    require(not absent, "the partition lacks a column", seen=f"missing: {absent}", where="the table in the text above")
    _each_once(table, set(flights[day]["flight_id"]), count)
    own = flights[day].set_index("flight_id")["sched_dep"]
    got = pd.to_datetime(table.set_index("flight_id")["sched_dep"].loc[own.index], utc=True)
    require((got == own).all(), "`sched_dep` in the partition is not the flight's", where="flight_id, sched_dep, late")
    return table


def labelled(function: Callable[..., Any], day: str, flights: Mapping[str, pd.DataFrame], expected: pd.Series) -> None:
    """Check the label of each flight: ``expected`` has 1, 0 or NaN by ``flight_id``."""
    folder = hand_over(partitions("flights", flights))
    call(function, day, f"{folder}/lake")
    table = partition(folder, "features", day)
    require("late" in table.columns, "the partition has no column `late`", where="the text above names it")
    close(
        table.set_index("flight_id")["late"].loc[expected.index].astype(float).to_numpy(),
        expected.to_numpy(float),
        what="late",
        why="every metric of the week is about this column",
        where="15 minutes or more; missing where there is no arrival delay: a cancelled flight is not punctual",
    )


def looks_back(
    function: Callable[..., Any], day: str, flights: Mapping[str, pd.DataFrame], expected: pd.DataFrame
) -> None:
    """Check that the board of a day's first flights knows of the day before: the board by ``flight_id``."""
    table = written(function, day, flights).set_index("flight_id").loc[expected.index]
    for name in expected.columns:
        close(
            table[name].astype(float).to_numpy(),
            expected[name].to_numpy(float),
            what=f"{name} in the partition",
            why="just after midnight everything that the board shows left yesterday",
            where="build from the flights of the day and of the day before, then keep the day's",
        )


def _each_once(table: pd.DataFrame, own: set[int], count: int) -> None:
    require(
        set(table["flight_id"]) == own and len(table) == len(own) == count,
        "the partition does not hold the day's flights, each once",
        seen=f"{len(table)} rows, {len(own)} flights, {count} returned",
        why="yesterday's flights are needed to compute today's state, but their features have a partition of their own",
        where="read two days, build, keep one; cancelled flights stay, with `late` missing",
    )


def without_flights(build: Callable[..., Any], flights: pd.DataFrame) -> None:
    """Check that of a table without a row there are nine features and no row."""
    got = returns(call(build, flights.iloc[:0]), pd.DataFrame, "build_features")
    require(
        len(got) == 0 and set(lake.FEATURES) <= set(got.columns),
        "of no flights there are not nine features without a row",
        why="a day on which nothing flies must not stop the nights after it",
        where="what is computed group by group, where there is no group",
    )


def built(build: Callable[..., Any], flights: pd.DataFrame, expected: Mapping[str, pd.Series]) -> None:
    """Check features of real days: by name, the values expected of all flights or of some."""
    got = returns(call(build, flights), pd.DataFrame, "build_features")
    require(
        got.index.is_unique and set(got.index) == set(flights.index),
        "the features do not have the index of the flights",
        why="they are joined to the flights by it: with another one each flight gets another's features",
        where="keep the index while you sort and group, or put it back at the end",
    )
    absent = [name for name in expected if name not in got.columns]
    require(not absent, "a feature is missing", seen=f"{absent}", where="the names in the table above")
    for name, values in expected.items():
        found = got.loc[values.index, name]
        if name in lake.BOARD:
            _same_board(found, values)
        elif pd.api.types.is_numeric_dtype(values):
            _same_clock(found, values)
        else:
            _same_category(found, values)


def _same_board(got: pd.Series, expected: pd.Series) -> None:
    close(
        got.astype(float).to_numpy(),
        expected.to_numpy(float),
        what=str(expected.name),
        tolerance=1e-6,
        why=LOOKS_AHEAD,
        where="departed in (prediction time − 2 h, prediction time]; waiting: due in it and not gone at its end",
    )


def _same_clock(got: pd.Series, expected: pd.Series) -> None:
    close(
        got.astype(float).to_numpy(),
        expected.to_numpy(float),
        what=str(expected.name),
        why="an evening flight that is filed under another day or hour teaches a rule that nobody flies by",
        where="New York's time, not UTC: minutes after midnight, Monday is 0; the distance as it is",
    )


def _same_category(got: pd.Series, expected: pd.Series) -> None:
    require(
        (got.astype(str).to_numpy() == expected.astype(str).to_numpy()).all(),
        f"{expected.name} is not what the flights say",
        why="the model looks its categories up by their names",
        where="the flight's own, as it is; is each row still with its index?",
    )
