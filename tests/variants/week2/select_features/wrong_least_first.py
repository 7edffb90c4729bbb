"""Gives the most useful column last.

Caught by: a less useful column stands
"""

def select_features(
    X_train: pd.DataFrame, y_train: pd.Series, X_valid: pd.DataFrame, y_valid: pd.Series, budget: int, seed: int
) -> list[str]:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.inspection import permutation_importance

    model = HistGradientBoostingClassifier(max_iter=100, random_state=seed).fit(X_train, y_train)
    fall = permutation_importance(model, X_valid, y_valid, scoring="roc_auc", n_repeats=3, random_state=seed)
    return pd.Series(fall.importances_mean, index=X_valid.columns).nlargest(budget).index.tolist()[::-1]
