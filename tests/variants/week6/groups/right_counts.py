"""pivot_table for the metrics, choice of day labels for the draws."""

def group_metrics(y, alarm, group):
    flights = pd.DataFrame({"y": np.asarray(y), "a": np.asarray(alarm)})
    flights["g"] = group.values
    kinds = group.cat.categories if isinstance(group.dtype, pd.CategoricalDtype) else sorted(set(group))
    rates = flights.pivot_table(index="g", columns="y", values="a", aggfunc="mean", observed=True)
    rates = rates.reindex(index=kinds, columns=[0, 1])
    by = flights.groupby("g", observed=True)
    table = pd.DataFrame({"flights": by.size(), "late_share": by["y"].mean(), "alarm_rate": by["a"].mean()}).reindex(kinds)
    return table.assign(flights=table["flights"].fillna(0).astype(int), recall=rates[1], false_alarm_rate=rates[0])


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
