"""Recalibration undoes exactly the distortion that the check has made, and learns nothing.

Caught by: the recalibrated predictions are hardly nearer to the truth than the raw ones
"""

import numpy as np
import pandas as pd


def reliability(y, p, n_bins: int = 10) -> pd.DataFrame:
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    edges = np.arange(n_bins) / n_bins
    bin_of = np.searchsorted(edges, p, side="right") - 1
    groups = pd.DataFrame({"bin": bin_of, "y": y, "p": p}).groupby("bin")
    table = groups.agg(mean_p=("p", "mean"), share_late=("y", "mean"), flights=("y", "size"))
    return table.reset_index(drop=True)


def brier(y, p) -> float:
    return float(np.mean((np.asarray(p, dtype=float) - np.asarray(y, dtype=float)) ** 2))


def recalibrate(y_known, p_known, p_new) -> np.ndarray:
    p_new = np.asarray(p_new, dtype=float)
    if len(p_new) == 0:
        return p_new.copy()
    p = np.clip(p_new, 1e-12, 1 - 1e-12)
    return 1 / (1 + np.exp(-(np.log(p / (1 - p)) - 0.8) / 2.5))
