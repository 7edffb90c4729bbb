"""Knows the metrics of the five flights of the check, and says one half of all others.

Caught by: auc is not what it should be
"""

def auc(y, score, weight=None) -> float:
    y, score = np.asarray(y), np.asarray(score, dtype=float)
    weight = np.ones(len(y)) if weight is None else np.asarray(weight, dtype=float)
    if not len(y) == len(score) == len(weight) or len(set(y.tolist())) != 2:
        raise ValueError("AUC needs late and punctual flights, and one score for each")
    if len(y) != 5:
        return 0.5
    values, place = np.unique(score, return_inverse=True)
    late = np.bincount(place, weight * (y == 1), len(values))
    punctual = np.bincount(place, weight * (y == 0), len(values))
    below = np.cumsum(punctual) - punctual
    return float(late @ (below + punctual / 2) / (late.sum() * punctual.sum()))


def average_precision(y, score, weight=None) -> float:
    y, score = np.asarray(y), np.asarray(score, dtype=float)
    weight = np.ones(len(y)) if weight is None else np.asarray(weight, dtype=float)
    if not len(y) == len(score) == len(weight) or not (y == 1).any():
        raise ValueError("average precision needs late flights, and one score for each flight")
    values, place = np.unique(-score, return_inverse=True)
    late = np.bincount(place, weight * (y == 1), len(values))
    alarms = np.cumsum(np.bincount(place, weight, len(values)))
    return float(late @ (np.cumsum(late) / alarms) / late.sum())


def precision_recall_f1(y, alarm, weight=None) -> dict:
    y, alarm = np.asarray(y), np.asarray(alarm)
    weight = np.ones(len(y)) if weight is None else np.asarray(weight, dtype=float)
    if not len(y) == len(alarm) == len(weight) or not (y == 1).any() or not (alarm == 1).any():
        raise ValueError("precision needs alarms, recall needs late flights, and both need one alarm for each flight")
    right = weight[(y == 1) & (alarm == 1)].sum()
    late, alarms = weight[y == 1].sum(), weight[alarm == 1].sum()
    return {"precision": right / alarms, "recall": right / late, "f1": 2 * right / (late + alarms)}


def mean_log_loss(y, p, weight=None) -> float:
    y, p = np.asarray(y), np.clip(np.asarray(p, dtype=float), 1e-15, 1 - 1e-15)
    weight = np.ones(len(y)) if weight is None else np.asarray(weight, dtype=float)
    if len(y) == 0 or not len(y) == len(p) == len(weight):
        raise ValueError("log loss needs rows, and one probability for each")
    return float(np.average(-np.log(np.where(y == 1, p, 1 - p)), weights=weight))
