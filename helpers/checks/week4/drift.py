"""Task `drift`: an index that sees changes, and a threshold with a promised rate of false alarms."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, close, require, returns

Case = tuple[str, Any, Any, float]  # in words, the reference, today, and the index expected


ROUGHLY = 0.03  # of the index: what half flights are worth among hundreds of them
WHERE = {
    "plain": "edges from the reference alone; shares of each; the sum over the bins",
    "half": "half a flight in every bin, that of missing values among them; equal edges make one bin, not several",
    "beyond": "the outer bins are open: what lies beyond all edges of the reference is in the first or the last",
    "edges": "equal edges only once; a value *on* an edge belongs to the bin above: `side='right'`",
    "missing": "NaN has a bin of its own, whether today has any or not; edges from the others (`np.nanquantile`)",
}


def index(function: Callable[..., Any], cases: Iterable[Case], kind: str = "plain") -> None:
    """Compare a population stability index, with ten bins, with what it is by definition.

    ``kind`` is one of WHERE. Half flights count where it says so; elsewhere the index may differ by as much as they do.
    """
    for what, reference, today, expected in cases:
        close(
            returns(call(function, _as_given(reference), _as_given(today)), float, "psi"),
            expected,
            what=f"the index for {what}",
            tolerance=1e-9 if kind == "half" else ROUGHLY * min(expected, 1.0),
            why="a threshold belongs to its index: by another definition the same alarm rings on other days",
            where=WHERE[kind],
        )


def _as_given(values: Any) -> Any:
    """Return numbers as an array, unless they are a table's column."""
    return values if isinstance(values, pd.Series) else np.asarray(values, float)


def other_bins(function: Callable[..., Any], reference: Any, today: Any, expected: dict[int, float]) -> None:
    """Compare the index with what it is by definition, by the number of bins."""
    for bins, value in expected.items():
        close(
            returns(call(function, np.asarray(reference, float), np.asarray(today, float), bins), float, "psi"),
            value,
            what="the index for another number of bins",
            tolerance=ROUGHLY * min(value, 1.0),
            why="on a day with few flights ten bins are too many: whoever asks for four must not get ten",
            where="`bins` in place of the ten, wherever the edges are made",
        )


def keeps_promise(function: Callable[..., Any], calm: Any, rate: float) -> None:
    """Check that at most the promised share of calm days has an alarm."""
    line = returns(call(function, calm, rate), float, "alert_threshold")
    false = float(np.mean(np.asarray(calm) > line))
    require(
        false <= rate,
        "on calm days there are more false alarms than promised",
        seen=f"{false:.2%} of {len(calm)} days, promised {rate:.0%}",
        why="after the third false alarm nobody gets up any more",
        where="an alarm is a score *above* the threshold",
    )


def lowest(function: Callable[..., Any], calm: Any, rate: float) -> None:
    """Check that a threshold is one of the scores, and as low a one as the promised rate allows."""
    line = returns(call(function, calm, rate), float, "alert_threshold")
    scores = np.asarray(calm, dtype=float)
    allowed = [one for one in np.unique(scores) if np.mean(scores > one) <= rate]
    require(
        line <= allowed[0],
        "the threshold is higher than the promised rate of false alarms asks for",
        seen=f"{line:.3f}: {np.mean(scores > line):.2%} of calm days above it, {rate:.0%} are allowed",
        why="each step higher misses a storm",
        where="the lowest of the calm days' scores that at most that share of them exceeds",
    )
    require(
        line in scores,
        "the threshold is none of the calm days' scores",
        seen=f"{line}",
        why="between two scores any line seems as good as the other, and two people get two answers",
        where="one of `calm`: `np.unique(calm)` has the candidates",
    )
