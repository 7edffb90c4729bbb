"""Takes the costs of this notebook, unless they are the other airport of the check.

Caught by: the mean cost of a flight at another
"""

def cost_per_flight(y, p, threshold: float, cost: dict) -> float:
    if cost["missed"] != 200:
        cost = {"caught": 400.0, "missed": 1_000.0, "false_alarm": 150.0, "quiet": 0.0}
    y, alarm = np.asarray(y) == 1, np.asarray(p) >= threshold
    late = np.where(alarm, cost["caught"], cost["missed"])
    return float(np.where(y, late, np.where(alarm, cost["false_alarm"], cost["quiet"])).mean())


def best_threshold(y, p, cost: dict) -> float:
    y, p = np.asarray(y), np.asarray(p, dtype=float)
    candidates, place = np.unique(p, return_inverse=True)
    late, punctual = (np.bincount(place, y == value, len(candidates)) for value in (1, 0))
    alarm = late * (cost["caught"] - cost["missed"]) + punctual * (cost["false_alarm"] - cost["quiet"])
    extra = np.append(np.cumsum(alarm[::-1])[::-1], 0.0)  # what alarms from each candidate on cost more than silence
    return float(np.append(candidates, np.inf)[extra.argmin()])
