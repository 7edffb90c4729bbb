"""LightGBM, and weights in place of rows: each day is drawn a number of times."""

def measure_lift(train, test, base, extra, n_boot, seed):
    import lightgbm

    p = {}
    for name, columns in (("p_base", list(base)), ("p_all", list(base) + list(extra))):
        model = lightgbm.LGBMClassifier(n_estimators=100, learning_rate=0.05, num_leaves=15, verbose=-1, random_state=seed, num_threads=1)
        p[name] = model.fit(train[columns], train["late"]).predict_proba(test[columns])[:, 1]
    late = test["late"].to_numpy()
    code, days = pd.factorize(test["sched_dep"].dt.tz_convert("America/New_York").dt.strftime("%Y%m%d"))
    rng, found = np.random.default_rng(seed), []
    for _ in range(n_boot):
        w = np.bincount(rng.integers(0, len(days), len(days)), minlength=len(days))[code]
        found.append(roc_auc_score(late, p["p_all"], sample_weight=w) - roc_auc_score(late, p["p_base"], sample_weight=w))
    low, high = np.quantile(found, (0.025, 0.975))
    return {**p, "difference": roc_auc_score(late, p["p_all"]) - roc_auc_score(late, p["p_base"]), "low": low, "high": high}
