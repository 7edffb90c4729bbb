"""Searches the records of an airport in the order in which they come.

Clause: "and the eight columns below; in any order"

Caught by: a flight that has its prediction time five minutes after an hour's end is given no
"""

def weather_then(flights: pd.DataFrame, weather: pd.DataFrame) -> pd.DataFrame:
    columns = ["temp", "dewp", "humid", "wind_speed", "wind_gust", "precip", "pressure", "visib"]

    out = pd.DataFrame(np.nan, index=flights.index, columns=[*columns, "weather_age"])
    values = weather[columns].astype(float)
    for wind in ("wind_speed", "wind_gust"):
        values[wind] = values[wind].where(~(values[wind] > 200))
    ends = (pd.DatetimeIndex(weather["time_hour"]).as_unit("ns") + pd.Timedelta("1h")).asi8
    asked = (pd.DatetimeIndex(flights["sched_dep"]).as_unit("ns") - pd.Timedelta("2h")).asi8
    for origin in flights["origin"].unique():
        here = np.flatnonzero((weather["origin"] == origin).to_numpy())
        rows = np.flatnonzero((flights["origin"] == origin).to_numpy())
        last = np.searchsorted(ends[here], asked[rows], side="right") - 1
        rows, last = rows[last >= 0], last[last >= 0]
        age = (asked[rows] - ends[here[last]]) / 3.6e12
        fits = (age >= 0) & (age <= 3)
        out.iloc[rows[fits], :8] = values.to_numpy()[here[last[fits]]]
        out.iloc[rows[fits], 8] = age[fits]
    return out
