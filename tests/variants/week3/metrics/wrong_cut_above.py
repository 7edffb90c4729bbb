"""Probabilities are cut from above only, so a certain 0 costs infinity.

Clause: "so that one certain and wrong answer costs 34.5 and not infinity"

Caught by: mean_log_loss of probabilities that are exactly 0 or 1 is not what it should be
"""

import numpy as np


def _columns(y, score, weight):
    y, score = np.asarray(y), np.asarray(score)
    w = np.ones(len(y)) if weight is None else np.asarray(weight, dtype=float)
    if not len(y) == len(score) == len(w):
        raise ValueError("lengths differ")
    return y == 1, score, w


def auc(y, score, weight=None) -> float:
    late, score, w = _columns(y, score, weight)
    if late.all() or not late.any():
        raise ValueError("AUC needs both classes")
    order = np.argsort(score[~late])
    below = score[~late][order]
    mass = np.append(0.0, np.cumsum(w[~late][order]))
    left, right = (mass[np.searchsorted(below, score[late], side)] for side in ("left", "right"))
    return float((w[late] * (left + right) / 2).sum() / (w[late].sum() * w[~late].sum()))


def average_precision(y, score, weight=None) -> float:
    late, score, w = _columns(y, score, weight)
    if not late.any():
        raise ValueError("no flight is late")
    _, group = np.unique(score, return_inverse=True)
    hits = np.bincount(group, w * late)[::-1]
    alarms = np.bincount(group, w)[::-1]
    return float((hits / hits.sum() * hits.cumsum() / alarms.cumsum()).sum())


def precision_recall_f1(y, alarm, weight=None) -> dict:
    late, alarm, w = _columns(y, alarm, weight)
    alarm = alarm == 1
    if not alarm.any():
        raise ValueError("no alarm")
    if not late.any():
        raise ValueError("no late flight")
    hit = w[late & alarm].sum()
    return {
        "precision": float(hit / w[alarm].sum()),
        "recall": float(hit / w[late].sum()),
        "f1": float(2 * hit / (w[alarm].sum() + w[late].sum())),
    }


def mean_log_loss(y, p, weight=None) -> float:
    late, p, w = _columns(y, p, weight)
    if len(late) == 0:
        raise ValueError("no rows")
    p = np.minimum(p.astype(float), 1 - 1e-15)
    return float(-(w * np.log(np.where(late, p, 1 - p))).sum() / w.sum())
