"""Tries the last complete hours one after the other."""

def weather_then(flights, weather):
    columns = ["temp", "dewp", "humid", "wind_speed", "wind_gust", "precip", "pressure", "visib"]
    sky = weather.assign(origin=weather["origin"].astype(str)).set_index(["origin", "time_hour"])[columns].astype(float)
    wind = ["wind_speed", "wind_gust"]
    sky[wind] = sky[wind].mask(sky[wind] > 200)
    cut = flights["sched_dep"] - pd.Timedelta(hours=2)
    origin = flights["origin"].astype(str)
    result = pd.DataFrame(np.nan, index=flights.index, columns=[*columns, "weather_age"])
    done = np.zeros(len(flights), dtype=bool)
    for back in range(1, 6):
        hour = cut.dt.floor("h") - pd.Timedelta(hours=back)
        age = (cut - hour).dt.total_seconds() / 3600 - 1
        keys = pd.MultiIndex.from_arrays([origin, hour])
        use = ~done & keys.isin(sky.index) & (age <= 3).to_numpy()
        result.loc[use, columns] = sky.reindex(keys[use]).to_numpy()
        result.loc[use, "weather_age"] = age[use]
        done |= use
    return result
