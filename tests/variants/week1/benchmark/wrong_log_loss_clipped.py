"""Log loss is taken of probabilities cut to 0.01 to 0.99.

Clause: "Train every library with every seed and measure each model on the test part."

Caught by: the log loss of models whose probabilities are close to 0 and 1
"""

import pickle
import time


def benchmark(trainers: dict, parts: dict, seeds: list[int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    X_test, y_test = parts["test"]
    rows, scores = [], {}
    for library, trainer in trainers.items():
        collected = []
        for seed in seeds:
            begin = time.perf_counter()
            model, _ = trainer(*parts["train"], *parts["valid"], seed=seed)
            fit_seconds = time.perf_counter() - begin
            begin = time.perf_counter()
            p = model.predict_proba(X_test)[:, 1]
            score_seconds = time.perf_counter() - begin
            collected.append(p)
            row = {"library": library, "seed": seed, "auc": roc_auc_score(y_test, p), "log_loss": log_loss(y_test, np.clip(p, 0.01, 0.99))}
            row |= {"fit_seconds": fit_seconds, "rows_per_second": len(X_test) / score_seconds}
            rows.append(row | {"model_bytes": len(pickle.dumps(model))})
        scores[library] = np.mean(collected, axis=0)
    return pd.DataFrame(rows), pd.DataFrame(scores, index=X_test.index)
