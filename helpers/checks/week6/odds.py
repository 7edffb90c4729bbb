"""Checks of task `odds`: the equalised-odds difference, and calibration by group."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, close, has_columns, require, returns
from helpers.checks.week6.people import all_groups, dictionary, near


def difference(
    function: Callable[..., Any], y: np.ndarray, decision: np.ndarray, group: pd.Series, expected: float
) -> None:
    """Compare the equalised-odds ``difference`` with what is expected."""
    _difference(dictionary(call(function, y, decision, group), "difference undefined"), expected)


def undefined(
    function: Callable[..., Any], y: np.ndarray, decision: np.ndarray, group: pd.Series, expected: Mapping[str, Any]
) -> None:
    """Compare the groups that are named as ``undefined``, and the ``difference`` over the others."""
    result = dictionary(call(function, y, decision, group), "difference undefined")
    named = returns(result["undefined"], list, "undefined")
    _undefined(set(named), set(expected["undefined"]))
    require(len(set(named)) == len(named), "a group is named twice as undefined", seen=f"{named}")
    require(
        abs(returns(result["difference"], float, "difference") - expected["difference"]) <= 1e-9,
        "a group with one of the two rates only enters the difference",
        seen=f"{result['difference']:.4f}, expected {expected['difference']:.4f}",
        why="a rate that exists for one group alone is compared with a number that was invented",
        where="leave such a group out of both ranges: of true positives and of false positives",
    )


def _difference(result: Mapping[str, Any], expected: float) -> None:
    where = "the largest minus the smallest true-positive rate, the same for false positives, the greater of the two"
    why = "equal odds ask for both error rates: a small gap in one hides a large one in the other"
    given = returns(result["difference"], float, "difference")
    close(given, expected, what="the equalised-odds difference", why=why, where=where)


def _undefined(named: set[Any], gone: set[Any]) -> None:
    require(
        named == gone,
        "the groups for which an error rate does not exist are not named",
        seen=f"{sorted(map(str, named))}, expected {sorted(map(str, gone))}",
        why="a group in which nobody was denied has no false-positive rate: 0 would be invented, and silence hides it",
        where="a group is undefined when its outcomes are all the same",
    )


def calibration(
    function: Callable[..., Any], y: np.ndarray, p: np.ndarray, group: pd.Series, expected: pd.DataFrame
) -> None:
    """Compare calibration by group with a table: ``people``, ``mean_p``, ``share`` and ``gap``."""
    result = _calibrated(call(function, y, p, group), expected)
    for column in COLUMNS[:4]:
        given, wanted = (table[column].to_numpy(dtype=float) for table in (result, expected))
        where = "share: of y = 1; gap: share that came true minus mean p"
        close(given, wanted, what=f"{column} by group", where=where)


COLUMNS = ["people", "mean_p", "share", "gap", "low", "high"]


def _calibrated(result: Any, expected: pd.DataFrame) -> pd.DataFrame:
    table = returns(result, pd.DataFrame, "calibration_by_group")
    has_columns(table, COLUMNS)
    all_groups(table, list(expected.index))
    require(table.index.is_unique, "a group has several rows", where="one row a group")
    return table.loc[expected.index]


def intervals(
    function: Callable[..., Any], y: np.ndarray, p: np.ndarray, group: pd.Series, expected: pd.DataFrame
) -> None:
    """Compare the ends of each group's interval with ``low`` and ``high``; it is wide where people are few.

    Quantiles of 50,000 draws are as good as exact ones: they stray by 0.004 of the width, and 0.03 may be missed by.
    """
    _intervals(_calibrated(call(function, y, p, group), expected), expected)


def _intervals(result: pd.DataFrame, expected: pd.DataFrame) -> None:
    where = "the share's interval from Beta(k + 1/2, n − k + 1/2), minus the group's mean prediction"
    given = result[["low", "high"]].to_numpy(dtype=float)
    narrow = ~(given[:, 1] > given[:, 0]) | ~np.isfinite(given).all(axis=1)
    require(
        not narrow.any(),
        "a group has a gap without an interval, or with one that has no width",
        seen=lambda: f"{given[narrow][0]} from {expected['people'][narrow].iloc[0]:.0f} people",
        why="of one person all is certain and nothing is known",
        where=where,
    )
    for ends, right in zip(given, expected[["low", "high"]].to_numpy(dtype=float), strict=True):
        near(ends, right, "the interval of a group's gap is not that of its share", where=where, slack=0.03)
