"""Subclasses of the three estimators that recode in predict_proba; CatBoost reads strings."""

import catboost
import xgboost


def recoded(X, levels):
    return X.assign(**{name: X[name].cat.set_categories(known) for name, known in levels.items()})


def used_levels(X):
    return {name: sorted(set(X[name].dropna().tolist())) for name in X.columns if X[name].dtype == "category"}


def as_strings(X):
    X = X.copy()
    for name in X.columns:
        if X[name].dtype == "category":
            X[name] = ["missing" if pd.isna(value) else str(value) for value in X[name].tolist()]
    return X


class OurXGBoost(xgboost.XGBClassifier):
    def predict_proba(self, X, **more):
        return super().predict_proba(recoded(X, self.our_levels), **more)


class OurLightGBM(lightgbm.LGBMClassifier):
    def predict_proba(self, X, **more):
        return super().predict_proba(recoded(X, self.our_levels), **more)


class OurCatBoost(catboost.CatBoostClassifier):
    def predict_proba(self, X, **more):
        return super().predict_proba(as_strings(X), **more)


def train_xgboost(X_train, y_train, X_valid, y_valid, seed: int, max_rounds: int = 400):
    model = OurXGBoost(
        n_estimators=max_rounds, learning_rate=0.15, enable_categorical=True, tree_method="hist",
        eval_metric="logloss", early_stopping_rounds=20, random_state=seed,
    )
    model.our_levels = used_levels(X_train)
    watched = recoded(X_valid, model.our_levels)
    model.fit(
        recoded(X_train, model.our_levels), np.asarray(y_train, dtype=int),
        eval_set=[(watched, np.asarray(y_valid, dtype=int))], verbose=False,
    )
    return model, int(model.best_iteration) + 1


def train_lightgbm(X_train, y_train, X_valid, y_valid, seed: int, max_rounds: int = 400):
    model = OurLightGBM(
        n_estimators=max_rounds, learning_rate=0.05, num_leaves=15, random_state=seed,
        deterministic=True, force_col_wise=True, verbose=-1,
    )
    model.our_levels = used_levels(X_train)
    watched = recoded(X_valid, model.our_levels)
    model.fit(
        recoded(X_train, model.our_levels), np.asarray(y_train, dtype=int),
        eval_set=[(watched, np.asarray(y_valid, dtype=int))], eval_metric="logloss",
        callbacks=[lightgbm.early_stopping(20, verbose=False)],
    )
    return model, int(model.best_iteration_)


def train_catboost(X_train, y_train, X_valid, y_valid, seed: int, max_rounds: int = 400):
    names = [name for name in X_train.columns if X_train[name].dtype == "category"]
    model = OurCatBoost(
        iterations=max_rounds, learning_rate=0.1, loss_function="Logloss", random_seed=seed,
        allow_writing_files=False, verbose=False,
    )
    model.fit(
        as_strings(X_train), np.asarray(y_train, dtype=int), cat_features=names,
        eval_set=(as_strings(X_valid), np.asarray(y_valid, dtype=int)), early_stopping_rounds=20,
    )
    return model, model.get_best_iteration() + 1
