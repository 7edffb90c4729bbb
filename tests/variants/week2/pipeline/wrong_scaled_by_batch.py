"""Scales the numbers with the mean and spread of the rows that are asked about.

Clause: "a row gets the same answer whatever other rows it is asked with"

Caught by: the answer for rows that came as JSON, with the time as text is not what it should be
"""

import joblib
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, TargetEncoder, scale


def make_pipeline(prepare, numbers: list[str], categories: list[str], seed: int):
    filled = SimpleImputer(strategy="median", keep_empty_features=True)
    scaled = Pipeline([("fill", filled), ("scale", FunctionTransformer(scale))])
    columns = ColumnTransformer(
        [
            ("numbers", scaled, list(numbers)),
            ("categories", TargetEncoder(target_type="binary", random_state=seed), list(categories)),
        ]
    )
    model = HistGradientBoostingClassifier(max_iter=100, early_stopping=False, random_state=seed)
    return Pipeline([("prepare", FunctionTransformer(prepare)), ("columns", columns), ("model", model)])


def save_pipeline(pipeline, path: str) -> None:
    joblib.dump(pipeline, path)
