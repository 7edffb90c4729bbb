"""pandas from end to end: `eval`, `quantile` and `query`."""


def summarise(requests):
    good = requests.loc[requests.ok].eval("late = 1000 * (done - due)")
    if good.shape[0] == 0:
        raise ValueError("no answers")
    found = {f"p{round(100 * q)}": value for q, value in good.late.quantile([0.5, 0.95, 0.99]).items()}
    found["per_second"] = good.rows.sum() / (requests.done.max() - requests.due.min())
    found["errors"] = np.mean(~requests.ok)
    return found


def cost_per_million(usd_per_hour: float, per_second: float, busy: float = 1.0) -> float:
    if not 0 < busy <= 1:
        raise ValueError("busy")
    if not per_second > 0:
        raise ValueError("per_second")
    return 1_000_000 / per_second / busy / 3_600 * usd_per_hour


def choose(table, p99, errors):
    kept = table.query("p99 <= @p99 and errors <= @errors")
    return kept.per_second.idxmax()
