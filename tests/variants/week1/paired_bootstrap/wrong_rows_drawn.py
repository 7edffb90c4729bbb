"""Draws single flights, not whole groups.

Clause: "whole groups are drawn, each with the same chance, as many as there are"

Caught by: the ends of the interval are not the 2.5th and the 97.5th percentile over draws of whole
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
        at = rng.integers(len(late), size=len(late))
        if late[at].all() or not late[at].any():
            continue
        differences.append(fast_auc(late[at], a[at]) - fast_auc(late[at], b[at]))
    low, high = np.percentile(differences, [2.5, 97.5])
    difference = fast_auc(late, a) - fast_auc(late, b)
    winner = "a" if low > 0 else "b" if high < 0 else "none"
    return {"difference": float(difference), "low": float(low), "high": float(high), "winner": winner}
