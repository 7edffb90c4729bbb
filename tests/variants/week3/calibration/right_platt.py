"""Bins by numpy, recalibration by a logistic curve in the log odds."""

def reliability(y, p, n_bins=10):
    y, p = np.asarray(y), np.asarray(p)
    edges = np.linspace(0, 1, n_bins + 1)
    rows = []
    for k in range(n_bins):
        inside = (p >= edges[k]) & ((p < edges[k + 1]) if k < n_bins - 1 else (p <= 1))
        if inside.any():
            rows.append({"mean_p": p[inside].mean(), "share_late": y[inside].mean(), "flights": inside.sum()})
    return pd.DataFrame(rows)

def brier(y, p):
    return sk.brier_score_loss(y, p)

def recalibrate(y_known, p_known, p_new):
    from sklearn.linear_model import LogisticRegression

    def odds(p):
        p = np.clip(np.asarray(p, dtype=float), 1e-6, 1 - 1e-6)
        return np.log(p / (1 - p)).reshape(-1, 1)

    return LogisticRegression(C=1e6).fit(odds(p_known), np.asarray(y_known)).predict_proba(odds(p_new))[:, 1]
