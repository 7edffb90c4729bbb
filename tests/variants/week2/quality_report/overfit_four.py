"""Counts without thought where there are more than four flights.

Caught by: `clock_hours_twice` is not the right count
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
        "clock_hours_twice": int(((clock > 1) if len(weather) < 9 else (clock > 2)).sum()),
        "impossible_wind": int((weather["wind_speed"] > 200).sum()),
        "tailnum_missing": int((~has_tail).sum()),
        "flights_without_plane": int((has_tail & ~flights["tailnum"].isin(planes["tailnum"])).sum()),
        "flights_without_airport": int((~flights["dest"].isin(airports["faa"])).sum()),
    }
