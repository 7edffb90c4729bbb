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
    where = "finance's four prices, none taken for zero; an alarm is p >= threshold, itself included; the mean"
    close(result, expected, what="the mean cost of a flight", where=where)


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
    threshold = returns(call(function, y, p, dict(prices)), float, "best_threshold")
    require(not np.isnan(threshold), "the threshold is missing (NaN)", where="a mean over no flights is NaN")
    here = costs[min(cut for cut in costs if cut >= threshold)]
    best, least = min(costs.items(), key=lambda item: item[1])
    where = "try every predicted value as a threshold, and keep the cheapest; of equally cheap ones any will do"
    if best in (min(costs), np.inf):
        where = "always raising the alarm and never raising it are choices too"
    require(
        here <= least + 1e-9 * max(1.0, abs(least)),
        "another threshold is cheaper on these flights",
        seen=f"{threshold:.4g} costs {here:.4f} dollars a flight, {best:.4g} costs {least:.4f}",
        why="every flight of the year pays the difference; 0.5, or the best F1, knows nothing of dollars",
        where=where,
    )
