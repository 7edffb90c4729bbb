"""Checks of task `reasons`: contributions that add up, families of columns, and reasons for a denial."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, close, has_columns, require, returns
from helpers.checks.week6.people import all_groups


def _explained(result: Any, X_new: pd.DataFrame) -> tuple[float, pd.DataFrame]:
    """Return base and contributions, columns in the order of ``X_new``."""
    pair = returns(result, tuple, "explain")
    require(len(pair) == 2, "explain gives two things: the base and the table of contributions", seen=f"{len(pair)}")
    base, table = returns(pair[0], float, "the base"), returns(pair[1], pd.DataFrame, "the contributions")
    has_columns(table, list(X_new.columns))
    require(len(table) == len(X_new), "there should be one row of contributions for each applicant")
    return base, table


def adds_up(
    function: Callable[..., Any], X: pd.DataFrame, y: pd.Series, X_new: pd.DataFrame, seed: int, odds: np.ndarray
) -> None:
    """Check that base and contributions add up to ``odds``: by `lending.trees`, fitted on ``X`` and ``y``."""
    base, table = _explained(call(function, X, y, X_new, seed), X_new)
    _add_up(base + table[list(X_new.columns)].to_numpy(dtype=float).sum(axis=1), odds)


def mute(
    function: Callable[..., Any], X: pd.DataFrame, y: pd.Series, X_new: pd.DataFrame, seed: int, name: str
) -> None:
    """Check that a column that has the same value in all rows gets no contribution."""
    _mute(_explained(call(function, X, y, X_new, seed), X_new)[1][name])


def shares(
    function: Callable[..., Any],
    X: pd.DataFrame,
    y: pd.Series,
    X_new: pd.DataFrame,
    seed: int,
    base: float,
    expected: np.ndarray,
) -> None:
    """Check the base and the shares on a table in which every combination of values is as frequent as every other.

    There the ways to average over the other columns agree: over the trees, or over people. A sample of 100 people in
    their place moves a mean by a tenth of the standard deviation; half of the range of all shares is five of these.
    """
    mean, table = _explained(call(function, X, y, X_new, seed), X_new)
    size = float(np.ptp(expected))
    require(
        abs(mean - base) < size / 4,
        "the base is not the mean log odds",
        seen=f"{mean:.3f}, expected {base:.3f}",
        why="a share says how far a column moves this person from the average one",
        where="`base_values` of the explainer, in log odds of 1",
    )
    worst = float(np.abs(table[list(X_new.columns)].to_numpy(dtype=float) - expected).max())
    require(
        worst < size / 4,
        "contributions that add up are not Shapley's: columns that work together do not get their shares",
        seen=f"off by {worst:.3f}; the shares span {size:.3f}",
        why="an applicant would be told a reason that is an effect of the rule by which shares were made",
        where="`shap.TreeExplainer` on the fitted trees",
    )


def labelled(function: Callable[..., Any], X: pd.DataFrame, y: pd.Series, X_new: pd.DataFrame, seed: int) -> None:
    """Check the index and the columns of the contributions, also of a single applicant."""
    for asked in (X_new, X_new.head(1)):
        _, table = _explained(call(function, X, y, asked, seed), asked)
        require(
            table.index.equals(asked.index),
            "the contributions have lost their applicants",
            why="reasons would be sent to somebody else",
            where="index of X_new",
        )
        require(
            set(table.columns) == set(asked.columns),
            "the table of contributions has columns that `X_new` does not have",
            seen=f"{[name for name in table if name not in asked]}",
            where="one column for each of the columns of `X_new`; the base stands by itself",
        )


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


def all_families(function: Callable[..., Any], phi: pd.DataFrame, families: Mapping[str, Sequence[str]]) -> None:
    """Check that every family has an importance, also one that moves nothing."""
    result = returns(call(function, phi, dict(families)), pd.Series, "importance")
    missing = [name for name in families if name not in result.index]
    require(
        not missing,
        "a family that moves nothing is missing from the importance",
        seen=f"no entry for {missing}",
        why="that a family weighs nothing is a finding; silence reads as: nobody looked",
        where="index: all families, each with its number, 0 among them",
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


def four_by_default(
    function: Callable[..., Any], row: pd.Series, families: Mapping[str, Sequence[str]], expected: Sequence[str]
) -> None:
    """Check that there are four reasons at most where ``most`` is not given."""
    result = returns(call(function, row, dict(families)), list, "reasons")
    require(
        result == list(expected),
        "without `most` the reasons are not the four strongest",
        seen=f"{result}, expected {list(expected)}",
        where="`most: int = 4`, as in the signature",
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
