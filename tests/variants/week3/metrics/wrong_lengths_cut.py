"""Different lengths are cut to the shortest by zip and not refused.

Clause: "when there are no rows, only one class, or lengths that differ"

Caught by: precision of alarms for another number of flights is given as a number, though it does
"""

import math
from itertools import groupby


def _rows(y, x, weight):
    y, x = list(y), list(x)
    weight = [1.0] * len(y) if weight is None else list(weight)
    return [(a, int(b), float(c)) for a, b, c in zip(x, y, weight)]


def _steps(rows):
    """(weight of late, weight of punctual) of each distinct score, highest first."""
    for _, same in groupby(sorted(rows, key=lambda row: -row[0]), key=lambda row: row[0]):
        same = list(same)
        yield sum(w for _, b, w in same if b), sum(w for _, b, w in same if not b)


def auc(y, score, weight=None) -> float:
    rows = _rows(y, score, weight)
    if len({b for _, b, _ in rows}) != 2:
        raise ValueError("two classes, please")
    above = won = all_late = all_punctual = 0.0
    for late, punctual in _steps(rows):
        won += punctual * (above + late / 2)
        above += late
        all_late, all_punctual = all_late + late, all_punctual + punctual
    return won / (all_late * all_punctual)


def average_precision(y, score, weight=None) -> float:
    rows = _rows(y, score, weight)
    total = sum(w for _, b, w in rows if b)
    if not total:
        raise ValueError("no flight is late")
    result = hits = alarms = 0.0
    for late, punctual in _steps(rows):
        hits, alarms = hits + late, alarms + late + punctual
        result += late / total * hits / alarms
    return result


def precision_recall_f1(y, alarm, weight=None) -> dict:
    rows = _rows(y, alarm, weight)
    raised = sum(w for a, _, w in rows if a)
    late = sum(w for _, b, w in rows if b)
    if not raised or not late:
        raise ValueError("no alarm, or no late flight")
    right = sum(w for a, b, w in rows if a and b)
    precision, recall = right / raised, right / late
    f1 = 2 * precision * recall / (precision + recall) if right else 0.0
    return {"precision": precision, "recall": recall, "f1": f1}


def mean_log_loss(y, p, weight=None) -> float:
    rows = _rows(y, p, weight)
    if not rows:
        raise ValueError("no rows")
    total = 0.0
    for a, b, w in rows:
        a = min(max(float(a), 1e-15), 1 - 1e-15)
        total -= w * math.log(a if b else 1 - a)
    return total / sum(w for _, _, w in rows)
