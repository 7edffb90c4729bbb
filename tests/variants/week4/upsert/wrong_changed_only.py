"""Only dates whose partition has changed are returned, so a second run returns none.

Clause: "the dates (text, in order) on which the flights leave that the day's messages are about: each has been brought up to date"

Caught by: upsert does not return the dates whose flights the day's messages are about
"""

from pathlib import Path

import pandas as pd


def upsert(day: str, lake_folder: str) -> list[str]:
    news = lake.read(lake_folder, "clean", [day])
    date = news["sched_dep"].dt.tz_convert("America/New_York").dt.strftime("%Y-%m-%d")
    dates, changed = sorted(date.unique()), []
    for leaves in dates:
        rows = news[(date == leaves).to_numpy()]
        if Path(lake.path(lake_folder, "flights", leaves)).exists():
            rows = pd.concat([lake.read(lake_folder, "flights", [leaves]), rows], ignore_index=True)
        others = sorted(set(rows.columns) - {"updated"})  # of two messages of one instant the same one wins in any order
        rows = rows.sort_values(["updated", *others], na_position="first").drop_duplicates("flight_id", keep="last")
        rows = rows[list(news.columns)].sort_values("flight_id").reset_index(drop=True)
        if Path(lake.path(lake_folder, "flights", leaves)).exists():
            if lake.read(lake_folder, "flights", [leaves]).astype(str).equals(rows.astype(str)):
                continue
        lake.write(lake_folder, "flights", leaves, rows)
        changed.append(leaves)
    return changed
