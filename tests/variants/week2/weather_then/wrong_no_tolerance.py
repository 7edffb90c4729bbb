"""Takes a record however old it is.

Caught by: though no record counts
"""

def weather_then(flights: pd.DataFrame, weather: pd.DataFrame) -> pd.DataFrame:
    columns = ["temp", "dewp", "humid", "wind_speed", "wind_gust", "precip", "pressure", "visib"]
    sky = weather[["origin", *columns]].astype({"origin": str})
    sky[["wind_speed", "wind_gust"]] = sky[["wind_speed", "wind_gust"]].where(lambda wind: wind <= 200)
    sky["known"] = weather["time_hour"] + pd.Timedelta(hours=1)
    asked = pd.DataFrame({"origin": flights["origin"].astype(str), "cut": flights["sched_dep"] - pd.Timedelta(hours=2)})
    asked["place"] = np.arange(len(asked))
    joined = pd.merge_asof(
        asked.sort_values("cut"), sky.sort_values("known"), left_on="cut", right_on="known", by="origin",
    ).sort_values("place")  # fmt: skip
    joined["weather_age"] = (joined["cut"] - joined["known"]).dt.total_seconds() / 3600
    return joined[[*columns, "weather_age"]].set_axis(flights.index)
