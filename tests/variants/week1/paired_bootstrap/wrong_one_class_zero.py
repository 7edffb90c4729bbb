"""A draw with only one class counts as a difference of zero.

Clause: "a draw with only one class is drawn again"

Caught by: a draw with one class only is counted as a tie
"""

from scipy.stats import rankdata


def fast_auc(late, score):
    ones = late.sum()
    return (rankdata(score)[late].sum() - ones * (ones + 1) / 2) / (ones * (len(late) - ones))


def paired_bootstrap(y, score_a, score_b, groups, n_boot: int = 300, seed: int = 0) -> dict:
    late = np.asarray(y).astype(bool)
    a, b = np.asarray(score_a, dtype=float), np.asarray(score_b, dtype=float)
    codes, names = pd.factorize(np.asarray(groups))
    rows = [np.flatnonzero(codes == k) for k in range(len(names))]
    rng = np.random.default_rng(seed)
    differences = []
    while len(differences) < n_boot:
        at = np.concatenate([rows[k] for k in rng.integers(len(rows), size=len(rows))])
        if late[at].all() or not late[at].any():
            differences.append(0.0)
            continue
        differences.append(fast_auc(late[at], a[at]) - fast_auc(late[at], b[at]))
    low, high = np.percentile(differences, [2.5, 97.5])
    difference = fast_auc(late, a) - fast_auc(late, b)
    winner = "a" if low > 0 else "b" if high < 0 else "none"
    return {"difference": float(difference), "low": float(low), "high": float(high), "winner": winner}
