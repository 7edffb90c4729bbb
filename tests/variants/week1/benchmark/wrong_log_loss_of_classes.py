"""Log loss of the yes and no.

Caught by: log loss of a constant
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
            model, rounds = trainer(*parts["train"], *parts["valid"], seed=seed)
            fitted = time.perf_counter()
            p = model.predict_proba(X)[:, 1]
            end = time.perf_counter()
            predictions.append(p)
            rows.append([library, seed, roc_auc_score(y, p), log_loss(y, p > 0.5), fitted - start, len(X) / (end - fitted)])
            rows[-1].append(len(pickle.dumps(model)))
        scores[library] = np.mean(predictions, axis=0)
    names = ["library", "seed", "auc", "log_loss", "fit_seconds", "rows_per_second", "model_bytes"]
    return pd.DataFrame(rows, columns=names), pd.DataFrame(scores, index=X.index)
