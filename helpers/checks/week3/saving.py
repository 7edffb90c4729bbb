"""Task ``saving``: an interval that draws whole days, and what the threshold of validation saves on test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, close, require, returns

KEYS = ("threshold", "saving", "low", "high")
DRAWS = 2_000  # of the interval of a saving that is judged
Prices = Mapping[str, float]
Band = float | Sequence[float]


def mean(function: Callable[..., Any], values: Sequence[float], days: Sequence[Any], expected: float) -> None:
    """Compare the mean of all flights with what is expected."""
    found, _, _ = _three(call(function, values, days, n_boot=20, seed=1))
    close(found, expected, what="the mean over all flights", where="flights count, not days: no mean of means")


def interval(
    function: Callable[..., Any],
    values: Sequence[float],
    days: Sequence[Any],
    low: Band,
    high: Band,
    *,
    n_boot: int,
    seed: int,
) -> None:
    """Check that each end of the interval lies between what luck allows it.

    Parameters
    ----------
    low, high
        the least and the most that each end may be, with so many draws
    """
    _, *found = _three(call(function, values, days, n_boot=n_boot, seed=seed))
    _within(
        found,
        (low, high),
        "the interval is not the 2.5th and 97.5th percentile over draws of whole days",
        why="flights of one day share one storm: drawn one by one, they promise more than the data hold",
        where="draw days with replacement, as many as there are; a day drawn twice counts twice; sums over sizes; "
        "2.5 % on either side",
    )


def _three(result: Any) -> tuple[float, float, float]:
    result = returns(result, tuple, "day_interval")
    require(len(result) == 3, "give three numbers: the mean, the low end and the high end", seen=f"{len(result)}")
    first, low, high = (returns(number, float, "an end of the interval") for number in result)
    return first, low, high


def _within(found: Sequence[float], bands: Sequence[Band], broke: str, *, why: str, where: str) -> None:
    wide = [(float(np.min(band)), float(np.max(band))) for band in bands]
    close_to = [1e-9 * max(1.0, *map(abs, band)) for band in wide]
    require(
        all(low - d <= end <= high + d for end, (low, high), d in zip(found, wide, close_to, strict=True)),
        broke,
        seen=lambda: (
            f"[{found[0]:.4g}, {found[1]:.4g}], expected from {_words(wide[0])} to {_words(wide[1])}, luck included"
        ),
        why=why,
        where=where,
    )


def _words(band: tuple[float, float]) -> str:
    return f"{band[0]:.4g}" if band[0] == band[1] else f"{band[0]:.4g}…{band[1]:.4g}"


def draws(function: Callable[..., Any], values: Sequence[float], days: Sequence[Any]) -> None:
    """Check that ``n_boot`` draws are made, by ``seed``, and what both are where nothing is said."""
    first = _three(call(function, values, days, n_boot=40, seed=5))
    _repeatable(first, _three(call(function, values, days, n_boot=40, seed=5)))
    _other_luck(first, _three(call(function, values, days, n_boot=40, seed=6)))
    _, low, high = _three(call(function, values, days, n_boot=1, seed=5))
    _one_draw(low, high)
    plain, said = (_three(call(function, values, days, **given)) for given in ({}, {"n_boot": 500, "seed": 0}))
    require(
        plain == said,
        "without `n_boot` and `seed` the interval is not that of 500 draws with seed 0",
        why="whoever reads the signature counts on its defaults",
        where="the defaults of the stub: n_boot: int = 500, seed: int = 0",
    )


def draws_handed_on(function: Callable[..., Any], valid: pd.DataFrame, test: pd.DataFrame, prices: Prices) -> None:
    """Check that the interval of the saving takes its draws and its seed from the arguments."""

    def ends(**options: int) -> tuple[float, float]:
        found = _four(call(function, valid, test, dict(prices), **options))
        return found["low"], found["high"]

    first = ends(n_boot=40, seed=5)
    _repeatable(first, ends(n_boot=40, seed=5))
    _other_luck(first, ends(n_boot=40, seed=6))
    _one_draw(*ends(n_boot=1, seed=5))
    require(
        ends() == ends(n_boot=500, seed=0),
        "without `n_boot` and `seed` the interval of the saving is not that of 500 draws with seed 0",
        where="the defaults of the stub: n_boot: int = 500, seed: int = 0",
    )


def _repeatable(first: Any, again: Any) -> None:
    require(
        first == again,
        "the same seed gives another interval",
        why="nobody can check a number that comes out different every time",
        where="make one random generator from `seed`, inside the function",
    )


def _other_luck(first: Any, other: Any) -> None:
    require(
        first != other,
        "another seed gives the very same interval",
        why="how much of an end is luck can only be seen by drawing again",
        where="does `seed` reach the generator? Is a number written there in its place?",
    )


def _one_draw(low: float, high: float) -> None:
    require(
        low == high,
        "with one draw the two ends differ: `n_boot` is not the number of draws",
        why="whoever asks for more draws wants ends that move less",
        where="is a fixed number of draws written where `n_boot` belongs? Is it handed on?",
    )


def threshold(
    function: Callable[..., Any],
    valid: pd.DataFrame,
    test: pd.DataFrame,
    prices: Prices,
    is_cheapest: Callable[[float], Any],
) -> None:
    """Check that the threshold is validation's, whatever happens on test.

    Parameters
    ----------
    is_cheapest
        says of a threshold whether none is cheaper on ``valid``
    """
    found = _four(call(function, valid, test, dict(prices), n_boot=20, seed=1))["threshold"]
    other = test.assign(late=1 - test["late"], p=test["p"] ** 2)
    on_other = _four(call(function, valid, other, dict(prices), n_boot=20, seed=1))["threshold"]
    require(
        found == on_other or abs(found - on_other) < 1e-12,
        "the threshold changes when the test flights change: it was tuned on test",
        why="a threshold that has seen the test flights saves more on them than it will ever save again",
        where="choose on `valid` alone, then use that number on `test`",
    )
    require(
        is_cheapest(found),
        "another threshold is cheaper on the validation flights",
        seen=f"{found:.4g}",
        why="every flight of the year pays the difference",
        where="the last task's search: every predicted value, and never. If you call `best_threshold`, is it right?",
    )


def saved(
    function: Callable[..., Any],
    valid: pd.DataFrame,
    test: pd.DataFrame,
    prices: Prices,
    expected: Callable[[float], float],
) -> None:
    """Compare the saving with what is expected at the threshold that was returned, cheapest or not."""
    found = _four(call(function, valid, test, dict(prices), n_boot=20, seed=1))
    where = "cost of silence minus cost with alarms at your threshold, mean over the flights of test; mind the sign"
    close(
        found["saving"],
        expected(found["threshold"]),
        what="the saving of a flight on test",
        tolerance=1e-7,
        where=where,
    )


def ends(
    function: Callable[..., Any],
    valid: pd.DataFrame,
    test: pd.DataFrame,
    prices: Prices,
    expected: Callable[[float], Sequence[Band]],
) -> None:
    """Check each end of the saving's interval at the threshold that was returned; bands as for `interval`."""
    found = _four(call(function, valid, test, dict(prices), n_boot=DRAWS, seed=3))
    _within(
        (found["low"], found["high"]),
        expected(found["threshold"]),
        "the interval of the saving is not the one of whole days of test",
        why="an interval of validation's days, or of single flights, says nothing about the months that are reported",
        where="an interval of the saving of each flight, with the days of test",
    )


def _four(result: Any) -> dict[str, float]:
    result = returns(result, dict, "expected_saving")
    missing = [name for name in KEYS if name not in result]
    require(not missing, f"the dictionary has no {', '.join(missing)}", where="the docstring names its keys")
    found = {name: returns(result[name], float, f"`{name}`") for name in KEYS}
    require(not np.isnan(found["threshold"]), "the threshold is missing (NaN)", where="a mean over no flights is NaN")
    return found
