"""Reference intervals over whole days: sums are made once and drawn thousands of times."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd


def times_drawn(n: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Return how often each of ``n`` days comes in each draw of ``n`` with replacement, shape (draws, n)."""
    return rng.multinomial(n, np.full(n, 1 / n), size=draws)


def mean(values: Any, days: Any, draws: int, rng: np.random.Generator) -> tuple[float, float]:
    """Return the ends of the 95 % interval of a mean over flights.

    Parameters
    ----------
    values, days
        of each flight, shape (n,); whole days are drawn
    draws
        number of draws
    rng
        draws them
    """
    sums = pd.Series(np.asarray(values)).groupby(np.asarray(days)).agg(["sum", "size"]).to_numpy()
    totals = times_drawn(len(sums), draws, rng) @ sums
    return _ends(totals[:, 0] / totals[:, 1])


def auc_difference(
    late: np.ndarray, first: np.ndarray, second: np.ndarray, days: Any, draws: int, rng: np.random.Generator
) -> tuple[float, float]:
    """Return the ends of the 95 % interval of the second model's AUC minus the first's.

    An AUC is a sum over pairs of a late and a punctual flight. Sums over pairs of *days* are made once; a draw then
    only says how often each day counts. Draws with one class alone are left out.

    Parameters
    ----------
    late, first, second, days
        of each flight, shape (n,): whether it was late (bool), the two models' scores, its day
    draws, rng
        as in `mean`
    """
    day, names = pd.factorize(np.asarray(days))
    of_day = np.eye(len(names))[day]
    won = np.zeros((len(names), len(names)))
    for sign, p in ((1, second), (-1, first)):
        above = p[late][:, None] - p[~late][None, :]
        won += sign * of_day[late].T @ ((above > 0) + 0.5 * (above == 0)) @ of_day[~late]
    times = times_drawn(len(names), draws, rng)
    pairs = (times @ of_day[late].sum(axis=0)) * (times @ of_day[~late].sum(axis=0))
    return _ends(((times @ won) * times).sum(axis=1)[pairs > 0] / pairs[pairs > 0])


def _ends(drawn: np.ndarray) -> tuple[float, float]:
    """Return the 2.5th and the 97.5th percentile."""
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)
