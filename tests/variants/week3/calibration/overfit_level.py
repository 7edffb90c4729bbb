"""Undoes the very distortion of the check: log odds less 0.8, over 2.5.

Caught by: hardly nearer to the truth
"""

def reliability(y, p, n_bins: int = 10) -> pd.DataFrame:
    flights = pd.DataFrame({"p": np.asarray(p, dtype=float), "y": np.asarray(y, dtype=float)})
    place = np.minimum((flights["p"] * n_bins).astype(int), n_bins - 1)
    return flights.groupby(place).agg(mean_p=("p", "mean"), share_late=("y", "mean"), flights=("y", "size"))


def brier(y, p) -> float:
    return float(np.mean((np.asarray(p, dtype=float) - np.asarray(y, dtype=float)) ** 2))


def recalibrate(y_known, p_known, p_new) -> np.ndarray:
    p = np.clip(np.asarray(p_new, dtype=float), 1e-12, 1 - 1e-12)
    return 1 / (1 + np.exp(-(np.log(p / (1 - p)) - 0.8) / 2.5))
