"""scipy's bootstrap for the interval, naive Bayes to predict back."""

def predict_back(X, protected, seed):
    from sklearn.impute import SimpleImputer
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import KFold, cross_val_predict
    from sklearn.naive_bayes import GaussianNB
    from sklearn.pipeline import make_pipeline

    model = make_pipeline(SimpleImputer(), GaussianNB())
    folds = KFold(8, shuffle=True, random_state=seed)
    return roc_auc_score(protected, cross_val_predict(model, X, protected, cv=folds, method="predict_proba")[:, 1])


def unawareness(frame, features, protected, outcome, seed):
    from scipy.stats import bootstrap
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    y, minority = frame[outcome].to_numpy(), frame[protected].to_numpy().astype(bool)
    gaps = {}
    for name, columns in {"aware": [*features, protected], "unaware": list(features)}.items():
        folds = StratifiedKFold(n_splits=5, shuffle=True, random_state=seed)
        p = cross_val_predict(lending.linear(), frame[columns].to_numpy(), y, cv=folds, method="predict_proba")[:, 1]
        gaps[name] = p[~minority].mean() - p[minority].mean()
    ends = bootstrap((p[~minority], p[minority]), lambda a, b, axis: a.mean(axis) - b.mean(axis), n_resamples=2_000,
                     method="percentile", random_state=seed).confidence_interval
    verdict = "no gap seen" if ends.low <= 0 <= ends.high else "gap remains"
    return {"gap_aware": gaps["aware"], "gap_unaware": gaps["unaware"], "low": ends.low, "high": ends.high,
            "verdict": verdict}
