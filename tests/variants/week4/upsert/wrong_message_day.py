"""Keeps flights under the day on which the message came.

Caught by: upsert does not return the dates
"""

def upsert(day: str, lake_folder: str) -> list[str]:
    news = lake.read(lake_folder, "clean", [day])
    dates = pd.Series(day, index=news.index)
    for date, messages in news.groupby(dates):
        known = [lake.read(lake_folder, "flights", [date])] if date in lake.days(lake_folder, "flights") else []
        every = pd.concat([*known, messages]).sort_values(["flight_id", "updated"], kind="stable")
        lake.write(lake_folder, "flights", date, every.drop_duplicates("flight_id", keep="last"))
    return sorted(set(dates))
