"""pandas and np.percentile."""

def summarise(requests: pd.DataFrame) -> dict[str, float]:
    answered = requests[requests["ok"].astype(bool)]
    if answered.empty:
        raise ValueError("no request was answered")
    milliseconds = 1_000 * (answered["done"] - answered["due"]).to_numpy(dtype=float)
    p50, p95, p99 = np.percentile(milliseconds, [50, 95, 99])
    seconds = requests["done"].max() - requests["due"].min()
    return {
        "p50": float(p50),
        "p95": float(p95),
        "p99": float(p99),
        "per_second": float(answered["rows"].sum() / seconds),
        "errors": 1 - len(answered) / len(requests),
    }


def cost_per_million(usd_per_hour: float, per_second: float, busy: float = 1.0) -> float:
    if not (0 < busy <= 1 and per_second > 0):
        raise ValueError("busy is a share above 0, per_second is above 0")
    return usd_per_hour / (3600 * per_second * busy) * 1e6


def choose(table: pd.DataFrame, p99: float, errors: float):
    fits = table[(table["p99"] <= p99) & (table["errors"] <= errors)]
    if fits.empty:
        raise ValueError("no set-up keeps these limits")
    return fits["per_second"].idxmax()
