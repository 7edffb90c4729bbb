"""fairlearn's selection_rate and count; draws group by group."""

def selection_ratio(approved, group, reference, n_draws=4_000, seed=0):
    from fairlearn.metrics import MetricFrame, count, selection_rate

    approved, group = np.asarray(approved), np.asarray(group)
    metrics = {"people": count, "rate": selection_rate}
    table = MetricFrame(metrics=metrics, y_true=approved, y_pred=approved, sensitive_features=group).by_group
    rng, draws = np.random.default_rng(seed), {}
    for name in table.index:
        k = approved[group == name].sum()
        draws[name] = rng.beta(k + 0.5, (group == name).sum() - k + 0.5, n_draws)
    rest = table.drop(index=reference).astype(float)
    rest["ratio"] = rest["rate"] / table.loc[reference, "rate"]
    ends = {name: np.percentile(draws[name] / draws[reference], (2.5, 97.5)) for name in rest.index}
    rest["low"], rest["high"] = ([ends[name][end] for name in rest.index] for end in (0, 1))
    words = [("below" if high < 0.8 else "not below" if low >= 0.8 else "undecided") for low, high in ends.values()]
    return rest.assign(verdict=words)
