"""Task ``nested``: choices are made on inner folds, and examined on rows that had no part in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, close, has_columns, require, returns


def choices(
    function: Callable[..., Any],
    X: pd.DataFrame,
    y: pd.Series,
    rounds: Sequence[Mapping[str, Any]],
    candidates: Sequence[Mapping[str, Any]],
    seed: int,
    *,
    expected: Sequence[Mapping[str, Sequence[float]]],
    other_outcomes: Sequence[pd.Series] = (),
) -> None:
    """Check the choice of each round and its two scores.

    Parameters
    ----------
    expected
        for each round, ``inner`` and ``outer``: each candidate's mean inner log loss, and its log loss on ``valid``
        after training on ``train``
    other_outcomes
        outcomes that differ from ``y`` on the outer validation rows alone: no choice may change with them
    """
    arguments = [dict(one) for one in rounds], [dict(one) for one in candidates]
    result = _table(call(function, X, y, *arguments, seed), len(rounds))
    for outcomes in other_outcomes:
        again = _table(call(function, X, outcomes, *arguments, seed), len(rounds))
        require(
            list(again["chosen"]) == list(result["chosen"]),
            "the choice changes with the outcomes of the outer validation rows: candidates were selected on test data",
            why="a score that chose its candidate is too good for it: that is the optimism to be measured",
            where="compare candidates on the inner folds alone",
        )
    for place, one in enumerate(expected):
        _round(result.iloc[place], one["inner"], one["outer"])


def _table(result: Any, n: int) -> pd.DataFrame:
    result = returns(result, pd.DataFrame, "nested_scores")
    has_columns(result, ["chosen", "inner", "outer"])
    require(len(result) == n, "there must be one row for each round", seen=f"{len(result)} of {n}")
    return result


def _round(row: pd.Series, inner: Sequence[float], outer: Sequence[float]) -> None:
    chosen = int(row["chosen"])
    require(
        0 <= chosen < len(inner) and inner[chosen] <= min(inner) + 1e-9,
        "the chosen candidate is not the one of lowest mean inner log loss",
        seen=f"candidate {chosen}; inner losses {np.round(inner, 4)}",
        why="another choice rule, or other rows, than the task names",
        where="mean over the inner folds, each with a model of its own; is it the lowest loss, or the highest?",
    )
    close(
        row["inner"],
        inner[chosen],
        what="the inner score of the chosen candidate",
        tolerance=1e-6,
        why="inner and outer can only be compared if both say what they claim to say",
        where="the mean of its inner folds' log losses; each fold has a model of its own, made with `seed`",
    )
    close(
        row["outer"],
        outer[chosen],
        what="the outer score of the chosen candidate",
        tolerance=1e-6,
        why="what is examined is what would be put to work: trained on all outer training rows, and on no others",
        where="fit anew on `train`, examine on `valid`; not on the rows it was trained on, and with `seed`",
    )
