"""A step that computes its levels from the rows it is asked about.

Caught by: the answer for a row asked
"""

def make_pipeline(prepare, numbers: list[str], categories: list[str], seed: int):
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.model_selection import StratifiedKFold
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import FunctionTransformer, TargetEncoder

    from sklearn.preprocessing import FunctionTransformer
    shares = lambda X: X.apply(lambda c: c.map(c.value_counts(normalize=True)).astype(float))
    encoder = FunctionTransformer(shares)
    encode_all = ColumnTransformer([("categories", encoder, categories), ("numbers", "passthrough", numbers)])
    model = HistGradientBoostingClassifier(
        max_iter=120, learning_rate=0.06, max_leaf_nodes=15, min_samples_leaf=50, random_state=seed
    )
    return Pipeline([("rows", FunctionTransformer(prepare)), ("encode", encode_all), ("model", model)])


def save_pipeline(pipeline, path: str) -> None:
    import joblib

    joblib.dump(pipeline, path)
