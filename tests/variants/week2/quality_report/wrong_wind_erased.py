"""Erases impossible wind in the caller's table while it counts.

Clause: "Count what is wrong in the raw tables."

Caught by: `quality_report` changed its input in place (argument 2)
"""

def quality_report(
    flights: pd.DataFrame, weather: pd.DataFrame, planes: pd.DataFrame, airports: pd.DataFrame
) -> dict[str, int]:

    known = pd.MultiIndex.from_frame(weather[["origin", "time_hour"]])
    asked = pd.MultiIndex.from_frame(flights[["origin", "time_hour"]])
    lost = asked[~asked.isin(known)]
    clock = weather.groupby(["origin", "year", "month", "day", "hour"], observed=True).size()
    no_tail = flights["tailnum"].isna()
    impossible = weather["wind_speed"] > 200
    weather.loc[impossible, "wind_speed"] = np.nan
    return {
        "hours_missing": int(lost.nunique()),
        "flights_without_weather": len(lost),
        "clock_hours_twice": int((clock > 1).sum()),
        "impossible_wind": int(impossible.sum()),
        "tailnum_missing": int(no_tail.sum()),
        "flights_without_plane": int((~no_tail & ~flights["tailnum"].isin(planes["tailnum"])).sum()),
        "flights_without_airport": int((~flights["dest"].isin(airports["faa"])).sum()),
    }
