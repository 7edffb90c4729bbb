"""MetricFrame for the metrics, with what does not exist taken out; a loop over draws."""

def group_metrics(y, alarm, group):
    from fairlearn import metrics as fl

    late = lambda y_true, y_pred: float(np.mean(y_true))
    frame = fl.MetricFrame(
        metrics={"flights": fl.count, "late_share": late, "alarm_rate": fl.selection_rate,
                 "recall": fl.true_positive_rate, "false_alarm_rate": fl.false_positive_rate},
        y_true=np.asarray(y), y_pred=np.asarray(alarm),
        sensitive_features=pd.Series(np.asarray(group, dtype=object), name="group"),
    )
    table = frame.by_group.astype(float)
    table.loc[table["late_share"] == 0, "recall"] = np.nan
    table.loc[table["late_share"] == 1, "false_alarm_rate"] = np.nan
    if isinstance(group.dtype, pd.CategoricalDtype):
        table = table.reindex(list(group.cat.categories))
    return table.assign(flights=table["flights"].fillna(0))


def group_gap(y, alarm, group, name, days, n_boot=500, seed=0):
    y, alarm, here = np.asarray(y), np.asarray(alarm), np.asarray(group) == name
    codes, labels = pd.factorize(np.asarray(days))
    rng = np.random.default_rng(seed)

    def recall(rows, weight):
        rows = rows & (y == 1)
        total = weight[rows].sum()
        return (weight[rows] * alarm[rows]).sum() / total if total else np.nan

    def gap(weight):
        return recall(here, weight) - recall(~here, weight)

    everything = gap(np.ones(len(y)))
    draws = []
    for _ in range(n_boot):
        times = np.bincount(rng.integers(len(labels), size=len(labels)), minlength=len(labels))
        draws.append(gap(times[codes].astype(float)))
    low, high = (np.nan, np.nan) if np.isnan(everything) else np.nanquantile(draws, [0.025, 0.975])
    enough = min(y[here].sum(), y[~here].sum()) >= 10
    verdict = "undecided"
    if enough and high < 0:
        verdict = "worse"
    elif enough and low > 0:
        verdict = "better"
    return {"gap": everything, "low": low, "high": high, "verdict": verdict}
