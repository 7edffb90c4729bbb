"""Every rare level a column of its own, and a tree that learns them by heart.

Caught by: on labels that are coins the pipeline is sure of itself
"""

def make_pipeline(prepare, numbers: list[str], categories: list[str], seed: int):
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.model_selection import StratifiedKFold
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import FunctionTransformer, TargetEncoder

    from sklearn.preprocessing import OneHotEncoder
    encoder = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    encode_all = ColumnTransformer([("categories", encoder, categories), ("numbers", "passthrough", numbers)])
    model = HistGradientBoostingClassifier(
        max_iter=120, learning_rate=0.06, max_leaf_nodes=15, min_samples_leaf=50, random_state=seed
    )
    from sklearn.tree import DecisionTreeClassifier

    model = DecisionTreeClassifier(min_samples_leaf=2, random_state=seed)
    return Pipeline([("rows", FunctionTransformer(prepare)), ("encode", encode_all), ("model", model)])


def save_pipeline(pipeline, path: str) -> None:
    import joblib

    joblib.dump(pipeline, path)
