"""Takes the date from UTC: late evenings belong to tomorrow.

Caught by: flights stand under another date
"""

def upsert(day: str, lake_folder: str) -> list[str]:
    news = lake.read(lake_folder, "clean", [day])
    dates = news["sched_dep"].dt.strftime("%Y-%m-%d")
    for date, messages in news.groupby(dates):
        known = [lake.read(lake_folder, "flights", [date])] if date in lake.days(lake_folder, "flights") else []
        every = pd.concat([*known, messages]).sort_values(["flight_id", "updated"], kind="stable")
        lake.write(lake_folder, "flights", date, every.drop_duplicates("flight_id", keep="last"))
    return sorted(set(dates))
