"""Measures AUC and log loss on validation and only gives the scores of test.

Caught by: the log loss of a constant score is not what it can be
"""

import pickle
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
                "library": library, "seed": seed, "auc": roc_auc_score(parts["valid"][1], model.predict_proba(parts["valid"][0])[:, 1]), "log_loss": log_loss(parts["valid"][1], model.predict_proba(parts["valid"][0])[:, 1]), "fit_seconds": fitted - start,
                "rows_per_second": len(X) / (scored - fitted), "model_bytes": len(pickle.dumps(model)),
            })
        scores[library] = np.mean(predictions, axis=0)
    return pd.DataFrame(rows), pd.DataFrame(scores, index=X.index)
