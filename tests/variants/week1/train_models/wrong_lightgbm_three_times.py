"""Trains LightGBM under three names.

Caught by: XGBoost: the model is one of another library
"""

def train_xgboost(X_train, y_train, X_valid, y_valid, seed, max_rounds=400):
    model = lightgbm.LGBMClassifier(
        n_estimators=max_rounds, num_leaves=15, random_state=seed, verbose=-1,
    )
    stop = lightgbm.early_stopping(20, verbose=False)
    model.fit(X_train, y_train, eval_X=X_valid, eval_y=y_valid, eval_metric="binary_logloss", callbacks=[stop])
    return model, model.best_iteration_


def train_lightgbm(X_train, y_train, X_valid, y_valid, seed, max_rounds=400):
    model = lightgbm.LGBMClassifier(
        n_estimators=max_rounds, num_leaves=15, random_state=seed, verbose=-1,
    )
    stop = lightgbm.early_stopping(20, verbose=False)
    model.fit(X_train, y_train, eval_X=X_valid, eval_y=y_valid, eval_metric="binary_logloss", callbacks=[stop])
    return model, model.best_iteration_


def train_catboost(X_train, y_train, X_valid, y_valid, seed, max_rounds=400):
    model = lightgbm.LGBMClassifier(
        n_estimators=max_rounds, num_leaves=15, random_state=seed, verbose=-1,
    )
    stop = lightgbm.early_stopping(20, verbose=False)
    model.fit(X_train, y_train, eval_X=X_valid, eval_y=y_valid, eval_metric="binary_logloss", callbacks=[stop])
    return model, model.best_iteration_
