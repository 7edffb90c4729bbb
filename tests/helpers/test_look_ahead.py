"""The look-ahead probe finds every leak, names its column, and leaves honest features alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers import checks, data, features
from helpers.checks import CheckFailed
from helpers.checks.look_ahead import HOUR, rewrite


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    flights, weather = data.flights(), data.weather()
    day = (flights["month"] == 7) & flights["day"].between(22, 23)
    near = (weather["month"] == 7) & weather["day"].between(21, 24)
    return {"flights": flights[day].set_index("flight_id"), "weather": weather[near]}


def probe(build, tables, **options):
    checks.no_look_ahead(build, tables, features.prediction_time(tables["flights"]), **options)


def message(build, tables) -> str:
    with pytest.raises(CheckFailed) as caught:
        probe(build, tables)
    return str(caught.value)


def weather_at(flights: pd.DataFrame, weather: pd.DataFrame, shift: pd.Timedelta, column: str) -> pd.DataFrame:
    sky = weather.astype({"origin": str}).set_index(["origin", "time_hour"])[column]
    hour = (flights["sched_dep"] + shift).dt.floor("h")
    keys = pd.MultiIndex.from_arrays([flights["origin"].astype(str), hour])
    return pd.DataFrame({column: sky.reindex(keys).to_numpy()}, index=flights.index)


def mean_delay(flights: pd.DataFrame, weather: pd.DataFrame, lead: pd.Timedelta, column: str) -> pd.DataFrame:
    """The mean of all flights that had left ``lead`` before the schedule."""
    left = flights["sched_dep"] + pd.to_timedelta(flights["dep_delay"], unit="min")
    gone = pd.DataFrame({"left": left, "value": flights[column]}).dropna().sort_values("left")
    sums = np.append(0.0, gone["value"].cumsum())
    place = gone["left"].searchsorted(flights["sched_dep"] - lead, side="right")
    return pd.DataFrame({"mean": sums[place] / np.maximum(place, 1)}, index=flights.index)


def test_what_was_known_passes(tables):
    two_hours, three = pd.Timedelta(hours=2), pd.Timedelta(hours=3)
    probe(lambda flights, weather: mean_delay(flights, weather, two_hours, "dep_delay"), tables, instants=5)
    probe(lambda flights, weather: weather_at(flights, weather, -three, "visib"), tables, instants=5)
    probe(lambda flights, weather: features.schedule_features(flights), tables)
    probe(lambda flights, weather: flights["distance"], tables)


@pytest.mark.parametrize("column", ["dep_delay", "arr_delay", "air_time", "dep_time", "arr_time", "tailnum"])
def test_a_flights_own_later_fate_is_found(tables, column):
    found = message(lambda flights, weather: flights[[column]], tables)
    assert f"the feature {column!r} looks ahead" in found
    assert f"flights.{column} is rewritten" in found
    assert "Seen: flight" in found


@pytest.mark.parametrize("minutes", [119, 90, 0])
def test_a_board_seen_too_late_is_found(tables, minutes):
    lead = pd.Timedelta(minutes=minutes)
    assert "flights.dep_delay" in message(
        lambda flights, weather: mean_delay(flights, weather, lead, "dep_delay"), tables
    )


def test_arrivals_are_not_known_when_the_flight_leaves(tables):
    lead = pd.Timedelta(hours=2)
    assert "flights.arr_delay" in message(
        lambda flights, weather: mean_delay(flights, weather, lead, "arr_delay"), tables
    )


@pytest.mark.parametrize("hours", [0, -1, -2])
def test_weather_of_an_hour_that_is_not_over_is_found(tables, hours):
    shift = pd.Timedelta(hours=hours)
    found = message(lambda flights, weather: weather_at(flights, weather, shift, "temp"), tables)
    assert "weather.temp" in found


def test_a_cancellation_is_not_known_before_it_shows(tables):
    found = message(
        lambda flights, weather: (
            flights[["dep_time"]].isna().groupby(flights["origin"], observed=True).transform("sum")
        ),
        tables,
    )
    assert "flights.dep_time" in found


def test_a_hidden_message_names_the_column_and_no_value(tables):
    with pytest.raises(CheckFailed) as caught, checks.hidden():
        probe(lambda flights, weather: flights[["arr_delay"]], tables)
    assert "flights.arr_delay" in str(caught.value)
    assert "Seen" not in str(caught.value)


def test_a_lost_row_is_named_before_any_leak(tables):
    assert "the rows of the result" in message(lambda flights, weather: flights[["distance"]].iloc[1:], tables)


def test_only_what_nobody_knew_is_rewritten(tables):
    instant = pd.Timestamp("2013-07-22 20:00", tz="UTC")
    flights, rng = tables["flights"], np.random.default_rng(0)
    after = rewrite(flights, "flights", instant, rng)
    left = flights["sched_dep"] + pd.to_timedelta(flights["dep_delay"], unit="min")
    pd.testing.assert_frame_equal(
        after.loc[left <= instant, ["dep_delay", "tailnum"]], flights.loc[left <= instant, ["dep_delay", "tailnum"]]
    )
    still = after["sched_dep"] + pd.to_timedelta(after["dep_delay"], unit="min")
    assert not (still[~(left <= instant)] <= instant).any()
    assert list(after.dtypes) == list(flights.dtypes)
    sky = rewrite(tables["weather"], "weather", instant, rng)
    over = tables["weather"]["time_hour"] + HOUR <= instant
    assert sky.loc[over, "temp"].equals(tables["weather"].loc[over, "temp"])
    assert not np.isclose(sky.loc[~over, "temp"], tables["weather"].loc[~over, "temp"]).all()


def test_a_table_of_another_name_is_left_alone(tables):
    planes = data.planes()
    pd.testing.assert_frame_equal(
        rewrite(planes, "planes", pd.Timestamp(0, tz="UTC"), np.random.default_rng(0)), planes
    )
