"""A threshold of 1 stands for never, also where some flights have p = 1 and get an alarm by it.

Clause: "``np.inf`` where it is cheapest never to raise an alarm."

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
    candidates = np.unique(np.append(np.asarray(p, dtype=float), 1.0))
    costs = [cost_per_flight(y, p, cut, cost) for cut in candidates]
    best = float(candidates[int(np.argmin(costs))])
    return np.inf if best == 1.0 else best
