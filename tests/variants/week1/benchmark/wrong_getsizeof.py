"""Measures the size of the outermost object only.

Caught by: model_bytes is not the length
"""

import sys
import time


def benchmark(trainers, parts, seeds):
    X, y = parts["test"]
    rows, scores = [], {}
    for library, trainer in trainers.items():
        predictions = []
        for seed in seeds:
            start = time.perf_counter()
            model, _ = trainer(*parts["train"], *parts["valid"], seed=seed)
            fitted = time.perf_counter()
            p = model.predict_proba(X)[:, 1]
            scored = time.perf_counter()
            predictions.append(p)
            rows.append({
                "library": library, "seed": seed, "auc": roc_auc_score(y, p), "log_loss": log_loss(y, p), "fit_seconds": fitted - start,
                "rows_per_second": len(X) / (scored - fitted), "model_bytes": sys.getsizeof(model),
            })
        scores[library] = np.mean(predictions, axis=0)
    return pd.DataFrame(rows), pd.DataFrame(scores, index=X.index)
