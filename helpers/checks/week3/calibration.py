"""Task ``calibration``: the reliability curve, and predictions that are recalibrated by known outcomes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, close, has_columns, is_probability, require, returns

COLUMNS = ("flights", "mean_p", "share_late")
MOST_LEFT = (
    0.4  # of the squared distance from the true chances: see the error rate in `oracles.calibration_overconfident`
)


def curve(
    function: Callable[..., Any], y: np.ndarray, p: np.ndarray, n_bins: int | None, *expected: pd.DataFrame
) -> None:
    """Compare a reliability curve with the one expected, or with that of several which has as many flights in its bins.

    ``n_bins`` is left to its default where it is None.

    Several are right where a prediction lies on an edge: an edge like 0.3 is no float, and 0.3 lies above one float
    next to it and below another.
    """
    arguments = (y, p) if n_bins is None else (y, p, n_bins)
    result = returns(call(function, *arguments), pd.DataFrame, "reliability")
    has_columns(result, ["mean_p", "share_late", "flights"])
    counts = np.asarray(result["flights"], dtype=float)
    _every_flight_once(result, counts, len(p))
    nearest = next((one for one in expected if one["flights"].tolist() == counts.tolist()), expected[0])
    require(
        len(result) == len(nearest),
        "the bins are not of equal width between 0 and 1",
        seen=f"{len(result)} bins with flights, expected {len(nearest)}",
        why="the bins are part of the definition: with others, the curve is another",
        where="edges at 0, 1/n, 2/n, …, 1; a flight on an edge belongs to the bin above, and p = 1 to the last",
    )
    where = "edges at 0, 1/n, …, 1; mean prediction and share of late flights of the same flights; rising order"
    for column in COLUMNS:
        given, numbers = (table[column].to_numpy(dtype=float) for table in (result, nearest))
        close(given, numbers, what=f"{column} of the bins", where=where)


def _every_flight_once(result: pd.DataFrame, counts: np.ndarray, n: int) -> None:
    require(
        bool((counts > 0).all()) and not result[["mean_p", "share_late"]].isna().any(axis=None),
        "the curve has a row for a bin without flights",
        why="a bin without flights has no mean: it would be drawn as 0, or as a hole",
        where="leave empty bins out",
    )
    require(
        counts.sum() == n,
        "the bins do not hold every flight once",
        seen=f"{counts.sum():.0f} of {n}",
        where="the first bin holds 0, the last one holds 1",
    )


def score(function: Callable[..., Any], y: np.ndarray, p: np.ndarray, expected: float) -> None:
    """Compare the Brier score with what is expected."""
    result = returns(call(function, y, p), float, "brier")
    close(result, expected, what="the Brier score", where="the mean of the squared differences")


def overconfident(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Make up 4,000 flights and a model whose order is right and whose level is not.

    Returns
    -------
    the true chances, the predictions and the outcomes, shape (4000,) each
    """
    rng = np.random.default_rng(seed)
    odds = rng.normal(-1.2, 0.9, 4_000)
    chance = 1 / (1 + np.exp(-odds))
    return chance, 1 / (1 + np.exp(-2.5 * odds - 0.8)), (rng.random(4_000) < chance).astype(int)


def nearer(
    function: Callable[..., Any], y_known: np.ndarray, p_known: np.ndarray, chance: np.ndarray, p_new: np.ndarray
) -> None:
    """Check that recalibration comes nearer to new flights' chances, within the range of the known predictions.

    Chances, not outcomes: luck in the outcomes would fail one right answer in twenty.
    """
    within = (np.asarray(p_new) >= np.min(p_known)) & (np.asarray(p_new) <= np.max(p_known))
    asked = p_new[within]
    after = is_probability(call(function, y_known, p_known, asked), len(asked))
    raw, now = (float(np.mean((np.asarray(p) - chance[within]) ** 2)) for p in (asked, after))
    require(
        now < MOST_LEFT * raw,
        "the recalibrated predictions are hardly nearer to the truth than the raw ones",
        seen=f"mean squared distance from the true chance {raw:.4f} before, {now:.4f} after",
        why="finance multiplies these numbers with dollars",
        where="is the curve from prediction to outcome, on the known flights? One factor for all is no curve",
    )


def keeps_order(function: Callable[..., Any], y_known: np.ndarray, p_known: np.ndarray, p_new: np.ndarray) -> None:
    """Check that a higher prediction never becomes a lower one."""
    asked = np.clip(p_new, np.min(p_known), np.max(p_known))
    after = is_probability(call(function, y_known, p_known, asked), len(asked))
    steps = np.diff(after[np.argsort(asked, kind="stable")])
    require(
        bool((steps > -1e-9).all()),
        "a higher prediction became a lower one",
        why="recalibration corrects the level; an order that it changes is another model",
        where="a curve that only rises: logistic in the log odds, or isotonic",
    )


def one_by_one(function: Callable[..., Any], y_known: np.ndarray, p_known: np.ndarray, p_new: np.ndarray) -> None:
    """Check that any number of new predictions can be asked for, 0 and 1 among them, and each gets its own answer."""
    answer = returns(call(function, y_known, p_known, p_new), np.ndarray, "recalibrate")
    require(
        not pd.isna(answer).any(),
        "some predictions are recalibrated to nothing (NaN)",
        seen=f"{pd.isna(answer).sum()} of {len(p_new):,}",
        why="the first flight beyond what was seen so far would have no probability",
        where="beyond all known predictions (`out_of_bounds`); the log odds of 0 and 1, which are infinite: cut first",
    )
    after = is_probability(answer, len(p_new))
    for place in (0, len(p_new) - 1):
        alone = is_probability(call(function, y_known, p_known, p_new[place : place + 1]), 1)
        require(
            abs(alone[0] - after[place]) < 1e-6,
            "what a prediction becomes depends on the other predictions to be recalibrated",
            why="tomorrow flights come one by one, and their outcomes are not known",
            where="learn the curve from y_known and p_known alone",
        )
