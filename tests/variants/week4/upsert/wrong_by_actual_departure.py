"""Flights are filed under the date of their actual departure.

Clause: "partitioned by New York's date of *scheduled departure*, one row a flight."

Caught by: flights stand under another date than the one on which they leave
"""

from pathlib import Path

import pandas as pd


def upsert(day: str, lake_folder: str) -> list[str]:
    news = lake.read(lake_folder, "clean", [day])
    left = news["sched_dep"] + pd.to_timedelta(news["dep_delay"].fillna(0), unit="min")
    date = left.dt.tz_convert("America/New_York").dt.strftime("%Y-%m-%d")
    dates = sorted(date.unique())
    for leaves in dates:
        rows = news[(date == leaves).to_numpy()]
        if Path(lake.path(lake_folder, "flights", leaves)).exists():
            rows = pd.concat([lake.read(lake_folder, "flights", [leaves]), rows], ignore_index=True)
        others = sorted(set(rows.columns) - {"updated"})  # of two messages of one instant the same one wins in any order
        rows = rows.sort_values(["updated", *others], na_position="first").drop_duplicates("flight_id", keep="last")
        rows = rows[list(news.columns)].sort_values("flight_id").reset_index(drop=True)
        lake.write(lake_folder, "flights", leaves, rows)
    return dates
