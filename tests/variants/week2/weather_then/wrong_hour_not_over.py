"""Uses a record from the beginning of its hour.

Caught by: is given the weather of an hour too late
"""

def weather_then(flights: pd.DataFrame, weather: pd.DataFrame) -> pd.DataFrame:
    columns = ["temp", "dewp", "humid", "wind_speed", "wind_gust", "precip", "pressure", "visib"]
    sky = weather[["origin", *columns]].astype({"origin": str})
    sky[["wind_speed", "wind_gust"]] = sky[["wind_speed", "wind_gust"]].where(lambda wind: wind <= 200)
    sky["known"] = weather["time_hour"]
    asked = pd.DataFrame({"origin": flights["origin"].astype(str), "cut": flights["sched_dep"] - pd.Timedelta(hours=2)})
    asked["place"] = np.arange(len(asked))
    joined = pd.merge_asof(
        asked.sort_values("cut"), sky.sort_values("known"), left_on="cut", right_on="known", by="origin",
        tolerance=pd.Timedelta(hours=3),
    ).sort_values("place")  # fmt: skip
    joined["weather_age"] = (joined["cut"] - joined["known"]).dt.total_seconds() / 3600
    return joined[[*columns, "weather_age"]].set_axis(flights.index)
