"""The libraries' own training functions, wrapped in small classes with predict_proba."""

import catboost
import xgboost


class Wrapped:
    def __init__(self, late):
        self.late = late

    def predict_proba(self, X):
        p = np.asarray(self.late(X))
        return np.column_stack([1 - p, p])


def train_xgboost(X_train, y_train, X_valid, y_valid, seed, max_rounds=400):
    def matrix(X, y=None):
        return xgboost.DMatrix(X, label=y, enable_categorical=True)

    settings = {"objective": "binary:logistic", "eval_metric": "logloss", "eta": 0.08, "max_depth": 5, "seed": seed}
    booster = xgboost.train(
        settings, matrix(X_train, y_train), max_rounds, evals=[(matrix(X_valid, y_valid), "valid")],
        early_stopping_rounds=25, verbose_eval=False,
    )
    kept = booster.best_iteration + 1
    return Wrapped(lambda X: booster.predict(matrix(X), iteration_range=(0, kept))), kept


def train_lightgbm(X_train, y_train, X_valid, y_valid, seed, max_rounds=400):
    settings = {"objective": "binary", "metric": "binary_logloss", "learning_rate": 0.08, "verbosity": -1, "seed": seed}
    known = lightgbm.Dataset(X_train, y_train.astype(int))
    chosen = lightgbm.Dataset(X_valid, y_valid.astype(int), reference=known)
    stop = lightgbm.early_stopping(25, verbose=False)
    booster = lightgbm.train(settings, known, max_rounds, valid_sets=[chosen], callbacks=[stop])
    return Wrapped(lambda X: booster.predict(X, num_iteration=booster.best_iteration)), booster.best_iteration


def train_catboost(X_train, y_train, X_valid, y_valid, seed, max_rounds=400):
    names = [name for name in X_train if isinstance(X_train[name].dtype, pd.CategoricalDtype)]

    def pool(X, y=None):
        return catboost.Pool(X, y, cat_features=names)

    settings = {"loss_function": "Logloss", "iterations": max_rounds, "learning_rate": 0.1, "random_seed": seed}
    settings |= {"od_type": "Iter", "od_wait": 25, "logging_level": "Silent", "allow_writing_files": False}
    booster = catboost.train(pool(X_train, y_train.astype(int)), settings, eval_set=pool(X_valid, y_valid.astype(int)))
    return Wrapped(lambda X: booster.predict(pool(X), prediction_type="Probability")[:, 1]), booster.tree_count_
