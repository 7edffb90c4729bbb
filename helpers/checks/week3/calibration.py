"""Task ``calibration``: the reliability curve, and predictions that are recalibrated by known outcomes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, close, has_columns, is_probability, require, returns

COLUMNS = ("flights", "mean_p", "share_late")


def curve(function: Callable[..., Any], y: np.ndarray, p: np.ndarray, n_bins: int, *expected: pd.DataFrame) -> None:
    """Compare a reliability curve with the one expected, or with that of several which has as many flights in its bins.

    Several are right where a prediction lies on an edge: an edge like 0.3 is no float, and 0.3 lies above one float
    next to it and below another.
    """
    result = returns(call(function, y, p, n_bins), pd.DataFrame, "reliability")
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


def recalibrated(
    function: Callable[..., Any], y_known: np.ndarray, p_known: np.ndarray, chance: np.ndarray, p_new: np.ndarray
) -> None:
    """Check that recalibration keeps the order, uses known outcomes alone, and comes nearer to new flights' chances.

    Chances, not outcomes: luck in the outcomes would fail one right answer in twenty.
    """
    asked = np.concatenate([p_new, [0.0, 1.0]])
    answer = returns(call(function, y_known, p_known, asked), np.ndarray, "recalibrate")
    require(
        not pd.isna(answer).any(),
        "some predictions are recalibrated to nothing (NaN)",
        seen=f"{pd.isna(answer).sum()} of {len(asked):,}",
        why="the first flight beyond what was seen so far would have no probability",
        where="beyond all known predictions (`out_of_bounds`); the log odds of 0 and 1, which are infinite: cut first",
    )
    after = is_probability(answer, len(asked))
    _in_order(asked, after)
    alone = is_probability(call(function, y_known, p_known, asked[:1]), 1)
    require(
        abs(alone[0] - after[0]) < 1e-6,
        "what a prediction becomes depends on the other predictions to be recalibrated",
        why="tomorrow flights come one by one, and their outcomes are not known",
        where="learn the curve from y_known and p_known alone",
    )
    _nearer(chance, p_new, after[: len(p_new)])


def _in_order(before: np.ndarray, after: np.ndarray) -> None:
    steps = np.diff(after[np.argsort(before, kind="stable")])
    require(
        bool((steps > -1e-9).all()),
        "a higher prediction became a lower one",
        why="recalibration corrects the level; an order that it changes is another model",
        where="a curve that only rises: logistic in the log odds, or isotonic",
    )


def _nearer(chance: np.ndarray, before: np.ndarray, after: np.ndarray) -> None:
    raw, now = (float(np.mean((p - chance) ** 2)) for p in (before, after))
    require(
        now < 0.4 * raw,
        "the recalibrated predictions are hardly nearer to the truth than the raw ones",
        seen=f"mean squared distance from the true chance {raw:.4f} before, {now:.4f} after",
        why="finance multiplies these numbers with dollars",
        where="is the curve from prediction to outcome, on the known flights? One factor for all is no curve",
    )
