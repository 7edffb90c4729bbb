"""Ranks without ties: equal scores are told apart by the order of rows.

Caught by: where scores are tied
"""

from scipy.stats import rankdata


def auc(y, score):
    n = y.sum()
    return (rankdata(score, method="ordinal")[y].sum() - n * (n + 1) / 2) / (n * (len(y) - n))


def paired_bootstrap(y, score_a, score_b, groups, n_boot=300, seed=0):
    y, a, b = np.asarray(y).astype(bool), np.asarray(score_a, dtype=float), np.asarray(score_b, dtype=float)
    rows = list(pd.Series(np.arange(len(y))).groupby(np.asarray(groups)).indices.values())
    rng, draws = np.random.default_rng(seed), []
    while len(draws) < n_boot:
        drawn = np.concatenate([rows[k] for k in rng.choice(len(rows), size=len(rows))])
        if not 0 < y[drawn].sum() < len(drawn):
            continue
        draws.append(auc(y[drawn], a[drawn]) - auc(y[drawn], b[drawn]))
    low, high = np.quantile(draws, [0.025, 0.975])
    winner = "a" if low > 0 else "b" if high < 0 else "none"
    return {"difference": auc(y, a) - auc(y, b), "low": low, "high": high, "winner": winner}
