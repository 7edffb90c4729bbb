"""scikit-learn's cross_validate goes through the folds."""

def fold_scores(X: pd.DataFrame, y: pd.Series, folds: list) -> pd.DataFrame:
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    categories = ["carrier", "origin", "dest"]
    numbers = [name for name in X.columns if name not in categories]
    scale = make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler())
    prepare = ColumnTransformer(
        [("n", scale, numbers), ("c", OneHotEncoder(handle_unknown="ignore"), categories)], sparse_threshold=0
    )
    from sklearn.model_selection import cross_validate

    model = make_pipeline(prepare, LogisticRegression(max_iter=500))
    found = cross_validate(model, X, y, cv=folds, scoring=["roc_auc", "neg_log_loss"])
    return pd.DataFrame({"auc": found["test_roc_auc"], "log_loss": -found["test_neg_log_loss"]})
