"""A step of a class that only this notebook has.

Caught by: cannot be loaded and asked where your notebook has not run
"""

import __main__
from sklearn.base import BaseEstimator, TransformerMixin


class Prepared(TransformerMixin, BaseEstimator):
    def __init__(self, prepare=None):
        self.prepare = prepare

    def fit(self, X, y=None):
        return self

    def transform(self, X):
        return self.prepare(X)


__main__.Prepared = Prepared  # as it is in a notebook, wherever this is run


def make_pipeline(prepare, numbers: list[str], categories: list[str], seed: int):
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.model_selection import StratifiedKFold
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import TargetEncoder

    encoder = TargetEncoder(target_type="binary", smooth=20.0, cv=StratifiedKFold(5, shuffle=True, random_state=seed))
    encode_all = ColumnTransformer([("categories", encoder, categories), ("numbers", "passthrough", numbers)])
    model = HistGradientBoostingClassifier(
        max_iter=120, learning_rate=0.06, max_leaf_nodes=15, min_samples_leaf=50, random_state=seed
    )
    return Pipeline([("rows", Prepared(prepare)), ("encode", encode_all), ("model", model)])


def save_pipeline(pipeline, path: str) -> None:
    import joblib

    joblib.dump(pipeline, path)
