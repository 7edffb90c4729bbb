"""Leaves out every column that has a missing value.

Clause: "X_train, X_valid : numbers (NaN where missing), the same columns in both"

Caught by: a column that matters was not chosen: values of it are missing
"""

def select_features(
    X_train: pd.DataFrame, y_train: pd.Series, X_valid: pd.DataFrame, y_valid: pd.Series, budget: int, seed: int
) -> list[str]:
    X_train = X_train.dropna(axis=1)
    X_valid = X_valid[X_train.columns]
    model = ensemble.HistGradientBoostingClassifier(max_iter=80, early_stopping=False, random_state=seed)
    model.fit(X_train, y_train)
    fall = inspection.permutation_importance(
        model, X_valid, y_valid, scoring="roc_auc", n_repeats=5, random_state=seed
    )
    order = np.argsort(-fall.importances_mean, kind="stable")
    return [X_valid.columns[i] for i in order[:budget]]
