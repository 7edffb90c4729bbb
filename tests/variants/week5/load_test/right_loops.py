"""Plain Python over the rows, percentiles with pandas, and the choice by sorting."""


def summarise(requests):
    latencies, rows, failed = [], 0, 0
    for one in requests.to_dict("records"):
        if one["ok"]:
            latencies.append(1_000 * (one["done"] - one["due"]))
            rows += one["rows"]
        else:
            failed += 1
    if not latencies:
        raise ValueError("nothing was answered")
    p50, p95, p99 = pd.Series(latencies).quantile([0.5, 0.95, 0.99])
    span = max(requests["done"]) - min(requests["due"])
    return {"p50": p50, "p95": p95, "p99": p99, "per_second": rows / span, "errors": failed / (failed + len(latencies))}


def cost_per_million(usd_per_hour, per_second, busy=1.0):
    if busy <= 0 or busy > 1 or per_second <= 0:
        raise ValueError("no predictions")
    an_hour = per_second * busy * 3600
    return usd_per_hour * 1e6 / an_hour


def choose(table, p99, errors):
    for label, row in table.sort_values("per_second", ascending=False).iterrows():
        if row["p99"] <= p99 and row["errors"] <= errors:
            return label
    raise ValueError("none")
