"""A dictionary of the newest row of each flight, in plain loops."""

from zoneinfo import ZoneInfo

import pandas as pd


def _rank(row):
    """Newest first of all; then the text, so that the order of arrival never decides."""
    return row["updated"], *(("", "") if pd.isna(row[k]) else ("x", str(row[k])) for k in sorted(row))


def upsert(day: str, lake_folder: str) -> list[str]:
    news = lake.read(lake_folder, "clean", [day])
    zone, by_date = ZoneInfo("America/New_York"), {}
    for row in news.to_dict("records"):
        by_date.setdefault(row["sched_dep"].astimezone(zone).strftime("%Y-%m-%d"), []).append(row)
    there = set(lake.days(lake_folder, "flights"))
    for date, rows in by_date.items():
        if date in there:
            rows = lake.read(lake_folder, "flights", [date]).to_dict("records") + rows
        newest = {}
        for row in rows:
            old = newest.get(row["flight_id"])
            if old is None or _rank(row) > _rank(old):
                newest[row["flight_id"]] = row
        table = pd.DataFrame([newest[key] for key in sorted(newest)], columns=list(news.columns))
        table = table.astype(news.dtypes.to_dict())
        lake.write(lake_folder, "flights", date, table)
    return sorted(by_date)
