"""Checks of task `weather_then`: the record of the weather that each flight is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers import features
from helpers.checks import call, require
from helpers.checks.week2.tables import of_features, same_features

COLUMNS = ("temp", "dewp", "humid", "wind_speed", "wind_gust", "precip", "pressure", "visib", "weather_age")
WEATHER, AGE = COLUMNS[:-1], COLUMNS[-1:]
Cases = Sequence[tuple[str, str, str, int | None]]


def sky(day: str, origins: Sequence[str], gone: Sequence[tuple[str, int]] = ()) -> pd.DataFrame:
    """Make the weather of a day (UTC) at some airports, without the hours ``gone``.

    Each number of a record tells its hour and its airport: ``temp`` is the hour plus 5, and 30 more for each airport.
    """
    rows = [(origin, hour) for origin in origins for hour in range(24) if (origin, hour) not in gone]
    frame = pd.DataFrame(rows, columns=["origin", "of"])
    frame["time_hour"] = pd.Timestamp(day, tz="UTC") + pd.to_timedelta(frame["of"], unit="h")
    frame = _with_clock(frame, frame["time_hour"])
    number = frame["origin"].map({origin: i for i, origin in enumerate(origins)})
    for tenths, column in enumerate(WEATHER):
        frame[column] = 5.0 + frame["of"] + 30.0 * number + tenths / 10
    return frame.drop(columns="of")


def _with_clock(frame: pd.DataFrame, instants: pd.Series) -> pd.DataFrame:
    """Add New York's clock."""
    local = instants.dt.tz_convert(features.NEW_YORK).dt
    return frame.assign(year=local.year, month=local.month, day=local.day, hour=local.hour)


def records(
    function: Callable[..., Any],
    hours: pd.DataFrame,
    cases: Cases,
    *,
    columns: Sequence[str] = WEATHER,
    mixed: bool = False,
) -> None:
    """Check which record each flight is given.

    Parameters
    ----------
    hours
        weather of one day, as `sky` makes it
    cases
        one flight each: what it does, its origin, its prediction time (UTC), and the hour of the record that was known
        then; None where there was none
    columns
        what is looked at: the weather of the record, its age, or both
    mixed
        whether the flights come in the order of the cases and with an index that is not sorted, or by time
    """
    ordered = list(cases) if mixed else sorted(cases, key=lambda case: case[2])
    asked = _flights(hours, ordered)
    asked = asked.set_axis(pd.Index(range(50, 50 - len(asked), -1))) if mixed else asked
    got = of_features(call(function, asked, hours), asked, columns)
    for case, (_, found) in zip(ordered, got.iterrows(), strict=True):
        if "temp" in columns:
            _record(found, hours, *case)
        if "weather_age" in columns:
            _age(float(found["weather_age"]), *case)


def _flights(hours: pd.DataFrame, cases: Cases) -> pd.DataFrame:
    """Make one flight for each case."""
    day = hours["time_hour"].min().floor("D")
    cut = [day + pd.Timedelta(f"{clock}:00") for _, _, clock, _ in cases]
    asked = pd.DataFrame({"origin": [case[1] for case in cases], "sched_dep": pd.DatetimeIndex(cut) + features.LEAD})
    asked["time_hour"] = asked["sched_dep"].dt.floor("h")
    asked = _with_clock(asked, asked["sched_dep"])
    return asked.assign(minute=asked["sched_dep"].dt.tz_convert(features.NEW_YORK).dt.minute)


def _record(found: pd.Series, hours: pd.DataFrame, what: str, origin: str, clock: str, hour: int | None) -> None:
    """Check one flight's weather: it is that of the record of ``hour``, in all its columns."""
    own = hours[(hours["origin"] == origin) & (hours["time_hour"].dt.hour == (-1 if hour is None else hour))]
    for column in found.index.intersection(list(WEATHER)):
        number = own[column].iloc[0] if len(own) else np.nan
        require(
            bool(np.isclose(found[column], number, atol=1e-6, equal_nan=True)),
            f"a flight that {what} is given {_instead(found[column], hours, column, origin, hour)}",
            seen=f"{column} {found[column]}, expected {number} (prediction time {clock} UTC at {origin}, hour {hour})",
            why="an hour too late looks ahead, an hour too early throws away what the desk knows",
            where="a record counts from the end of its hour, at its own airport, for three hours, both ends included",
        )


