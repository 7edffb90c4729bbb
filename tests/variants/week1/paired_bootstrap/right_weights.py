"""Draws how often each day occurs, hands that to AUC as weights, and draws again what has one class only."""

import warnings


def paired_bootstrap(y, score_a, score_b, groups, n_boot=300, seed=0):
    late = np.array(y, dtype=int)
    a, b = np.array(score_a, dtype=float), np.array(score_b, dtype=float)
    _, day = np.unique(np.array(groups).astype(str), return_inverse=True)
    days = day.max() + 1
    generator = np.random.RandomState(seed)

    def gap(weight):
        present = weight > 0
        if len(np.unique(late[present])) < 2:
            return np.nan
        first, second = (roc_auc_score(late[present], s[present], sample_weight=weight[present]) for s in (a, b))
        return first - second

    gaps = np.empty(0)
    while len(gaps) < n_boot:
        count = generator.multinomial(days, np.full(days, 1 / days))
        gaps = np.append(gaps, [value for value in [gap(count[day])] if not np.isnan(value)])
    low, high = np.nanquantile(gaps, 0.025), np.nanquantile(gaps, 0.975)
    sign = int(low > 0) - int(high < 0)
    return {"difference": gap(np.ones(len(late))), "low": low, "high": high, "winner": {1: "a", -1: "b", 0: "none"}[sign]}
