"""Bins by bisection in plain Python; Platt with a guard for a curve that would fall."""

from bisect import bisect_right

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression


def reliability(y, p, n_bins: int = 10) -> pd.DataFrame:
    lower = [k / n_bins for k in range(n_bins)]
    bins = {}
    for outcome, said in zip(list(y), list(p)):
        bins.setdefault(bisect_right(lower, said) - 1, []).append((said, outcome))
    rows = []
    for k in sorted(bins):
        n = len(bins[k])
        rows.append((sum(s for s, _ in bins[k]) / n, sum(o for _, o in bins[k]) / n, n))
    return pd.DataFrame(rows, columns=["mean_p", "share_late", "flights"])


def brier(y, p) -> float:
    return float(sum((b - a) ** 2 for a, b in zip(list(map(float, y)), list(map(float, p)))) / len(y))


def _log_odds(p):
    p = np.clip(np.asarray(p, dtype=float), 1e-6, 1 - 1e-6)
    return np.log(p / (1 - p))[:, None]


def recalibrate(y_known, p_known, p_new) -> np.ndarray:
    y_known, p_new = np.asarray(y_known), np.asarray(p_new, dtype=float)
    constant = np.full(len(p_new), y_known.mean())
    if len(p_new) == 0 or len(np.unique(y_known)) < 2:
        return constant
    platt = LogisticRegression(C=1e6).fit(_log_odds(p_known), y_known)
    if platt.coef_[0, 0] <= 0:  # the curve must rise
        return constant
    return platt.predict_proba(_log_odds(p_new))[:, 1]
