"""Checks of task `proxies`: how well a dropped column is predicted from the others, and what dropping it changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, require, returns
from helpers.checks.week6.people import dictionary, near


def predicted_back(
    function: Callable[..., Any], X: pd.DataFrame, protected: np.ndarray, seed: int, between: tuple[float, float]
) -> None:
    """Check how well a protected column can be predicted from the others, on rows that were not learned from."""
    found = returns(call(function, X, protected, seed), float, "predict_back")
    _not_learned(found, between[1])
    _strong(found, between[0])


def _not_learned(found: float, most: float) -> None:
    require(
        found <= most,
        "the proxies look stronger than they are: the AUC is that of rows that were learned from",
        seen=f"{found:.3f}, and no honest answer exceeds {most:.2f} on these columns",
        why="a model can learn any forty columns of noise by heart; that is no proxy",
        where="`cross_val_predict`: each row is predicted by a model that has not seen it",
    )


def _strong(found: float, least: float) -> None:
    require(
        found >= least,
        "the protected column can be told from these columns better than that",
        seen=f"{found:.3f}, expected at least {least:.2f}",
        why="proxies that are not found are not watched",
        where="probabilities of the protected group and not of the other; AUC of these, not of yes and no",
    )


def predicted_twice(
    function: Callable[..., Any], X: pd.DataFrame, protected: Any, seed: int, between: tuple[float, float]
) -> None:
    """Check as `predicted_back` does, and that the same seed gives the same AUC; ``protected`` may be a Series."""
    predicted_back(function, X, protected, seed, between)
    X, protected = X.head(150), protected[:150]
    first = returns(call(function, X, protected, seed), float, "predict_back")
    call(function, X.iloc[::-1], np.asarray(protected)[::-1], seed + 1)
    again = returns(call(function, X, protected, seed), float, "predict_back")
    require(
        abs(first - again) < 1e-9,
        "the same seed gives another AUC",
        why="nobody can check a number that changes by itself",
        where="`random_state=seed` wherever something is drawn: the folds, and the classifier",
    )


def opposite(function: Callable[..., Any], X: pd.DataFrame, protected: np.ndarray, seed: int) -> None:
    """Check that an AUC below 0.5 is given as it is: the columns are those of twins in unlike groups."""
    found = returns(call(function, X, protected, seed), float, "predict_back")
    require(
        found <= 0.55,
        "an AUC below 0.5 is not given as it is: columns that tell nothing are called a proxy",
        seen=f"{found:.3f}, and each person has a twin with the same columns in the other group",
        why="0.5 and below mean that the group cannot be predicted; turned round, bad luck reads as a proxy",
        where="the AUC of the probabilities of protected = 1, whichever side of 0.5 it lies on",
    )


def with_holes(function: Callable[..., Any], X: pd.DataFrame, protected: np.ndarray, seed: int) -> None:
    """Check that people who lack something are predicted too: here everybody does."""
    found = returns(call(function, X, protected, seed), float, "predict_back")
    require(
        found >= 0.75,
        "where everybody lacks one column or another, the protected column can be told better than that",
        seen=f"{found:.3f}, expected at least 0.75",
        why="whoever left a field empty belongs to the study too; often they are the ones it is about",
        where="fill what is missing within the folds, or use a classifier that takes NaN; leave nobody out",
    )


NAMES = "gap_aware gap_unaware low high verdict"
Case = tuple[pd.DataFrame, Sequence[str], tuple[str, str]]


def _asked(
    function: Callable[..., Any], table: pd.DataFrame, features: Sequence[str], names: tuple[str, str], seed: int
) -> dict[str, Any]:
    return dictionary(call(function, table, list(features), *names, seed), NAMES)


def gaps(
    function: Callable[..., Any],
    table: pd.DataFrame,
    features: Sequence[str],
    names: tuple[str, str],
    seed: int,
    expected: Sequence[float],
) -> None:
    """Check the gaps with and without the protected column.

    Parameters
    ----------
    names : the protected column and the outcome
    expected : ``gap_aware`` and ``gap_unaware``. Over 24 ways to fold each of five tables the standard deviation of a
        gap was 0.0016 at most, 0.0023 for the difference of two: 0.015 is more than six of these
    """
    result = _asked(function, table, features, names, seed)
    for name, right in zip(("gap_aware", "gap_unaware"), expected, strict=True):
        _measured(name, returns(result[name], float, name), right, 0.015)


def interval(
    function: Callable[..., Any],
    table: pd.DataFrame,
    features: Sequence[str],
    names: tuple[str, str],
    seed: int,
    error: float,
) -> float:
    """Check the interval of ``gap_unaware``, whose standard error is ``error``.

    Returns
    -------
    width of the interval, divided by the right width: see `of_ninety_five`
    """
    result = _asked(function, table, features, names, seed)
    right = result["gap_unaware"] + 1.96 * error * np.array([-1, 1])
    near(
        (result["low"], result["high"]),
        right,
        "the interval is not that of the gap without the column",
        where="draw people of each group with replacement, or 1.96 standard errors; of gap_unaware",
        slack=0.16,
    )
    return float((result["high"] - result["low"]) / (right[1] - right[0]))


def of_two_people(
    function: Callable[..., Any], table: pd.DataFrame, features: Sequence[str], names: tuple[str, str], seed: int
) -> None:
    """Check that a group of two has an interval: drawn within each group, no draw is without them."""
    result = _asked(function, table, features, names, seed)
    low, gap, high = (returns(result[name], float, name) for name in ("low", "gap_unaware", "high"))
    require(
        low - 1e-9 <= gap <= high + 1e-9,
        "the gap of a group of two people has no interval that holds it",
        seen=f"{gap:.3f} [{low:.3f}, {high:.3f}]",
        why="drawn from everybody, a small group is missing from many draws, and then there is no gap",
        where="draw within each group, as many people as it has",
    )


def verdict(
    function: Callable[..., Any], table: pd.DataFrame, features: Sequence[str], names: tuple[str, str], seed: int
) -> None:
    """Check that the verdict is what the answer's own interval says, whichever group is ahead."""
    result = _asked(function, table, features, names, seed)
    low, high = (returns(result[end], float, end) for end in ("low", "high"))
    _called(result, "gap remains" if low > 0 or high < 0 else "no gap seen")


