"""Sees a gap to one side only.

Caught by: fairness through unawareness
"""

def predict_back(X: pd.DataFrame, protected, seed: int) -> float:
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    p = cross_val_predict(lending.linear(), X, protected, cv=folds, method="predict_proba")[:, 1]
    return float(roc_auc_score(protected, p))


def unawareness(frame: pd.DataFrame, features: list[str], protected: str, outcome: str, seed: int) -> dict:

    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    group = frame[protected].to_numpy() == 1

    def predicted(columns: list[str]) -> np.ndarray:
        return cross_val_predict(lending.linear(), frame[columns], frame[outcome], cv=folds, method="predict_proba")[
            :, 1
        ]

    aware, unaware = predicted([*features, protected]), predicted(features)
    rng = np.random.default_rng(seed)
    draws = [rng.choice(p, size=(1_000, len(p))).mean(axis=1) for p in (unaware[~group], unaware[group])]
    low, high = np.percentile(draws[0] - draws[1], [2.5, 97.5])
    return {
        "gap_aware": float(aware[~group].mean() - aware[group].mean()),
        "gap_unaware": float(unaware[~group].mean() - unaware[group].mean()),
        "low": float(low),
        "high": float(high),
        "verdict": "gap remains" if low > 0 else "no gap seen",
    }
