"""Sorts, adds up and searches."""

def build_features(flights):
    local = flights["sched_dep"].dt.tz_convert(NEW_YORK)
    due = flights["sched_dep"].dt.tz_convert(None).to_numpy().astype("datetime64[m]").astype("int64")
    delay = flights["dep_delay"].to_numpy(float)
    n = len(flights)
    count, mean, waiting = np.zeros(n), np.full(n, np.nan), np.zeros(n)
    names = flights["origin"].astype(str).to_numpy()
    for name in set(names):
        own = np.flatnonzero(names == name)
        flew = own[~np.isnan(delay[own])]
        left = due[flew] + delay[flew]
        order = np.argsort(left, kind="stable")
        total = np.concatenate([[0.0], np.cumsum(delay[flew][order])])
        cut = due[own] - 120
        low, high = (np.searchsorted(left[order], at, side="right") for at in (cut - 120, cut))
        count[own] = high - low
        with np.errstate(invalid="ignore", divide="ignore"):
            mean[own] = (total[high] - total[low]) / (high - low)
        for place in own:
            t = due[place] - 120
            candidates = own[(due[own] <= t) & (due[own] > t - 120)]
            waiting[place] = np.sum(~(due[candidates] + delay[candidates] <= t))
    return flights[["distance", "carrier", "origin", "dest"]].assign(
        departs=local.dt.hour * 60 + local.dt.minute, weekday=local.dt.dayofweek,
        origin_departed=count, origin_delay=mean, origin_waiting=waiting,
    )


def features(day, lake_folder):
    flights = lake.read(lake_folder, "flights", lake.days_before(day, 1))
    table = build_features(flights).assign(
        flight_id=flights["flight_id"], sched_dep=flights["sched_dep"],
        late=(flights["arr_delay"] > 14).astype(float).mask(flights["arr_delay"].isna()),
    )
    table = table[flights["sched_dep"].dt.tz_convert(NEW_YORK).dt.strftime("%Y-%m-%d") == day]
    lake.write(lake_folder, "features", day, table)
    return len(table)
