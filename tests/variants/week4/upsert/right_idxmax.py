"""The place of the greatest `updated` of each flight."""

def upsert(day: str, lake_folder: str) -> list[str]:
    news = lake.read(lake_folder, "clean", [day])
    leaves = news["sched_dep"].dt.tz_convert(NEW_YORK).dt.date.astype(str)
    dates = sorted(leaves.unique().tolist())
    there = set(lake.days(lake_folder, "flights"))
    for date in dates:
        tables = [news[leaves == date]]
        if date in there:
            tables.append(lake.read(lake_folder, "flights", [date]))
        every = pd.concat(tables, ignore_index=True)
        rows = every.loc[every.groupby("flight_id")["updated"].idxmax()].sort_values("flight_id")
        lake.write(lake_folder, "flights", date, rows[news.columns])
    return dates
