"""Plain Python: sets, loops and a Counter."""

from collections import Counter


def quality_report(flights, weather, planes, airports):
    hours = set(zip(weather["origin"], weather["time_hour"]))
    asked = [pair for pair in zip(flights["origin"], flights["time_hour"]) if pair not in hours]
    clock = Counter(zip(*(weather[c] for c in ("origin", "year", "month", "day", "hour"))))
    tails = [tail for tail in flights["tailnum"] if isinstance(tail, str)]
    fleet, places = set(planes["tailnum"]), set(airports["faa"])
    report = dict(hours_missing=len(set(asked)), flights_without_weather=len(asked))
    report["clock_hours_twice"] = sum(n > 1 for n in clock.values())
    report["impossible_wind"] = sum(w > 200 for w in weather["wind_speed"])
    report["tailnum_missing"] = len(flights) - len(tails)
    report["flights_without_plane"] = sum(t not in fleet for t in tails)
    report["flights_without_airport"] = sum(d not in places for d in flights["dest"])
    return report
