"""Combinations by itertools, draws by random.sample, one GridSearchCV without refit for both."""

import random
from itertools import product

import pandas as pd
from sklearn.model_selection import GridSearchCV


def one_standard_error(results: pd.DataFrame, n_folds: int) -> int:
    rows = []
    for position in range(len(results)):
        row = results.iloc[position]
        size = row["params"]["model__n_estimators"] * row["params"]["model__num_leaves"]
        rows.append((size, -row["mean_test_log_loss"], position, row["std_test_log_loss"]))
    best = min(rows, key=lambda row: row[1])
    line = best[1] + best[3] / n_folds**0.5
    return min(row for row in rows if row[1] <= line)[2]


def run_search(
    kind: str, X: pd.DataFrame, y: pd.Series, folds: list, space: dict, budget: int = 12, seed: int = 0
) -> dict:
    names = list(space)
    combinations = list(product(*space.values()))
    if kind == "random":
        combinations = random.Random(seed).sample(combinations, min(budget, len(combinations)))
    candidates = [{name: [value] for name, value in zip(names, values)} for values in combinations]
    scoring = {"auc": "roc_auc", "log_loss": "neg_log_loss", "average_precision": "average_precision"}
    search = GridSearchCV(models.pipeline("lightgbm", seed), candidates, cv=folds, scoring=scoring, refit=False)
    results = pd.DataFrame(search.fit(X, y).cv_results_)
    chosen = one_standard_error(results, len(folds))
    model = models.pipeline("lightgbm", seed).set_params(**results["params"].iloc[chosen])
    return {"results": results, "chosen": chosen, "model": model.fit(X, y)}
