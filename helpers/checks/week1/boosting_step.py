"""Checks of `boosting_step`: the tree grown by hand is the tree that XGBoost grows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import CheckFailed, NotAttempted, call, require, returns


def same_trees(
    step: Callable[..., Any],
    X: np.ndarray,
    y: np.ndarray,
    start: np.ndarray,
    params: Mapping[str, float],
    expected: Sequence[np.ndarray],
) -> None:
    """Check that steps by hand lead from tree to tree where XGBoost's lead, to 1e-5 in raw score.

    Parameters
    ----------
    start
        raw scores before the first step. Let them differ from row to row: where all are equal, many splits have
        exactly the same gain, and which of them a library takes is its own affair
    params
        ``max_depth``, ``eta``, ``lambda`` and ``min_child_weight``, as XGBoost calls them
    expected
        the raw scores after each tree, shape (n,) each
    """
    before = last = start.astype("float32").astype(float)
    for number, after in enumerate(expected, start=1):
        raw = _one_step(step, X, y, before, params)
        _same_tree(raw - before, after - last, before, f"with {dict(params)}, tree {number}")
        before, last = raw, after


def every_threshold(step: Callable[..., Any], *trees: Any) -> None:
    """Check trees whose features have hundreds of different values; arguments as in `same_trees`."""
    try:
        same_trees(step, *trees)
    except NotAttempted:
        raise
    except CheckFailed as error:
        found = CheckFailed(
            "where a feature has hundreds of different values, your tree is not the tree that XGBoost grows",
            seen=error.seen,
            why="whoever tries some of the thresholds misses the best of them",
            where="step 1 of the text above the task: between any two neighbouring values, however many there are",
        )
    else:
        return
    raise found


def _one_step(
    step: Callable[..., Any], X: np.ndarray, y: np.ndarray, raw: np.ndarray, params: Mapping[str, float]
) -> np.ndarray:
    options = {"learning_rate": params["eta"], "lam": params["lambda"], "max_depth": int(params["max_depth"])}
    new = call(step, X, y, raw.copy(), min_child_weight=params["min_child_weight"], **options)
    new = returns(new, np.ndarray, "the result of a step").astype(float)
    require(new.shape == (len(y),), "a step must return one raw score a row", seen=f"shape {new.shape}")
    return new


def weight_reached(
    step: Callable[..., Any], X: np.ndarray, y: np.ndarray, raw: np.ndarray, params: Mapping[str, float]
) -> None:
    """Check that a split is made whose sides have ``min_child_weight`` exactly; it is the one allowed here."""
    require(
        np.ptp(_one_step(step, X, y, raw, params)) > 0,
        "a split is refused although both sides have just the Hessian that is asked for",
        why="XGBoost makes this split: your tree is not its tree",
        where="step 2 of the text above the task: H ≥ min_child_weight, so a sum exactly as large is allowed",
    )


def values_told_apart(
    step: Callable[..., Any], X: np.ndarray, y: np.ndarray, raw: np.ndarray, params: Mapping[str, float]
) -> None:
    """Check that a split is made between values that differ in their last digits only; no other is possible here."""
    require(
        np.ptp(_one_step(step, X, y, raw, params)) > 0,
        "two values that differ are taken for equal, and no split is made between them",
        why="who grows the tree by hand sees every digit of a feature; a library that keeps seven of them does not",
        where="step 1 of the text above the task: compare the features as they are given, and leave the libraries out",
    )


def gains_told_apart(
    step: Callable[..., Any],
    X: np.ndarray,
    y: np.ndarray,
    raw: np.ndarray,
    params: Mapping[str, float],
    better: int,
) -> None:
    """Check that of two splits of nearly the same gain the better one is made: by feature ``better``."""
    tree = _one_step(step, X, y, raw, params) - raw
    left, right = tree[X[:, better] < 0.5], tree[X[:, better] > 0.5]
    require(
        np.ptp(left) < 1e-6 and np.ptp(right) < 1e-6 and abs(left[0] - right[0]) > 1e-3,
        "of two splits with nearly the same gain, the one of smaller gain is made",
        why="by hand a gain has sixteen digits; a library that keeps seven of them cannot tell the two apart",
        where="step 1 of the text above the task: keep the split of largest gain, and leave the libraries out",
    )


def _same_tree(tree: np.ndarray, expected: np.ndarray, before: np.ndarray, seen: str) -> None:
    """Compare what two trees add to each row; ``before`` are the raw scores that they are added to."""
    worst = float(np.max(np.abs(tree - expected), initial=0.0))
    if np.isfinite(worst) and worst <= 1e-5 * max(1.0, float(np.abs(before + expected).max())):
        return
    leaves, expected_leaves = _leaves(tree), _leaves(expected)
    broke, where = "your tree is not the tree that XGBoost grows", _WHICH_SPLIT
    if np.allclose(tree + before, expected, atol=1e-5):
        broke, where = "the old raw scores are lost: the step returns the tree alone", "add each leaf's value to `raw`"
    elif np.array_equal(leaves, expected_leaves):
        broke, where = "the leaves hold the right rows, but not the right weights", _WHICH_WEIGHT
    raise CheckFailed(
        broke,
        seen=f"{seen}: largest difference {worst:.3g}, "
        f"{leaves.max() + 1} leaves where XGBoost has {expected_leaves.max() + 1}",
        why="if your step and the library's agree to the fifth digit, you know what the library does",
        where=where,
    )


def _leaves(tree: np.ndarray) -> np.ndarray:
    """Number the leaves in the order of rows: two trees that put the same rows together get the same numbers."""
    return pd.factorize(tree.round(5))[0]


_WHICH_SPLIT = (
    "when does a node stop (max_depth levels of splits, min_child_weight as a sum of Hessians on both sides, "
    "no positive gain)? Does the gain hold λ? Does each cut lie between different values? Are g and h those of `raw`?"
)
_WHICH_WEIGHT = "the sign, λ and the Hessians in the leaf weight, and the learning rate, which is applied once"
