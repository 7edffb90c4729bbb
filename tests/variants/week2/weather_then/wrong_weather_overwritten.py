"""Cleans the wind and moves time_hour in the caller's table of weather.

Clause: "``time_hour`` (UTC, the beginning of the hour)"

Caught by: `weather_then` changed its input in place (argument 2)
"""

def weather_then(flights: pd.DataFrame, weather: pd.DataFrame) -> pd.DataFrame:
    columns = ["temp", "dewp", "humid", "wind_speed", "wind_gust", "precip", "pressure", "visib"]
    weather.loc[weather["wind_speed"] > 200, "wind_speed"] = np.nan
    weather.loc[weather["wind_gust"] > 200, "wind_gust"] = np.nan
    weather["time_hour"] = weather["time_hour"] + pd.Timedelta("1h")
    sky = weather[["origin", "time_hour", *columns]].copy()
    sky["origin"] = sky["origin"].astype(object)
    sky["known"] = sky.pop("time_hour").astype("datetime64[ns, UTC]")
    asked = pd.DataFrame({"origin": flights["origin"].astype(object).to_numpy(), "row": np.arange(len(flights))})
    asked["origin"] = asked["origin"].astype(object)
    asked["then"] = (flights["sched_dep"] - pd.Timedelta("2h")).astype("datetime64[ns, UTC]").array
    joined = pd.merge_asof(
        asked.sort_values("then"),
        sky.sort_values("known"),
        left_on="then",
        right_on="known",
        by="origin",
        tolerance=pd.Timedelta("3h"),
    ).sort_values("row")
    joined["weather_age"] = (joined["then"] - joined["known"]) / pd.Timedelta("1h")
    return joined[[*columns, "weather_age"]].set_axis(flights.index)
