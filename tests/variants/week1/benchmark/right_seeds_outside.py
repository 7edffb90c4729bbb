"""Seeds in the outer loop, scikit-learn's metrics by name, columns in another order."""

def benchmark(trainers, parts, seeds):
    import pickle
    import timeit

    from sklearn import metrics

    X, y = parts["test"]
    records, scores = [], {library: np.zeros(len(X)) for library in trainers}
    for seed in seeds:
        for library, train in trainers.items():
            fitted = []
            fit_seconds = timeit.timeit(lambda: fitted.append(train(*parts["train"], *parts["valid"], seed=seed)), number=1)
            model = fitted[-1][0]
            answers = []
            seconds = timeit.timeit(lambda: answers.append(model.predict_proba(X)), number=1)
            late = answers[0][:, 1]
            scores[library] = scores[library] + late / len(seeds)
            auc, loss = metrics.roc_auc_score(y, late), metrics.log_loss(y, answers[0])
            records.append((len(pickle.dumps(model)), fit_seconds, len(X) / seconds, loss, auc, seed, library))
    columns = ["model_bytes", "fit_seconds", "rows_per_second", "log_loss", "auc", "seed", "library"]
    return pd.DataFrame.from_records(records, columns=columns), pd.DataFrame(scores).set_index(X.index)
