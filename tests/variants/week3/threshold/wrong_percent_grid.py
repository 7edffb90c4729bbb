"""Only whole percents are tried as thresholds.

Clause: "try **every** threshold that makes a difference on validation flights"

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
    candidates = [np.inf, *np.linspace(0, 1, 101)]
    costs = [cost_per_flight(y, p, cut, cost) for cut in candidates]
    return float(candidates[int(np.argmin(costs))])
