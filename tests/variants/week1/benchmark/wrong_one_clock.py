"""Stops the clock of training after scoring.

Caught by: training and scoring are not timed apart
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
            row |= {"fit_seconds": scored - start, "rows_per_second": len(X) / (scored - fitted)}
            rows.append(row | {"model_bytes": len(pickle.dumps(model))})
        scores[library] = np.mean(predictions, axis=0)
    return pd.DataFrame(rows), pd.DataFrame(scores, index=X.index)
