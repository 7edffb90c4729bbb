"""Recalibration by a logistic regression of scikit-learn without a penalty, the Brier score from scikit-learn."""

def reliability(y, p, n_bins: int = 10) -> pd.DataFrame:
    flights = pd.DataFrame({"p": np.asarray(p, dtype=float), "y": np.asarray(y, dtype=float)})
    place = np.minimum((flights["p"] * n_bins).astype(int), n_bins - 1)
    return flights.groupby(place).agg(mean_p=("p", "mean"), share_late=("y", "mean"), flights=("y", "size"))


def brier(y, p) -> float:
    return sk.brier_score_loss(y, p, pos_label=1)


def recalibrate(y_known, p_known, p_new) -> np.ndarray:
    from scipy.special import expit, logit
    from sklearn.linear_model import LogisticRegression

    known, new = (logit(np.clip(np.asarray(p, dtype=float), 1e-10, 1 - 1e-10))[:, None] for p in (p_known, p_new))
    model = LogisticRegression(C=np.inf).fit(known, np.asarray(y_known))
    return expit(model.decision_function(new))
