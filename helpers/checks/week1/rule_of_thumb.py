"""Checks of `rule_of_thumb`: what any fair rule by hour obeys, and each hour's shrunken share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, close, is_probability, require


def scores(
    rule: Callable[..., Any],
    train: pd.DataFrame,
    flights: pd.DataFrame,
    *,
    expected: Mapping[int, float],
    what: str = "",
    **options: float,
) -> None:
    """Check the score of each hour.

    Parameters
    ----------
    train, flights
        with ``hour``, and ``train`` with ``late`` too; ``flights`` may have hours that ``train`` lacks
    expected
        the score of each hour among ``flights``
    what
        the scores in words, for a message that is not to name the hour
    options
        ``m``, or nothing where the rule is to take its own
    """
    found = np.asarray(call(rule, train, flights, **options), dtype=float)
    hours = flights["hour"].to_numpy()
    is_probability(found, len(flights))
    _one_score_an_hour(found, hours)
    _blind_to_outcomes(rule, train, flights, found, options)
    _unseen_hours(found, hours, set(train["hour"]), expected)
    _late_hours_above(found, hours, expected)
    for hour, score in expected.items():
        close(
            found[hours == hour],
            np.full(np.sum(hours == hour), score),
            what=what or f"the score of {hour} o'clock with m = {options.get('m', 50.0):g}",
            tolerance=1e-7,
            where="the formula above the task: an hour begins with m flights, and m times the overall rate are late",
        )


def _one_score_an_hour(found: np.ndarray, hours: np.ndarray) -> None:
    by_hour = pd.Series(found).groupby(hours)
    require(
        bool((by_hour.max() - by_hour.min() < 1e-9).all()),
        "two flights of the same hour get different scores",
        why="the rule knows the hour and nothing else",
        where="is each score matched to its own flight? An index that differs from 0, 1, 2, … misaligns quietly",
    )


def _unseen_hours(found: np.ndarray, hours: np.ndarray, known: set[int], expected: Mapping[int, float]) -> None:
    unseen = np.array([hour not in known for hour in hours])
    close(
        found[unseen],
        np.array([expected[hour] for hour in hours[unseen]]),
        what="the score of an hour never seen in training",
        where="it is the overall rate of the training flights",
    )


def _late_hours_above(found: np.ndarray, hours: np.ndarray, expected: Mapping[int, float]) -> None:
    """Compare the hour that is to score highest with the one that is to score lowest."""
    high, low = max(expected, key=lambda hour: expected[hour]), min(expected, key=lambda hour: expected[hour])
    above = found[hours == high].min() > found[hours == low].max()
    require(
        above or expected[high] - expected[low] < 1e-6,
        "the hour that is late most often scores no higher than the one that is late least often",
        seen=lambda: f"{found[hours == high][0]:.3f} at {high} o'clock, {found[hours == low][0]:.3f} at {low} o'clock",
        where="is each score matched to its own flight? The index of the flights is not 0, 1, 2, …",
    )


def _blind_to_outcomes(
    rule: Callable[..., Any],
    train: pd.DataFrame,
    flights: pd.DataFrame,
    found: np.ndarray,
    options: Mapping[str, float],
) -> None:
    for outcome in (True, False):
        again = np.asarray(call(rule, train, flights.assign(late=outcome), **options), dtype=float)
        require(
            again.shape == found.shape and np.allclose(again, found),
            "the scores change when the outcomes of the flights to be scored change",
            why="two hours before departure nobody knows them: a rule that does has looked at the answer",
            where="count late flights in the training table alone",
        )