def _instead(number: float, hours: pd.DataFrame, column: str, origin: str, hour: int | None) -> str:
    """Say whose number a flight was given in place of its own."""
    if np.isnan(number):
        return f"no `{column}`, though a record counts"
    if hour is None:
        return f"a `{column}`, though no record counts"
    rows = hours[np.isclose(hours[column], number, atol=1e-6)]
    if not len(rows):
        return f"a `{column}` that is in no record"
    if origin not in rows["origin"].tolist():
        return "the weather of another airport"
    late = (rows["time_hour"].dt.hour > hour).any()
    return "the weather of an hour too late" if late else "older weather than the newest that was known"


def _age(found: float, what: str, _: str, clock: str, hour: int | None) -> None:
    age = np.nan if hour is None else pd.Timedelta(f"{clock}:00").total_seconds() / 3600 - hour - 1
    require(
        bool(np.isclose(found, age, atol=1e-6, equal_nan=True)),
        f"`weather_age` is wrong for a flight that {what}",
        seen=f"{found}, expected {age}",
        where="hours from the END of the record's hour to prediction time; NaN where there is no record",
    )


def same_weather(
    function: Callable[..., Any],
    flights: pd.DataFrame,
    weather: pd.DataFrame,
    expected: pd.DataFrame,
    columns: Sequence[str],
) -> None:
    """Check some columns of what flights are given."""
    got = of_features(call(function, flights, weather), flights, columns)
    same_features(got, expected.loc[flights.index, list(columns)], "a day's flights")


def all_missing(function: Callable[..., Any], flights: pd.DataFrame, weather: pd.DataFrame, dark: pd.Series) -> None:
    """Check that all nine columns are missing for the flights that are ``dark``."""
    got = of_features(call(function, flights, weather), flights, COLUMNS)[dark]
    kept = got.columns[got.notna().any()]
    require(
        kept.empty,
        f"where no record is new enough, {', '.join(f'`{name}`' for name in kept)} is not missing",
        why="a number that is there will be believed",
        where="all nine columns are NaN for a flight without a record",
    )


def winds(function: Callable[..., Any], speed: float, gust: float) -> None:
    """Check what becomes of the wind and the gust of one record: gone if it cannot be, and nothing else with it."""
    hours = sky("2013-05-01", ["JFK"])
    hours.loc[5, ["wind_speed", "wind_gust"]] = [speed, gust]
    asked = _flights(hours, [("", "JFK", "06:10", 5), ("", "JFK", "07:10", 6)])
    got = of_features(call(function, asked, hours), asked, COLUMNS)
    for column, number in (("wind_speed", speed), ("wind_gust", gust)):
        _impossible_is_missing(got[column].iloc[0], number, column)
    others = got.drop(columns=["wind_speed", "wind_gust"])
    _nothing_else_is(others.iloc[:1], got.iloc[1:])


def _impossible_is_missing(found: float, number: float, column: str) -> None:
    require(
        bool(np.isnan(found)) or number <= 200,
        f"a `{column}` that cannot be is passed on as a feature",
        seen=f"{found}",
        why="one such number can decide a split, and a mean, for ever",
        where="wind and gust of more than 200 mph are missing, as the docstring says",
    )
    require(
        number > 200 or found == number,
        f"a `{column}` of 200 mph or less is not kept as it is",
        seen=f"{found}, expected {number}",
        why="a fault in one number is no reason to drop another",
        where="each of the two by itself, and only what is MORE than 200 mph",
    )


def _nothing_else_is(*kept: pd.DataFrame) -> None:
    require(
        all(table.notna().all(axis=None) for table in kept)
        and bool(np.isclose(kept[0]["temp"].iloc[0], 10.0) and np.isclose(kept[1]["temp"].iloc[0], 11.0)),
        "more than the impossible wind is gone",
        why="the temperature of that hour is right: a fault in one column is no reason to drop the row",
        where="set the two numbers to NaN and keep the row",
    )
