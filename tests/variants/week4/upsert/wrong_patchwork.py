"""Takes each column's last known value: what was withdrawn stays.

Caught by: of a flight
"""

def upsert(day: str, lake_folder: str) -> list[str]:
    """Merge ``clean`` of one day into the partitions of ``flights``: columns of clean, one row a flight, the newest message.

    Days may be run in any order, and more than once.

    Returns
    -------
    the dates (text, in order) of whose flights the day's messages tell: each of them has been brought up to date
    """
    news = lake.read(lake_folder, "clean", [day])
    dates = news["sched_dep"].dt.tz_convert(NEW_YORK).dt.strftime("%Y-%m-%d")
    for date, messages in news.groupby(dates):
        known = [lake.read(lake_folder, "flights", [date])] if date in lake.days(lake_folder, "flights") else []
        every = pd.concat([*known, messages]).sort_values(["flight_id", "updated"], kind="stable")
        lake.write(lake_folder, "flights", date, every.groupby("flight_id", as_index=False).last())
    return sorted(set(dates))
