"""A forest's own importance, measured on training rows.

Clause: "Choose the features that the score on validation rows needs most."

Caught by: a column was chosen that says something on the training rows only
"""

def select_features(
    X_train: pd.DataFrame, y_train: pd.Series, X_valid: pd.DataFrame, y_valid: pd.Series, budget: int, seed: int
) -> list[str]:
    model = ensemble.RandomForestClassifier(100, random_state=seed)
    model.fit(X_train.fillna(X_train.median()), y_train)
    order = np.argsort(-model.feature_importances_)
    return [X_train.columns[i] for i in order[:budget]]
