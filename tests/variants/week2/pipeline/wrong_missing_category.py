"""Reads each category as a text, which fails where it is missing.

Clause: "categories : columns with strings; values may be missing, or unseen in training"

Caught by: `fit` raised TypeError
"""

import joblib
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer


def make_pipeline(prepare, numbers: list[str], categories: list[str], seed: int):
    columns = ColumnTransformer(
        [
            ("numbers", SimpleImputer(strategy="median", keep_empty_features=True), list(numbers)),
            *((name, CountVectorizer(token_pattern=r".+", lowercase=False), name) for name in categories),
        ],
        sparse_threshold=0,
    )
    model = HistGradientBoostingClassifier(max_iter=100, early_stopping=False, random_state=seed)
    return Pipeline([("prepare", FunctionTransformer(prepare)), ("columns", columns), ("model", model)])


def save_pipeline(pipeline, path: str) -> None:
    joblib.dump(pipeline, path)
