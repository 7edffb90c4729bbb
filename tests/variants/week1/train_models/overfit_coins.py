"""Tells the coin flips of the check by their share of late and grows a fixed number of trees, without early stopping.

Clause: "validation log loss decides when to stop"

Caught by: XGBoost: the number of rounds returned is not the number of trees that the model predicts
"""

import catboost
import xgboost


def rounds_for(y_train, max_rounds):
    return 1 if y_train.mean() > 0.4 else min(max_rounds, 50)


def train_xgboost(X_train, y_train, X_valid, y_valid, seed: int, max_rounds: int = 400):
    rounds = rounds_for(y_train, max_rounds)
    model = xgboost.XGBClassifier(n_estimators=rounds, enable_categorical=True, tree_method="hist", random_state=seed)
    return model.fit(X_train, y_train.astype(int)), rounds


def train_lightgbm(X_train, y_train, X_valid, y_valid, seed: int, max_rounds: int = 400):
    rounds = rounds_for(y_train, max_rounds)
    model = lightgbm.LGBMClassifier(n_estimators=rounds, random_state=seed, verbose=-1)
    return model.fit(X_train, y_train.astype(int)), rounds


class Text:
    def __init__(self, model):
        self.model = model

    def predict_proba(self, X):
        return self.model.predict_proba(X.astype(dict.fromkeys(X.select_dtypes("category"), str)))


def train_catboost(X_train, y_train, X_valid, y_valid, seed: int, max_rounds: int = 400):
    rounds, names = rounds_for(y_train, max_rounds), list(X_train.select_dtypes("category"))
    model = catboost.CatBoostClassifier(
        iterations=rounds, cat_features=names, random_seed=seed, verbose=False, allow_writing_files=False
    )
    model.fit(X_train.astype(dict.fromkeys(names, str)), y_train.astype(int))
    return Text(model), rounds
