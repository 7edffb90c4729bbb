"""A quiet flight is taken to cost nothing.

Clause: "Other airports have others, so take nothing for zero."

Caught by: the mean cost of a flight at another airport's prices is not what it should be
"""

import numpy as np


def cost_per_flight(y, p, threshold: float, cost: dict) -> float:
    late, alarm = np.asarray(y) == 1, np.asarray(p) >= threshold
    dollars = np.where(
        alarm,
        np.where(late, cost["caught"], cost["false_alarm"]),
        np.where(late, cost["missed"], 0.0),
    )
    return float(dollars.mean())


def best_threshold(y, p, cost: dict) -> float:
    candidates = [*np.unique(np.asarray(p, dtype=float)), np.inf]
    costs = [cost_per_flight(y, p, cut, cost) for cut in candidates]
    return float(candidates[int(np.argmin(costs))])
