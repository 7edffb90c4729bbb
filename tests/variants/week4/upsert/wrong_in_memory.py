"""Keeps the flights in a variable and not in the lake.

Caught by: an older message has won
"""

def upsert(day: str, lake_folder: str) -> list[str]:
    news = lake.read(lake_folder, "clean", [day])
    dates = news["sched_dep"].dt.tz_convert(NEW_YORK).dt.strftime("%Y-%m-%d")
    for date, messages in news.groupby(dates):
        known = KNOWN.setdefault((lake_folder, date), [])
        every = pd.concat([*known, messages]).sort_values(["flight_id", "updated"], kind="stable")
        KNOWN[lake_folder, date] = [every.drop_duplicates("flight_id", keep="last")]
        lake.write(lake_folder, "flights", date, KNOWN[lake_folder, date][0])
    return sorted(set(dates))


KNOWN = {}

