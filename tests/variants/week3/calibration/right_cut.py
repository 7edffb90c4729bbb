"""Bins by pandas' cut."""

def reliability(y, p, n_bins: int = 10) -> pd.DataFrame:
    flights = pd.DataFrame({"p": np.asarray(p, dtype=float), "y": np.asarray(y, dtype=float)})
    place = pd.cut(flights["p"], [*np.linspace(0, 1, n_bins + 1)[:-1], np.inf], right=False)
    return flights.groupby(place, observed=True).agg(mean_p=("p", "mean"), share_late=("y", "mean"), flights=("y", "size"))


def brier(y, p) -> float:
    return float(np.mean((np.asarray(p, dtype=float) - np.asarray(y, dtype=float)) ** 2))


def recalibrate(y_known, p_known, p_new) -> np.ndarray:
    from sklearn.isotonic import IsotonicRegression

    curve = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip")
    return curve.fit(np.asarray(p_known), np.asarray(y_known)).predict(np.asarray(p_new))
