"""Task ``metrics``: numbers that are reported, ties, weights and cases without an answer among them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from helpers import checks
from helpers.checks import call, close, require, returns

NAMES = ("precision", "recall", "f1")
_METRIC_WHERE = {
    "auc": "pairs of equal scores count half; weights of a pair multiply",
    "average_precision": "flights of one score enter together; with R before and after each step, no trapezoids",
    "mean_log_loss": "cut p at 1e-15 on both sides first; the mean over all flights, weights included",
}
_ALARM_WHERE = {
    "precision": "the share of alarms that are right",
    "recall": "the share of late flights that got an alarm",
    "f1": "the harmonic mean, 2PR / (P + R), and not the plain one",
}
_WEIGHTS = "; with weights, sums of weights take the place of counts"


def metric(
    name: str,
    function: Callable[..., Any],
    y: np.ndarray,
    score: np.ndarray,
    weight: np.ndarray | None,
    expected: float,
) -> None:
    """Compare a metric with what is expected of it, with or without weights."""
    arguments = (y, score) if weight is None else (y, score, weight)
    result = returns(call(function, *arguments), float, name)
    score = np.asarray(score)
    why = "two teams that report one name for two numbers cannot compare anything"
    what = f"{name}{_kind(name, score, weight)}"
    close(result, expected, what=what, tolerance=1e-8, why=why, where=_METRIC_WHERE[name])


def _kind(name: str, score: np.ndarray, weight: np.ndarray | None) -> str:
    """Name what is special about a case, for the message."""
    steps = np.diff(np.unique(score))
    special = {
        " with weights": weight is not None,
        " of probabilities that are exactly 0 or 1": name == "mean_log_loss" and np.isin(score, (0, 1)).any(),
        " where scores are tied": name != "mean_log_loss" and len(steps) + 1 < len(score),
        " where scores are huge, or equal but for the last digit": np.abs(score).max() > 1e6
        or steps.min(initial=1.0) < 1e-12,
    }
    return "".join(words for words, true in special.items() if true)


def alarms(
    function: Callable[..., Any],
    y: np.ndarray,
    alarm: np.ndarray,
    weight: np.ndarray | None,
    expected: Sequence[float],
) -> None:
    """Compare precision, recall and F1, in this order, with what is expected of them."""
    arguments = (y, alarm) if weight is None else (y, alarm, weight)
    result = returns(call(function, *arguments), dict, "precision_recall_f1")
    missing = [name for name in NAMES if name not in result]
    require(not missing, f"the dictionary has no {', '.join(missing)}", where="the docstring names its keys")
    weighted = " with weights" if weight is not None else ""
    for name, value in zip(NAMES, expected, strict=True):
        close(result[name], value, what=f"{name}{weighted}", where=_ALARM_WHERE[name] + _WEIGHTS)


def refuses(function: Callable[..., Any], arguments: tuple[Any, ...], what: str) -> None:
    """Require a ValueError; ``what`` says which number was asked for."""
    checks.refuses(
        function,
        arguments,
        what,
        instead="is given as a number, though it does not exist",
        why="a silent 0 or NaN goes into a mean over months, and nobody finds it again",
        where="the docstring's section Raises: test the input first, then compute",
    )
