"""A function that measures one model, and two comprehensions."""

from pickle import dumps
from time import perf_counter


def timed(function, *args, **kwargs):
    begin = perf_counter()
    result = function(*args, **kwargs)
    return result, perf_counter() - begin


def benchmark(trainers: dict, parts: dict, seeds: list[int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    (X, y), (X_valid, y_valid), (X_test, y_test) = parts["train"], parts["valid"], parts["test"]

    def one(library, seed):
        (model, _), fit_seconds = timed(trainers[library], X, y, X_valid, y_valid, seed)
        both, score_seconds = timed(model.predict_proba, X_test)
        p = np.asarray(both, dtype=float)[:, 1]
        row = dict(library=library, seed=seed, auc=roc_auc_score(y_test, p), log_loss=log_loss(y_test, p))
        row |= dict(fit_seconds=fit_seconds, rows_per_second=len(X_test) / score_seconds, model_bytes=len(dumps(model)))
        return row, p

    done = [one(library, seed) for library in trainers for seed in seeds]
    table = pd.DataFrame([row for row, _ in done])
    scores = pd.DataFrame(index=X_test.index)
    for library in trainers:
        scores[library] = np.mean([p for row, p in done if row["library"] == library], axis=0)
    return table, scores
