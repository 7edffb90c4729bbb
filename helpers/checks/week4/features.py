"""Task `features`: the board as it was at prediction time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from helpers import lake
from helpers.checks import call, close, hand_over, require, returns
from helpers.checks.week4.folders import partition, partitions, same_when_run_again

LOOKS_AHEAD = "training would learn from a board that nobody could have read at that moment"


def written(
    function: Callable[..., Any], day: str, flights: Mapping[str, pd.DataFrame], expected: pd.DataFrame
) -> None:
    """Check a day's partition of features, and that a second run changes nothing.

    Parameters
    ----------
    flights
        by date, partitions of flights
    expected
        features and label of the day's flights, indexed by ``flight_id``
    """
    folder = hand_over(partitions("flights", flights))
    arguments = (day, f"{folder}/lake")
    count = returns(call(function, *arguments), int, "features")
    table = partition(folder, "features", day)
    absent = [name for name in [*lake.KEYS, *lake.FEATURES] if name not in table.columns]
    require(not absent, "the partition lacks a column", seen=f"missing: {absent}", where="the table in the text above")
    _each_once(table, set(flights[day]["flight_id"]), count)
    table = table.set_index("flight_id").loc[expected.index]
    for name in expected.columns:
        where = "known at prediction time, two hours before departure; the two hours before it; the same origin"
        why = LOOKS_AHEAD
        if name == "late":
            where = "15 minutes or more; missing where there is no arrival delay: a cancelled flight is not punctual"
            why = "every metric of the week is about this column"
        close(table[name].astype(float).to_numpy(), expected[name].to_numpy(float), what=name, why=why, where=where)
    same_when_run_again(function, arguments, folder, "features")


def _each_once(table: pd.DataFrame, own: set[int], count: int) -> None:
    require(
        set(table["flight_id"]) == own and len(table) == len(own) == count,
        "the partition does not hold the day's flights, each once",
        seen=f"{len(table)} rows, {len(own)} flights, {count} returned",
        why="yesterday's flights are needed to compute today's state, but their features have a partition of their own",
        where="read two days, build, keep one; cancelled flights stay, with `late` missing",
    )


def built(build: Callable[..., Any], flights: pd.DataFrame, expected: Mapping[str, pd.Series]) -> None:
    """Check features of real days: by name, the values expected of all flights or of some."""
    got = returns(call(build, flights), pd.DataFrame, "build_features")
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
