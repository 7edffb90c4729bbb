"""Task ``fold_scores``: examinations on folds in which nothing is learned from other rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, has_columns, require, returns

Fold = tuple[np.ndarray, np.ndarray]
COLUMNS = ["auc", "log_loss"]
CATEGORIES = ("carrier", "origin", "dest")
NEAR = 0.02  # what the choice of a penalty, a solver or a way to fill in changes on many flights with few columns


def tidy(X: pd.DataFrame, y: pd.Series) -> tuple[pd.DataFrame, pd.Series]:
    """Keep 600 flights in a row of the most frequent airlines and airports, without missing numbers."""
    often = X[list(CATEGORIES)].apply(lambda column: column.isin(column.value_counts().index[:4]))
    weight = often.sum(axis=1).sort_values(ascending=False, kind="stable")
    rows = np.sort(X.index.get_indexer(weight.index[:600]))
    few = X.iloc[rows].fillna(X.median(numeric_only=True))
    common = {name: few[name].value_counts().index[0] for name in CATEGORIES}
    return few.assign(**{name: few[name].where(often[name].iloc[rows], common[name]) for name in CATEGORIES}), y.iloc[
        rows
    ]


def sound(function: Callable[..., Any], X: pd.DataFrame, y: pd.Series, pairs: Sequence[Fold]) -> pd.DataFrame:
    """Check the shape of the scores, and that they come from probabilities of late; return them."""
    result = returns(call(function, X, y, list(pairs)), pd.DataFrame, "fold_scores")
    has_columns(result, COLUMNS)
    require(len(result) == len(pairs), "there must be one row for each fold", seen=f"{len(result)} of {len(pairs)}")
    numbers = result[COLUMNS].to_numpy(dtype=float)
    require(bool(np.isfinite(numbers).all()), "a fold has no score", seen=str(numbers), where="missing numbers")
    require(
        bool((numbers[:, 1] > 0).all()),
        "a log loss is not positive",
        where="scikit-learn's scorer has minus the log loss: the docstring asks for the loss itself",
    )
    for (_, asked), loss in zip(pairs, numbers[:, 1], strict=True):
        _not_far_above_a_constant(loss, float(y.iloc[asked].mean()))
    return result


def _not_far_above_a_constant(loss: float, share: float) -> None:
    base = -(share * np.log(share) + (1 - share) * np.log(1 - share))
    require(
        loss < base + 0.25,
        "a log loss is far above that of a constant",
        seen=f"{loss:.3f}, a constant has {base:.3f}",
        where="probabilities of late (second column), not yes and no; rows and outcomes matched by position; "
        "a regression with its usual penalty, without class weights, on scaled numbers",
    )


def near(
    function: Callable[..., Any], X: pd.DataFrame, y: pd.Series, pairs: Sequence[Fold], expected: pd.DataFrame
) -> None:
    """Compare the scores of each fold with those of another logistic regression."""
    result = sound(function, X, y, pairs)
    for column in COLUMNS:
        off = np.abs(result[column].to_numpy(dtype=float) - expected[column].to_numpy())
        require(
            bool((off < NEAR).all()),
            f"the {column} of a fold is not that of a logistic regression",
            seen=f"{result[column].to_numpy()}, expected about {expected[column].to_numpy()}",
            why="every later model is compared with this one: it must be what it is called",
            where="rows and outcomes by position; all columns; the fold's own validation rows; no class weights",
        )


def learns_within(
    function: Callable[..., Any], X: pd.DataFrame, y: pd.Series, pairs: Sequence[Fold], number: int
) -> None:
    """Change rows that are not in one of the folds; its scores must stay."""
    before = sound(function, X, y, pairs)[COLUMNS].iloc[number]
    own = np.zeros(len(X), dtype=bool)
    own[np.concatenate([*pairs[number]])] = True
    numbers = X.select_dtypes("number").columns
    changed = X.copy()
    changed.loc[~own, numbers] = changed.loc[~own, numbers] * 40.0 + 9_000.0
    require(
        np.allclose(before, _unjudged(function, changed, y, pairs)[number], atol=1e-7),
        "a fold's scores change when rows outside that fold change: something learned from all rows",
        why="a scaler, a median or an encoder that was fitted on the whole table has seen the days of the examination",
        where="put every step that learns into the pipeline, and fit the pipeline on the fold's training rows",
    )
    flipped = y.copy()
    flipped[~own] = 1 - flipped[~own]
    require(
        np.allclose(before, _unjudged(function, X, flipped, pairs)[number], atol=1e-7),
        "a fold's scores change when outcomes outside that fold change",
        why="those flights have not landed yet when the fold's model is trained",
        where="a new model for each fold, trained on that fold's training rows alone",
    )


def one_by_one(function: Callable[..., Any], X: pd.DataFrame, y: pd.Series, pair: Fold) -> None:
    """Examine two halves of a fold's validation rows apart, and together: the losses must agree."""
    known, asked = pair
    halves = asked[::2], asked[1::2]
    apart = _unjudged(function, X, y, [(known, halves[0]), (known, halves[1]), (known, asked)])[:, 1]
    joined = (apart[0] * len(halves[0]) + apart[1] * len(halves[1])) / len(asked)
    require(
        abs(joined - apart[2]) < 1e-6,
        "what is said of a validation row depends on the other validation rows: something was fitted on them, too",
        why="tomorrow flights come one by one: their mean, deviation or median is not known",
        where="`fit` on the fold's training rows, then `transform` or `predict_proba` on those of validation",
    )


