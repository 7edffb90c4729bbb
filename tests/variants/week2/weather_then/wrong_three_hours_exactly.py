"""A record whose hour ended exactly three hours ago is not used.

Clause: "a record counts for three hours from the end of its hour, both ends included"

Caught by: a flight that is asked exactly three hours after the record's hour is given no `temp`,
"""

def weather_then(flights: pd.DataFrame, weather: pd.DataFrame) -> pd.DataFrame:
    columns = ["temp", "dewp", "humid", "wind_speed", "wind_gust", "precip", "pressure", "visib"]
    sky = weather[["origin", "time_hour", *columns]].copy()
    for wind in ("wind_speed", "wind_gust"):
        sky[wind] = sky[wind].where(~(sky[wind] > 200))
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
        tolerance=pd.Timedelta("3h") - pd.Timedelta(1, "ns"),
    ).sort_values("row")
    joined["weather_age"] = (joined["then"] - joined["known"]) / pd.Timedelta("1h")
    return joined[[*columns, "weather_age"]].set_axis(flights.index)
