"""Says no delay where no flight has left.

Caught by: `delay` is wrong when another flight of the group 
"""

def recent_state(flights: pd.DataFrame, by: list[str], hours: int) -> pd.DataFrame:
    minute = (flights["sched_dep"] - pd.Timestamp("2013-01-01", tz="UTC")).dt.total_seconds().to_numpy() / 60
    delay, window = flights["dep_delay"].to_numpy(dtype=float), 60 * hours
    left = np.where(np.isnan(delay), np.inf, minute + delay)
    result = np.full((len(flights), 3), np.nan)

    def until(instants: np.ndarray, asked: np.ndarray) -> np.ndarray:
        return np.searchsorted(np.sort(instants), asked, side="right")

    for rows in flights.groupby(by, observed=True, sort=False).indices.values():
        scheduled, gone, cut = minute[rows], left[rows], minute[rows] - 120
        order = np.argsort(gone, kind="stable")
        total = np.concatenate([[0.0], np.nancumsum(delay[rows][order])])
        first, last = until(gone, cut - window), until(gone, cut)
        due = until(scheduled, cut) - until(scheduled, cut - window)
        done = until(np.maximum(scheduled, gone), cut) - until(np.maximum(scheduled + window, gone), cut)
        departed = last - first
        mean = np.divide(total[last] - total[first], departed, out=np.zeros(len(rows)), where=departed > 0)
        result[rows] = np.column_stack([departed, mean, due - done])
    return pd.DataFrame(result, index=flights.index, columns=["departed", "delay", "waiting"])
