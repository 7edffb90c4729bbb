"""A helper for one run, a table that grows row by row, AUC from ranks and a second call for the speed."""

import pickle
import time

from scipy.stats import rankdata


def one_run(trainer, parts, seed):
    X, y = parts["test"]
    began = time.time()
    model, rounds = trainer(*parts["train"], *parts["valid"], seed=seed, max_rounds=400)
    seconds = time.time() - began
    late = model.predict_proba(X)[:, 1].astype("float64")
    began = time.perf_counter()
    model.predict_proba(X)
    speed = X.shape[0] / (time.perf_counter() - began)
    n = int(np.sum(y))
    auc = (rankdata(late)[np.asarray(y, dtype=bool)].sum() - n * (n + 1) / 2) / (n * (len(y) - n))
    loss = -np.mean(np.log(np.where(y, late, 1 - late)))
    run = {"auc": auc, "log_loss": loss, "fit_seconds": max(seconds, 1e-9), "rows_per_second": speed}
    return late, run | {"model_bytes": len(pickle.dumps(model)), "rounds": rounds}


def benchmark(trainers, parts, seeds):
    table, scores = pd.DataFrame(), pd.DataFrame(index=parts["test"][0].index)
    for library in trainers:
        scores[library] = 0.0
        for seed in seeds:
            late, run = one_run(trainers[library], parts, seed)
            scores[library] += late / len(seeds)
            table = pd.concat([table, pd.DataFrame([{"library": library, "seed": seed, **run}])], ignore_index=True)
    return table, scores
