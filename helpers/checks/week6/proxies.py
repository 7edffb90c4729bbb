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


def unaware(
    function: Callable[..., Any],
    table: pd.DataFrame,
    features: Sequence[str],
    seed: int,
    expected: Mapping[str, float],
    verdict: str,
) -> float:
    """Check the gap with and without the column ``minority``, and that dropping it is not called fair.

    Parameters
    ----------
    table : people with ``features``, ``minority`` and ``approve``
    expected : ``gap_aware``, ``gap_unaware``, and ``error``, the standard error of the latter

    Returns
    -------
    width of the interval, divided by the right width: see `of_ninety_five`
    """
    names = "gap_aware gap_unaware low high verdict"
    result = dictionary(call(function, table, list(features), "minority", "approve", seed), names)
    for name in ("gap_aware", "gap_unaware"):
        _measured(name, returns(result[name], float, name), expected[name])
    right = result["gap_unaware"] + 1.96 * expected["error"] * np.array([-1, 1])
    near(
        (result["low"], result["high"]),
        right,
        "the interval is not that of the gap without the column",
        where="draw people of each group with replacement, or 1.96 standard errors; of gap_unaware",
        slack=0.16,
    )
    _called(result, verdict)
    return float((result["high"] - result["low"]) / (right[1] - right[0]))


def _measured(name: str, gap: float, expected: float) -> None:
    require(
        abs(gap - expected) < 0.03,
        f"{name} is not the gap in mean predicted approval, on rows that were not learned from",
        seen=f"{gap:.3f}, expected about {expected:.3f}",
        why="the study asks how much of the gap stays when the column goes: both gaps must be measured alike",
        where="others minus minority, mean predictions out of fold by `lending.linear()`; which columns went in?",
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
