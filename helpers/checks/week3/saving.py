"""Task ``saving``: an interval that draws whole days, and what the threshold of validation saves on test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import CheckFailed, call, close, require, returns

KEYS = ("threshold", "saving", "low", "high")
WIDTHS, OFF, SAVING_OFF = (0.88, 1.13), 0.12, 0.15  # an interval's luck, in widths of the expected one


def interval(
    function: Callable[..., Any], values: Sequence[float], days: Sequence[Any], expected: Sequence[float], seed: int
) -> None:
    """Compare the mean and its interval over days with what is expected, by width and by place.

    Parameters
    ----------
    expected
        the mean, the low end and the high end
    """
    mean, low, high = _three(call(function, values, days, n_boot=2_000, seed=seed))
    close(mean, expected[0], what="the mean over all flights", where="flights count, not days: no mean of means")
    again = _three(call(function, values, days, n_boot=2_000, seed=seed))
    require(
        again == (mean, low, high),
        "the same seed gives another interval",
        why="nobody can check a number that comes out different every time",
        where="make one random generator from `seed`, inside the function",
    )
    full = expected[2] - expected[1]
    require(
        WIDTHS[0] < (high - low) / full < WIDTHS[1] and _off((low, high), expected[1:]) < OFF,
        "the interval is not the 2.5th and 97.5th percentile over draws of whole days",
        seen=f"[{low:.3f}, {high:.3f}], expected about [{expected[1]:.3f}, {expected[2]:.3f}]",
        why="flights of one day share one storm: drawn one by one, they promise more than the data hold",
        where="draw days with replacement, as many as there are; a day drawn twice counts twice; sums over sizes; "
        "2.5 % on either side",
    )


def _three(result: Any) -> tuple[float, float, float]:
    result = returns(result, tuple, "day_interval")
    require(len(result) == 3, "give three numbers: the mean, the low end and the high end", seen=f"{len(result)}")
    mean, low, high = (float(number) for number in result)
    return mean, low, high


def _off(ends: Sequence[float], expected: Sequence[float]) -> float:
    """Give the larger distance of an end from the expected one, in widths of the expected interval."""
    return float(np.abs(np.subtract(ends, expected)).max() / (expected[1] - expected[0]))


def saved(
    function: Callable[..., Any],
    valid: pd.DataFrame,
    test: pd.DataFrame,
    prices: Mapping[str, float],
    expected: Mapping[float, Sequence[float] | None],
) -> None:
    """Check that the threshold is validation's, whatever happens on test, and that the saving is test's.

    Parameters
    ----------
    expected
        by threshold: saving, low and high where it is the cheapest on validation, None where it is not. It holds for
        any threshold up to it, from the one before
    """
    result = _four(call(function, valid, test, dict(prices), n_boot=1_000, seed=1))
    require(not np.isnan(result["threshold"]), "the threshold is missing (NaN)", where="a mean over no flights is NaN")
    other = test.assign(late=1 - test["late"], p=test["p"] ** 2)
    on_other = _four(call(function, valid, other, dict(prices), n_boot=20, seed=1))
    require(
        _same(result["threshold"], on_other["threshold"]),
        "the threshold changes when the test flights change: it was tuned on test",
        why="a threshold that has seen the test flights saves more on them than it will ever save again",
        where="choose on `valid` alone, then use that number on `test`",
    )
    wanted = expected[min(cut for cut in expected if cut >= result["threshold"])]
    if wanted is None:
        raise CheckFailed(
            "another threshold is cheaper on the validation flights",
            why="every flight of the year pays the difference",
            where="the last task's search: every predicted value, and never",
        )
    _on_test(result, wanted)


def _on_test(result: Mapping[str, float], expected: Sequence[float]) -> None:
    saving, low, high = expected
    where = "cost of silence minus cost with alarms, mean over the flights of test; mind the sign"
    close(result["saving"], saving, what="the saving of a flight on test", tolerance=1e-7, where=where)
    require(
        low == high or _off((result["low"], result["high"]), (low, high)) < SAVING_OFF,
        "the interval of the saving is not the one of whole days of test",
        seen=f"[{result['low']:.2f}, {result['high']:.2f}], expected about [{low:.2f}, {high:.2f}]",
        where="an interval of the saving of each flight, with the days of test",
    )


def _four(result: Any) -> dict[str, float]:
    result = returns(result, dict, "expected_saving")
    missing = [name for name in KEYS if name not in result]
    require(not missing, f"the dictionary has no {', '.join(missing)}", where="the docstring names its keys")
    return {name: float(result[name]) for name in KEYS}


def _same(one: float, other: float) -> bool:
    return one == other or abs(one - other) < 1e-12
