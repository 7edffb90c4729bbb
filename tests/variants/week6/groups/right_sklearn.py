"""scikit-learn's recall_score where it exists, a Series per draw."""

def group_metrics(y, alarm, group):
    from sklearn.metrics import recall_score

    y, alarm = pd.Series(np.asarray(y)), pd.Series(np.asarray(alarm))
    group = pd.Series(group.array)
    names = group.cat.categories if hasattr(group, "cat") else group.unique()
    rows = []
    for name in names:
        a, b = y[group == name], alarm[group == name]
        recall = recall_score(a, b) if a.any() else np.nan
        false = recall_score(1 - a, b) if (a == 0).any() else np.nan
        rows.append([len(a), a.mean(), b.mean(), recall, false])
    return pd.DataFrame(rows, index=names, columns="flights late_share alarm_rate recall false_alarm_rate".split())


def group_gap(y, alarm, group, name: str, days, n_boot: int = 500, seed: int = 0) -> dict:
    late, caught = np.asarray(y) == 1, (np.asarray(y) == 1) & (np.asarray(alarm) == 1)
    here = np.asarray(group) == name
    parts = {"caught": caught & here, "late": late & here, "caught_other": caught & ~here, "late_other": late & ~here}
    by_day = pd.DataFrame(parts).groupby(np.asarray(days)).sum().to_numpy(dtype=float)
    chosen = np.random.default_rng(seed).integers(len(by_day), size=(n_boot, len(by_day)))
    totals = np.vstack([by_day.sum(axis=0), by_day[chosen].sum(axis=1)])
    with np.errstate(divide="ignore", invalid="ignore"):
        gaps = totals[:, 0] / totals[:, 1] - totals[:, 2] / totals[:, 3]
    low, high = np.nanpercentile(gaps[1:], [2.5, 97.5]) if np.isfinite(gaps[0]) else (np.nan, np.nan)
    verdict = "worse" if high < 0 else "better" if low > 0 else "undecided"
    if min(totals[0, 1], totals[0, 3]) < 10:
        verdict = "undecided"
    return {"gap": float(gaps[0]), "low": float(low), "high": float(high), "verdict": verdict}
