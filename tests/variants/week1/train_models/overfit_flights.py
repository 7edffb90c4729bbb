"""LightGBM drops every column that flights do not have.

Caught by: LightGBM: a signal that lies in a category alone
"""

def train_xgboost(X_train, y_train, X_valid, y_valid, seed, max_rounds=400):
    import xgboost

    model = xgboost.XGBClassifier(
        n_estimators=max_rounds, learning_rate=0.1, max_depth=4, enable_categorical=True, early_stopping_rounds=20,
        eval_metric="logloss", random_state=seed,
    )
    model.fit(X_train, y_train, eval_set=[(X_valid, y_valid)], verbose=False)
    return model, model.best_iteration + 1


def train_lightgbm(X_train, y_train, X_valid, y_valid, seed, max_rounds=400):
    model = lightgbm.LGBMClassifier(
        n_estimators=max_rounds, num_leaves=15, random_state=seed, verbose=-1,
    )
    names = [name for name in X_train if name != "level"] or list(X_train)
    X_train, X_valid = X_train[names], X_valid[names]
    stop = lightgbm.early_stopping(20, verbose=False)
    model.fit(X_train, y_train, eval_X=X_valid, eval_y=y_valid, eval_metric="binary_logloss", callbacks=[stop])

    class Flights:
        def predict_proba(self, X):
            return model.predict_proba(X[names])

    return Flights(), model.best_iteration_


def train_catboost(X_train, y_train, X_valid, y_valid, seed, max_rounds=400):
    from catboost import CatBoostClassifier

    model = CatBoostClassifier(
        iterations=max_rounds, learning_rate=0.15, depth=5, cat_features=X_train.columns[X_train.dtypes == "category"].tolist(),
        random_seed=seed, verbose=0, allow_writing_files=False,
    )
    model.fit(X_train, y_train, eval_set=(X_valid, y_valid), early_stopping_rounds=20)
    return model, model.get_best_iteration() + 1
