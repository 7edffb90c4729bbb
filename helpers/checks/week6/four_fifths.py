"""Checks of task `four_fifths`: ratios of selection rates, their intervals, and the verdict that these allow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, close, has_columns, require, returns
from helpers.checks.week6.people import all_groups, by_seed, follows, near

# An end from 40,000 draws strays from the exact one by 0.005 of the width, and by 0.009 where the tail is long: 0.05 is
# more than five of these for an honest interval; the ends of a 90 % interval lie 0.08 inside.
DRAWS, SLACK = 40_000, 0.05
COLUMNS = ("people", "rate", "ratio", "low", "high", "verdict")


def ratios(
    function: Callable[..., Any],
    approved: np.ndarray,
    group: pd.Series,
    reference: str,
    expected: pd.DataFrame,
    seed: int,
) -> None:
    """Compare ratios of selection rates with a table.

    Parameters
    ----------
    expected : one row for each group but the reference: ``people``, ``rate`` and ``ratio``
    """
    result = _table(call(function, approved, group, reference, seed=seed))
    require(
        reference not in result.index,
        "the reference has a row of its own",
        why="its ratio to itself is 1, and says nothing",
        where="one row for each other group",
    )
    all_groups(result, list(expected.index))
    require(result.index.is_unique, "a group has several rows", where="one row a group")
    found = result.to_dict("index")
    for name, wanted in expected.to_dict("index").items():
        for column in COLUMNS[:3]:
            where = "rate: approved among the group's people; ratio: this rate over the reference's"
            why = "the four-fifths rule is a statement about this ratio of rates, and about no other"
            close(float(found[name][column]), float(wanted[column]), what=f"{column} of a group", why=why, where=where)


def _table(result: Any) -> pd.DataFrame:
    table = returns(result, pd.DataFrame, "selection_ratio")
    has_columns(table, COLUMNS)
    return table


def intervals(
    function: Callable[..., Any],
    approved: np.ndarray,
    group: pd.Series,
    reference: str,
    expected: pd.DataFrame,
    seed: int,
) -> None:
    """Check the interval of each ratio; ``expected`` has ``people``, ``low`` and ``high``."""
    result = _table(call(function, approved, group, reference, n_draws=DRAWS, seed=seed))
    all_groups(result, list(expected.index))
    found = result.to_dict("index")
    for name, row in expected.to_dict("index").items():
        low, high = (float(found[name][end]) for end in ("low", "high"))
        _has_width(low, high, int(row["people"]))
        near(
            (low, high),
            (row["low"], row["high"]),
            "the interval of the ratio is not that of the two rates drawn together",
            why="too narrow an interval convicts or clears by chance; too wide a one never says anything",
            where="draw both rates, from Beta(k + 1/2, n − k + 1/2), divide draw by draw, take the 2.5th and 97.5th "
            "percentile",
            slack=SLACK,
        )


def verdicts(function: Callable[..., Any], approved: np.ndarray, group: pd.Series, reference: str, seed: int) -> None:
    """Check that each verdict is what the answer's own interval says."""
    result = _table(call(function, approved, group, reference, seed=seed))
    require(len(result) > 0, "there is no group to judge", where="one row for each other group")
    for row in result.to_dict("index").values():
        where = "0.8 within the interval: undecided; a ratio of 0.75 from 12 people proves nothing"
        follows(
            row["verdict"],
            {str(key): value for key, value in row.items()},
            0.8,
            ("below", "undecided", "not below"),
            where,
        )


def draws(function: Callable[..., Any], approved: np.ndarray, group: pd.Series, reference: str) -> None:
    """Check that ``n_draws`` is the number of draws, and that ``seed`` makes them repeatable."""

    def ends(**options: int) -> tuple[float, ...]:
        row = _table(call(function, approved, group, reference, **options)).iloc[0]
        return float(row["low"]), float(row["high"])

    by_seed(ends, "n_draws", 4_000)


def _has_width(low: float, high: float, people: int) -> None:
    require(
        np.isfinite(low) and np.isfinite(high) and high > low,
        "a group has a ratio without an interval, or with one that has no width",
        seen=f"[{low}, {high}] from {people} people",
        why="of 12 applicants one more or less moves the rate by 8 %: the ratio alone says nothing of that",
        where="both rates are drawn: Beta(k + 1/2, n − k + 1/2); also for 0 of n and n of n",
    )
