"""Library and seed as an index, seconds from nanoseconds, scores averaged with groupby."""

import itertools
import pickle
from time import perf_counter_ns


def benchmark(trainers, parts, seeds):
    (X_train, y_train), (X_valid, y_valid), (X, y) = (parts[name] for name in ("train", "valid", "test"))
    table, columns = {}, {}
    for library, seed in itertools.product(trainers, seeds):
        clock = [perf_counter_ns()]
        model = trainers[library](X_train, y_train, X_valid, y_valid, seed)[0]
        clock.append(perf_counter_ns())
        late = pd.Series(model.predict_proba(X)[:, 1], index=X.index)
        clock.append(perf_counter_ns())
        fit, score = np.diff(clock) / 1e9
        columns[library, seed] = late
        table[library, seed] = {
            "auc": roc_auc_score(y, late),
            "log_loss": log_loss(y, late),
            "fit_seconds": fit,
            "rows_per_second": len(X) / score,
            "model_bytes": len(pickle.dumps(model)),
        }
    measured = pd.DataFrame(table).T
    measured.index.names = ["library", "seed"]
    return measured, pd.DataFrame(columns).T.groupby(level=0).mean().T
