"""Adds .joblib to a path that does not end so.

Clause: "Write a fitted pipeline into the file ``path``, so that ``joblib.load(path)`` gives it back in a new process."

Caught by: the pipeline was not saved under the name that `path` says
"""

import joblib
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, TargetEncoder


def make_pipeline(prepare, numbers: list[str], categories: list[str], seed: int):
    columns = ColumnTransformer(
        [
            ("numbers", SimpleImputer(strategy="median", keep_empty_features=True), list(numbers)),
            ("categories", TargetEncoder(target_type="binary", random_state=seed), list(categories)),
        ]
    )
    model = HistGradientBoostingClassifier(max_iter=100, early_stopping=False, random_state=seed)
    return Pipeline([("prepare", FunctionTransformer(prepare)), ("columns", columns), ("model", model)])


def save_pipeline(pipeline, path: str) -> None:
    path = str(path)
    joblib.dump(pipeline, path if path.endswith(".joblib") else path + ".joblib")
