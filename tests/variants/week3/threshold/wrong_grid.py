"""Tries a hundred round thresholds.

Caught by: another threshold is cheaper
"""

def cost_per_flight(y, p, threshold: float, cost: dict) -> float:
    y, alarm = np.asarray(y) == 1, np.asarray(p) >= threshold
    late = np.where(alarm, cost["caught"], cost["missed"])
    return float(np.where(y, late, np.where(alarm, cost["false_alarm"], cost["quiet"])).mean())


def best_threshold(y, p, cost: dict) -> float:
    y, p = np.asarray(y), np.asarray(p, dtype=float)
    return float(min([*np.linspace(0, 1, 21), np.inf], key=lambda cut: cost_per_flight(y, p, cut, cost)))
