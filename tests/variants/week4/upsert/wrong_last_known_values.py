"""Takes the last value that is known of each column.

Caught by: _delay of a flight
"""

def upsert(day: str, lake_folder: str) -> list[str]:
    news = lake.read(lake_folder, "clean", [day])
    dates = news["sched_dep"].dt.tz_convert(NEW_YORK).dt.strftime("%Y-%m-%d")
    for date, messages in news.groupby(dates):
        known = [lake.read(lake_folder, "flights", [date])] if date in lake.days(lake_folder, "flights") else []
        every = pd.concat([*known, messages]).sort_values(["flight_id", "updated"], kind="stable")
        lake.write(lake_folder, "flights", date, every.groupby("flight_id", as_index=False).last())
    return sorted(set(dates))

