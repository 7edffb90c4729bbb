"""Writes all of the day's news into each partition that it touches.

Caught by: flights of another date
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
    for date in sorted(set(dates)):
        messages = news
        known = [lake.read(lake_folder, "flights", [date])] if date in lake.days(lake_folder, "flights") else []
        every = pd.concat([*known, messages]).sort_values(["flight_id", "updated"], kind="stable")
        lake.write(lake_folder, "flights", date, every.drop_duplicates("flight_id", keep="last"))
    return sorted(set(dates))
