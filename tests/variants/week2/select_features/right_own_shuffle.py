"""An own loop that shuffles one column at a time and watches LightGBM's AUC on validation rows."""

import lightgbm


def select_features(
    X_train: pd.DataFrame, y_train: pd.Series, X_valid: pd.DataFrame, y_valid: pd.Series, budget: int, seed: int
) -> list[str]:
    model = lightgbm.LGBMClassifier(n_estimators=80, random_state=seed, deterministic=True, force_row_wise=True, verbose=-1)
    model.fit(X_train.to_numpy(dtype=float), y_train.to_numpy(dtype=int))
    known, truth = X_valid[list(X_train.columns)].to_numpy(dtype=float), y_valid.to_numpy(dtype=int)
    whole = roc_auc_score(truth, model.predict_proba(known)[:, 1])
    rng = np.random.default_rng(seed)
    need = {}
    for j, name in enumerate(X_train.columns):
        falls = []
        for _ in range(5):
            shuffled = known.copy()
            shuffled[:, j] = rng.permutation(known[:, j])
            falls.append(whole - roc_auc_score(truth, model.predict_proba(shuffled)[:, 1]))
        need[name] = float(np.mean(falls))
    return sorted(need, key=need.get, reverse=True)[:budget]
