"""Sorts flights and lets equal predictions have different alarms.

Caught by: have the same prediction
"""

def cost_per_flight(y, p, threshold: float, cost: dict) -> float:
    y, alarm = np.asarray(y) == 1, np.asarray(p) >= threshold
    late = np.where(alarm, cost["caught"], cost["missed"])
    return float(np.where(y, late, np.where(alarm, cost["false_alarm"], cost["quiet"])).mean())


def best_threshold(y, p, cost: dict) -> float:
    y, p = np.asarray(y), np.asarray(p, dtype=float)
    order = np.argsort(p, kind="stable")
    candidates, place = p[order], np.argsort(order, kind="stable")
    late, punctual = (np.bincount(place, y == value, len(candidates)) for value in (1, 0))
    alarm = late * (cost["caught"] - cost["missed"]) + punctual * (cost["false_alarm"] - cost["quiet"])
    extra = np.append(np.cumsum(alarm[::-1])[::-1], 0.0)  # what alarms from each candidate on cost more than silence
    return float(np.append(candidates, np.inf)[extra.argmin()])
