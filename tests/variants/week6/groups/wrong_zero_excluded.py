"""An interval that ends at 0 is called better.

Caught by: the verdict is not what the interval says
"""

def group_metrics(y, alarm, group: pd.Series) -> pd.DataFrame:
    frame = pd.DataFrame({"late": np.asarray(y, dtype=float), "alarm": np.asarray(alarm, dtype=float)})
    frame["recall"] = frame["alarm"].where(frame["late"] == 1)
    frame["false_alarm_rate"] = frame["alarm"].where(frame["late"] == 0)
    by = frame.groupby(group.reset_index(drop=True), observed=False)
    means = by.mean().rename(columns={"late": "late_share", "alarm": "alarm_rate"})
    return means.assign(flights=by.size())


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
    verdict = "worse" if high < 0 else "better" if low >= 0 else "undecided"
    if min(totals[0, 1], totals[0, 3]) < 10:
        verdict = "undecided"
    return {"gap": float(gaps[0]), "low": float(low), "high": float(high), "verdict": verdict}
