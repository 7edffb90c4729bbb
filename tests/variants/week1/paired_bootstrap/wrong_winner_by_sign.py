"""The sign of the difference names the winner, whatever the interval says.

Clause: "who exists only if the whole interval lies on one side of zero"

Caught by: the winner does not follow from the interval
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
            continue
        differences.append(fast_auc(late[at], a[at]) - fast_auc(late[at], b[at]))
    low, high = np.percentile(differences, [2.5, 97.5])
    difference = fast_auc(late, a) - fast_auc(late, b)
    winner = "a" if difference > 0 else "b" if difference < 0 else "none"
    return {"difference": float(difference), "low": float(low), "high": float(high), "winner": winner}
