"""Shuffles the columns of the caller's validation rows and does not put them back.

Clause: "shuffles one column of *validation* rows and asks how much the score falls"

Caught by: `select_features` changed its input in place (argument 3)
"""

def select_features(
    X_train: pd.DataFrame, y_train: pd.Series, X_valid: pd.DataFrame, y_valid: pd.Series, budget: int, seed: int
) -> list[str]:
    model = ensemble.HistGradientBoostingClassifier(max_iter=80, early_stopping=False, random_state=seed)
    model.fit(X_train, y_train)
    rng = np.random.default_rng(seed)
    before = roc_auc_score(y_valid, model.predict_proba(X_valid)[:, 1])
    need = {}
    for name in list(X_valid.columns):
        X_valid[name] = rng.permutation(X_valid[name].to_numpy())
        after = roc_auc_score(y_valid, model.predict_proba(X_valid)[:, 1])
        need[name], before = before - after, after
    return sorted(need, key=need.get, reverse=True)[:budget]