def _unjudged(function: Callable[..., Any], X: pd.DataFrame, y: pd.Series, pairs: Sequence[Fold]) -> np.ndarray:
    """Return the scores, however good they are."""
    return call(function, X, y, list(pairs))[COLUMNS].to_numpy(dtype=float)


def unit_free(function: Callable[..., Any], X: pd.DataFrame, y: pd.Series, pairs: Sequence[Fold], column: str) -> None:
    """Give a column in other units; no score may change by much."""
    before = sound(function, X, y, pairs)["log_loss"].to_numpy(dtype=float)
    other = _unjudged(function, X.assign(**{column: X[column] * 1.609 - 50}), y, pairs)[:, 1]
    tiny = _unjudged(function, X.assign(**{column: X[column] / 50_000}), y, pairs)[:, 1]
    require(
        np.abs(before - other).max() < 2e-3 and np.abs(before - tiny).max() < 2e-3,
        "the scores depend on the unit of a column",
        seen=f"log loss {before}, in other units {other} and {tiny}",
        why="the penalty treats all coefficients alike: a column in small units is hardly used",
        where="numbers need one scale: subtract a mean and divide by a deviation, both of the training rows",
    )


def finds_signal(
    function: Callable[..., Any], X: pd.DataFrame, y: pd.Series, pairs: Sequence[Fold], column: str
) -> None:
    """Check that a label which hangs on one column is found."""
    scores = sound(function, X, y, pairs)["auc"].to_numpy(dtype=float)
    kind = "categories" if column in CATEGORIES else "numbers"
    require(
        bool((scores > 0.7).all()),
        f"a signal that lies in one of the {kind} is not found",
        seen=f"AUC {scores.round(3)}, of outcomes that hang on {column} alone",
        why="a plain opponent that was not shown a column is beaten too easily",
        where="categories as columns of 0 and 1, each value its own; numbers are *all* other columns",
    )


def adds_up(function: Callable[..., Any], X: pd.DataFrame, y: pd.Series, pairs: Sequence[Fold]) -> None:
    """Check that a label which hangs on two columns only in combination is not found: a regression adds its columns."""
    scores = sound(function, X, y, pairs)["auc"].to_numpy(dtype=float)
    require(
        bool((scores < 0.75).all()),
        "a label that no sum of columns gives away is found: a logistic regression cannot do that",
        seen=f"AUC {scores.round(3)}",
        why="the plain opponent shows what a sum of columns can reach, and so what boosting adds to it",
        where="`LogisticRegression` on scaled numbers and columns of 0 and 1: no trees, no products of columns",
    )
