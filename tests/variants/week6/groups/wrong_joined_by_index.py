"""Outcomes and groups are joined by the index of the groups.

Clause: "the order of its rows is that of ``y``, its index may be any"

Caught by: the table has no column 'flights', 'late_share', 'alarm_rate', 'recall',
"""

def group_metrics(y, alarm, group: pd.Series) -> pd.DataFrame:
    joined = pd.DataFrame({"y": pd.Series(y), "alarm": pd.Series(alarm), "group": group}).dropna()
    y, alarm, of = (joined[name].to_numpy() for name in ("y", "alarm", "group"))
    names = group.cat.categories if isinstance(group.dtype, pd.CategoricalDtype) else sorted(set(of))

    def mean(values):
        return values.mean() if len(values) else np.nan

    rows = {}
    for name in names:
        late, rang = y[of == name], alarm[of == name]
        rows[name] = {
            "flights": len(late),
            "late_share": mean(late),
            "alarm_rate": mean(rang),
            "recall": mean(rang[late == 1]),
            "false_alarm_rate": mean(rang[late == 0]),
        }
    return pd.DataFrame.from_dict(rows, orient="index")


def group_gap(y, alarm, group, name: str, days, n_boot: int = 500, seed: int = 0) -> dict:
    y, alarm, inside = np.asarray(y), np.asarray(alarm), np.asarray(group) == name
    day, n_days = pd.factorize(np.asarray(days))[0], len(set(np.asarray(days)))
    sums = []  # by day: late and caught, late; in the group and outside
    for part in (inside, ~inside):
        for what in ((y == 1) & (alarm == 1), y == 1):
            sums.append(np.bincount(day, weights=(part & what).astype(float), minlength=n_days))
    sums = np.array(sums)

    def gap_of(total):
        if total[1] == 0 or total[3] == 0:
            return np.nan
        return total[0] / total[1] - total[2] / total[3]

    gap = gap_of(sums.sum(axis=1))
    if np.isnan(gap):
        return {"gap": np.nan, "low": np.nan, "high": np.nan, "verdict": "undecided"}
    rng = np.random.default_rng(seed)
    draws = np.array([gap_of(sums[:, rng.integers(0, n_days, n_days)].sum(axis=1)) for _ in range(n_boot)])
    draws = draws[~np.isnan(draws)]
    low, high = np.percentile(draws, [2.5, 97.5]) if len(draws) else (np.nan, np.nan)
    verdict = "undecided"
    if min(sums[1].sum(), sums[3].sum()) >= 10:
        verdict = "worse" if high < 0 else "better" if low > 0 else "undecided"
    return {"gap": float(gap), "low": float(low), "high": float(high), "verdict": verdict}
