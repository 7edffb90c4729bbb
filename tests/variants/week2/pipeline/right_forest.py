"""One-hot columns and a random forest; the file is compressed."""

import joblib
from sklearn.compose import make_column_transformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder


def make_pipeline(prepare, numbers: list[str], categories: list[str], seed: int):
    one_hot = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    filled = SimpleImputer(strategy="mean", keep_empty_features=True)
    steps = [
        ("prepare", FunctionTransformer(prepare, validate=False)),
        ("columns", make_column_transformer((filled, list(numbers)), (one_hot, list(categories)))),
        ("forest", RandomForestClassifier(150, min_samples_leaf=5, random_state=seed)),
    ]
    return Pipeline(steps)


def save_pipeline(pipeline, path: str) -> None:
    with open(path, "wb") as file:
        joblib.dump(pipeline, file, compress=3)
