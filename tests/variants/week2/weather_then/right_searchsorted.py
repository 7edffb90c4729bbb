"""Finds the newest complete record of each airport by searchsorted."""

def weather_then(flights, weather):
    columns = ["temp", "dewp", "humid", "wind_speed", "wind_gust", "precip", "pressure", "visib"]
    result = pd.DataFrame(np.nan, index=flights.index, columns=[*columns, "weather_age"])
    cut = (flights["sched_dep"] - pd.Timedelta("2h")).dt.tz_localize(None).to_numpy()
    for origin in flights["origin"].astype(str).unique():
        rows = weather[weather["origin"].astype(str) == origin].sort_values("time_hour")
        if rows.empty:
            continue
        over = (rows["time_hour"] + pd.Timedelta("1h")).dt.tz_localize(None).to_numpy()
        mine = np.flatnonzero(flights["origin"].astype(str) == origin)
        place = np.searchsorted(over, cut[mine], side="right") - 1
        age = (cut[mine] - over[place]) / np.timedelta64(1, "h")
        ok = (place >= 0) & (age <= 3)
        values = rows[columns].to_numpy(dtype=float)[place]
        wind = values[:, 3:5]
        wind[wind > 200] = np.nan
        result.iloc[mine[ok]] = np.column_stack([values, age])[ok]
    return result
