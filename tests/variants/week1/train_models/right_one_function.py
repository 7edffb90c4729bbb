"""One function with the settings in a table, made into three with functools.partial."""

from functools import partial

import catboost
import xgboost


def train(library, X_train, y_train, X_valid, y_valid, seed, max_rounds=400):
    labels, judged = y_train.astype(int), y_valid.astype(int)
    if library == "xgboost":
        model = xgboost.XGBClassifier(
            n_estimators=max_rounds, learning_rate=0.3, max_depth=3, tree_method="hist", enable_categorical=True,
            early_stopping_rounds=10, eval_metric=["auc", "logloss"], seed=seed, n_jobs=1,
        )
        model.fit(X_train, labels, eval_set=[(X_train, labels), (X_valid, judged)], verbose=0)
    elif library == "lightgbm":
        model = lightgbm.LGBMClassifier(
            n_estimators=max_rounds, learning_rate=0.3, num_leaves=7, random_state=seed, verbosity=-1, n_jobs=1,
            early_stopping_rounds=10,
        )
        model.fit(X_train, labels, eval_X=X_valid, eval_y=judged, categorical_feature="auto")
    else:
        model = catboost.CatBoostClassifier(
            n_estimators=max_rounds, early_stopping_rounds=10, learning_rate=0.3, random_state=seed, silent=True,
            cat_features=list(X_train.select_dtypes("category").columns), allow_writing_files=False, thread_count=1,
        )
        model.fit(X_train.astype({name: str for name in X_train.select_dtypes("category")}), labels,
                  eval_set=[(X_valid, judged)])
    rounds = {
        "xgboost": lambda: model.best_iteration + 1,
        "lightgbm": lambda: model.best_iteration_,
        "catboost": lambda: model.best_iteration_ + 1,
    }
    return model, rounds[library]()


train_xgboost, train_lightgbm, train_catboost = (partial(train, name) for name in ("xgboost", "lightgbm", "catboost"))
