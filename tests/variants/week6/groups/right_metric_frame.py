"""fairlearn's MetricFrame with metrics of its own, and rows of the drawn days."""

from fairlearn.metrics import MetricFrame


def group_metrics(y, alarm, group: pd.Series) -> pd.DataFrame:
    def share(chosen):
        def metric(truth, rang):
            values, of = chosen(np.asarray(truth), np.asarray(rang))
            return float(values[of].mean()) if of.any() else np.nan

        return metric

    metrics = {
        "flights": lambda truth, rang: len(truth),
        "late_share": share(lambda truth, rang: (truth, truth >= 0)),
        "alarm_rate": share(lambda truth, rang: (rang, truth >= 0)),
        "recall": share(lambda truth, rang: (rang, truth == 1)),
        "false_alarm_rate": share(lambda truth, rang: (rang, truth == 0)),
    }
    of = np.asarray(group).astype(object)
    frame = MetricFrame(metrics=metrics, y_true=np.asarray(y), y_pred=np.asarray(alarm), sensitive_features=of)
    found = frame.by_group.astype(float)
    if isinstance(group.dtype, pd.CategoricalDtype):
        found = found.reindex(list(group.cat.categories))
    found["flights"] = found["flights"].fillna(0).astype(int)
    found.index.name = None
    return found


def group_gap(y, alarm, group, name: str, days, n_boot: int = 500, seed: int = 0) -> dict:
    flights = pd.DataFrame({"y": np.asarray(y), "alarm": np.asarray(alarm), "day": np.asarray(days)})
    flights["inside"] = np.asarray(group) == name
    late = flights[flights["y"] == 1]

    def gap_of(some):
        recall = some.groupby("inside")["alarm"].mean()
        return recall.get(True, np.nan) - recall.get(False, np.nan)

    gap = gap_of(late)
    nothing = {"gap": np.nan, "low": np.nan, "high": np.nan, "verdict": "undecided"}
    if np.isnan(gap):
        return nothing
    rows = [late.index[late["day"] == day].to_numpy() for day in flights["day"].unique()]
    rng = np.random.default_rng(seed)
    draws = []
    for _ in range(n_boot):
        picked = np.concatenate([rows[k] for k in rng.choice(len(rows), len(rows))])
        draws.append(gap_of(late.loc[picked]))
    draws = pd.Series(draws, dtype=float).dropna()
    low, high = draws.quantile(0.025), draws.quantile(0.975)
    many = late["inside"].sum() >= 10 and (~late["inside"]).sum() >= 10
    verdict = "better" if many and low > 0 else "worse" if many and high < 0 else "undecided"
    return dict(gap=float(gap), low=float(low), high=float(high), verdict=verdict)