def five_folds(function: Callable[..., Any], tables: Sequence[Case], seed: int) -> None:
    """Check that each row is predicted from four fifths of the rows.

    Parameters
    ----------
    tables : 25 people, two of them protected, and a column that says nothing. Each is predicted by the share of
        the 20 who were learned from, in twentieths; so the gap is a whole number of (20 · 46)ths, from which an
        honest answer strayed by 0.025 of one at most
    """
    for table, features, names in tables:
        gap = returns(_asked(function, table, features, names, seed)["gap_unaware"], float, "gap_unaware")
        require(
            abs(gap * 920 - round(gap * 920)) < 0.1,
            "the predictions are not those of five folds",
            seen=f"gap_unaware {gap:.6f} of 25 people is no whole number of (20 · 46)ths",
            why="with fewer folds the model learns from fewer people, and the two gaps are those of a weaker one",
            where="five folds: each person is predicted from four fifths of the others",
        )


def shuffled(
    function: Callable[..., Any],
    table: pd.DataFrame,
    features: Sequence[str],
    names: tuple[str, str],
    seed: int,
    expected: float,
) -> None:
    """Check that folds are shuffled: in a sorted table each district must help to predict itself."""
    result = _asked(function, table, features, names, seed)
    require(
        abs(returns(result["gap_unaware"], float, "gap_unaware") - expected) < 0.06,
        "the folds are not shuffled: in a table that is sorted, whole districts are predicted by others",
        seen=f"{result['gap_unaware']:.3f}, expected about {expected:.3f}",
        why="tables come sorted; a model that has not seen the place at all says nothing about its gap",
        where="`shuffle=True`, which `cv=5` does not do",
    )


def _measured(name: str, gap: float, expected: float, most: float) -> None:
    require(
        abs(gap - expected) < most,
        f"{name} is not the gap in mean predicted approval, on rows that were not learned from",
        seen=f"{gap:.3f}, expected about {expected:.3f}",
        why="the study asks how much of the gap stays when the column goes: both gaps must be measured alike",
        where="protected 0 minus protected 1, mean predictions out of fold by `lending.linear()`; of which columns?",
    )


def _called(result: Mapping[str, Any], verdict: str) -> None:
    """Require that the gap is called what it is."""
    require(
        result["verdict"] == verdict,
        "fairness through unawareness: the protected column is gone, and the gap is not"
        if verdict == "gap remains"
        else "a gap is claimed where the interval holds 0",
        seen=f"{result['verdict']!r}: {result['gap_unaware']:.3f} [{result['low']:.3f}, {result['high']:.3f}]",
        why="what a column says, other columns can say for it: nobody is protected by not being looked at",
        where='"gap remains" where the interval leaves out 0, "no gap seen" where it holds 0; nothing else decides',
    )


def of_ninety_five(widths: Sequence[float]) -> None:
    """Check that intervals are of 95 %, over several: one is a few per cent narrower or wider by its draws alone.

    A 90 % interval has 0.84 of the width; the mean of three from 1,000 draws each strays from 1 by 0.02.
    """
    require(
        float(np.mean(widths)) > 0.92,
        "the interval is too narrow for 95 %",
        seen=f"{np.mean(widths):.2f} of the right width",
        why="who reads 95 % relies on it: an interval that leaves out more calls chance a finding",
        where="the 2.5th and the 97.5th percentile; 1,000 draws or more",
    )


def gap_of_noise(function: Callable[..., Any], tables: Sequence[pd.DataFrame], seed: int) -> None:
    """Check that columns of noise are no proxy: on rows that were not learned from they tell no gap.

    Parameters
    ----------
    tables : people with ``minority``, ``approve`` and columns of noise. On tables of 400 people and 100 columns, over
        twelve seeds and six ways to fold, one table's gap was at most 0.08, and in sample at least 0.12
    """
    gaps = []
    for table in tables:
        noise = [name for name in table if name not in ("minority", "approve")]
        found = dictionary(call(function, table, noise, "minority", "approve", seed), "gap_unaware")
        gaps.append(returns(found["gap_unaware"], float, "gap_unaware"))
    require(
        float(np.mean(gaps)) < 0.1,
        "columns of noise seem to hold a gap: the predictions are those of rows that were learned from",
        seen=f"{np.mean(gaps):.3f}, expected about 0",
        why="a model that knows the answers repeats the gap in them, whatever its columns say",
        where="`cross_val_predict` with five shuffled folds, for both gaps",
    )
