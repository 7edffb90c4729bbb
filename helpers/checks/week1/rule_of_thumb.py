"""Checks of `rule_of_thumb`: each hour's shrunken share, and what any fair rule by hour obeys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, close, is_probability, require, returns

_FORMULA = "the formula above the task: an hour begins with m flights, and m times the overall rate are late"


def _found(rule: Callable[..., Any], train: pd.DataFrame, flights: pd.DataFrame, options: Mapping[str, Any]) -> Any:
    """Return the scores, as an array with one number for each flight."""
    return is_probability(returns(call(rule, train, flights, **options), np.ndarray, "rule_of_thumb"), len(flights))


def scores(
    rule: Callable[..., Any], train: pd.DataFrame, flights: pd.DataFrame, expected: Mapping[int, float], *, m: float
) -> None:
    """Check the score of each hour of ``expected``; ``train`` knows them all, and ``flights`` are numbered from 0."""
    found, hours = _found(rule, train, flights, {"m": m}), flights["hour"].to_numpy()
    for hour, score in expected.items():
        close(
            found[hours == hour],
            np.full(np.sum(hours == hour), score),
            what="the shrunken share of late flights at an hour",
            tolerance=1e-7,
            where=_FORMULA,
        )


def unseen(
    rule: Callable[..., Any],
    train: pd.DataFrame,
    flights: pd.DataFrame,
    new: Sequence[bool],
    rate: float,
    *,
    m: float,
) -> None:
    """Check the scores of flights whose hour ``train`` lacks; ``new`` says which they are."""
    found = _found(rule, train, flights, {"m": m})[np.asarray(new)]
    close(
        found,
        np.full(len(found), rate),
        what="the score of an hour never seen in training",
        where="it is the overall rate of the training flights",
    )


def midnight(
    rule: Callable[..., Any], train: pd.DataFrame, flights: pd.DataFrame, expected: Mapping[int, float], *, m: float
) -> None:
    """Check the scores of the first and the last hours of the day, all of which ``train`` knows."""
    found = _found(rule, train, flights, {"m": m})
    close(
        found,
        flights["hour"].map(expected).to_numpy(),
        what="the score of an hour next to midnight that training has seen",
        why="the flights after midnight are those that a bad evening has delayed most",
        where="hour 0 is an hour like any other, and for Python a 0 counts as False: ask whether it is in the table",
    )


def is_array(rule: Callable[..., Any], train: pd.DataFrame, flights: pd.DataFrame, *, m: float) -> None:
    """Check that scores come without an index."""
    found = call(rule, train, flights, m=m)
    require(
        not isinstance(found, pd.Series | pd.DataFrame),
        "the scores are a Series with an index, and not an array",
        why="pandas puts a Series into a table by its labels: where these are others, the scores are lost or exchanged",
        where="`to_numpy()` at the end",
    )


def in_order(rule: Callable[..., Any], train: pd.DataFrame, flights: pd.DataFrame, index: Any, *, m: float) -> None:
    """Check that flights get the same scores, each its own, under another index."""
    plain = _found(rule, train, flights, {"m": m})
    close(
        _found(rule, train, flights.set_axis(index), {"m": m}),
        plain,
        what="under an index that is not 0, 1, 2, … the score of a flight",
        why="the wrong flights would be watched",
        where="is each score matched to its own flight? A merge sorts, and an index misaligns quietly",
    )


def default_weight(rule: Callable[..., Any], train: pd.DataFrame, flights: pd.DataFrame) -> None:
    """Check that the rule takes 50 flights where nobody says otherwise."""
    close(
        _found(rule, train, flights, {}),
        _found(rule, train, flights, {"m": 50.0}),
        what="the score without `m`",
        where="the default in the function's first line: 50 flights",
    )


def no_weight(rule: Callable[..., Any], train: pd.DataFrame, flights: pd.DataFrame) -> None:
    """Check that an hour never seen in training gets with m = 0 what it gets with any other m."""
    found = np.asarray(call(rule, train, flights, m=0.0), dtype=float)
    close(
        found,
        _found(rule, train, flights, {"m": 1.0}),
        what="with m = 0 the score of an hour never seen in training",
        why="zero late flights of zero is no number: the whole table of scores is spoilt by one rare hour",
        where="such an hour gets the overall rate, whatever m is",
    )


def no_shrinking(
    rule: Callable[..., Any], train: pd.DataFrame, flights: pd.DataFrame, expected: Mapping[int, float]
) -> None:
    """Check that with m = 0 an hour's score is its own share of late flights."""
    close(
        _found(rule, train, flights, {"m": 0.0}),
        flights["hour"].map(expected).to_numpy(),
        what="with m = 0 the score of an hour that training has seen",
        why="who asks for no shrinking gets the default's, and does not notice",
        where="0 is a weight like any other: for Python it counts as False, and `m or …` puts another in its place",
    )


def blind_to_outcomes(rule: Callable[..., Any], train: pd.DataFrame, flights: pd.DataFrame, *, m: float) -> None:
    """Check that the outcomes of the flights to be scored, should they be known, change nothing."""
    found = _found(rule, train, flights, {"m": m})
    for outcome in (True, False):
        again = _found(rule, train, flights.assign(late=outcome), {"m": m})
        require(
            np.allclose(again, found),
            "the scores change when the outcomes of the flights to be scored change",
            why="two hours before departure nobody knows them: a rule that does has looked at the answer",
            where="count late flights in the training table alone",
        )
