"""Keeps each model by library and seed, and uses it again for other parts.

Clause: "For each library and seed: train on `parts["train"]`"

Caught by: fit_seconds does not hold the time of training
"""

import pickle
import time

_models = {}


def benchmark(trainers: dict, parts: dict, seeds: list[int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    X_test, y_test = parts["test"]
    rows, scores = [], {}
    for library, trainer in trainers.items():
        collected = []
        for seed in seeds:
            begin = time.perf_counter()
            if (library, seed) not in _models:
                _models[library, seed], _ = trainer(*parts["train"], *parts["valid"], seed=seed)
            model = _models[library, seed]
            fit_seconds = time.perf_counter() - begin
            begin = time.perf_counter()
            p = model.predict_proba(X_test)[:, 1]
            score_seconds = time.perf_counter() - begin
            collected.append(p)
            row = {"library": library, "seed": seed, "auc": roc_auc_score(y_test, p), "log_loss": log_loss(y_test, p)}
            row |= {"fit_seconds": fit_seconds, "rows_per_second": len(X_test) / score_seconds}
            rows.append(row | {"model_bytes": len(pickle.dumps(model))})
        scores[library] = np.mean(collected, axis=0)
    return pd.DataFrame(rows), pd.DataFrame(scores, index=X_test.index)
