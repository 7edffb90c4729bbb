"""The furthest status wins, and only among equals the newest message.

Clause: "Take the newest of all messages about a flight, by `updated`, whichever day brought it."

Caught by: a flight does not have its newest state: an older message has won
"""

from pathlib import Path

import pandas as pd


def upsert(day: str, lake_folder: str) -> list[str]:
    news = lake.read(lake_folder, "clean", [day])
    date = news["sched_dep"].dt.tz_convert("America/New_York").dt.strftime("%Y-%m-%d")
    dates = sorted(date.unique())
    for leaves in dates:
        rows = news[(date == leaves).to_numpy()]
        if Path(lake.path(lake_folder, "flights", leaves)).exists():
            rows = pd.concat([lake.read(lake_folder, "flights", [leaves]), rows], ignore_index=True)
        others = sorted(set(rows.columns) - {"updated"})  # of two messages of one instant the same one wins in any order
        order = ["scheduled", "departed", "cancelled", "diverted", "arrived"]
        rows = rows.assign(rank=rows["status"].map(order.index))
        rows = rows.sort_values(["rank", "updated", *others], na_position="first").drop_duplicates("flight_id", keep="last")
        rows = rows[list(news.columns)].sort_values("flight_id").reset_index(drop=True)
        lake.write(lake_folder, "flights", leaves, rows)
    return dates
