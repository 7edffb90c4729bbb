"""Days are drawn without the seed.

Clause: "seed : of everything that is drawn"

Caught by: two calls with one seed give two intervals
"""

from scipy.stats import rankdata


def measure_lift(
    train: pd.DataFrame, test: pd.DataFrame, base: list[str], extra: list[str], n_boot: int, seed: int
) -> dict:
    def probability(columns):
        model = ensemble.HistGradientBoostingClassifier(
            max_iter=100, categorical_features="from_dtype", early_stopping=False, random_state=seed
        )
        return model.fit(train[columns], train["late"]).predict_proba(test[columns])[:, 1]

    def auc(late, p):
        ones = late.sum()
        return (rankdata(p)[late].sum() - ones * (ones + 1) / 2) / (ones * (len(late) - ones))

    p_base, p_all = probability(list(base)), probability(list(base) + list(extra))
    late = test["late"].to_numpy(dtype=bool)
    day, days = pd.factorize(test["sched_dep"].dt.tz_convert("America/New_York").dt.date)
    rows = [np.flatnonzero(day == k) for k in range(len(days))]
    rng = np.random.default_rng()
    drawn = []
    while len(drawn) < n_boot:
        at = np.concatenate([rows[k] for k in rng.integers(len(rows), size=len(rows))])
        if late[at].any() and not late[at].all():
            drawn.append(auc(late[at], p_all[at]) - auc(late[at], p_base[at]))
    low, high = np.percentile(drawn, [2.5, 97.5])
    difference = auc(late, p_all) - auc(late, p_base)
    return {"p_base": p_base, "p_all": p_all, "difference": difference, "low": low, "high": high}
