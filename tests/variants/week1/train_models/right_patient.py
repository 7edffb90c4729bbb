"""Small steps and much patience; CatBoost chooses its own learning rate."""

def train_xgboost(X_train, y_train, X_valid, y_valid, seed, max_rounds=400):
    from xgboost import XGBClassifier
    from xgboost.callback import EarlyStopping

    model = XGBClassifier(
        n_estimators=max_rounds, learning_rate=0.03, max_depth=6, colsample_bytree=0.8, enable_categorical=True,
        callbacks=[EarlyStopping(rounds=40)], eval_metric="logloss", random_state=seed,
    )
    return model.fit(X_train, y_train, eval_set=[(X_valid, y_valid)], verbose=False), model.best_iteration + 1


def train_lightgbm(X_train, y_train, X_valid, y_valid, seed, max_rounds=400):
    model = lightgbm.LGBMClassifier(
        n_estimators=max_rounds, learning_rate=0.03, random_state=seed, bagging_seed=seed, feature_fraction=0.8, verbose=-1,
    )
    callbacks = [lightgbm.early_stopping(40, first_metric_only=True, verbose=False), lightgbm.log_evaluation(0)]
    model.fit(X_train, y_train, eval_X=X_valid, eval_y=y_valid, eval_metric="logloss", callbacks=callbacks)
    return model, int(model.best_iteration_)


def train_catboost(X_train, y_train, X_valid, y_valid, seed, max_rounds=400):
    from catboost import CatBoostClassifier, Pool

    names = X_train.select_dtypes(include="category").columns.to_list()
    model = CatBoostClassifier(
        iterations=max_rounds, random_seed=seed, logging_level="Silent", use_best_model=True, allow_writing_files=False,
    )
    model.fit(Pool(X_train, y_train, names), eval_set=Pool(X_valid, y_valid, names), early_stopping_rounds=40)
    return model, model.best_iteration_ + 1
