"""Sorts by departure, finds the place of each row among the two edges and returns a list."""

from zoneinfo import ZoneInfo


def time_split(flights, valid_from, test_from):
    edges = [pd.Timestamp(day).tz_localize(ZoneInfo("America/New_York")).tz_convert("UTC") for day in (valid_from, test_from)]
    ordered = flights.sort_values("sched_dep", kind="stable")
    place = np.searchsorted(np.array(edges, dtype="datetime64[ns]"), ordered["sched_dep"].dt.tz_localize(None), side="right")
    return [ordered[place == part] for part in range(3)]
