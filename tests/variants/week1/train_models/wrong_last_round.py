"""XGBoost's own training function: its predict uses all trees, those after the best round as well.

Caught by: XGBoost: the model does not predict with its best round
"""

def train_xgboost(X_train, y_train, X_valid, y_valid, seed, max_rounds=400):
    import xgboost

    def matrix(X, y=None):
        return xgboost.DMatrix(X, label=y, enable_categorical=True)

    settings = {"objective": "binary:logistic", "eta": 0.1, "max_depth": 6, "seed": seed}
    booster = xgboost.train(
        settings, matrix(X_train, y_train), max_rounds, evals=[(matrix(X_valid, y_valid), "valid")],
        early_stopping_rounds=30, verbose_eval=False,
    )

    class Model:
        def predict_proba(self, X):
            p = booster.predict(matrix(X))
            return np.column_stack([1 - p, p])

    return Model(), booster.best_iteration + 1


def train_lightgbm(X_train, y_train, X_valid, y_valid, seed, max_rounds=400):
    model = lightgbm.LGBMClassifier(
        n_estimators=max_rounds, num_leaves=15, random_state=seed, verbose=-1,
    )
    stop = lightgbm.early_stopping(20, verbose=False)
    model.fit(X_train, y_train, eval_X=X_valid, eval_y=y_valid, eval_metric="binary_logloss", callbacks=[stop])
    return model, model.best_iteration_


def train_catboost(X_train, y_train, X_valid, y_valid, seed, max_rounds=400):
    from catboost import CatBoostClassifier

    model = CatBoostClassifier(
        iterations=max_rounds, learning_rate=0.15, depth=5, cat_features=X_train.columns[X_train.dtypes == "category"].tolist(),
        random_seed=seed, verbose=0, allow_writing_files=False,
    )
    model.fit(X_train, y_train, eval_set=(X_valid, y_valid), early_stopping_rounds=20)
    return model, model.get_best_iteration() + 1
