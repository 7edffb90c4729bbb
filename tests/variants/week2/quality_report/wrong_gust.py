"""Counts impossible gusts as winds.

Caught by: `impossible_wind` is not the right count
"""

def quality_report(
    flights: pd.DataFrame, weather: pd.DataFrame, planes: pd.DataFrame, airports: pd.DataFrame
) -> dict[str, int]:
    known = pd.MultiIndex.from_frame(weather[["origin", "time_hour"]].astype({"origin": str}))
    hours = pd.MultiIndex.from_frame(flights[["origin", "time_hour"]].astype({"origin": str}))
    lacking = ~hours.isin(known)
    clock = weather.astype({"origin": str}).groupby(["origin", "year", "month", "day", "hour"]).size()
    has_tail = flights["tailnum"].notna()
    return {
        "hours_missing": len(hours[lacking].unique()),
        "flights_without_weather": int(lacking.sum()),
        "clock_hours_twice": int((clock > 1).sum()),
        "impossible_wind": int(((weather["wind_speed"] > 200) | (weather.get("wind_gust", 0) > 200)).sum()),
        "tailnum_missing": int((~has_tail).sum()),
        "flights_without_plane": int((has_tail & ~flights["tailnum"].isin(planes["tailnum"])).sum()),
        "flights_without_airport": int((~flights["dest"].isin(airports["faa"])).sum()),
    }
