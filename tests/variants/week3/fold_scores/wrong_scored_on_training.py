"""The log loss is that of the training rows; only AUC looks at validation.

Clause: "one row for each fold, in order: ``auc`` and ``log_loss`` on its validation rows"

Caught by: the log_loss of a fold is not that of a logistic regression
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
    prepare = ColumnTransformer(
        [
            ("numbers", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
            ("text", OneHotEncoder(handle_unknown="ignore"), text),
        ]
    )
    model = make_pipeline(prepare, LogisticRegression(max_iter=2_000))
    scoring = {"auc": "roc_auc", "log_loss": "neg_log_loss"}
    scores = cross_validate(model, X, y, cv=folds, scoring=scoring, error_score="raise", return_train_score=True)
    return pd.DataFrame({"auc": scores["test_auc"], "log_loss": -scores["train_log_loss"]})
