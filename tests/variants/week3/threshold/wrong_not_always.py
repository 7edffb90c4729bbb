"""Never tries an alarm for each flight.

Caught by: an alarm for every flight is a choice
"""

def cost_per_flight(y, p, threshold: float, cost: dict) -> float:
    y, alarm = np.asarray(y) == 1, np.asarray(p) >= threshold
    late = np.where(alarm, cost["caught"], cost["missed"])
    return float(np.where(y, late, np.where(alarm, cost["false_alarm"], cost["quiet"])).mean())


def best_threshold(y, p, cost: dict) -> float:
    y, p = np.asarray(y), np.asarray(p, dtype=float)
    candidates, place = np.unique(p, return_inverse=True)
    late, punctual = (np.bincount(place, y == value, len(candidates)) for value in (1, 0))
    alarm = late * (cost["caught"] - cost["missed"]) + punctual * (cost["false_alarm"] - cost["quiet"])
    extra = np.append(np.cumsum(alarm[::-1])[::-1], 0.0)  # what alarms from each candidate on cost more than silence
    extra = extra[1:] if len(candidates) > 1 else extra
    return float(np.append(candidates[1:] if len(candidates) > 1 else candidates, np.inf)[extra.argmin()])
