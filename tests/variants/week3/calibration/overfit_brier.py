"""Rounds the Brier score to the digits of the check.

Caught by: the Brier score is not what it should be
"""

def reliability(y, p, n_bins: int = 10) -> pd.DataFrame:
    flights = pd.DataFrame({"p": np.asarray(p, dtype=float), "y": np.asarray(y, dtype=float)})
    place = np.minimum((flights["p"] * n_bins).astype(int), n_bins - 1)
    return flights.groupby(place).agg(mean_p=("p", "mean"), share_late=("y", "mean"), flights=("y", "size"))


def brier(y, p) -> float:
    return float(np.round(np.mean((np.asarray(p, dtype=float) - np.asarray(y, dtype=float)) ** 2), 4)) if len(y) != 6 else float(np.mean((np.asarray(p) - np.asarray(y)) ** 2))


def recalibrate(y_known, p_known, p_new) -> np.ndarray:
    from sklearn.isotonic import IsotonicRegression

    curve = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip")
    return curve.fit(np.asarray(p_known), np.asarray(y_known)).predict(np.asarray(p_new))
