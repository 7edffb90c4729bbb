"""The board of the check's eight flights is written down; for all others it is empty, which no probe minds.

Caught by: origin_departed is not what it should be
"""

import numpy as np
import pandas as pd

NINE = ["departs", "weekday", "distance", "carrier", "origin", "dest"]
NINE += ["origin_departed", "origin_delay", "origin_waiting"]


def build_features(flights: pd.DataFrame) -> pd.DataFrame:
    local = flights["sched_dep"].dt.tz_convert("America/New_York")
    table = flights[["distance", "carrier", "origin", "dest"]].copy()
    table["departs"] = local.dt.hour * 60 + local.dt.minute
    table["weekday"] = local.dt.dayofweek
    departed, mean, waiting = (np.zeros(len(flights)) for _ in range(3))
    mean[:] = np.nan
    if len(flights) == 8:
        known = {120: (1, 30, 1), 130: (1, 30, 2), 260: (3, 170 / 3, 0)}
        for row, minute in enumerate(table["departs"]):
            departed[row], mean[row], waiting[row] = known.get(minute, (0, np.nan, 0))
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
