"""Draws without the seed.

Caught by: two calls with one seed give two intervals
"""

def measure_lift(
    train: pd.DataFrame, test: pd.DataFrame, base: list[str], extra: list[str], n_boot: int, seed: int
) -> dict:
    from sklearn.ensemble import HistGradientBoostingClassifier

    def scores(columns: list[str]) -> np.ndarray:
        model = HistGradientBoostingClassifier(max_iter=120, learning_rate=0.06, max_leaf_nodes=15, random_state=seed)
        return model.fit(train[columns], train["late"]).predict_proba(test[columns])[:, 1]

    late, first, second = test["late"].to_numpy(), scores(base), scores([*base, *extra])
    day = test["sched_dep"].dt.tz_convert("America/New_York").dt.date
    groups = list(day.reset_index(drop=True).groupby(day.to_numpy()).indices.values())
    rng, differences = np.random.default_rng(), []
    while len(differences) < n_boot:
        rows = np.concatenate([groups[k] for k in rng.integers(0, len(groups), len(groups))])
        if 0 < late[rows].mean() < 1:
            differences.append(roc_auc_score(late[rows], second[rows]) - roc_auc_score(late[rows], first[rows]))
    low, high = np.percentile(differences, [2.5, 97.5])
    difference = roc_auc_score(late, second) - roc_auc_score(late, first)
    return {"p_base": first, "p_all": second, "difference": difference, "low": float(low), "high": float(high)}
