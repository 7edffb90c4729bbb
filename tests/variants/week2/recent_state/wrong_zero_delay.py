"""The mean delay is 0 where nothing left.

Clause: "``delay``, the mean ``dep_delay`` of those, NaN where there are none"

Caught by: `delay` is wrong when another flight of the group left before
"""

def recent_state(flights: pd.DataFrame, by: list[str], hours: int) -> pd.DataFrame:
    sched = pd.DatetimeIndex(flights["sched_dep"]).as_unit("ns").asi8
    delay = flights["dep_delay"].to_numpy(dtype=float)
    gone = ~np.isnan(delay)
    left = sched + np.round(np.nan_to_num(delay) * 60e9).astype("int64")
    hour = 3_600_000_000_000
    span, asked = int(hours * hour), sched - 2 * hour
    key = flights.groupby(by, observed=True, dropna=False, sort=False).ngroup().to_numpy()
    departed, waiting, mean = np.zeros(len(key), int), np.zeros(len(key), int), np.full(len(key), np.nan)
    for group in np.unique(key):
        rows = np.flatnonzero(key == group)
        c = asked[rows]
        went = rows[gone[rows]]
        went = went[np.argsort(left[went], kind="stable")]
        total = np.concatenate([[0.0], np.cumsum(delay[went])])
        first = np.searchsorted(left[went], c - span, side="right")
        last = np.searchsorted(left[went], c, side="right")
        departed[rows] = last - first
        with np.errstate(invalid="ignore"):
            mean[rows] = (total[last] - total[first]) / (last - first)
        # a flight waits from its schedule until it leaves or drops out of the window
        begin, end = sched[rows], sched[rows] + span
        end = np.where(gone[rows], np.minimum(end, left[rows]), end)
        begin, end = begin[end > begin], end[end > begin]
        begun = np.searchsorted(np.sort(begin), c, side="right")
        waiting[rows] = begun - np.searchsorted(np.sort(end), c, side="right")
    return pd.DataFrame({"departed": departed, "delay": np.nan_to_num(mean), "waiting": waiting}, index=flights.index)
