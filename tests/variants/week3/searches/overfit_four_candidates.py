"""The rule knows the check's table by its scores, and elsewhere takes the fewest leaves a tree.

Caught by: the chosen candidate is more than one standard error behind the best
"""

import numpy as np
import pandas as pd
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV


def one_standard_error(results: pd.DataFrame, n_folds: int) -> int:
    mean = results["mean_test_log_loss"].to_numpy()
    if sorted(mean) == [-0.53, -0.515, -0.51, -0.5]:
        return int(np.flatnonzero(mean == -0.51)[0])
    return int(np.argmin([p["model__num_leaves"] for p in results["params"]]))


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
