"""The threshold that would be right for perfect probabilities.

Caught by: try every predicted value
"""

def cost_per_flight(y, p, threshold: float, cost: dict) -> float:
    y, alarm = np.asarray(y) == 1, np.asarray(p) >= threshold
    late = np.where(alarm, cost["caught"], cost["missed"])
    return float(np.where(y, late, np.where(alarm, cost["false_alarm"], cost["quiet"])).mean())


def best_threshold(y, p, cost: dict) -> float:
    y, p = np.asarray(y), np.asarray(p, dtype=float)
    gain = cost["missed"] - cost["caught"]
    extra = cost["false_alarm"] - cost["quiet"]
    return extra / (gain + extra) if gain + extra > 0 else 0.5
