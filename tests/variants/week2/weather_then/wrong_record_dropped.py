"""A record with impossible wind is dropped as a whole, and the one before is taken.

Clause: "Join the newest weather whose hour was over at prediction time"

Caught by: a `wind_speed` that cannot be is passed on as a feature
"""

def weather_then(flights: pd.DataFrame, weather: pd.DataFrame) -> pd.DataFrame:
    columns = ["temp", "dewp", "humid", "wind_speed", "wind_gust", "precip", "pressure", "visib"]
    sky = weather[["origin", "time_hour", *columns]].copy()
    sky = sky[~((sky["wind_speed"] > 200) | (sky["wind_gust"] > 200))].copy()
    sky["origin"] = sky["origin"].astype(object)
    sky["known"] = (sky.pop("time_hour") + pd.Timedelta("1h")).astype("datetime64[ns, UTC]")
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
