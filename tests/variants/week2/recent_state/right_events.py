"""One long table of events, sorted by time, with cumulative sums by group."""

def recent_state(flights: pd.DataFrame, by: list[str], hours: int) -> pd.DataFrame:
    sched = flights["sched_dep"].to_numpy(dtype="datetime64[ns]").astype("int64")
    delay = flights["dep_delay"].to_numpy(dtype=float)
    gone = ~np.isnan(delay)
    left = sched + np.round(np.where(gone, delay, 0) * 60e9).astype("int64")
    span, n = int(hours * 3_600_000_000_000), len(flights)
    key = flights.groupby(by, observed=True, dropna=False).ngroup().to_numpy()
    until = np.where(gone, np.minimum(left, sched + span), sched + span)
    waits = until > sched

    def events(mask, time, departures, minutes, waiting):
        columns = {"key": key, "time": time, "n": departures, "sum": minutes, "waiting": waiting}
        return pd.DataFrame(columns).assign(row=-1)[mask]

    asked = pd.DataFrame({"key": key, "time": sched - 7_200_000_000_000, "n": 0, "sum": 0.0, "waiting": 0})
    minutes = np.where(gone, delay, 0)
    pieces = [events(gone, left, 1, minutes, 0), events(gone, left + span, -1, -minutes, 0)]
    pieces += [events(waits, sched, 0, 0.0, 1), events(waits, until, 0, 0.0, -1), asked.assign(row=np.arange(n))]
    line = pd.concat(pieces, ignore_index=True)
    line = line.sort_values("time", kind="stable")  # at one instant the questions come last, as they were appended last
    so_far = line.groupby("key")[["n", "sum", "waiting"]].cumsum().assign(row=line["row"])
    answer = so_far[so_far["row"] >= 0].sort_values("row")
    departed = answer["n"].to_numpy()
    mean = np.where(departed > 0, answer["sum"].to_numpy() / np.maximum(departed, 1), np.nan)
    columns = {"departed": departed, "delay": mean, "waiting": answer["waiting"].to_numpy()}
    return pd.DataFrame(columns, index=flights.index)
