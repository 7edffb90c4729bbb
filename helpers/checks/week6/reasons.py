"""Checks of task `reasons`: contributions that add up, families of columns, and reasons for a denial."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, close, has_columns, require, returns
from helpers.checks.week6.people import all_groups


def contributions(
    function: Callable[..., Any],
    X: pd.DataFrame,
    y: pd.Series,
    X_new: pd.DataFrame,
    seed: int,
    *,
    odds: np.ndarray,
    mute: str,
) -> None:
    """Check that base and contributions add up to the model's log odds, and that a mute column gets none.

    Parameters
    ----------
    odds : the log odds of approval by `lending.trees`, fitted on ``X`` and ``y``, for ``X_new``
    mute : the column that has the same value in all rows
    """
    result = returns(call(function, X, y, X_new, seed), tuple, "explain")
    require(
        len(result) == 2, "explain gives two things: the base and the table of contributions", seen=f"{len(result)}"
    )
    base, table = returns(result[0], float, "the base"), returns(result[1], pd.DataFrame, "the contributions")
    has_columns(table, list(X_new.columns))
    table = table[list(X_new.columns)]
    require(len(table) == len(X_new), "there should be one row of contributions for each applicant")
    _add_up(base + table.to_numpy(dtype=float).sum(axis=1), odds)
    _mute(table[mute])
    require(table.index.equals(X_new.index), "the contributions have lost their applicants", where="index of X_new")


def _add_up(sums: np.ndarray, odds: np.ndarray) -> None:
    close(
        sums,
        odds,
        what="the sum of base and contributions",
        tolerance=1e-5,
        why="contributions that do not add up to the answer explain another answer",
        where="log odds of approval, not probabilities, not log odds of denial; the model is `lending.trees(seed)`",
    )


def _mute(contributions: pd.Series) -> None:
    require(
        bool(np.allclose(contributions, 0, atol=1e-9)),
        "a column that is the same for everybody gets a contribution",
        why="an applicant would be told a reason that made no difference to anybody",
        where="Shapley values of the fitted trees; contributions spread over columns by another rule are not these",
    )


def importance(
    function: Callable[..., Any],
    phi: pd.DataFrame,
    families: Mapping[str, Sequence[str]],
    expected: Mapping[str, float],
) -> None:
    """Compare the importance of families: columns that speak together are added before the size is taken."""
    result = returns(call(function, phi, dict(families)), pd.Series, "importance")
    all_groups(result.to_frame("importance"), list(expected))
    close(
        result.reindex(list(expected)),
        list(expected.values()),
        what="the importance of a family of columns",
        why="two copies of one fact share its credit, or push against each other: alone, neither says what it weighs",
        where="add the contributions of a family for each person, with their signs; then absolute value, then mean",
    )


def named(
    function: Callable[..., Any],
    row: pd.Series,
    families: Mapping[str, Sequence[str]],
    most: int,
    *,
    sums: Mapping[str, float],
    expected: Sequence[str],
) -> None:
    """Compare the reasons for a denial with what lowered this person's odds, the strongest first.

    Parameters
    ----------
    sums : the contribution of each family for this person
    expected : the reasons, in order
    """
    result = returns(call(function, row, dict(families), most=most), list, "reasons")
    _speak_against([name for name in result if sums.get(name, -1.0) >= 0])
    _few_enough(len(result), most)
    require(
        result == list(expected),
        "the reasons are not those that lowered this applicant's odds most, strongest first",
        seen=f"{result}, expected {list(expected)}",
        why="who is denied is owed the principal reasons, and these are others",
        where="add up each family for this person, sort from the most negative, take the first",
    )


def _speak_against(helped: Sequence[str]) -> None:
    require(
        not helped,
        "a reason for the denial is something that spoke for this applicant",
        seen=f"{list(helped)}",
        why="a notice must name what really counted against the person: they will try to mend it",
        where="negative sums only; the size alone does not say in which direction",
    )


def _few_enough(number: int, most: int) -> None:
    require(
        number <= most,
        "there are more reasons than asked for",
        seen=f"{number}, at most {most}",
        why="a list of everything names nothing; Regulation B's commentary thinks more than four of no help",
    )
