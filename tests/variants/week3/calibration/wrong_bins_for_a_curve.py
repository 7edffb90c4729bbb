"""Each prediction becomes the share of late flights of its bin, of a hundred.

Caught by: a higher prediction became a lower one
"""

def reliability(y, p, n_bins: int = 10) -> pd.DataFrame:
    flights = pd.DataFrame({"p": np.asarray(p, dtype=float), "y": np.asarray(y, dtype=float)})
    place = np.minimum((flights["p"] * n_bins).astype(int), n_bins - 1)
    return flights.groupby(place).agg(mean_p=("p", "mean"), share_late=("y", "mean"), flights=("y", "size"))


def brier(y, p) -> float:
    return float(np.mean((np.asarray(p, dtype=float) - np.asarray(y, dtype=float)) ** 2))


def recalibrate(y_known, p_known, p_new) -> np.ndarray:
    p, edges = np.asarray(p_known, dtype=float), np.linspace(0, 1, 41)
    share = pd.Series(np.asarray(y_known, dtype=float)).groupby(np.digitize(p, edges)).mean()
    share = share.reindex(range(42)).interpolate(limit_direction="both")
    return share.to_numpy()[np.digitize(np.asarray(p_new), edges)]
