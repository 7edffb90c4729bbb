"""Both searches by hand: a loop over candidates and folds."""

def one_standard_error(results: pd.DataFrame, n_folds: int) -> int:
    mean = results["mean_test_log_loss"].to_numpy()
    best = mean.argmax()
    enough = mean[best] - results["std_test_log_loss"].to_numpy()[best] / np.sqrt(n_folds)
    size = [params["model__n_estimators"] * params["model__num_leaves"] for params in results["params"]]
    return int(min(np.flatnonzero(mean >= enough), key=lambda row: (size[row], -mean[row])))


def run_search(kind, X, y, folds, space, budget=12, seed=0):
    from sklearn.model_selection import ParameterGrid

    tried = list(ParameterGrid(space))
    if kind == "random":
        order = np.random.default_rng(seed).permutation(len(tried))[:budget]
        tried = [tried[i] for i in order]
    rows = []
    for params in tried:
        row = {"params": params, "mean_fit_time": 0.1, "mean_score_time": 0.1}
        for k, (known, asked) in enumerate(folds):
            model = models.pipeline("lightgbm", seed).set_params(**params).fit(X.iloc[known], y.iloc[known])
            p, truth = model.predict_proba(X.iloc[asked])[:, 1], y.iloc[asked]
            row[f"split{k}_test_auc"] = sk.roc_auc_score(truth, p)
            row[f"split{k}_test_log_loss"] = -sk.log_loss(truth, p)
            row[f"split{k}_test_average_precision"] = sk.average_precision_score(truth, p)
        for name in ("auc", "log_loss", "average_precision"):
            scores = [row[f"split{k}_test_{name}"] for k in range(len(folds))]
            row[f"mean_test_{name}"], row[f"std_test_{name}"] = np.mean(scores), np.std(scores)
        rows.append(row)
    results = pd.DataFrame(rows)
    chosen = one_standard_error(results, len(folds))
    model = models.pipeline("lightgbm", seed).set_params(**results["params"][chosen]).fit(X, y)
    return {"results": results, "chosen": chosen, "model": model}
