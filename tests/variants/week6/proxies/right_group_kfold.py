"""A loop over folds; draws one after the other."""

def out_of_fold(model, X, y, seed):
    from sklearn.model_selection import KFold

    X, y, p = X.to_numpy(dtype=float), np.asarray(y), np.empty(len(X))
    for learn, ask in KFold(5, shuffle=True, random_state=seed).split(X):
        p[ask] = model().fit(X[learn], y[learn]).predict_proba(X[ask])[:, 1]
    return p


def predict_back(X, protected, seed):
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(protected, out_of_fold(lending.linear, X, protected, seed)))


def unawareness(frame, features, protected, outcome, seed):
    ours = frame[protected].to_numpy() == 1
    aware = out_of_fold(lending.linear, frame[list(features) + [protected]], frame[outcome], seed)
    p = out_of_fold(lending.linear, frame[list(features)], frame[outcome], seed)
    rng = np.random.RandomState(seed)
    a, b = p[~ours], p[ours]
    drawn = [a[rng.randint(len(a), size=len(a))].mean() - b[rng.randint(len(b), size=len(b))].mean() for _ in range(1_500)]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return {"gap_aware": aware[~ours].mean() - aware[ours].mean(), "gap_unaware": a.mean() - b.mean(), "low": low,
            "high": high, "verdict": "gap remains" if low * high > 0 else "no gap seen"}
