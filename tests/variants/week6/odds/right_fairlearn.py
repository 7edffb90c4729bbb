"""fairlearn's difference on the groups that have both outcomes."""

def equalised_odds(y, decision, group):
    from fairlearn.metrics import equalized_odds_difference

    y, decision, group = np.asarray(y), np.asarray(decision), np.asarray(group)
    undefined = [name for name in np.unique(group) if len(set(y[group == name])) < 2]
    rows = ~np.isin(group, undefined)
    value = equalized_odds_difference(y[rows], decision[rows], sensitive_features=group[rows])
    return {"difference": value, "undefined": undefined}


def calibration_by_group(y, p, group):
    rng = np.random.default_rng(0)
    y, p, group = np.asarray(y), np.asarray(p), np.asarray(group)
    rows = {}
    for name in np.unique(group):
        here = group == name
        k, n = y[here].sum(), here.sum()
        low, high = np.percentile(rng.beta(k + 0.5, n - k + 0.5, 50_000), [2.5, 97.5]) - p[here].mean()
        rows[name] = {"people": n, "mean_p": p[here].mean(), "share": k / n, "gap": k / n - p[here].mean(), "low": low, "high": high}
    return pd.DataFrame(rows).T
