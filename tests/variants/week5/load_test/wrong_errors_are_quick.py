"""Takes the latency of errors into the percentiles.

Caught by: requests failed is not what it should be
"""

def summarise(requests: pd.DataFrame) -> dict[str, float]:
    """Sum up a load test.

    Parameters
    ----------
    requests : one row each, in any order: ``due``, ``sent``, ``done`` (seconds), ``rows`` (flights in it), ``ok`` (bool)

    Returns
    -------
    ``p50``, ``p95``, ``p99``: latency of the answered requests in milliseconds (percentiles as NumPy's default has them);
    ``per_second``: rows answered; ``errors``: share of the requests that failed

    Raises
    ------
    ValueError
        when no request was answered
    """
    answered = requests[requests["ok"].astype(bool)]
    if answered.empty:
        raise ValueError("no request was answered: there is no latency")
    latency = (requests["done"] - requests["due"]) * 1e3
    seconds = requests["done"].max() - requests["due"].min()
    percentiles = {f"p{level}": float(np.percentile(latency, level)) for level in (50, 95, 99)}
    errors = 1 - len(answered) / len(requests)
    return {**percentiles, "per_second": float(answered["rows"].sum() / seconds), "errors": errors}


def cost_per_million(usd_per_hour: float, per_second: float, busy: float = 1.0) -> float:
    """Give the dollars for a million predictions; ValueError unless 0 < busy <= 1 and per_second > 0."""
    if not (0 < busy <= 1 and per_second > 0):
        raise ValueError("an instance that predicts nothing has no price for a prediction")
    return usd_per_hour / (3_600 * per_second * busy) * 1e6


def choose(table: pd.DataFrame, p99: float, errors: float):
    """Give the index label of the cheapest set-up whose p99 and errors are within these limits; ValueError if none is.

    Parameters
    ----------
    table : one row for each set-up of one instance, with ``p99``, ``errors`` and ``per_second``
    p99 : the most milliseconds
    errors : the largest share of errors
    """
    within = table[(table["p99"] <= p99) & (table["errors"] <= errors)]
    if within.empty:
        raise ValueError("no set-up keeps the promise")
    return within["per_second"].idxmax()
