"""Checks of task `groups`: metrics by group, and one group's gap in recall with its interval."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, close, has_columns, require, returns
from helpers.checks.week6.people import all_groups, by_seed, dictionary, follows, near, of_ninety_five

METRICS = ("flights", "late_share", "alarm_rate", "recall", "false_alarm_rate")
ENDS = ("low", "high")
# The end of an interval from 6,000 draws strays from one of 40,000 by 0.0095 of its width (standard deviation, from the
# normal density at the quantile): 0.05 of the width is 5.3 of these, one honest interval in 5 million.
DRAWS, SLACK = 6_000, 0.05


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


def gap(function: Callable[..., Any], flights: pd.DataFrame, name: str, expected: float, seed: int) -> None:
    """Check one group's gap in recall."""
    result = _asked(function, flights, name, seed, 20)
    where = "recall of the group minus recall of all flights that are not in it"
    why = "it is the finding: how many more, or fewer, late flights of this group go without an alarm"
    close(result["gap"], expected, what="the gap in recall", why=why, where=where)


def interval(
    function: Callable[..., Any], flights: pd.DataFrame, name: str, expected: tuple[float, float], seed: int
) -> tuple[float, float]:
    """Check the interval of a gap by whole days; return how far its ends lie from the right ones, in its width."""
    result = _asked(function, flights, name, seed, DRAWS)
    low, high = (float(result[end]) for end in ENDS)
    _drawn_together(low, high, expected)
    near(
        (low, high),
        expected,
        "the interval is not the 2.5th and 97.5th percentile over draws of whole days",
        why="flights of one day share one storm: drawn one by one, they promise more than the data hold",
        where="draw days with replacement, as many as there are; add up over the days drawn, one that is drawn twice "
        "counts twice; then divide",
        slack=SLACK,
    )
    size = max(expected[1] - expected[0], 1e-9)
    return (low - expected[0]) / size, (high - expected[1]) / size


def _drawn_together(low: float, high: float, expected: tuple[float, float]) -> None:
    require(
        expected[1] > expected[0] or high - low < 1e-9,
        "days that are bad for all make the gap look uncertain: the two recalls are not of the same drawn days",
        seen=f"[{low:.3f}, {high:.3f}], expected no width",
        why="a storm hits the island and the hub: what both share is no gap",
        where="draw the days once for both recalls, in each draw",
    )


def ends(shifts: Sequence[tuple[float, float]]) -> None:
    """Check that intervals are of 95 %, over several; ``shifts`` as `interval` returns them."""
    of_ninety_five(shifts, "drawing whole days")


def verdict(
    function: Callable[..., Any],
    flights: pd.DataFrame,
    name: str,
    seed: int,
    *,
    ends: tuple[float, float] | None = None,
) -> None:
    """Check that the verdict is what the answer's own interval says; where it is given, ``ends`` is that interval."""
    result = _asked(function, flights, name, seed, 1_000)
    _has_interval(result)
    where = "0 in the interval, its ends included: undecided; all of it below 0: worse; above: better"
    follows(result["verdict"], result if ends is None else dict(zip(ENDS, ends, strict=True)), 0, WORDS, where)


WORDS = ("worse", "undecided", "better")


def no_verdict(function: Callable[..., Any], flights: pd.DataFrame, name: str, seed: int) -> None:
    """Check that too few late flights, of the group or of the others, are not judged, and keep their interval."""
    result = _asked(function, flights, name, seed, 500)
    here = flights["group"] == name
    late, others = (int(flights.loc[rows, "late"].sum()) for rows in (here, ~here))
    require(
        result["verdict"] == "undecided",
        "fewer than ten late flights are given a verdict"
        + (": it is the others who are few" if late >= others else ", though so few tell nothing of the group"),
        seen=f"{result['verdict']!r} from {late} late flights of the group and {others} of the others",
        why="three flights, all caught, have a bootstrap interval without width: it looks sure, and knows nothing",
        where="count the late flights of the group, and those of the others, before you judge",
    )
    _has_interval(result)


def _has_interval(result: Mapping[str, Any]) -> None:
    require(
        all(np.isfinite(float(result[end])) for end in ("gap", *ENDS)),
        "the interval of a gap that exists is missing",
        seen=f"gap {result['gap']}, [{result['low']}, {result['high']}]",
        why="undecided is a verdict on an interval: without it nobody sees how little is known",
        where="NaN is for a gap that does not exist; draws that have none are left out: `nanpercentile`",
    )


def no_gap(function: Callable[..., Any], flights: pd.DataFrame, name: str, seed: int) -> None:
    """Check that a gap which does not exist is NaN, with NaN for both ends, and undecided."""
    result = _asked(function, flights, name, seed, 50)
    numbers = [float(result[key]) for key in ("gap", *ENDS)]
    require(
        bool(np.isnan(numbers).all()),
        "a gap is given though one of the two recalls does not exist",
        seen=f"gap {numbers[0]}, [{numbers[1]}, {numbers[2]}]",
        why="no late flights, no recall: a number in its place is invented",
        where="gap, low and high are NaN where the group or the others have no late flights",
    )
    require(result["verdict"] == "undecided", "a gap that does not exist is judged", seen=f"{result['verdict']!r}")


def draws(function: Callable[..., Any], flights: pd.DataFrame, name: str) -> None:
    """Check that ``n_boot`` is the number of draws, and that ``seed`` makes them repeatable."""
    by_seed(lambda **options: _ends(function, flights, name, **options), "n_boot", 500)


def _ends(function: Callable[..., Any], flights: pd.DataFrame, name: str, **options: int) -> tuple[float, ...]:
    result = dictionary(call(function, *_columns(flights, name), **options), "gap low high verdict")
    return tuple(float(result[end]) for end in ENDS)


def _asked(function: Callable[..., Any], flights: pd.DataFrame, name: str, seed: int, n_boot: int) -> dict[str, Any]:
    result = call(function, *_columns(flights, name), n_boot=n_boot, seed=seed)
    return dictionary(result, "gap low high verdict")


def _columns(flights: pd.DataFrame, name: str) -> tuple[Any, ...]:
    columns = [flights[column] for column in ("late", "alarm", "group", "day")]
    return (*columns[:3], name, columns[3])
