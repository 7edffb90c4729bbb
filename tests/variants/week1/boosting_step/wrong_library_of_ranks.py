"""Has XGBoost grow the tree on ranks, which every precision can tell apart.

Caught by: nearly the same gain
"""

import xgboost
from scipy.stats import rankdata


def boosting_step(X, y, raw, *, max_depth, learning_rate, lam, min_child_weight):
    settings = {"objective": "binary:logistic", "base_score": 0.5, "tree_method": "exact", "nthread": 1}
    settings |= {"max_depth": max_depth, "eta": learning_rate, "lambda": lam, "min_child_weight": min_child_weight}
    matrix = xgboost.DMatrix(rankdata(X, method="dense", axis=0), label=y, base_margin=raw)
    return xgboost.train(settings, matrix, num_boost_round=1).predict(matrix, output_margin=True).astype(float)
