"""Trains on training and validation rows together before it measures on the validation rows.

Clause: "Choose the features that the score on validation rows needs most."

Caught by: a column was chosen that says something on the validation rows only
"""

def select_features(
    X_train: pd.DataFrame, y_train: pd.Series, X_valid: pd.DataFrame, y_valid: pd.Series, budget: int, seed: int
) -> list[str]:
    model = ensemble.HistGradientBoostingClassifier(max_iter=80, early_stopping=False, random_state=seed)
    model.fit(pd.concat([X_train, X_valid]), pd.concat([y_train, y_valid]))
    fall = inspection.permutation_importance(
        model, X_valid, y_valid, scoring="roc_auc", n_repeats=5, random_state=seed
    )
    order = np.argsort(-fall.importances_mean, kind="stable")
    return [X_valid.columns[i] for i in order[:budget]]
