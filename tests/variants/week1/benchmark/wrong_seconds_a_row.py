"""Divides the wrong way round: seconds a row.

Caught by: rows_per_second not in rows a second
"""

def benchmark(trainers: dict, parts: dict, seeds: list[int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    import pickle
    import time

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
            row = {"library": library, "seed": seed, "auc": roc_auc_score(y, p), "log_loss": log_loss(y, p)}
            row |= {"fit_seconds": fitted - start, "rows_per_second": (scored - fitted) / len(X)}
            rows.append(row | {"model_bytes": len(pickle.dumps(model))})
        scores[library] = np.mean(predictions, axis=0)
    return pd.DataFrame(rows), pd.DataFrame(scores, index=X.index)
