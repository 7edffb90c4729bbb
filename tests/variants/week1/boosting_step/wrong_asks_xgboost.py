"""Lets XGBoost grow the tree.

Clause: "Your step asks no library for one."

Caught by: two values that differ are taken for equal, and no split is made between them
"""

import xgboost


def boosting_step(
    X: np.ndarray,
    y: np.ndarray,
    raw: np.ndarray,
    *,
    max_depth: int,
    learning_rate: float,
    lam: float,
    min_child_weight: float,
) -> np.ndarray:
    params = {"objective": "binary:logistic", "base_score": 0.5, "tree_method": "exact", "nthread": 1}
    params |= {"max_depth": max_depth, "eta": learning_rate, "lambda": lam, "min_child_weight": min_child_weight}
    matrix = xgboost.DMatrix(X, label=y, base_margin=raw)
    return xgboost.train(params, matrix, num_boost_round=1).predict(matrix, output_margin=True)
