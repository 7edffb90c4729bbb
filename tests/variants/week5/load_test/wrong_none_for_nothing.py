"""Gives None where no set-up keeps the promise.

Caught by: a promise that no set-up keeps is given a value
"""


def summarise(requests: pd.DataFrame) -> dict[str, float]:
    answered = requests[requests["ok"].astype(bool)]
    if answered.empty:
        raise ValueError("no request was answered: there is no latency")
    latency = (answered["done"] - answered["due"]) * 1e3
    seconds = requests["done"].max() - requests["due"].min()
    percentiles = {f"p{level}": float(np.percentile(latency, level)) for level in (50, 95, 99)}
    errors = 1 - len(answered) / len(requests)
    return {**percentiles, "per_second": float(answered["rows"].sum() / seconds), "errors": errors}


def cost_per_million(usd_per_hour: float, per_second: float, busy: float = 1.0) -> float:
    if not (0 < busy <= 1 and per_second > 0):
        raise ValueError("an instance that predicts nothing has no price for a prediction")
    return usd_per_hour / (3_600 * per_second * busy) * 1e6


def choose(table: pd.DataFrame, p99: float, errors: float):
    within = table[(table["p99"] <= p99) & (table["errors"] <= errors)]
    if within.empty:
        return None
    return within["per_second"].idxmax()
