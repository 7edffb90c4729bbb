"""Task `drift`: an index that sees changes, and a threshold with a promised rate of false alarms."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from helpers.checks import call, close, require, returns

Case = tuple[str, Any, Any, float]  # in words, the reference, today, and the index expected


def index(function: Callable[..., Any], cases: Iterable[Case]) -> None:
    """Compare a population stability index, with ten bins, with what it is by definition."""
    for what, reference, today, expected in cases:
        close(
            returns(call(function, np.asarray(reference, float), np.asarray(today, float)), float, "psi"),
            expected,
            what=f"the index for {what}",
            tolerance=1e-9,
            why="a threshold belongs to its index: by another definition the same alarm rings on other days",
            where="edges from the reference alone; open outer bins; missing is a bin; half a flight in every bin",
        )


def other_bins(function: Callable[..., Any], reference: Any, today: Any, expected: dict[int, float]) -> None:
    """Compare the index with what it is by definition, by the number of bins."""
    for bins, value in expected.items():
        close(
            returns(call(function, np.asarray(reference, float), np.asarray(today, float), bins), float, "psi"),
            value,
            what="the index for another number of bins",
            tolerance=1e-9,
            why="on a day with few flights ten bins are too many: whoever asks for four must not get ten",
            where="`bins` in place of the ten, wherever the edges are made",
        )


def alarms(function: Callable[..., Any], calm: Any, rate: float) -> None:
    """Check an alarm rule: as low a threshold as the promised rate of false alarms on calm days allows."""
    calm = np.asarray(calm, dtype=float)
    line = returns(call(function, calm, rate), float, "alert_threshold")
    false = float(np.mean(calm > line))
    require(
        false <= rate,
        "on calm days there are more false alarms than promised",
        seen=f"{false:.2%} of {len(calm)} days, promised {rate:.0%}",
        why="after the third false alarm nobody gets up any more",
        where="an alarm is a score *above* the threshold",
    )
    lower = calm[calm < line]
    require(
        line <= calm.max() and (not len(lower) or np.mean(calm > lower.max()) > rate),
        "the threshold is higher than the promised rate of false alarms asks for",
        seen=f"{line:.3f}: {false:.2%} of calm days above it, {rate:.0%} are allowed",
        why="each step higher misses a storm",
        where="the lowest of the calm days' scores that at most that share of them exceeds",
    )
