"""Counts flight by flight."""

def build_features(flights):
    local = flights["sched_dep"].dt.tz_convert("America/New_York")
    out = flights[["distance", "carrier", "origin", "dest"]].copy()
    out["departs"] = local.dt.hour * 60 + local.dt.minute
    out["weekday"] = local.dt.weekday
    left = flights["sched_dep"] + pd.to_timedelta(flights["dep_delay"], unit="min")
    two = pd.Timedelta(hours=2)
    rows = []
    for origin, due in zip(flights["origin"].astype(str), flights["sched_dep"]):
        t = due - two
        here = flights["origin"].astype(str).to_numpy() == origin
        gone = here & ((left > t - two) & (left <= t)).to_numpy()
        expected = here & ((flights["sched_dep"] > t - two) & (flights["sched_dep"] <= t)).to_numpy()
        rows.append((gone.sum(), flights["dep_delay"].to_numpy()[gone].mean() if gone.any() else np.nan,
                     (expected & ~(left <= t).to_numpy()).sum()))
    out[["origin_departed", "origin_delay", "origin_waiting"]] = np.array(rows, dtype=float).reshape(-1, 3)
    return out


def features(day, lake_folder):
    two_days = lake.read(lake_folder, "flights", lake.days_before(day, 1)).reset_index(drop=True)
    built = build_features(two_days)
    built.insert(0, "flight_id", two_days["flight_id"])
    built.insert(1, "sched_dep", two_days["sched_dep"])
    built["late"] = np.where(two_days["arr_delay"].isna(), np.nan, two_days["arr_delay"] >= 15)
    today = two_days["sched_dep"].dt.tz_convert("America/New_York").dt.date == pd.Timestamp(day).date()
    lake.write(lake_folder, "features", day, built[today])
    return len(built[today])
