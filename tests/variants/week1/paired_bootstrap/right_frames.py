"""One table, a dictionary of small tables by day, pandas.concat for each draw: slow and right."""

import random


def paired_bootstrap(y, score_a, score_b, groups, n_boot=300, seed=0):
    table = pd.DataFrame({
        "y": np.asarray(y).astype(int), "a": np.asarray(score_a), "b": np.asarray(score_b), "day": np.asarray(groups)
    })
    by_day = {day: part for day, part in table.groupby("day")}
    days = list(by_day)
    dice = random.Random(seed)

    def gap(t):
        return roc_auc_score(t["y"], t["a"]) - roc_auc_score(t["y"], t["b"])

    gaps = pd.Series(dtype=float)
    while len(gaps) < n_boot:
        sample = pd.concat([by_day[dice.choice(days)] for _ in days])
        if sample["y"].nunique() == 2:
            gaps.loc[len(gaps)] = gap(sample)
    low, high = gaps.quantile(0.025), gaps.quantile(0.975)
    winner = "none"
    if low > 0:
        winner = "a"
    elif high < 0:
        winner = "b"
    return dict(difference=gap(table), low=low, high=high, winner=winner, draws=len(gaps))
