"""A dictionary of hours and a plain loop that tries the newest hours one after the other."""

def weather_then(flights: pd.DataFrame, weather: pd.DataFrame) -> pd.DataFrame:
    columns = ["temp", "dewp", "humid", "wind_speed", "wind_gust", "precip", "pressure", "visib"]

    hour = 3_600_000_000_000
    values = weather[columns].astype(float).copy()
    values[["wind_speed", "wind_gust"]] = values[["wind_speed", "wind_gust"]].mask(values[["wind_speed", "wind_gust"]] > 200)
    begins = pd.DatetimeIndex(weather["time_hour"]).as_unit("ns").asi8.tolist()
    records = {(origin, t + hour): row for origin, t, row in zip(weather["origin"], begins, values.to_numpy().tolist())}
    result = []
    for origin, sched in zip(flights["origin"], pd.DatetimeIndex(flights["sched_dep"]).as_unit("ns").asi8.tolist()):
        asked = sched - 2 * hour
        end = asked // hour * hour
        while (origin, end) not in records and asked - end <= 3 * hour:
            end -= hour
        if asked - end <= 3 * hour:
            result.append([*records[origin, end], (asked - end) / hour])
        else:
            result.append([np.nan] * 9)
    return pd.DataFrame(result, index=flights.index, columns=[*columns, "weather_age"], dtype=float)
