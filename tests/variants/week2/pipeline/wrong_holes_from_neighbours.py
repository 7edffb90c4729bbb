"""Fills holes from the row above, whatever rows happen to be asked together.

Clause: "a row gets the same answer whatever other rows it is asked with"

Caught by: the answer for a row with missing values that is asked alone is not what it should be
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
    return Pipeline([("prepare", FunctionTransformer(prepare)), ("fill", FunctionTransformer(pd.DataFrame.ffill)), ("columns", columns), ("model", model)])


def save_pipeline(pipeline, path: str) -> None:
    joblib.dump(pipeline, path)
