"""Rows in a list: of no flights there is a table without columns.

Clause: "Of a table without a row they are nine columns without a row."

Caught by: of no flights there are not nine features without a row
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd


def build_features(flights: pd.DataFrame) -> pd.DataFrame:
    zone, two_hours = ZoneInfo("America/New_York"), timedelta(hours=2)
    by_origin = {}
    for origin, due, delay in zip(flights["origin"], flights["sched_dep"], flights["dep_delay"]):
        left = None if pd.isna(delay) else due + timedelta(minutes=float(delay))
        by_origin.setdefault(origin, []).append((due, left, delay))
    rows = []
    for _, flight in flights.iterrows():
        now = flight["sched_dep"] - two_hours
        since, delays, waiting = now - two_hours, [], 0
        for due, left, delay in by_origin[flight["origin"]]:
            if left is not None and since < left <= now:
                delays.append(float(delay))
            if since < due <= now and (left is None or left > now):
                waiting += 1
        local = flight["sched_dep"].astimezone(zone)
        rows.append(
            {
                "departs": local.hour * 60 + local.minute,
                "weekday": local.weekday(),
                "distance": flight["distance"],
                "carrier": flight["carrier"],
                "origin": flight["origin"],
                "dest": flight["dest"],
                "origin_departed": len(delays),
                "origin_delay": sum(delays) / len(delays) if delays else np.nan,
                "origin_waiting": waiting,
            }
        )
    return pd.DataFrame(rows, index=flights.index)


def features(day: str, lake_folder: str) -> int:
    today = lake.read(lake_folder, "flights", [day])
    yesterday = [date for date in lake.days_before(day, 1) if date != day and date in lake.days(lake_folder, "flights")]
    both = pd.concat([today] + [lake.read(lake_folder, "flights", [date]) for date in yesterday], ignore_index=True)
    table = build_features(both).iloc[: len(today)].reset_index(drop=True)
    table["flight_id"] = today["flight_id"].to_numpy()
    table["sched_dep"] = today["sched_dep"].array
    table["late"] = [np.nan if pd.isna(delay) else float(delay >= 15) for delay in today["arr_delay"]]
    lake.write(lake_folder, "features", day, table)
    return len(table)
