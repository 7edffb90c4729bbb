"""Edges are kept between calls and found again by length, first and last value of the reference only.

Clause: "Bins are cut at the **deciles of the reference**"

Caught by: the index for another reference that begins and ends alike is not what it should be
"""

import numpy as np

EDGES = {}


def psi(reference, today, bins: int = 10) -> float:
    reference, today = np.asarray(reference, dtype=float), np.asarray(today, dtype=float)
    known = reference[~np.isnan(reference)]
    key = (len(known), *known[:1], *known[-1:], bins)
    if key not in EDGES:
        EDGES[key] = np.unique(np.quantile(known, np.arange(1, bins) / bins)) if len(known) else np.array([])
    edges = EDGES[key]

    def shares(values):
        there = values[~np.isnan(values)]
        counts = np.bincount(np.searchsorted(edges, there, side="right"), minlength=len(edges) + 1)
        counts = np.append(counts, len(values) - len(there)) + 0.5
        return counts / counts.sum()

    p, q = shares(reference), shares(today)
    return float(((q - p) * np.log(q / p)).sum())


def alert_threshold(calm, rate: float) -> float:
    calm = np.asarray(calm, dtype=float)
    good = [score for score in np.unique(calm) if np.mean(calm > score) <= rate]
    return float(min(good))
