"""Checks of task `groups`: metrics by group, and one group's gap in recall with its interval."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, close, has_columns, require, returns
from helpers.checks.week6.people import all_groups, dictionary, follows, near

METRICS = ("flights", "late_share", "alarm_rate", "recall", "false_alarm_rate")
DRAWS = 3_000


def flights_of(days: Sequence[Mapping[str, tuple[int, int, int]]]) -> pd.DataFrame:
    """Make flights with ``late``, ``alarm``, ``group`` and ``day``.

    Parameters
    ----------
    days : for each day and group: late flights with an alarm, late flights without one, punctual ones (no alarm)
    """
    kinds = ((1, 1), (1, 0), (0, 0))
    rows = [
        (*kind, group, f"day {number:02}")
        for number, day in enumerate(days)
        for group, sizes in day.items()
        for kind, size in zip(kinds, sizes, strict=True)
        for _ in range(size)
    ]
    return pd.DataFrame(rows, columns=["late", "alarm", "group", "day"])


def metrics(
    function: Callable[..., Any], y: np.ndarray, alarm: np.ndarray, group: pd.Series, expected: pd.DataFrame
) -> None:
    """Compare metrics by group with a table: a row for each group, NaN where a metric does not exist."""
    result = returns(call(function, y, alarm, group), pd.DataFrame, "group_metrics")
    has_columns(result, METRICS)
    all_groups(result, list(expected.index))
    for name in METRICS:
        given, wanted = result.loc[expected.index, name].astype(float), expected[name].astype(float)
        _none_invented(name, given[wanted.isna()].dropna())
        where = "recall: alarms among the late; false-alarm rate: alarms among the punctual; by group"
        why = "whoever reads the table compares groups by this column, and acts on the difference"
        close(given.to_numpy(), wanted.to_numpy(), what=f"{name} by group", why=why, where=where)


def _none_invented(name: str, invented: pd.Series) -> None:
    require(
        invented.empty,
        f"{name} is given as a number for a group in which it does not exist",
        seen=f"{invented.to_dict()}",
        why="fairlearn writes 0 there, and 0 reads as: every late flight of this group was missed",
        where="recall needs late flights, a false-alarm rate punctual ones, a share needs flights: NaN otherwise",
    )


def gap(
    function: Callable[..., Any], flights: pd.DataFrame, name: str, expected: Mapping[str, float], seed: int
) -> None:
    """Check one group's gap in recall, its interval by whole days, and its verdict.

    Parameters
    ----------
    expected : ``gap``, and, where there are enough late flights for a verdict, ``low`` and ``high``
    """
    columns = [flights[column] for column in ("late", "alarm", "group", "day")]
    asked = (*columns[:3], name, columns[3])
    result = dictionary(call(function, *asked, n_boot=DRAWS, seed=seed), "gap low high verdict")
    where = "recall of the group minus recall of all flights that are not in it"
    why = "it is the finding: how many more, or fewer, late flights of this group go without an alarm"
    close(result["gap"], expected["gap"], what="the gap in recall", why=why, where=where)
    if "low" not in expected:
        _no_verdict(result["verdict"], int(flights.loc[flights["group"] == name, "late"].sum()))
        return
    _by_days(result, expected)
    where = "0 in the interval: undecided; all of it below 0: worse; above: better"
    follows(result["verdict"], result, 0, ("worse", "undecided", "better"), where)
    again = dictionary(call(function, *asked, n_boot=DRAWS, seed=seed), "low high")
    require(
        (again["low"], again["high"]) == (result["low"], result["high"]),
        "the same seed gives another interval",
        why="a finding about people that nobody can reproduce is worth nothing before a court or a colleague",
        where="make one random generator from `seed`, inside the function",
    )


def _by_days(result: Mapping[str, Any], expected: Mapping[str, float]) -> None:
    near(
        (result["low"], result["high"]),
        (expected["low"], expected["high"]),
        "the interval is not the 2.5th and 97.5th percentile over draws of whole days",
        why="flights of one day share one storm: drawn one by one, they promise more than the data hold",
        where="draw days with replacement, as many as there are, the same ones for both recalls; twice counts twice",
        slack=0.06,
    )


def _no_verdict(verdict: Any, late: int) -> None:
    require(
        verdict == "undecided",
        "a group with fewer than ten late flights is given a verdict",
        seen=f"{verdict!r} from {late} late flights",
        why="three flights, all caught, have a bootstrap interval without width: it looks sure, and knows nothing",
        where="count the late flights of the group, and of the others, before you judge",
    )
