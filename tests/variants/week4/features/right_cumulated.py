"""Sorted departures of each airport, cumulated, and looked up by bisection at both ends of the window."""

def build_features(flights: pd.DataFrame) -> pd.DataFrame:
    local = flights["sched_dep"].dt.tz_convert(NEW_YORK)
    table = flights[["distance", "carrier", "origin", "dest"]].copy()
    table["departs"], table["weekday"] = local.dt.hour * 60 + local.dt.minute, local.dt.weekday
    due = ((flights["sched_dep"] - pd.Timestamp("2013-01-01", tz="UTC")) / pd.Timedelta("1min")).to_numpy(dtype=float)
    delay = flights["dep_delay"].to_numpy(dtype=float)
    for name in lake.BOARD:
        table[name] = np.nan
    place = {name: table.columns.get_loc(name) for name in lake.BOARD}
    origin = flights["origin"].astype(str).to_numpy()
    for airport in np.unique(origin):
        here = np.flatnonzero(origin == airport)
        now = due[here] - 120
        flown = here[~np.isnan(delay[here])]
        flown = flown[np.argsort(due[flown] + delay[flown], kind="stable")]
        left, total = due[flown] + delay[flown], np.append(0.0, np.cumsum(delay[flown]))
        last, first = np.searchsorted(left, now, side="right"), np.searchsorted(left, now - 120, side="right")
        table.iloc[here, place["origin_departed"]] = (last - first).astype(float)
        mean = np.where(last > first, (total[last] - total[first]) / np.maximum(last - first, 1), np.nan)
        table.iloc[here, place["origin_delay"]] = mean
        never = np.where(np.isnan(delay[here]), np.inf, due[here] + np.nan_to_num(delay[here]))
        was_due = (due[here] <= now[:, None]) & (due[here] > now[:, None] - 120)
        table.iloc[here, place["origin_waiting"]] = (was_due & (never > now[:, None])).sum(axis=1).astype(float)
    return table


def features(day: str, lake_folder: str) -> int:
    every = lake.read(lake_folder, "flights", lake.days_before(day, 1)).reset_index(drop=True)
    table = build_features(every)
    table.insert(0, "flight_id", every["flight_id"])
    table.insert(1, "sched_dep", every["sched_dep"])
    table.insert(2, "late", np.where(every["arr_delay"].isna(), np.nan, every["arr_delay"] >= 15))
    own = table[every["sched_dep"].dt.tz_convert(NEW_YORK).dt.date.astype(str) == day]
    lake.write(lake_folder, "features", day, own)
    return len(own)
