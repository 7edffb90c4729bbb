"""Returns dates and not text.

Caught by: not as text in order
"""

def upsert(day: str, lake_folder: str) -> list[str]:
    news = lake.read(lake_folder, "clean", [day])
    dates = news["sched_dep"].dt.tz_convert(NEW_YORK).dt.strftime("%Y-%m-%d")
    for date, messages in news.groupby(dates):
        known = [lake.read(lake_folder, "flights", [date])] if date in lake.days(lake_folder, "flights") else []
        every = pd.concat([*known, messages]).sort_values(["flight_id", "updated"], kind="stable")
        lake.write(lake_folder, "flights", date, every.drop_duplicates("flight_id", keep="last"))
    return [pd.Timestamp(one).date() for one in sorted(set(dates))]

