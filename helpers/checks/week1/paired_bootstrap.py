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


def interval(bootstrap: Callable[..., Any], table: pd.DataFrame, **options: int) -> Interval:
    """Compare the models ``a`` and ``b`` of a table that has ``late`` and ``day`` too; check the form of the result."""
    columns = (table[name] for name in ("late", "a", "b", "day"))
    return _read(call(bootstrap, *columns, **({"n_boot": 60, "seed": 0} | options)))


def _read(result: Any) -> Interval:
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
    require(
        isinstance(result["winner"], str) and result["winner"] in ("a", "b", "none"),
        "the winner is neither 'a' nor 'b' nor 'none'",
        seen=repr(result["winner"]),
        where='a word: "a", "b" or "none"',
    )
    return Interval(difference, low, high, result["winner"])


def estimate(bootstrap: Callable[..., Any], table: pd.DataFrame, expected: float, where: str = "") -> None:
    """Check the difference in AUC itself; ``where`` says on which rows. Arrays and Series are to be the same."""
    for form in (table, {name: table[name].to_numpy() for name in table}):
        columns = (form[name] for name in ("late", "a", "b", "day"))
        found = _read(call(bootstrap, *columns, n_boot=2, seed=1))
        close(
            found.difference,
            expected,
            what=f"the difference in AUC{where or ' on all rows'}",
            why="the interval and the winner belong to this number",
            where="the AUC of a minus that of b, not of draws; labels and scores belong together by position",
        )


def verdict(bootstrap: Callable[..., Any], table: pd.DataFrame, winner: str, broke: str) -> None:
    """Check who wins; ``broke`` says what is wrong with any other winner."""
    found = interval(bootstrap, table)
    sides = {"a": found.low > 0, "b": found.high < 0, "none": found.low <= 0 <= found.high}
    require(
        sides[found.winner],
        "the winner does not follow from the interval",
        seen=str(found),
        why="where the interval holds zero, the data cannot tell the two apart: the desk should not pay for a change",
        where='"a" when the whole interval is above zero, "b" when it is below, otherwise "none"',
    )
    require(
        found.winner == winner, broke, seen=str(found), where="which of the two is `a`, and how wide is the interval?"
    )


def holds(bootstrap: Callable[..., Any], table: pd.DataFrame) -> None:
    """Check that an interval over many days has a width, and holds the difference itself."""
    found = interval(bootstrap, table)
    require(
        found.width > 0,
        "the interval has no width",
        why="it says that the difference is known exactly, from a few weeks",
        where="draw *with* replacement: a day can come twice, and another not at all",
    )
    require(
        found.low <= found.difference <= found.high,
        "the interval does not hold the difference itself",
        seen=str(found),
        where="are the labels drawn together with the scores?",
    )


def repeatable(bootstrap: Callable[..., Any], table: pd.DataFrame) -> None:
    """Check that the same seed gives the same interval, another seed another one, and that 0 is the default."""
    first = interval(bootstrap, table, seed=1, n_boot=20)
    reseeded = interval(bootstrap, table, seed=2_000, n_boot=20)
    again = interval(bootstrap, table, seed=1, n_boot=20)
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
    columns = [table[name] for name in ("late", "a", "b", "day")]
    require(
        _read(call(bootstrap, *columns, n_boot=20)) == interval(bootstrap, table, seed=0, n_boot=20),
        "without a seed the interval is not that of seed 0",
        where="the default in the function's first line",
    )


def mirrored(bootstrap: Callable[..., Any], table: pd.DataFrame, swapped: pd.DataFrame) -> None:
    """Check that the interval with the two models swapped is the mirror image."""
    found, other = (interval(bootstrap, one, seed=1, n_boot=60) for one in (table, swapped))
    require(
        max(abs(other.low + found.high), abs(other.high + found.low)) < 0.6 * found.width,
        "with the two models swapped, the interval is not the mirror image",
        where="a minus b, in each draw, with its sign",
    )


