"""The standard deviation is divided by the number of folds, not by its root.

Clause: "Its *standard error* is `std_test_log_loss` divided by the root of the number of folds."

Caught by: a smaller model is within one standard error of the best, and was not chosen
"""

import numpy as np
import pandas as pd
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV


def one_standard_error(results: pd.DataFrame, n_folds: int) -> int:
    mean = results["mean_test_log_loss"].to_numpy()
    std = results["std_test_log_loss"].to_numpy()
    leaves = np.array([p["model__n_estimators"] * p["model__num_leaves"] for p in results["params"]])
    best = int(np.argmax(mean))
    line = mean[best] - std[best] / n_folds
    good = np.flatnonzero(mean >= line)
    order = np.lexsort((-mean[good], leaves[good]))
    return int(good[order[0]])


def run_search(
    kind: str, X: pd.DataFrame, y: pd.Series, folds: list, space: dict, budget: int = 12, seed: int = 0
) -> dict:
    options = {
        "cv": folds,
        "scoring": {"auc": "roc_auc", "log_loss": "neg_log_loss", "average_precision": "average_precision"},
        "refit": lambda results: one_standard_error(pd.DataFrame(results), len(folds)),
    }
    pipeline = models.pipeline("lightgbm", seed)
    if kind == "grid":
        search = GridSearchCV(pipeline, space, **options)
    else:
        search = RandomizedSearchCV(pipeline, space, n_iter=budget, random_state=seed, **options)
    search.fit(X, y)
    return {
        "results": pd.DataFrame(search.cv_results_),
        "chosen": int(search.best_index_),
        "model": search.best_estimator_,
    }
