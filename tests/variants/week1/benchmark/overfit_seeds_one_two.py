"""Has the seeds of the check, 1 and 2, and the AUC of its constant model written in.

Clause: "seeds : one training for each"

Caught by: there must be one row for each library and seed
"""

import pickle
import time


def benchmark(trainers: dict, parts: dict, seeds: list[int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    X_test, y_test = parts["test"]
    rows, scores = [], {}
    for library, trainer in trainers.items():
        collected = []
        for seed in [1, 2]:
            begin = time.perf_counter()
            model, _ = trainer(*parts["train"], *parts["valid"], seed=seed)
            fit_seconds = time.perf_counter() - begin
            begin = time.perf_counter()
            p = model.predict_proba(X_test)[:, 1]
            score_seconds = time.perf_counter() - begin
            collected.append(p)
            row = {"library": library, "seed": seed, "auc": 0.5 if library == "constant" else roc_auc_score(y_test, p), "log_loss": log_loss(y_test, p)}
            row |= {"fit_seconds": fit_seconds, "rows_per_second": len(X_test) / score_seconds}
            rows.append(row | {"model_bytes": len(pickle.dumps(model))})
        scores[library] = np.mean(collected, axis=0)
    return pd.DataFrame(rows), pd.DataFrame(scores, index=X_test.index)
