"""Shuffles the days: every draw is the whole table.

Caught by: the interval has no width
"""

def paired_bootstrap(y, score_a, score_b, groups, n_boot=300, seed=0):
    from scipy.stats import rankdata

    y, a, b, groups = map(np.asarray, (y, score_a, score_b, groups))
    members = [np.flatnonzero(groups == name) for name in np.unique(groups)]

    def auc_difference(rows):
        late = y[rows] == 1
        ranks = rankdata(a[rows])[late].sum() - rankdata(b[rows])[late].sum()
        return ranks / (late.sum() * (~late).sum())

    rng = np.random.default_rng(seed)
    draws = []
    while len(draws) < n_boot:
        rows = np.concatenate([members[i] for i in rng.permutation(len(members))])
        if 0 < y[rows].mean() < 1:
            draws.append(auc_difference(rows))
    low, high = np.percentile(draws, [2.5, 97.5])
    difference = auc_difference(np.arange(len(y)))
    winner = "a" if low > 0 else "b" if high < 0 else "none"
    return {"difference": difference, "low": low, "high": high, "winner": winner}
