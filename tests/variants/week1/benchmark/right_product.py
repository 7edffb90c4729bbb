"""itertools.product and a long frame of scores that is averaged by groupby."""

import pickle
import time


def benchmark(trainers: dict, parts: dict, seeds: list[int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    X_test, y_test = parts["test"]
    rows, columns = [], {name: np.zeros(len(X_test)) for name in trainers}
    for name, seed in itertools.product(trainers, seeds):
        times = [time.perf_counter()]
        model, _ = trainers[name](*parts["train"], *parts["valid"], seed=seed)
        times.append(time.perf_counter())
        late = np.asarray(model.predict_proba(X_test))[:, 1]
        times.append(time.perf_counter())
        columns[name] = columns[name] + late / len(seeds)
        rows.append(
            (
                name,
                seed,
                roc_auc_score(y_test, late),
                log_loss(y_test, late, labels=[False, True]),
                times[1] - times[0],
                len(X_test) / max(times[2] - times[1], 1e-9),
                len(pickle.dumps(model)),
            )
        )
    names = ["library", "seed", "auc", "log_loss", "fit_seconds", "rows_per_second", "model_bytes"]
    return pd.DataFrame(rows, columns=names), pd.DataFrame(columns, index=X_test.index)
