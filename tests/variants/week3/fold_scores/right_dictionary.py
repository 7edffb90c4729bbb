"""A DictVectorizer makes the columns of 0 and 1."""

def _rows(X, numbers, categories):
    X = X.dropna(axis=1, how="all")
    return X[[n for n in X if n in numbers or n in categories]].to_dict("records")


def fold_scores(X: pd.DataFrame, y: pd.Series, folds: list) -> pd.DataFrame:
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    categories = ["carrier", "origin", "dest"]
    numbers = [name for name in X.columns if name not in categories]
    from sklearn.feature_extraction import DictVectorizer

    scale = make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler())
    prepare = ColumnTransformer(
        [("n", scale, numbers), ("c", OneHotEncoder(handle_unknown="ignore"), categories)], sparse_threshold=0
    )
    rows = []
    for known, asked in folds:
        model = make_pipeline(DictVectorizer(sparse=False), SimpleImputer(), StandardScaler(), LogisticRegression(max_iter=500))
        ready = [_rows(X.iloc[part], numbers, categories) for part in (known, asked)]
        p = model.fit(ready[0], y.iloc[known]).predict_proba(ready[1])[:, 1]
        rows.append({"auc": sk.roc_auc_score(y.iloc[asked], p), "log_loss": sk.log_loss(y.iloc[asked], p)})
    return pd.DataFrame(rows)
