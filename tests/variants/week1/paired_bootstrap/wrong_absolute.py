"""Reports the size of the difference without its sign.

Caught by: the difference in AUC
"""

def paired_bootstrap(y, score_a, score_b, groups, n_boot: int = 300, seed: int = 0) -> dict:
    from scipy.stats import rankdata

    y, score_a, score_b = (np.asarray(v, dtype=float) for v in (y, score_a, score_b))
    codes, names = pd.factorize(np.asarray(groups))
    members = [np.flatnonzero(codes == code) for code in range(len(names))]

    def difference(rows: np.ndarray | slice) -> float:
        late = y[rows] == 1
        ranks = rankdata(score_a[rows])[late].sum() - rankdata(score_b[rows])[late].sum()
        return ranks / (late.sum() * (~late).sum())

    rng, draws = np.random.default_rng(seed), []
    while len(draws) < n_boot:
        rows = np.concatenate([members[i] for i in rng.integers(len(members), size=len(members))])
        if 0 < y[rows].mean() < 1:
            draws.append(difference(rows))
    low, high = np.percentile(draws, [2.5, 97.5])
    winner = "a" if low > 0 else "b" if high < 0 else "none"
    return {"difference": abs(difference(slice(None))), "low": low, "high": high, "winner": winner}
