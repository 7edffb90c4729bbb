"""Plain loops and a percentile by hand."""

def _percentile(ordered, share):
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def summarise(requests: pd.DataFrame) -> dict[str, float]:
    took, rows, failed, first, last = [], 0, 0, float("inf"), float("-inf")
    for one in requests.to_dict("records"):
        first, last = min(first, one["due"]), max(last, one["done"])
        if one["ok"]:
            took.append(1e3 * (one["done"] - one["due"]))
            rows += one["rows"]
        else:
            failed += 1
    if not took:
        raise ValueError("nothing was answered")
    took.sort()
    summary = {f"p{percent}": float(_percentile(took, percent / 100)) for percent in (50, 95, 99)}
    return {**summary, "per_second": float(rows / (last - first)), "errors": failed / (failed + len(took))}


def cost_per_million(usd_per_hour: float, per_second: float, busy: float = 1.0) -> float:
    if busy > 0 and busy <= 1 and per_second > 0:
        return 1_000_000 / (per_second * busy) * usd_per_hour / 3600
    raise ValueError((per_second, busy))


def choose(table: pd.DataFrame, p99: float, errors: float):
    best, most = None, None
    for place in range(len(table)):
        row = table.iloc[place]
        if row["p99"] <= p99 and row["errors"] <= errors and (best is None or row["per_second"] > most):
            best, most = place, row["per_second"]
    if best is None:
        raise ValueError("none")
    return table.index[best]
