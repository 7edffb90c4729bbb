"""Checks of `second_order`: derivatives of the log loss, the bottom of a leaf's parabola, the fall of the objective."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from helpers.checks import call, close, require


def derivatives(gradients: Callable[..., Any], y: np.ndarray, raw: np.ndarray) -> None:
    """Compare gradient and Hessian with the slope of the log loss between two near raw scores, and its change.

    Differences find a wrong derivative; they have too few digits to stand in for a right one.
    """

    def loss(shift: float) -> np.ndarray:
        return np.logaddexp(0.0, raw + shift) - y * (raw + shift)

    step = 1e-4
    slope = (loss(step) - loss(-step)) / (2 * step)
    curvature = (loss(step) - 2 * loss(0.0) + loss(-step)) / step**2
    g, h = _pair(call(gradients, y, raw))
    close(g, slope, what="the gradient g (compared with a numerical derivative of the loss)", tolerance=1e-5)
    close(h, curvature, what="the Hessian h (compared with a numerical second derivative)", tolerance=1e-3)


def exact(
    gradients: Callable[..., Any],
    y: np.ndarray,
    raw: np.ndarray,
    *,
    expected: tuple[np.ndarray, np.ndarray],
    scores: str = "",
    where: str = "",
) -> None:
    """Compare gradient and Hessian with the numbers expected; ``scores`` says at which raw scores."""
    with np.errstate(all="ignore"):
        found = _pair(call(gradients, y, raw))
    for values, wanted, name in zip(found, expected, ("the gradient", "the Hessian"), strict=True):
        close(values, wanted, what=f"{name} {scores}", where=where)


def _pair(result: Any) -> tuple[np.ndarray, np.ndarray]:
    require(
        isinstance(result, tuple | list) and len(result) == 2,
        "gradients must return two arrays, g and h",
        seen=type(result).__name__,
    )
    g, h = (np.asarray(part, dtype=float) for part in result)
    return g, h


def leaf_objective(G: float, H: float, lam: float, w: Any) -> Any:
    """Return the second-order objective of one leaf at weight ``w`` (Chen and Guestrin 2016, eq. 4)."""
    return G * w + 0.5 * (H + lam) * w * w


def lowest(leaf_weight: Callable[..., Any], G: float, H: float, lam: float) -> None:
    """Check that neither a slightly smaller nor a slightly larger weight gives the leaf a lower objective."""
    w = float(call(leaf_weight, G, H, lam))
    step = 1e-4 * max(1.0, abs(w))
    here = leaf_objective(G, H, lam, w)
    lower = [other for other in (w - step, w + step) if not leaf_objective(G, H, lam, other) >= here]
    require(
        not lower,
        "another weight makes the leaf's objective lower",
        seen=lambda: (
            f"G={G:.4g}, H={H:.4g}, λ={lam:.4g}: your w={w:.6g} gives {here:.8g}, "
            f"and w={lower[0]:.6g} gives {leaf_objective(G, H, lam, lower[0]):.8g}"
        ),
        why="the tree adds this number to the raw score of every row in the leaf",
        where="set the derivative of G·w + ½(H + λ)·w² to zero; mind the sign",
    )


def fall(
    split_gain: Callable[..., Any],
    left: tuple[float, float],
    right: tuple[float, float],
    lam: float,
    *,
    expected: float,
) -> None:
    """Check that the gain is the fall of the objective from one leaf to two; ``left`` and ``right`` are (G, H)."""
    gain = float(call(split_gain, *left, *right, lam))
    require(
        abs(gain - expected) <= 1e-9 * max(1.0, abs(expected)),
        "the gain is not the fall of the objective",
        seen=f"left (G, H) = {left}, right = {right}, λ = {lam:.4g}: "
        f"your gain {gain:.6g}, the objective falls by {expected:.6g}",
        why="a split is chosen by its gain: a wrong gain grows another tree than XGBoost's",
        where="write down the best objective of a leaf, then parent minus left minus right; keep the ½",
    )
