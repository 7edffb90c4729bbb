"""Checks of task `encode`: target encoding in which no label meets itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, close, is_probability, require, returns

_FORMULA = "the formula above the task: labels of the other folds only, in the rate too"
_RATE = "all that is known of such a row is the overall rate of the other folds"
_POSITION = "is each code put back to its own row, by position?"
_ANOTHERS = "rows get the codes of other rows, and no error says so"
_WHY = "a code that has met its own label knows the answer, and the model will trust it"


def codes(
    function: Callable[..., Any], category: Any, late: Any, fold: Any, expected: Any, what: str, **options: float
) -> None:
    """Check codes, a number between 0 and 1 for each row.

    Parameters
    ----------
    expected
        the code of each row; NaN for a row that this check does not look at
    what
        the rows in words: "the codes of categories without a label"
    options
        ``m``, or nothing
    """
    result = returns(call(function, category, late, fold, **options), np.ndarray, "the result of `encode`")
    wanted = np.asarray(expected, dtype=float)
    judged = ~np.isnan(wanted)
    require(
        np.shape(result) == wanted.shape,
        "there should be one code for each row",
        seen=f"shape {np.shape(result)} for {len(wanted)} rows",
        where="an array of shape (n,), in the order of the rows",
    )
    got = pd.to_numeric(pd.Series(result[judged]), errors="coerce").to_numpy(dtype=float)
    require(
        not np.isnan(got).any(),
        f"{what}: there is none (NaN)",
        seen=f"{np.isnan(got).sum()} of {len(got)}",
        why="a row without a code is lost, or breaks the model that gets it",
        where=_RATE if "overall" in what else _POSITION,
    )
    is_probability(got, len(got))
    why, where = (_ANOTHERS, _POSITION) if "other labels" in what else (_WHY, _RATE if "overall" in what else _FORMULA)
    close(got, wanted[judged], what=what, tolerance=1e-7, why=why, where=where)


def is_array(function: Callable[..., Any], category: pd.Series, late: pd.Series, fold: np.ndarray) -> None:
    """Check that codes come without an index."""
    require(
        not isinstance(call(function, category, late, fold, m=5.0), pd.Series | pd.DataFrame),
        "the codes are a Series with an index, and not an array",
        why="pandas puts a Series into a table by its labels: where these are others, rows get codes of other rows",
        where="`to_numpy()` at the end",
    )


def knows_not_itself(function: Callable[..., Any], category: pd.Series, late: pd.Series, fold: np.ndarray) -> None:
    """Check that turning round every label of one fold changes no code of that fold."""
    inside = fold == fold[0]
    turned = late ^ pd.Series(inside, index=late.index)
    before, after = (np.asarray(call(function, category, labels, fold, m=5.0), float) for labels in (late, turned))
    require(
        bool(np.allclose(before[inside], after[inside], atol=1e-9, equal_nan=True)),
        "a row's code depends on the labels of its own fold",
        seen=f"largest change {np.abs(before - after)[inside].max():.3f}",
        why="the feature then knows a little of the answer, and the model learns to trust it",
        where="category rates and the overall rate alike: only rows of other folds",
    )
