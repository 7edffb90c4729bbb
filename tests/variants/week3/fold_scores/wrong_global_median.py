"""Missing numbers get the median of the whole table, validation rows included.

Clause: "Learn them on the whole table before you split, and every fold has seen the days that it is examined on."

Caught by: a fold's scores change when rows outside that fold change: something learned from all rows
"""

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler


def fold_scores(X: pd.DataFrame, y: pd.Series, folds: list) -> pd.DataFrame:
    text = ["carrier", "origin", "dest"]
    numbers = [name for name in X.columns if name not in text]
    X = X.assign(**X[numbers].fillna(X[numbers].median()))
    prepare = ColumnTransformer(
        [
            ("numbers", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
            ("text", OneHotEncoder(handle_unknown="ignore"), text),
        ]
    )
    model = make_pipeline(prepare, LogisticRegression(max_iter=2_000))
    scoring = {"auc": "roc_auc", "log_loss": "neg_log_loss"}
    scores = cross_validate(model, X, y, cv=folds, scoring=scoring, error_score="raise")
    return pd.DataFrame({"auc": scores["test_auc"], "log_loss": -scores["test_log_loss"]})
