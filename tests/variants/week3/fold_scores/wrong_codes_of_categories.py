"""Categories become one column of codes each, not columns of 0 and 1.

Clause: "categories as columns of 0 and 1"

Caught by: the auc of a fold is not that of a logistic regression
"""

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OrdinalEncoder, StandardScaler


def fold_scores(X: pd.DataFrame, y: pd.Series, folds: list) -> pd.DataFrame:
    text = ["carrier", "origin", "dest"]
    numbers = [name for name in X.columns if name not in text]
    prepare = ColumnTransformer(
        [
            ("numbers", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
            ("text", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), text),
        ]
    )
    model = make_pipeline(prepare, LogisticRegression(max_iter=2_000))
    scoring = {"auc": "roc_auc", "log_loss": "neg_log_loss"}
    scores = cross_validate(model, X, y, cv=folds, scoring=scoring, error_score="raise")
    return pd.DataFrame({"auc": scores["test_auc"], "log_loss": -scores["test_log_loss"]})
