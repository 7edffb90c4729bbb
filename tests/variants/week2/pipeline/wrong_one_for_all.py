"""Makes one pipeline and gives it to everybody who asks, fitted or not.

Clause: "Make an unfitted scikit-learn Pipeline that takes a DataFrame of plain rows and has ``predict_proba``."

Caught by: `fit` raised KeyError
"""

import joblib
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, TargetEncoder


_made = []


def make_pipeline(prepare, numbers: list[str], categories: list[str], seed: int):
    if _made:
        return _made[0]
    columns = ColumnTransformer(
        [
            ("numbers", SimpleImputer(strategy="median", keep_empty_features=True), list(numbers)),
            ("categories", TargetEncoder(target_type="binary", random_state=seed), list(categories)),
        ]
    )
    model = HistGradientBoostingClassifier(max_iter=100, early_stopping=False, random_state=seed)
    _made.append(Pipeline([("prepare", FunctionTransformer(prepare)), ("columns", columns), ("model", model)]))
    return _made[0]


def save_pipeline(pipeline, path: str) -> None:
    joblib.dump(pipeline, path)
