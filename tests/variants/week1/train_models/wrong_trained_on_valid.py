"""LightGBM is trained again on training and validation rows together once the number of trees is known.

Clause: "Validation is for choices (when to stop, which settings)"

Caught by: LightGBM: the model has learned from the validation rows
"""

import catboost
import xgboost


class Aligned:
    """A fitted model that gives each level the code that it had in training."""

    def __init__(self, model, levels, as_text=False):
        self.model, self.levels, self.as_text = model, levels, as_text

    def predict_proba(self, X):
        return self.model.predict_proba(aligned(X, self.levels, self.as_text))


def levels_of(X):
    names = X.select_dtypes("category").columns
    return {name: sorted(set(X[name].dropna().tolist())) for name in names}


def aligned(X, levels, as_text=False):
    X = X.copy()
    for name, known in levels.items():
        column = X[name].astype("category").cat.set_categories(known)
        X[name] = column.astype(object).where(column.notna(), "missing").astype(str) if as_text else column
    return X


def train_xgboost(X_train, y_train, X_valid, y_valid, seed: int, max_rounds: int = 400):
    levels = levels_of(X_train)
    model = xgboost.XGBClassifier(
        n_estimators=max_rounds,
        learning_rate=0.1,
        max_depth=5,
        enable_categorical=True,
        tree_method="hist",
        eval_metric="logloss",
        early_stopping_rounds=30,
        random_state=seed,
    )
    X, X_watch = aligned(X_train, levels), aligned(X_valid, levels)
    model.fit(X, y_train.astype(int), eval_set=[(X_watch, y_valid.astype(int))], verbose=False)
    return Aligned(model, levels), model.best_iteration + 1


def train_lightgbm(X_train, y_train, X_valid, y_valid, seed: int, max_rounds: int = 400):
    levels = levels_of(X_train)
    model = lightgbm.LGBMClassifier(
        n_estimators=max_rounds, learning_rate=0.1, random_state=seed, deterministic=True, force_row_wise=True, verbose=-1
    )
    X, X_watch = aligned(X_train, levels), aligned(X_valid, levels)
    stop = lightgbm.early_stopping(30, verbose=False)
    watch = [(X_watch, y_valid.astype(int))]
    model.fit(X, y_train.astype(int), eval_set=watch, eval_metric="binary_logloss", callbacks=[stop])
    rounds = model.best_iteration_
    model = lightgbm.LGBMClassifier(
        n_estimators=rounds, learning_rate=0.1, random_state=seed, deterministic=True, force_row_wise=True, verbose=-1
    )
    model.fit(pd.concat([X, X_watch]), pd.concat([y_train, y_valid]).astype(int))
    return Aligned(model, levels), rounds


def train_catboost(X_train, y_train, X_valid, y_valid, seed: int, max_rounds: int = 400):
    levels = levels_of(X_train)
    model = catboost.CatBoostClassifier(
        iterations=max_rounds,
        learning_rate=0.1,
        cat_features=list(levels),
        early_stopping_rounds=30,
        random_seed=seed,
        allow_writing_files=False,
        verbose=False,
    )
    X, X_watch = aligned(X_train, levels, True), aligned(X_valid, levels, True)
    model.fit(X, y_train.astype(int), eval_set=(X_watch, y_valid.astype(int)), use_best_model=True)
    return Aligned(model, levels, True), model.tree_count_
