"""CatBoost: lets AUC decide when to stop.

Caught by: CatBoost: training stopped although the validation log loss still fell
"""

def train_xgboost(X_train, y_train, X_valid, y_valid, seed: int, max_rounds: int = 400):
    import xgboost

    model = xgboost.XGBClassifier(
        n_estimators=max_rounds, learning_rate=0.05, max_depth=6, subsample=0.8, min_child_weight=5,
        enable_categorical=True, early_stopping_rounds=30, eval_metric="logloss", random_state=seed,
    )  # fmt: skip
    model.fit(X_train, y_train, eval_set=[(X_valid, y_valid)], verbose=False)
    return model, model.best_iteration + 1


def train_lightgbm(X_train, y_train, X_valid, y_valid, seed: int, max_rounds: int = 400):
    model = lightgbm.LGBMClassifier(
        n_estimators=max_rounds, learning_rate=0.05, min_child_samples=50, subsample=0.8, subsample_freq=1,
        random_state=seed, deterministic=True, force_row_wise=True, verbose=-1,
    )  # fmt: skip
    stop = lightgbm.early_stopping(30, verbose=False)
    model.fit(X_train, y_train, eval_X=X_valid, eval_y=y_valid, eval_metric="binary_logloss", callbacks=[stop])
    return model, model.best_iteration_


def train_catboost(X_train, y_train, X_valid, y_valid, seed: int, max_rounds: int = 400):
    import catboost

    model = catboost.CatBoostClassifier(
        iterations=max_rounds, learning_rate=0.1, depth=6, cat_features=list(X_train.select_dtypes("category")),
        eval_metric="AUC", early_stopping_rounds=30, random_seed=seed, verbose=False, allow_writing_files=False,
    )  # fmt: skip
    model.fit(X_train, y_train, eval_set=(X_valid, y_valid))
    return model, model.tree_count_
