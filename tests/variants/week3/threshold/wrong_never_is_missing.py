"""Tries the predicted values only, so it always alarms somebody.

Caught by: the threshold is not `np.inf`
"""

def cost_per_flight(y, p, threshold: float, cost: dict) -> float:
    y, alarm = np.asarray(y) == 1, np.asarray(p) >= threshold
    late = np.where(alarm, cost["caught"], cost["missed"])
    return float(np.where(y, late, np.where(alarm, cost["false_alarm"], cost["quiet"])).mean())


def best_threshold(y, p, cost: dict) -> float:
    y, p = np.asarray(y), np.asarray(p, dtype=float)
    return float(min(np.unique(p), key=lambda cut: cost_per_flight(y, p, cut, cost)))
