"""Keeps what it needs itself, and loses the columns that features need.

Caught by: flights lack a column
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
        lake.write(lake_folder, "flights", date, every.drop_duplicates("flight_id", keep="last")[["flight_id", "updated", "sched_dep", "dep_delay", "arr_delay"]])
    return sorted(set(dates))
