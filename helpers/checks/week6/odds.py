"""Checks of task `odds`: the equalised-odds difference, and calibration by group."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, close, has_columns, require, returns
from helpers.checks.week6.people import all_groups, dictionary, near


def difference(
    function: Callable[..., Any], y: np.ndarray, decision: np.ndarray, group: pd.Series, expected: Mapping[str, Any]
) -> None:
    """Compare the equalised-odds ``difference`` and the ``undefined`` groups with what is expected."""
    result = dictionary(call(function, y, decision, group), "difference undefined")
    _undefined(set(returns(result["undefined"], list, "undefined")), set(expected["undefined"]))
    where = "the largest minus the smallest true-positive rate, the same for false positives, the greater of the two"
    why = "equal odds ask for both error rates: a small gap in one hides a large one in the other"
    close(result["difference"], expected["difference"], what="the equalised-odds difference", why=why, where=where)


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
    """Compare calibration by group with a table, and check that an interval is wide where people are few.

    Parameters
    ----------
    expected : one row a group: ``people``, ``mean_p``, ``share``, ``gap``, ``low`` and ``high``
    """
    result = returns(call(function, y, p, group), pd.DataFrame, "calibration_by_group")
    columns = ["people", "mean_p", "share", "gap", "low", "high"]
    has_columns(result, columns)
    all_groups(result, list(expected.index))
    result = result.loc[expected.index]
    for column in columns[:4]:
        given, wanted = (table[column].to_numpy(dtype=float) for table in (result, expected))
        close(given, wanted, what=f"{column} by group", where="gap: share that came true minus mean p")
    _intervals(result, expected)


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
        near(ends, right, "the interval of a group's gap is not that of its share", where=where)
