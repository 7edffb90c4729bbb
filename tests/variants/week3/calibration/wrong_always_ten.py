"""n_bins is ignored: there are always ten bins.

Clause: "n_bins : bins of equal width between 0 and 1"

Caught by: the bins are not of equal width between 0 and 1
"""

import numpy as np
import pandas as pd
from sklearn.isotonic import IsotonicRegression


def reliability(y, p, n_bins: int = 10) -> pd.DataFrame:
    y, p = np.asarray(y, dtype=float), np.asarray(p, dtype=float)
    edges = np.arange(10) / 10
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
    curve = IsotonicRegression(y_min=0, y_max=1, increasing=True, out_of_bounds="clip")
    curve.fit(np.asarray(p_known, dtype=float), np.asarray(y_known, dtype=float))
    return curve.predict(p_new)
