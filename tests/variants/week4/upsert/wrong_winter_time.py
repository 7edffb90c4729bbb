"""New York is five hours behind UTC also in summer.

Clause: "partitioned by New York's date of *scheduled departure*, one row a flight."

Caught by: there are partitions of flights for other dates than those on which the flights leave
"""

from pathlib import Path

import pandas as pd


def upsert(day: str, lake_folder: str) -> list[str]:
    news = lake.read(lake_folder, "clean", [day])
    date = (news["sched_dep"] - pd.Timedelta(hours=5)).dt.strftime("%Y-%m-%d")
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
