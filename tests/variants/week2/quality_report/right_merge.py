"""Merges with an indicator and counts what stands on the left only."""

def quality_report(flights, weather, planes, airports):
    hours = weather[["origin", "time_hour"]].astype({"origin": str}).drop_duplicates()
    asked = flights[["origin", "time_hour"]].astype({"origin": str})
    merged = asked.merge(hours, how="left", indicator=True)
    lone = merged[merged["_merge"] == "left_only"]
    repeated = weather[weather.duplicated(["origin", "year", "month", "day", "hour"], keep="first")]
    tail = flights["tailnum"].dropna().astype(str)
    return {
        "hours_missing": len(lone.drop_duplicates(["origin", "time_hour"])),
        "flights_without_weather": len(lone),
        "clock_hours_twice": len(repeated.drop_duplicates(["origin", "year", "month", "day", "hour"])),
        "impossible_wind": len(weather[weather["wind_speed"] > 200]),
        "tailnum_missing": len(flights) - len(tail),
        "flights_without_plane": (~tail.isin(planes["tailnum"].astype(str))).sum(),
        "flights_without_airport": len(flights[~flights["dest"].astype(str).isin(airports["faa"])]),
    }
