"""Checks of task `encode`: target encoding in which no label meets itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, close, is_probability, require, returns


def codes(
    function: Callable[..., Any], category: pd.Series, late: pd.Series, fold: np.ndarray, *, m: float
) -> np.ndarray:
    """Call an encoding and check that it gives one number between 0 and 1 a row; return the numbers."""
    result = returns(call(function, category, late, fold, m=m), np.ndarray, "the result of `encode`")
    numbers = pd.to_numeric(pd.Series(np.ravel(result)), errors="coerce")
    require(
        len(numbers) != len(category) or not numbers.isna().any(),
        "some rows have no code",
        seen=f"{numbers.isna().sum()} of {len(numbers)}",
        why="a category that a fold meets first is no error: all that is known of it is the overall rate",
        where="a row without a category, and a category that no other fold has: the overall rate of the other folds",
    )
    return is_probability(result, len(category))


def same_codes(got: np.ndarray, *, expected: np.ndarray) -> None:
    """Check every code."""
    close(got, expected, what="the codes of the out-of-fold encoding", tolerance=1e-7, where="the formula")


def knows_not_itself(function: Callable[..., Any], category: pd.Series, late: pd.Series, fold: np.ndarray) -> None:
    """Check that turning round every label of one fold changes no code of that fold."""
    inside = fold == fold[0]
    turned = late ^ pd.Series(inside, index=late.index)
    before, after = (codes(function, category, labels, fold, m=5.0) for labels in (late, turned))
    _same_inside(before[inside], after[inside])
    _other_outside(before[~inside], after[~inside])


def _same_inside(before: np.ndarray, after: np.ndarray) -> None:
    require(
        bool(np.allclose(before, after, atol=1e-9)),
        "a row's code depends on the labels of its own fold",
        seen=f"largest change {np.abs(before - after).max():.3f}",
        why="the feature then knows a little of the answer, and the model learns to trust it",
        where="category rates and the overall rate alike: only rows of other folds",
    )


def _other_outside(before: np.ndarray, after: np.ndarray) -> None:
    require(
        not np.allclose(before, after, atol=1e-9),
        "no code depends on any label",
        why="a code without labels cannot rank categories",
        where="the labels of the other folds",
    )


def tells_nothing(got: np.ndarray, coins: pd.Series) -> None:
    """Check that labels which are coins cannot be told from their codes."""
    from sklearn.metrics import roc_auc_score

    require(
        abs(roc_auc_score(coins, got) - 0.5) < 0.08,
        "labels without any signal can be told from their codes",
        why="the model will trust a feature that knows its own answer, and in production there is none",
        where="which rows' labels go into a row's code, and into the overall rate?",
    )