def whole_days(bootstrap: Callable[..., Any], table: pd.DataFrame, tenfold: pd.DataFrame) -> None:
    """Check that ten copies of every flight, within its day, leave the interval as wide as it was."""
    found, copied = (interval(bootstrap, one, seed=3, n_boot=80) for one in (table, tenfold))
    require(
        copied.width > 0.6 * found.width,
        "with every flight copied ten times within its day, the interval shrinks",
        seen=f"width {found.width:.4f}, and {copied.width:.4f} with copies",
        why="flights of one day share one storm: drawn one by one they look like independent evidence",
        where="draw days, and take all flights of each day drawn, as often as it was drawn",
    )


def one_day(bootstrap: Callable[..., Any], table: pd.DataFrame, where: str = "") -> None:
    """Check a table of a single day: each draw is the whole table."""
    found = interval(bootstrap, table, seed=3, n_boot=10)
    require(
        max(abs(found.low - found.difference), abs(found.high - found.difference)) < 1e-9,
        f"with a single day the interval is not the difference itself{where}",
        seen=str(found),
        why="every draw of one day out of one is the same flights",
        where="draw as many days as there are, with all their flights; the AUC of a draw shares ranks among ties",
    )


def paired(bootstrap: Callable[..., Any], table: pd.DataFrame, widest: float) -> None:
    """Check that two models which nearly agree get a narrow interval."""
    found = interval(bootstrap, table, seed=4)
    require(
        found.width < widest,
        "two nearly equal models get a wide interval",
        seen=str(found),
        why="a draw that is hard for one model is hard for the other: "
        "drawn apart, the difference holds the luck of both",
        where="use the same drawn rows for both models",
    )


def draws_again(bootstrap: Callable[..., Any], rare: pd.DataFrame, sure: pd.DataFrame) -> None:
    """Check tables of which many draws have one class: a single draw each, and a is right and b wrong in every one."""
    for seed in range(12):
        interval(bootstrap, rare, seed=seed, n_boot=1)
    for seed in range(3):
        found = interval(bootstrap, sure, seed=seed, n_boot=15)
        require(
            found.low > 1 - 1e-9,
            "a draw with one class only is counted as a tie",
            why="there is nothing to compare in it, and it pulls the interval towards zero",
            where="such a draw has no AUC: draw again",
        )


def as_many_draws(bootstrap: Callable[..., Any], table: pd.DataFrame) -> None:
    """Check intervals over a single draw, and over as many as there are where nobody says how many."""
    require(
        interval(bootstrap, table, seed=3, n_boot=1).width < 1e-12,
        "an interval over a single draw has a width",
        why="who asks for more draws, to know the ends better, gets the same few",
        where="does `n_boot` reach the loop?",
    )
    columns = [table[name] for name in ("late", "a", "b", "day")]
    require(
        _read(call(bootstrap, *columns, seed=5)) == interval(bootstrap, table, seed=5, n_boot=300),
        "without `n_boot` the interval is not that of 300 draws",
        where="the default in the function's first line",
    )


def within_draws(bootstrap: Callable[..., Any], table: pd.DataFrame) -> None:
    """Check a table on which no draw at all favours b."""
    require(
        interval(bootstrap, table, seed=6, n_boot=120).low > -1e-9,
        "the interval reaches below every draw",
        why="on all days but one the two models are the same, on that one the first is better: "
        "nothing speaks for the second",
        where="the ends are percentiles of the draws; standard deviations to both sides, and a mirrored interval, "
        "presume that draws are symmetric",
    )


def ends(bootstrap: Callable[..., Any], table: pd.DataFrame, expected: tuple[float, float]) -> None:
    """Compare the ends with those expected, as far as luck of the draw allows with a thousand draws.

    With 1,200 draws of nearly normal differences an end has a standard error of 2 % of the width (the root of
    0.025 · 0.975 / 1,200, over the density there), and the width one of 2.6 %: 11 % and 12 % are over four of them.
    """
    found, (low, high) = interval(bootstrap, table, seed=5, n_boot=1_200), expected
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
