"""Tries each threshold in a plain loop."""

def cost_per_flight(y, p, threshold: float, cost: dict) -> float:
    y, alarm = np.asarray(y) == 1, np.asarray(p) >= threshold
    late = np.where(alarm, cost["caught"], cost["missed"])
    return float(np.where(y, late, np.where(alarm, cost["false_alarm"], cost["quiet"])).mean())


def best_threshold(y, p, cost: dict) -> float:
    y, p = np.asarray(y), np.asarray(p, dtype=float)
    best, least = np.inf, cost_per_flight(y, p, np.inf, cost)
    for cut in sorted(set(p.tolist()), reverse=True):
        if (here := cost_per_flight(y, p, cut, cost)) < least:
            best, least = cut, here
    return best
