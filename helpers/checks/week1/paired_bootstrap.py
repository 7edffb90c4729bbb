"""Checks of `paired_bootstrap`: an interval over whole days, drawn for both models alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from helpers.checks import call, close, require


class Interval(NamedTuple):
    """What a comparison found: a minus b, the ends of its interval, and the winner."""

    difference: float
    low: float
    high: float
    winner: str

    @property
    def width(self) -> float:
        """The distance of the two ends."""
        return self.high - self.low

    def __str__(self) -> str:
        """The interval and the winner, for a message."""
        return f"[{self.low:.4f}, {self.high:.4f}], winner {self.winner!r}"


def interval(bootstrap: Callable[..., Any], table: pd.DataFrame, *, seed: int = 0, n_boot: int = 60) -> Interval:
    """Compare the models ``a`` and ``b`` of a table that has ``late`` and ``day`` too; check the form of the result."""
    columns = (table[name] for name in ("late", "a", "b", "day"))
    result = call(bootstrap, *columns, n_boot=n_boot, seed=seed)
    require(
        isinstance(result, Mapping) and set(Interval._fields) <= set(result),
        "return a dictionary with difference, low, high and winner",
        seen=f"{list(result) if isinstance(result, Mapping) else type(result).__name__}",
    )
    difference, low, high = (float(result[key]) for key in Interval._fields[:3])
    require(
        bool(np.isfinite([difference, low, high]).all()) and low <= high,
        "the interval's ends are missing or in the wrong order",
        seen=f"low {low}, high {high}",
        where="a resample in which all flights are late, or none, has no AUC: draw again",
    )
    sides = {"a": low > 0, "b": high < 0, "none": low <= 0 <= high}
    require(
        isinstance(result["winner"], str) and sides.get(result["winner"], False),
        "the winner does not follow from the interval",
        seen=f"[{low:.4f}, {high:.4f}] and winner {result['winner']!r}",
        why="where the interval holds zero, the data cannot tell the two apart: the desk should not pay for a change",
        where='"a" when the whole interval is above zero, "b" when it is below, otherwise "none"',
    )
    return Interval(difference, low, high, result["winner"])


def estimate(found: Interval, expected: float, where: str = "") -> None:
    """Check the difference in AUC itself; ``where`` says on which rows."""
    close(found.difference, expected, what=f"the difference in AUC {where or 'on all rows'}")


def verdict(found: Interval, winner: str, broke: str) -> None:
    """Check who wins; ``broke`` says what is wrong with any other winner."""
    require(found.winner == winner, broke, seen=str(found))


def has_width(found: Interval) -> None:
    """Check that an interval over many days has a width, and holds the difference itself."""
    require(
        found.width > 0,
        "the interval has no width",
        why="it says that the difference is known exactly, from fifty days",
        where="draw *with* replacement: a day can come twice, and another not at all",
    )
    require(
        found.low <= found.difference <= found.high,
        "the interval does not hold the difference itself",
        where="are the labels drawn together with the scores?",
    )


def repeatable(first: Interval, again: Interval, reseeded: Interval) -> None:
    """Check that the same seed gives the same interval, and another seed another one."""
    require(
        first == again,
        "the same seed gives another interval",
        why="nobody can check a number that comes out different every time",
        where="make one random generator from `seed`, inside the function",
    )
    require(
        first[1:3] != reseeded[1:3],
        "another seed gives the very same interval",
        why="how much of the interval is luck of the draw can only be seen by drawing again",
        where="does `seed` reach the random generator?",
    )


def mirrored(found: Interval, swapped: Interval) -> None:
    """Check that the interval with the two models swapped is the mirror image."""
    require(
        max(abs(swapped.low + found.high), abs(swapped.high + found.low)) < 0.6 * found.width,
        "with the two models swapped, the interval is not the mirror image",
    )


def whole_days(found: Interval, copied: Interval) -> None:
    """Check that ten copies of every flight, within its day, leave the interval as wide as it was."""
    require(
        copied.width > 0.6 * found.width,
        "with every flight copied ten times within its day, the interval shrinks",
        seen=f"width {found.width:.4f}, and {copied.width:.4f} with copies",
        why="flights of one day share one storm: drawn one by one they look like independent evidence",
        where="draw days, and take all flights of each day drawn, as often as it was drawn",
    )


def paired(found: Interval, widest: float) -> None:
    """Check that two models which nearly agree get a narrow interval."""
    require(
        found.width < widest,
        "two nearly equal models get a wide interval",
        seen=str(found),
        why="a draw that is hard for one model is hard for the other: "
        "drawn apart, the difference holds the luck of both",
        where="use the same drawn rows for both models",
    )


def draws_again(found: Interval) -> None:
    """Check a table on which a is right and b wrong in every draw that can be judged."""
    require(
        found.low > 1 - 1e-9,
        "a draw with one class only is counted as a tie",
        why="there is nothing to compare in it, and it pulls the interval towards zero",
        where="such a draw has no AUC: draw again",
    )


def as_many_draws(found: Interval) -> None:
    """Check an interval that was asked to be over a single draw."""
    require(
        found.width < 1e-12,
        "an interval over a single draw has a width",
        why="who asks for more draws, to know the ends better, gets the same few",
        where="does `n_boot` reach the loop?",
    )


def within_draws(found: Interval) -> None:
    """Check a table on which no draw at all favours b."""
    require(
        found.low > -1e-9,
        "the interval reaches below every draw",
        why="on all days but one the two models are the same, on that one the first is better: "
        "nothing speaks for the second",
        where="the ends are percentiles of the draws; standard deviations to both sides, and a mirrored interval, "
        "presume that draws are symmetric",
    )


def ends(found: Interval, expected: tuple[float, float]) -> None:
    """Compare the ends with those expected, as far as luck of the draw allows with a thousand draws."""
    low, high = expected
    width = high - low
    require(
        0.89 < found.width / width < 1.12,  # 90 % would be 0.84, and each day drawn once 0.78
        "the ends of the interval are not the 2.5th and the 97.5th percentile over draws of whole days",
        seen=f"width {found.width:.4f}, expected about {width:.4f}",
        why="an interval that is too narrow promises more than the data hold",
        where="2.5 % on either side; as many days as there are, each with the same chance; drawn twice, a day counts "
        "twice; row numbers, not index labels",
    )
    require(
        max(abs(found.low - low), abs(found.high - high)) < 0.11 * width,
        "the interval lies in the wrong place",
        seen=f"[{found.low:.4f}, {found.high:.4f}], expected about [{low:.4f}, {high:.4f}]",
        why="its width is right, and the verdict is read off its ends",
        where="every day has the same chance to be drawn, however many flights it has; the ends are those of the draws",
    )
