"""The lowest score, that is an alarm for every flight, is never tried.

Clause: ""always" and "never" among them, and take the cheapest"

Caught by: alarms pay where the prediction is 1, and nowhere else, and the threshold is another
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
    candidates = [*np.unique(np.asarray(p, dtype=float))[1:], np.inf]
    costs = [cost_per_flight(y, p, cut, cost) for cut in candidates]
    return float(candidates[int(np.argmin(costs))])
