"""scikit-learn's resample on the list of days, an AUC from ranks, percentiles by position in the sorted draws."""

from scipy.stats import rankdata
from sklearn.utils import resample


def auc_by_ranks(late, score):
    ranks, n = rankdata(score), late.sum()
    return (ranks[late].sum() - n * (n + 1) / 2) / (n * (len(late) - n))


def paired_bootstrap(y, score_a, score_b, groups, n_boot=300, seed=0):
    table = pd.DataFrame({"late": list(y), "a": list(score_a), "b": list(score_b)}).astype({"late": bool})
    rows_of = table.groupby(list(groups)).indices
    late, a, b = (table[name].to_numpy() for name in table)
    state = np.random.RandomState(seed)
    gaps = []
    while len(gaps) < n_boot:
        rows = np.concatenate([rows_of[day] for day in resample(list(rows_of), random_state=state)])
        if late[rows].all() or not late[rows].any():
            continue
        gaps.append(auc_by_ranks(late[rows], a[rows]) - auc_by_ranks(late[rows], b[rows]))
    gaps = sorted(gaps)
    low, high = gaps[int(0.025 * n_boot)], gaps[int(np.ceil(0.975 * n_boot)) - 1]
    return {
        "difference": auc_by_ranks(late, a) - auc_by_ranks(late, b),
        "low": low,
        "high": high,
        "winner": "none" if low <= 0 <= high else "a" if low > 0 else "b",
    }
