"""The cost from scikit-learn's confusion matrix."""

def cost_per_flight(y, p, threshold: float, cost: dict) -> float:
    table = sk.confusion_matrix(np.asarray(y), (np.asarray(p) >= threshold).astype(int), labels=[0, 1])
    each = np.array([[cost["quiet"], cost["false_alarm"]], [cost["missed"], cost["caught"]]])
    return float((table * each).sum() / table.sum())


def best_threshold(y, p, cost: dict) -> float:
    y, p = np.asarray(y), np.asarray(p, dtype=float)
    candidates, place = np.unique(p, return_inverse=True)
    late, punctual = (np.bincount(place, y == value, len(candidates)) for value in (1, 0))
    alarm = late * (cost["caught"] - cost["missed"]) + punctual * (cost["false_alarm"] - cost["quiet"])
    extra = np.append(np.cumsum(alarm[::-1])[::-1], 0.0)  # what alarms from each candidate on cost more than silence
    return float(np.append(candidates, np.inf)[extra.argmin()])
