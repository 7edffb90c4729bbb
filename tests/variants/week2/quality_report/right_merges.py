"""Left merges with an indicator column."""

def quality_report(
    flights: pd.DataFrame, weather: pd.DataFrame, planes: pd.DataFrame, airports: pd.DataFrame
) -> dict[str, int]:

    known = weather[["origin", "time_hour"]].drop_duplicates()
    asked = flights[["origin", "time_hour"]].merge(known, how="left", on=["origin", "time_hour"], indicator="found")
    lost = asked[asked["found"] == "left_only"]
    clock = weather.groupby(["origin", "year", "month", "day", "hour"], observed=True).size()
    named = flights[flights["tailnum"].notna()]
    counts = {
        "hours_missing": len(lost.drop_duplicates()),
        "flights_without_weather": len(lost),
        "clock_hours_twice": (clock > 1).sum(),
        "impossible_wind": weather["wind_speed"].gt(200).sum(),
        "tailnum_missing": flights["tailnum"].isna().sum(),
        "flights_without_plane": (~named["tailnum"].isin(planes["tailnum"])).sum(),
        "flights_without_airport": (~flights["dest"].isin(airports["faa"])).sum(),
    }
    return {name: int(count) for name, count in counts.items()}
