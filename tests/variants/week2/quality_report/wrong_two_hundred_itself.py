"""Wind of exactly 200 mph counts as impossible.

Clause: "``impossible_wind``, rows of weather with more than 200 mph"

Caught by: `impossible_wind` is not the right count: it is too high
"""

def quality_report(
    flights: pd.DataFrame, weather: pd.DataFrame, planes: pd.DataFrame, airports: pd.DataFrame
) -> dict[str, int]:

    known = pd.MultiIndex.from_frame(weather[["origin", "time_hour"]])
    asked = pd.MultiIndex.from_frame(flights[["origin", "time_hour"]])
    lost = asked[~asked.isin(known)]
    clock = weather.groupby(["origin", "year", "month", "day", "hour"], observed=True).size()
    no_tail = flights["tailnum"].isna()
    return {
        "hours_missing": int(lost.nunique()),
        "flights_without_weather": len(lost),
        "clock_hours_twice": int((clock > 1).sum()),
        "impossible_wind": int((weather["wind_speed"] >= 200).sum()),
        "tailnum_missing": int(no_tail.sum()),
        "flights_without_plane": int((~no_tail & ~flights["tailnum"].isin(planes["tailnum"])).sum()),
        "flights_without_airport": int((~flights["dest"].isin(airports["faa"])).sum()),
    }
