"""The folds of the target encoder are drawn without the seed.

Clause: "seed : of everything that is drawn"

Caught by: two fits with one seed is not what it should be
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
            ("categories", TargetEncoder(target_type="binary"), list(categories)),
        ]
    )
    model = HistGradientBoostingClassifier(max_iter=100, early_stopping=False, random_state=seed)
    return Pipeline([("prepare", FunctionTransformer(prepare)), ("columns", columns), ("model", model)])


def save_pipeline(pipeline, path: str) -> None:
    joblib.dump(pipeline, path)
