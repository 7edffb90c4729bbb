"""Checks of `second_order`: derivatives of the log loss, the bottom of a leaf's parabola, the fall of the objective."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from helpers.checks import call, close, require, returns

STEP = 1e-4  # between the two raw scores of a difference


def _loss(y: np.ndarray, raw: np.ndarray) -> np.ndarray:
    return np.logaddexp(0.0, raw) - y * raw


def slope(gradients: Callable[..., Any], y: np.ndarray, raw: np.ndarray) -> None:
    """Compare the gradient with the slope of the log loss between two near raw scores.

    Differences find a wrong derivative; they have too few digits to stand in for a right one.
    """
    g, _ = _pair(call(gradients, y, raw))
    expected = (_loss(y, raw + STEP) - _loss(y, raw - STEP)) / (2 * STEP)
    what = "the gradient g (compared with a numerical derivative of the loss)"
    close(g, expected, what=what, tolerance=1e-5, where=_WHERE["gradient"])


def curvature(gradients: Callable[..., Any], y: np.ndarray, raw: np.ndarray) -> None:
    """Compare the Hessian with the change of the log loss's slope."""
    _, h = _pair(call(gradients, y, raw))
    expected = (_loss(y, raw + STEP) - 2 * _loss(y, raw) + _loss(y, raw - STEP)) / STEP**2
    what = "the Hessian h (compared with a numerical second derivative)"
    close(h, expected, what=what, tolerance=1e-3, where=_WHERE["Hessian"])


_WHERE = {
    "gradient": "differentiate the loss by the raw score F, not by the probability: what do you believe, less what is?",
    "Hessian": "differentiate the gradient by F once more: it is largest where p is one half",
}


def exact(gradients: Callable[..., Any], y: np.ndarray, raw: np.ndarray, expected: np.ndarray, name: str) -> None:
    """Compare the gradient or the Hessian, as ``name`` says, with the numbers expected."""
    found = dict(zip(_WHERE, _pair(call(gradients, y, raw)), strict=True))
    close(found[name], expected, what=f"the {name}", where=_WHERE[name])


def no_overflow(gradients: Callable[..., Any], y: np.ndarray, raw: np.ndarray) -> None:
    """Compare gradient and Hessian at extreme scores with those at ±37, where each is at its limit."""
    with np.errstate(all="ignore"):
        found, limits = _pair(call(gradients, y, raw)), _pair(call(gradients, y, 37 * np.sign(raw)))
    where = "exp overflows for a large score of one sign: which form of the logistic function never does?"
    for values, limit, name in zip(found, limits, _WHERE, strict=True):
        close(values, limit, what=f"the {name} at extreme scores", where=where)


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


def lowest(leaf_weight: Callable[..., Any], G: float, H: float, lam: float, *, expected: float | None = None) -> None:
    """Check that neither a slightly smaller nor a slightly larger weight gives the leaf a lower objective.

    With ``expected`` the weight must be that number, too.
    """
    w = returns(call(leaf_weight, G, H, lam), float, "the leaf weight")
    step = 1e-4 * max(1.0, abs(w))
    here = leaf_objective(G, H, lam, w)
    lower = [other for other in (w - step, w + step) if not leaf_objective(G, H, lam, other) >= here]
    close_by = expected is None or abs(w - expected) <= 1e-9 * max(1.0, abs(expected))
    require(
        not lower and close_by,
        "another weight makes the leaf's objective lower",
        seen=lambda: (
            f"G={G:.4g}, H={H:.4g}, λ={lam:.4g}: your w={w:.6g} gives {here:.8g}"
            + (f", and w={lower[0]:.6g} gives {leaf_objective(G, H, lam, lower[0]):.8g}" if lower else "")
        ),
        why="the tree adds this number to the raw score of every row in the leaf",
        where="set the derivative of G·w + ½(H + λ)·w² to zero; mind the sign",
    )


def fall(
    split_gain: Callable[..., Any],
    left: tuple[float, float],
    right: tuple[float, float],
    lam: float,
    expected: float,
) -> None:
    """Check that the gain is the fall of the objective from one leaf to two; ``left`` and ``right`` are (G, H)."""
    gain = returns(call(split_gain, *left, *right, lam), float, "the gain")
    require(
        abs(gain - expected) <= 1e-9 * max(1.0, abs(expected)),
        "the gain is not the fall of the objective",
        seen=f"left (G, H) = {left}, right = {right}, λ = {lam:.4g}: "
        f"your gain {gain:.6g}, the objective falls by {expected:.6g}",
        why="a split is chosen by its gain: a wrong gain grows another tree than XGBoost's",
        where="write down the best objective of a leaf, then parent minus left minus right; keep the ½",
    )


def harm(split_gain: Callable[..., Any], left: tuple[float, float], right: tuple[float, float], lam: float) -> None:
    """Check that the gain is negative where two leaves are worse than one; ``left`` and ``right`` are (G, H)."""
    gain = returns(call(split_gain, *left, *right, lam), float, "the gain")
    require(
        gain < 0,
        "the gain is not negative where splitting does harm",
        seen=f"left (G, H) = {left}, right = {right}, λ = {lam:.4g}: your gain {gain:.6g}",
        why="a tree that cannot see harm is split to its last row",
        where="two leaves pay the penalty λ twice: keep the sign of what is left of the gain",
    )
