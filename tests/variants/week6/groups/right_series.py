"""A weighted sum of days, a matrix product, crosstabs by hand."""

def group_metrics(y, alarm, group):
    labels = list(group.cat.categories) if isinstance(group.dtype, pd.CategoricalDtype) else list(pd.unique(group))
    late, rang = (np.asarray(values).astype(float) for values in (y, alarm))
    where = np.equal.outer(np.asarray(labels, dtype=object), np.asarray(group, dtype=object)).astype(float)
    n, n_late, n_alarm, hits = (where @ v for v in (np.ones(len(late)), late, rang, late * rang))
    with np.errstate(all="ignore"):
        columns = {"flights": n, "late_share": n_late / n, "alarm_rate": n_alarm / n, "recall": hits / n_late}
        columns["false_alarm_rate"] = (n_alarm - hits) / (n - n_late)
    return pd.DataFrame(columns, index=labels)


def group_gap(y, alarm, group, name, days, n_boot=500, seed=0):
    codes, _ = pd.factorize(np.asarray(days))
    late, rang, here = np.asarray(y, float), np.asarray(alarm, float), (np.asarray(group) == name).astype(float)
    columns = [late * rang * here, late * here, late * rang * (1 - here), late * (1 - here)]
    sums = np.array([np.bincount(codes, weights=column) for column in columns])
    rng = np.random.default_rng(seed)
    times = rng.multinomial(sums.shape[1], np.full(sums.shape[1], 1 / sums.shape[1]), size=n_boot)
    with np.errstate(all="ignore"):
        a, b, c, d = sums.sum(axis=1)
        gap = a / b - c / d
        drawn = sums @ times.T
        gaps = drawn[0] / drawn[1] - drawn[2] / drawn[3]
    gaps = gaps[np.isfinite(gaps)]
    low, high = np.percentile(gaps, [2.5, 97.5]) if np.isfinite(gap) and len(gaps) else (np.nan, np.nan)
    judged = b >= 10 and d >= 10
    return {"gap": gap, "low": low, "high": high,
            "verdict": "worse" if judged and high < 0 else "better" if judged and low > 0 else "undecided"}
