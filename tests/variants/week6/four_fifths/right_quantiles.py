"""A loop over groups, quantiles in place of percentiles, one generator a pair."""

def selection_ratio(approved, group, reference, n_draws=4_000, seed=0):
    approved, labels = np.asarray(approved), np.asarray(group)
    rows = []
    for name in np.unique(labels[labels != reference]):
        rng = np.random.default_rng(seed)
        mine, theirs = approved[labels == name], approved[labels == reference]
        draws = [rng.beta(x.sum() + 0.5, (1 - x).sum() + 0.5, size=n_draws) for x in (mine, theirs)]
        low, high = np.quantile(draws[0] / draws[1], (0.025, 0.975))
        verdict = "undecided"
        if high < 0.8:
            verdict = "below"
        if low >= 0.8:
            verdict = "not below"
        rows.append((name, len(mine), mine.mean(), mine.mean() / theirs.mean(), low, high, verdict))
    columns = ["group", "people", "rate", "ratio", "low", "high", "verdict"]
    return pd.DataFrame(rows, columns=columns).set_index("group")
