"""Beta calibration: a logistic regression on two logarithms."""

def reliability(y, p, n_bins: int = 10) -> pd.DataFrame:
    flights = pd.DataFrame({"p": np.asarray(p, dtype=float), "y": np.asarray(y, dtype=float)})
    place = np.minimum((flights["p"] * n_bins).astype(int), n_bins - 1)
    return flights.groupby(place).agg(mean_p=("p", "mean"), share_late=("y", "mean"), flights=("y", "size"))


def brier(y, p) -> float:
    return float(np.mean((np.asarray(p, dtype=float) - np.asarray(y, dtype=float)) ** 2))


def recalibrate(y_known, p_known, p_new) -> np.ndarray:
    from scipy.optimize import minimize

    def odds(p):
        p = np.clip(np.asarray(p, dtype=float), 1e-9, 1 - 1e-9)
        return np.log(p), -np.log(1 - p)

    def said(w, p):
        a, b = odds(p)
        return 1 / (1 + np.exp(-np.clip(abs(w[0]) * a + abs(w[1]) * b + w[2], -500, 500)))

    y = np.asarray(y_known)
    loss = lambda w: -np.mean(np.log(np.clip(np.where(y == 1, said(w, p_known), 1 - said(w, p_known)), 1e-12, 1)))
    best = minimize(loss, [1.0, 1.0, 0.0], method="Nelder-Mead", options={"maxiter": 2000})
    return said(best.x, p_new)
