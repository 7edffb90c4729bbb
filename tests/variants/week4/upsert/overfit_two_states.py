"""Knows the states of the visible messages: what has arrived is newer than what has not.

Caught by: an older message has won
"""

def upsert(day: str, lake_folder: str) -> list[str]:
    news = lake.read(lake_folder, "clean", [day])
    dates = news["sched_dep"].dt.tz_convert(NEW_YORK).dt.strftime("%Y-%m-%d")
    for date, messages in news.groupby(dates):
        known = [lake.read(lake_folder, "flights", [date])] if date in lake.days(lake_folder, "flights") else []
        every = pd.concat([*known, messages]).assign(done=lambda t: t["status"].isin(["arrived", "cancelled"]))
        every = every.sort_values(["flight_id", "done", "updated"], kind="stable").drop(columns="done")
        lake.write(lake_folder, "flights", date, every.drop_duplicates("flight_id", keep="last"))
    return sorted(set(dates))

