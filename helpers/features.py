"""Feature tables that a week is given, so that it can be about something else."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

NEW_YORK = "America/New_York"
LEAD = timedelta(hours=2)  # from prediction time to scheduled departure
TIMETABLE = ["sched_dep", "sched_arr_time", "distance", "carrier", "origin", "dest"]  # what a row of raw flights says
CATEGORIES = ["carrier", "origin", "dest"]


def schedule_features(flights: pd.DataFrame) -> pd.DataFrame:
    """Return what the timetable alone says about each flight, known long before prediction time.

    Parameters
    ----------
    flights
        rows of ``helpers.data.flights()``

    Returns
    -------
    one row a flight, same index: ``departs`` and ``arrives`` (scheduled, minutes after local midnight), ``weekday``
    (0 is Monday), ``distance`` (miles), and the categories ``carrier``, ``origin``, ``dest``
    """
    import pandas as pd

    local = flights["sched_dep"].dt.tz_convert(NEW_YORK)
    columns = {
        "departs": local.dt.hour * 60 + local.dt.minute,
        "arrives": _minutes(flights["sched_arr_time"]),
        "weekday": local.dt.dayofweek,
        "distance": flights["distance"],
    }
    numbers = pd.DataFrame(columns, index=flights.index).astype("int32")
    return numbers.join(flights[["carrier", "origin", "dest"]].astype("category"))


def prediction_time(flights: pd.DataFrame) -> pd.Series:
    """Return the instant at which the desk must answer for each flight: two hours before ``sched_dep``, in UTC."""
    return flights["sched_dep"] - LEAD


def prepare(rows: pd.DataFrame) -> pd.DataFrame:
    """Turn rows as they are asked about into a model's columns, each row by itself: a first step for a pipeline.

    Parameters
    ----------
    rows
        the timetable's columns of ``helpers.data.flights()`` (``sched_dep`` as an instant, or as the text that JSON
        carries), and what the desk knew at prediction time: any further columns, numbers, missing as NaN or None

    Returns
    -------
    one row for each, same index: ``departs``, ``arrives``, ``weekday``, ``distance`` as `schedule_features` has them,
    ``carrier``, ``origin`` and ``dest`` as text, and the further columns as numbers; NaN where nothing is known
    """
    import pandas as pd

    local = pd.to_datetime(rows["sched_dep"], utc=True).dt.tz_convert(NEW_YORK)
    clock = pd.to_numeric(rows["sched_arr_time"])
    columns = {
        "departs": local.dt.hour * 60 + local.dt.minute,
        "arrives": clock // 100 * 60 + clock % 100,
        "weekday": local.dt.dayofweek,
    }
    others = rows.columns.difference(["sched_dep", "sched_arr_time", *CATEGORIES], sort=False)
    numbers = pd.concat([pd.DataFrame(columns, index=rows.index), rows[others].apply(pd.to_numeric)], axis=1)
    return numbers.astype("float64").join(rows[CATEGORIES].astype(object))


def competition_features(train: pd.DataFrame, test: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Turn the competition's two tables into features with the same categories in both.

    Month and day of month are left out on purpose: a model that knows the day learns that day's weather by heart.

    Returns
    -------
    the features of ``train`` and of ``test``: ``departs`` (minutes after midnight), ``weekday`` (1 to 7), ``distance``
    (miles), and the categories ``carrier``, ``origin``, ``dest``
    """
    import pandas as pd

    both = pd.concat([train, test])
    columns = {
        "departs": _minutes(both["DepTime"]),
        "weekday": both["DayOfWeek"].astype(str).str.removeprefix("c-").astype("int32"),
        "distance": both["Distance"].astype("int32"),
    }
    names = {"carrier": "UniqueCarrier", "origin": "Origin", "dest": "Dest"}
    categories = {new: both[old].astype(str).astype("category") for new, old in names.items()}
    features = pd.DataFrame({**columns, **categories})
    return features.iloc[: len(train)], features.iloc[len(train) :]


def _minutes(clock: pd.Series) -> pd.Series:
    """Minutes after midnight of a clock reading written as the number hhmm."""
    return (clock // 100 * 60 + clock % 100).astype("int32")
