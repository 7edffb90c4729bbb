"""One model, of the first fold, for all.

Caught by: is not that of a logistic regression
"""

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
    rows, first = [], folds[0][0]
    for known, asked in folds:
        model = make_pipeline(prepare, LogisticRegression(max_iter=500))
        p = model.fit(X.iloc[first], y.iloc[first]).predict_proba(X.iloc[asked])[:, 1]
        rows.append({"auc": sk.roc_auc_score(y.iloc[asked], p), "log_loss": sk.log_loss(y.iloc[asked], p)})
    return pd.DataFrame(rows)
