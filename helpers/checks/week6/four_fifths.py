"""Checks of task `four_fifths`: ratios of selection rates, their intervals, and the verdict that these allow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, close, has_columns, require, returns
from helpers.checks.week6.people import all_groups, follows, near


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
    expected : one row for each group but the reference: ``people``, ``rate``, ``ratio``, ``low`` and ``high``
    """
    result = returns(call(function, approved, group, reference, seed=seed), pd.DataFrame, "selection_ratio")
    has_columns(result, ["people", "rate", "ratio", "low", "high", "verdict"])
    all_groups(result, list(expected.index))
    for name, row in result.iterrows():
        for column in ("people", "rate", "ratio"):
            where = "rate: approved among the group's people; ratio: this rate over the reference's"
            why = "the four-fifths rule is a statement about this ratio of rates, and about no other"
            close(
                float(row[column]), float(expected.loc[name, column]), what=f"{column} of a group", why=why, where=where
            )
        _interval(row, expected.loc[name])
        where = "0.8 within the interval: undecided; a ratio of 0.75 from 12 people proves nothing"
        follows(row["verdict"], row, 0.8, ("below", "undecided", "not below"), where)


def _interval(row: pd.Series, expected: pd.Series) -> None:
    low, high = (float(row[end]) for end in ("low", "high"))
    _has_width(low, high, int(expected["people"]))
    near(
        (low, high),
        (expected["low"], expected["high"]),
        "the interval of the ratio is not that of the two rates drawn together",
        why="too narrow an interval convicts or clears by chance; too wide a one never says anything",
        where="draw both rates, divide draw by draw, take the 2.5th and 97.5th percentile",
    )


def _has_width(low: float, high: float, people: int) -> None:
    require(
        np.isfinite(low) and np.isfinite(high) and high > low,
        "a group has a ratio without an interval, or with one that has no width",
        seen=f"[{low}, {high}] from {people} people",
        why="of 12 applicants one more or less moves the rate by 8 %: the ratio alone says nothing of that",
        where="both rates are drawn: Beta(k + 1/2, n − k + 1/2); also for 0 of n and n of n",
    )
