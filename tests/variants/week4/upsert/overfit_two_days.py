"""The dates of the check's two days are written down; any other day touches its own date only.

Caught by: there are partitions of flights for other dates than those on which the flights leave
"""

from pathlib import Path

import pandas as pd


def upsert(day: str, lake_folder: str) -> list[str]:
    news = lake.read(lake_folder, "clean", [day])
    date = news["sched_dep"].dt.tz_convert("America/New_York").dt.strftime("%Y-%m-%d")
    dates = ["2013-02-07", "2013-02-08"] if day == "2013-02-08" else [day]
    for leaves in dates:
        rows = news[(date == leaves).to_numpy()]
        if Path(lake.path(lake_folder, "flights", leaves)).exists():
            rows = pd.concat([lake.read(lake_folder, "flights", [leaves]), rows], ignore_index=True)
        others = sorted(set(rows.columns) - {"updated"})  # of two messages of one instant the same one wins in any order
        rows = rows.sort_values(["updated", *others], na_position="first").drop_duplicates("flight_id", keep="last")
        rows = rows[list(news.columns)].sort_values("flight_id").reset_index(drop=True)
        lake.write(lake_folder, "flights", leaves, rows)
    return dates
