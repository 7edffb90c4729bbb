"""Task ``threshold``: the cost of an alarm rule, and the cheapest of all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from helpers.checks import call, close, require, returns


def cost(
    function: Callable[..., Any],
    y: np.ndarray,
    p: np.ndarray,
    threshold: float,
    prices: Mapping[str, float],
    expected: float,
) -> None:
    """Compare the mean cost of a flight at one threshold with what is expected."""
    result = returns(call(function, y, p, threshold, dict(prices)), float, "cost_per_flight")
    where = "finance's table: late or on time, alarm or none; the mean over all flights"
    close(result, expected, what="the mean cost of a flight", where=where)


def edge(
    function: Callable[..., Any],
    y: np.ndarray,
    p: np.ndarray,
    threshold: float,
    prices: Mapping[str, float],
    expected: float,
) -> None:
    """Compare the mean cost at a threshold which is itself a prediction."""
    result = returns(call(function, y, p, threshold, dict(prices)), float, "cost_per_flight")
    what = "the mean cost where a prediction is exactly at the threshold"
    close(result, expected, what=what, where="an alarm is p >= threshold: the threshold itself is included")


def prices(
    function: Callable[..., Any],
    y: np.ndarray,
    p: np.ndarray,
    threshold: float,
    prices: Mapping[str, float],
    expected: float,
) -> None:
    """Compare the mean cost of a flight at an airport with other prices."""
    result = returns(call(function, y, p, threshold, dict(prices)), float, "cost_per_flight")
    what = "the mean cost of a flight at another airport's prices"
    close(result, expected, what=what, where="all four come from `cost`, `quiet` too: none is zero everywhere")


def cheapest(
    function: Callable[..., Any],
    y: np.ndarray,
    p: np.ndarray,
    prices: Mapping[str, float],
    costs: Mapping[float, float],
) -> None:
    """Check that no other threshold is cheaper on these flights.

    Parameters
    ----------
    costs
        mean cost of a flight at every predicted value and at infinity: of any threshold up to it, from the one before
    """
    _no_dearer(
        _threshold(function, y, p, prices),
        costs,
        "try every predicted value as a threshold, and keep the cheapest; of equally cheap ones any will do",
    )


def always(
    function: Callable[..., Any],
    y: np.ndarray,
    p: np.ndarray,
    prices: Mapping[str, float],
    costs: Mapping[float, float],
) -> None:
    """Check that the alarm is raised for every flight where that is cheapest; arguments as for `cheapest`."""
    _no_dearer(
        _threshold(function, y, p, prices),
        costs,
        "an alarm for every flight is a choice, too: the lowest prediction is one of the thresholds",
    )


def never(function: Callable[..., Any], y: np.ndarray, p: np.ndarray, prices: Mapping[str, float]) -> None:
    """Check that no alarm at all is the answer where each threshold is dearer than silence."""
    threshold = _threshold(function, y, p, prices)
    require(
        threshold == np.inf,
        "each alarm costs more than silence on these flights, and the threshold is not `np.inf`",
        seen=f"{threshold:.4g}",
        why="a threshold of 1 is no silence: a flight with the prediction 1 gets an alarm",
        where="add `np.inf` to the thresholds that you try, and return it where it is the cheapest",
    )


def only_never(function: Callable[..., Any], y: np.ndarray, p: np.ndarray, prices: Mapping[str, float]) -> None:
    """Check that the threshold is 1 where alarms pay for flights of prediction 1, and for no others."""
    threshold = _threshold(function, y, p, prices)
    require(
        max(p[p < 1], default=-np.inf) < threshold <= 1,
        "alarms pay where the prediction is 1, and nowhere else, and the threshold is another",
        seen=f"{threshold:.4g}",
        why="the surest flights of all get no alarm, or others get one, too",
        where="1 is a threshold like others; `np.inf` stands for never, and 1 does not",
    )


def _threshold(function: Callable[..., Any], y: np.ndarray, p: np.ndarray, prices: Mapping[str, float]) -> float:
    threshold: float = returns(call(function, y, p, dict(prices)), float, "best_threshold")
    require(not np.isnan(threshold), "the threshold is missing (NaN)", where="a mean over no flights is NaN")
    return threshold


def _no_dearer(threshold: float, costs: Mapping[float, float], where: str) -> None:
    here = costs[min(cut for cut in costs if cut >= threshold)]
    best, least = min(costs.items(), key=lambda item: item[1])
    require(
        here <= least + 1e-9 * max(1.0, abs(least)),
        "another threshold is cheaper on these flights",
        seen=f"{threshold:.4g} costs {here:.4f} dollars a flight, {best:.4g} costs {least:.4f}",
        why="every flight of the year pays the difference; 0.5, or the best F1, knows nothing of dollars",
        where=where,
    )
