"""The look-ahead probe: change everything after prediction time, and no feature may change.

What may be rewritten at an instant is what *nobody could know* by then, and no more, so that an honest feature never
fails: the delays of flights that had not left, the arrivals of flights that cannot have landed, the weather of hours
that were not over. A flight that has not left may still be cancelled, and a cancelled one may still seem to leave.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks.calls import call
from helpers.checks.core import CheckFailed, require
from helpers.checks.properties import same_rows

Tables = Mapping[str, pd.DataFrame]
HOUR = pd.Timedelta(hours=1)
DEPARTURE = ("dep_time", "dep_delay", "tailnum")
ARRIVAL = ("arr_time", "arr_delay", "air_time")
KEYS = {"origin", "year", "month", "day", "hour", "time_hour"}  # of the weather: which hour, not how it was


def no_look_ahead(
    build: Callable[..., Any], tables: Tables, prediction_times: pd.Series, *, instants: int = 3, seed: int = 0
) -> None:
    """Require that no feature of a flight uses anything from after its prediction time.

    At some instants everything that was not yet known is rewritten and the features are built again. Flights whose
    prediction time is not after the instant must keep theirs.

    Parameters
    ----------
    build
        takes the tables by name and gives a DataFrame (or Series) of features, one row for each of ``prediction_times``
    tables
        the raw tables; ``flights`` and ``weather`` are rewritten, others are known beforehand and left alone
    prediction_times
        the instant at which each row must be answered, in UTC, with the index of the features
    instants
        how many instants to try; they are taken from ``prediction_times``, where a step too far shows first

    Raises
    ------
    CheckFailed
        naming the feature and the column that leaked and, where values may be shown, the flight and both values
    """
    before = _built(build, tables, prediction_times)
    rng = np.random.default_rng(seed)
    ordered = np.sort(prediction_times.unique())
    for quantile in np.linspace(0.3, 0.9, instants):
        instant = pd.Timestamp(ordered[int(quantile * (len(ordered) - 1))])
        instant = instant.tz_localize("UTC") if instant.tz is None else instant
        rewritten = {name: rewrite(table, name, instant, rng) for name, table in tables.items()}
        known = prediction_times.index[prediction_times <= instant]
        after = _built(build, rewritten, prediction_times)
        if changed := _first_change(before.loc[known], after.loc[known]):
            _complain(build, tables, rewritten, prediction_times, known, before, *changed)


def rewrite(table: pd.DataFrame, name: str, instant: pd.Timestamp, rng: np.random.Generator) -> pd.DataFrame:
    """Give a copy of a raw table in which everything that was unknown at ``instant`` is otherwise."""
    if name == "flights":
        return _rewrite_flights(table, instant, rng)
    if name == "weather":
        return _rewrite_weather(table, instant, rng)
    return table.copy()


def _rewrite_flights(flights: pd.DataFrame, instant: pd.Timestamp, rng: np.random.Generator) -> pd.DataFrame:
    table, n = flights.copy(), len(flights)
    left = flights["sched_dep"] + pd.to_timedelta(flights["dep_delay"], unit="min")
    unknown = ~(left <= instant).to_numpy()
    landed = left + pd.to_timedelta(flights.get("air_time", 0.0), unit="min")
    flying = ~(landed <= instant).to_numpy()  # cannot have landed: taxiing comes on top
    least = np.maximum((instant - flights["sched_dep"]).dt.total_seconds().to_numpy() / 60, -20.0)
    gone = rng.random(n) < 0.3
    other = {
        "dep_delay": np.where(gone, np.nan, np.floor(least) + rng.integers(1, 300, n)),
        "dep_time": np.where(gone, np.nan, rng.integers(1, 2400, n).astype(float)),
        "arr_delay": np.where(gone, np.nan, rng.integers(-30, 300, n).astype(float)),
        "arr_time": np.where(gone, np.nan, rng.integers(1, 2400, n).astype(float)),
        "air_time": np.where(gone, np.nan, rng.integers(30, 400, n).astype(float)),
    }
    if "tailnum" in table:
        other["tailnum"] = flights["tailnum"].astype(object).to_numpy()[rng.permutation(n)]
    for column in table.columns.intersection(list(other)):
        mask = unknown if column in DEPARTURE else flying
        values = table[column].astype(object) if column == "tailnum" else table[column].astype(float)
        table[column] = values.mask(mask, pd.Series(other[column], index=table.index)).astype(flights[column].dtype)
    return table


def _rewrite_weather(weather: pd.DataFrame, instant: pd.Timestamp, rng: np.random.Generator) -> pd.DataFrame:
    """Change the numbers of every hour that was not over; an hour stays the hour it was."""
    table = weather.copy()
    unknown = (weather["time_hour"] + HOUR > instant).to_numpy()
    for column in table.select_dtypes("number").columns.difference(list(KEYS)):
        other = rng.uniform(0.0, 100.0, len(table))
        table[column] = table[column].astype(float).mask(unknown, pd.Series(other, index=table.index))
    return table


def _built(build: Callable[..., Any], tables: Tables, times: pd.Series) -> pd.DataFrame:
    result = call(build, **tables)
    require(
        isinstance(result, pd.DataFrame | pd.Series),
        "features must come as a DataFrame, one row a flight",
        seen=type(result).__name__,
        where="the docstring of the stub says what to return",
    )
    frame = result.to_frame("feature") if isinstance(result, pd.Series) else result
    same_rows(times, frame)
    return frame.loc[times.index]


def _first_change(before: pd.DataFrame, after: pd.DataFrame) -> tuple[str, Any, Any, Any] | None:
    """The first feature that changed: its name, the flight, the value before and after."""
    for column in before.columns:
        if column not in after.columns:
            return column, before.index[0], "a column", "no column"
        different = _different(before[column], after[column])
        if different.any():
            at = int(np.argmax(different))
            return str(column), before.index[at], before[column].iloc[at], after[column].iloc[at]
    return None


def _different(before: pd.Series, after: pd.Series) -> np.ndarray:
    numbers = all(pd.api.types.is_numeric_dtype(s) and not pd.api.types.is_bool_dtype(s) for s in (before, after))
    if not numbers:
        return before.astype(str).to_numpy() != after.astype(str).to_numpy()
    left, right = before.to_numpy(dtype=float), after.to_numpy(dtype=float)
    return ~np.isclose(left, right, rtol=1e-6, atol=1e-6, equal_nan=True)


def _complain(
    build: Callable[..., Any], tables: Tables, rewritten: Tables, times: pd.Series, known: pd.Index,
    before: pd.DataFrame, feature: str, flight: Any, old: Any, new: Any,
) -> None:  # fmt: skip
    leaked = [
        column
        for column, mixed in _one_at_a_time(tables, rewritten)
        if (change := _first_change(before.loc[known, [feature]], _built(build, mixed, times).loc[known])) is not None
        and change[0] == feature
    ]
    source = " and ".join(leaked) or "several columns together"
    raise CheckFailed(
        f"the feature {feature!r} looks ahead: it changes when {source} is rewritten after prediction time",
        seen=f"flight {flight}: {old} before, {new} when what came after prediction time is otherwise",
        why="at prediction time the desk does not have that value; the score is good offline and gone on the first day",
        where="compare the instant at which a value became known with the prediction time of the flight that uses it",
    )


def _one_at_a_time(tables: Tables, rewritten: Tables) -> Iterator[tuple[str, Tables]]:
    """The raw tables with a single column rewritten, for each column that was."""
    for name, table in rewritten.items():
        for column in table.columns:
            if not table[column].equals(tables[name][column]):
                mixed = {**tables, name: tables[name].assign(**{column: table[column]})}
                yield f"{name}.{column}", mixed
