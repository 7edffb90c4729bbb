"""NumPy masks in minutes, row by row."""

import numpy as np
import pandas as pd

NINE = ["departs", "weekday", "distance", "carrier", "origin", "dest"]
NINE += ["origin_departed", "origin_delay", "origin_waiting"]


def build_features(flights: pd.DataFrame) -> pd.DataFrame:
    local = flights["sched_dep"].dt.tz_convert("America/New_York")
    table = flights[["distance", "carrier", "origin", "dest"]].copy()
    table["departs"] = local.dt.hour * 60 + local.dt.minute
    table["weekday"] = local.dt.dayofweek
    epoch = pd.Timestamp("2013-01-01", tz="UTC")
    due = ((flights["sched_dep"] - epoch) / pd.Timedelta("1min")).to_numpy()
    delay = flights["dep_delay"].to_numpy(dtype=float)
    left = due + delay  # NaN: has not left
    origin = flights["origin"].to_numpy()
    departed, mean, waiting = (np.zeros(len(flights)) for _ in range(3))
    for row in range(len(flights)):
        now, same = due[row] - 120, origin == origin[row]
        gone = same & (left > now - 120) & (left <= now)
        departed[row] = gone.sum()
        mean[row] = delay[gone].mean() if gone.any() else np.nan
        waiting[row] = (same & (due > now - 120) & (due <= now) & ~(left <= now)).sum()
    table = table.assign(origin_departed=departed, origin_delay=mean, origin_waiting=waiting)
    return table[NINE]


def features(day: str, lake_folder: str) -> int:
    days = [date for date in sorted(lake.days_before(day, 1)) if date in lake.days(lake_folder, "flights")]
    flights = lake.read(lake_folder, "flights", days).reset_index(drop=True)
    local = flights["sched_dep"].dt.tz_convert("America/New_York").dt.strftime("%Y-%m-%d")
    table = build_features(flights)
    arrival = flights["arr_delay"]
    table = table.assign(
        flight_id=flights["flight_id"],
        sched_dep=flights["sched_dep"],
        late=(arrival >= 15).astype(float).where(arrival.notna()),
    )
    table = table[local == day].reset_index(drop=True)
    lake.write(lake_folder, "features", day, table)
    return len(table)
