"""Gives the chosen columns in the order of the table.

Clause: "Choose at most ``budget`` columns, the most useful first."

Caught by: a less useful column stands where a more useful one belongs
"""

def select_features(
    X_train: pd.DataFrame, y_train: pd.Series, X_valid: pd.DataFrame, y_valid: pd.Series, budget: int, seed: int
) -> list[str]:
    model = ensemble.HistGradientBoostingClassifier(max_iter=80, early_stopping=False, random_state=seed)
    model.fit(X_train, y_train)
    fall = inspection.permutation_importance(
        model, X_valid, y_valid, scoring="roc_auc", n_repeats=5, random_state=seed
    )
    order = np.argsort(-fall.importances_mean, kind="stable")
    return [X_valid.columns[i] for i in sorted(order[:budget])]
