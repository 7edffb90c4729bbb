"""The threshold is chosen by the cost of errors; what caught and quiet flights cost is left out.

Clause: "Other airports have others, so take nothing for zero."

Caught by: another threshold is cheaper on these flights
"""

import numpy as np


def cost_per_flight(y, p, threshold: float, cost: dict) -> float:
    late, alarm = np.asarray(y) == 1, np.asarray(p) >= threshold
    dollars = np.where(
        alarm,
        np.where(late, cost["caught"], cost["false_alarm"]),
        np.where(late, cost["missed"], cost["quiet"]),
    )
    return float(dollars.mean())


def best_threshold(y, p, cost: dict) -> float:
    candidates = [*np.unique(np.asarray(p, dtype=float)), np.inf]
    costs = [cost_per_flight(y, p, cut, cost | {"caught": 0.0, "quiet": 0.0}) for cut in candidates]
    return float(candidates[int(np.argmin(costs))])
