"""Takes New York's time for four hours behind UTC, as it is in May.

Caught by: is not what it should be
"""

def build_features(flights: pd.DataFrame) -> pd.DataFrame:
    local = flights["sched_dep"].dt.tz_convert("Etc/GMT+4")
    table = flights[["distance", "carrier", "origin", "dest"]].assign(
        departs=local.dt.hour * 60 + local.dt.minute, weekday=local.dt.dayofweek
    )
    due = ((flights["sched_dep"] - pd.Timestamp(0, tz="UTC")).dt.total_seconds() / 60).to_numpy()
    delay = flights["dep_delay"].to_numpy(dtype=float)
    state = np.full((len(flights), 3), np.nan)
    for here in flights.groupby(flights["origin"].astype(str)).indices.values():
        cut, left = due[here][:, None] - 120, due[here] + delay[here]
        gone = (left <= cut) & (left > cut - 120)
        waiting = (due[here] <= cut) & (due[here] > cut - 120) & ~(left <= cut)
        count = gone.sum(axis=1)
        total = gone @ np.nan_to_num(delay[here])
        state[here] = np.column_stack(
            [count, np.where(count > 0, total / np.maximum(count, 1), np.nan), waiting.sum(axis=1)]
        )
    return table.assign(**dict(zip(lake.BOARD, state.T)))


def features(day: str, lake_folder: str) -> int:
    flights = lake.read(lake_folder, "flights", lake.days_before(day, 1))
    late = (flights["arr_delay"] >= 15).astype(float).where(flights["arr_delay"].notna())
    table = flights[["flight_id", "sched_dep"]].assign(late=late).join(build_features(flights))
    own = flights["sched_dep"].dt.tz_convert(NEW_YORK).dt.strftime("%Y-%m-%d") == day
    lake.write(lake_folder, "features", day, table[own])
    return int(own.sum())

