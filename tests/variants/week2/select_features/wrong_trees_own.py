"""Goes by the gain that the trees count while they learn.

Caught by: a column was chosen that says something on the training rows only
"""

def select_features(X_train, y_train, X_valid, y_valid, budget, seed):
    import lightgbm

    model = lightgbm.LGBMClassifier(importance_type="gain", verbose=-1, random_state=seed, num_threads=1)
    model.fit(X_train, y_train)
    return pd.Series(model.feature_importances_, index=X_train.columns).nlargest(budget).index.tolist()
