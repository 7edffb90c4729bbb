"""Plain Python loops and bisection, NumPy for the deciles only."""

from bisect import bisect_right
from math import isnan, log

import numpy as np


def psi(reference, today, bins: int = 10) -> float:
    reference, today = ([float(value) for value in values] for values in (reference, today))
    known = [value for value in reference if not isnan(value)]
    edges = sorted({float(np.quantile(known, k / bins)) for k in range(1, bins)}) if known else []
    counts = {"p": [0.5] * (len(edges) + 2), "q": [0.5] * (len(edges) + 2)}
    for name, values in (("p", reference), ("q", today)):
        for value in values:
            counts[name][-1 if isnan(value) else bisect_right(edges, value)] += 1
    total = 0.0
    for a, b in zip(counts["p"], counts["q"]):
        p, q = a / sum(counts["p"]), b / sum(counts["q"])
        total += (q - p) * log(q / p)
    return total


def alert_threshold(calm, rate: float) -> float:
    scores = sorted(float(score) for score in calm)
    for position, score in enumerate(scores):
        above = len(scores) - bisect_right(scores, score)
        if above / len(scores) <= rate:
            return score
