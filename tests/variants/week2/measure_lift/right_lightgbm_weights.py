"""LightGBM; a draw is a weight for each row and no rows are copied."""

import lightgbm


def measure_lift(
    train: pd.DataFrame, test: pd.DataFrame, base: list[str], extra: list[str], n_boot: int, seed: int
) -> dict:
    late = test["late"].to_numpy(dtype=bool)
    local = test["sched_dep"].dt.tz_convert("America/New_York").dt.strftime("%Y-%m-%d").to_numpy()
    names, day = np.unique(local.astype(str), return_inverse=True)
    p, place = {}, {}
    for key, columns in {"p_base": [*base], "p_all": [*base, *extra]}.items():
        model = lightgbm.LGBMClassifier(
            n_estimators=150, learning_rate=0.05, random_state=seed, deterministic=True, force_row_wise=True, verbose=-1
        )
        model.fit(train[columns], train["late"].astype(int))
        p[key] = model.predict_proba(test[columns])[:, 1]
        place[key] = np.unique(p[key], return_inverse=True)[1].ravel()

    def auc(key, weight):
        ones = np.bincount(place[key], weights=weight * late)
        zeros = np.bincount(place[key], weights=weight * ~late)
        return (ones * (np.cumsum(zeros) - zeros / 2)).sum() / (ones.sum() * zeros.sum())

    def lift(weight):
        return float(auc("p_all", weight) - auc("p_base", weight))

    rng, lifts = np.random.default_rng(seed), []
    while len(lifts) < n_boot:
        weight = rng.multinomial(len(names), np.full(len(names), 1 / len(names)))[day.ravel()].astype(float)
        if 0 < weight[late].sum() < weight.sum():
            lifts.append(lift(weight))
    low, high = np.quantile(lifts, [0.025, 0.975])
    return {**p, "difference": lift(np.ones(len(late))), "low": float(low), "high": float(high)}
