"""Checks of task `weather_then`: the record of the weather that each flight is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers import features
from helpers.checks import call, require
from helpers.checks.week2.tables import of_features

COLUMNS = ("temp", "dewp", "humid", "wind_speed", "wind_gust", "precip", "pressure", "visib", "weather_age")


def sky(day: str, origins: Sequence[str], gone: Sequence[tuple[str, int]] = ()) -> pd.DataFrame:
    """Make the weather of a day (UTC) at some airports, without the hours ``gone``.

    Each number of a record tells its hour and its airport: ``temp`` is the hour plus 5, and 30 more for each airport.
    """
    rows = [(origin, hour) for origin in origins for hour in range(24) if (origin, hour) not in gone]
    frame = pd.DataFrame(rows, columns=["origin", "of"])
    frame["time_hour"] = pd.Timestamp(day, tz="UTC") + pd.to_timedelta(frame["of"], unit="h")
    frame = _with_clock(frame, frame["time_hour"])
    number = frame["origin"].map({origin: i for i, origin in enumerate(origins)})
    for tenths, column in enumerate(COLUMNS[:-1]):
        frame[column] = 5.0 + frame["of"] + 30.0 * number + tenths / 10
    return frame.drop(columns="of")


def _with_clock(frame: pd.DataFrame, instants: pd.Series) -> pd.DataFrame:
    """Add New York's clock."""
    local = instants.dt.tz_convert(features.NEW_YORK).dt
    return frame.assign(year=local.year, month=local.month, day=local.day, hour=local.hour)


def records(
    function: Callable[..., Any], hours: pd.DataFrame, cases: Sequence[tuple[str, str, str, int | None]]
) -> None:
    """Check which record each flight is given.

    Parameters
    ----------
    hours
        weather of one day, as `sky` makes it
    cases
        one flight each: what it does, its origin, its prediction time (UTC), and the hour of the record that was known
        then; None where there was none
    """
    asked = _flights(hours, cases)
    got = of_features(call(function, asked, hours), asked, COLUMNS)
    for case, (_, found) in zip(cases, got.iterrows(), strict=True):
        _record(found, hours, *case)


def _flights(hours: pd.DataFrame, cases: Sequence[tuple[str, str, str, int | None]]) -> pd.DataFrame:
    """Make one flight for each case, with an index that is not sorted."""
    day = hours["time_hour"].min().floor("D")
    cut = [day + pd.Timedelta(f"{clock}:00") for _, _, clock, _ in cases]
    asked = pd.DataFrame({"origin": [case[1] for case in cases], "sched_dep": pd.DatetimeIndex(cut) + features.LEAD})
    asked["time_hour"] = asked["sched_dep"].dt.floor("h")
    asked = _with_clock(asked, asked["sched_dep"])
    asked["minute"] = asked["sched_dep"].dt.tz_convert(features.NEW_YORK).dt.minute
    return asked.set_axis(pd.Index(range(50, 50 - len(asked), -1)))


def _record(found: pd.Series, hours: pd.DataFrame, what: str, origin: str, clock: str, hour: int | None) -> None:
    """Check one flight's weather: temperature and age are those of the record of ``hour``."""
    own = hours[(hours["origin"] == origin) & (hours["time_hour"].dt.hour == (-1 if hour is None else hour))]
    temp = own["temp"].iloc[0] if len(own) else np.nan
    require(
        bool(np.isclose(found["temp"], temp, atol=1e-6, equal_nan=True)),
        f"a flight that {what} is given the wrong weather",
        seen=f"temp {found['temp']}, expected {temp} (prediction time {clock} UTC at {origin}, record {hour})",
        why="an hour too late looks ahead, an hour too early throws away what the desk knows",
        where="a record counts from the end of its hour, at its own airport, for three hours, both ends included",
    )
    age = np.nan if hour is None else pd.Timedelta(f"{clock}:00").total_seconds() / 3600 - hour - 1
    _age(found["weather_age"], age, what)


def _age(found: float, age: float, what: str) -> None:
    require(
        bool(np.isclose(found, age, atol=1e-6, equal_nan=True)),
        f"`weather_age` is wrong for a flight that {what}",
        seen=f"{found}, expected {age}",
        where="hours from the END of the record's hour to prediction time; NaN where there is no record",
    )


def no_storm(
    function: Callable[..., Any], hours: pd.DataFrame, impossible: pd.DataFrame, possible: pd.DataFrame
) -> None:
    """Check that an impossible wind is missing, and that the rest of its row and the possible ones are kept.

    Parameters
    ----------
    impossible, possible
        flights whose record in ``hours`` has a wind and a gust that cannot be, and flights whose record has none
    """
    asked = pd.concat([impossible, possible])
    got = of_features(call(function, asked, hours), asked, COLUMNS)
    spoilt, others = got.loc[impossible.index], got.loc[possible.index]
    _impossible_is_missing(spoilt[[column for column in COLUMNS if column.startswith("wind")]])
    _nothing_else_is(spoilt[[column for column in COLUMNS if not column.startswith("wind")]], others)


def _impossible_is_missing(winds: pd.DataFrame) -> None:
    require(
        bool(winds.isna().all(axis=None)),
        "a wind that cannot be is passed on as a feature",
        seen=str(winds.iloc[0].to_dict()),
        why="one such number can decide a split, and a mean, for ever",
        where="wind and gust of more than 200 mph are missing, as the docstring says",
    )


def _nothing_else_is(*kept: pd.DataFrame) -> None:
    require(
        all(table.notna().all(axis=None) for table in kept),
        "more than the impossible wind is gone",
        why="the temperature of that hour is right: a fault in one column is no reason to drop the row",
        where="set the two numbers to NaN and keep the row",
    )
