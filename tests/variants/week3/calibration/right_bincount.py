"""The curve by numpy.bincount."""

def reliability(y, p, n_bins: int = 10) -> pd.DataFrame:
    flights = pd.DataFrame({"p": np.asarray(p, dtype=float), "y": np.asarray(y, dtype=float)})
    place = np.minimum((flights["p"] * n_bins).astype(int), n_bins - 1)
    n = np.bincount(place, minlength=n_bins)
    rows = {"mean_p": np.bincount(place, flights["p"], n_bins), "share_late": np.bincount(place, flights["y"], n_bins)}
    return pd.DataFrame({k: v[n > 0] / n[n > 0] for k, v in rows.items()}).assign(flights=n[n > 0])


def brier(y, p) -> float:
    return float(np.mean((np.asarray(p, dtype=float) - np.asarray(y, dtype=float)) ** 2))


def recalibrate(y_known, p_known, p_new) -> np.ndarray:
    from sklearn.isotonic import IsotonicRegression

    curve = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip")
    return curve.fit(np.asarray(p_known), np.asarray(y_known)).predict(np.asarray(p_new))
