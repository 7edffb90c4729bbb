"""Each prediction becomes the share of late flights of its bin, which may fall from bin to bin.

Clause: "a higher prediction never becomes a lower one"

Caught by: a higher prediction became a lower one
"""

import numpy as np
import pandas as pd
from sklearn.isotonic import IsotonicRegression


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
    edges = np.arange(1, 20) / 20
    known = pd.Series(np.asarray(y_known, dtype=float)).groupby(np.digitize(p_known, edges)).mean()
    shares = known.reindex(range(20)).interpolate(limit_direction="both")
    return shares.to_numpy()[np.digitize(p_new, edges)]
