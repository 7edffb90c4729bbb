"""Week 2's oracles: they agree with the notebook's worked examples, and the worlds that they make can be solved."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers import data, features
from helpers.checks import week2
from source.week2 import oracles


def auc(y: pd.Series, p: np.ndarray) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(y, p))


def test_no_question_is_asked_twice():
    storm = data.flights().query("month == 7 and 20 <= day <= 26").set_index("flight_id")
    for seed in range(50):
        assert not week2.dfs_state.questions(storm, 100, seed).duplicated().any()
        assert not oracles.dfs_state_questions(storm, seed).duplicated().any()


def test_an_honest_lift_is_far_from_the_threshold_whatever_the_seed():
    from sklearn.linear_model import LogisticRegression

    def ranked(known, later, columns):
        model = LogisticRegression().fit(known[columns], known["late"])
        return auc(later["late"], model.predict_proba(later[columns])[:, 1])

    lifts = {}
    for seed in range(60):  # the rows of the hidden test at this seed
        rows = oracles.measure_lift_days(1_500, seed + 3), oracles.measure_lift_days(1_200, seed + 4)
        lifts[seed] = ranked(*rows, ["x", "signal"]) - ranked(*rows, ["x"])
    least = 1.8 * week2.measure_lift.LEAST_LIFT
    assert {seed: lift for seed, lift in lifts.items() if lift < least} == {}


def test_the_reference_weather_is_that_of_the_record_by_hand():
    hours = week2.weather_then.sky("2013-05-01", ["JFK", "LGA"], gone=[("LGA", 8)])
    sched_dep = pd.to_datetime(["2013-05-01 14:05", "2013-05-01 11:30", "2013-05-01 02:30"], utc=True)
    flights = pd.DataFrame({"origin": ["JFK", "LGA", "JFK"], "sched_dep": sched_dep}, index=[4, 9, 2])
    found = oracles.weather_then_expected(flights, hours)
    np.testing.assert_allclose(found["temp"], [16.0, 42.0, np.nan])  # 5 + hour, and 30 more at the second airport
    np.testing.assert_allclose(found["weather_age"], [5 / 60, 1.5, np.nan])


def test_no_real_row_holds_what_is_expected_of_the_weather():
    real = set(data.weather()["temp"].dropna())
    for flights, weather in oracles.weather_then_worlds(1):
        expected = oracles.weather_then_expected(flights, weather)["temp"].dropna()
        assert expected.isin(real).mean() < 0.05


def test_the_reference_state_is_that_of_the_board_by_hand():
    times = ["14:00", "10:00", "11:30", "08:30", "11:00"]
    flights = pd.DataFrame({"origin": "JFK", "dep_delay": [0.0, 10.0, 90.0, 60.0, np.nan]})
    flights["sched_dep"] = pd.to_datetime([f"2013-05-01 {clock}" for clock in times], utc=True)
    found = oracles.recent_state_expected(flights, ["origin"], 3).loc[0]
    assert found.to_dict() == {"departed": 2, "waiting": 2, "delay": 35.0}


def test_the_reference_encoding_is_the_formula():
    category = pd.Series(["a", "a", "a", "b", None, "c"])
    late, fold = pd.Series([True, True, False, False, True, False]), np.array([0, 1, 1, 0, 1, 0])
    found = oracles.encode_expected(category, late, fold, 2.0)
    np.testing.assert_allclose(found[[0, 4, 5]], [(1 + 4 / 3) / 4, 1 / 3, 2 / 3])


@pytest.mark.parametrize("kind", ["", "only_train", "only_valid"])
def test_a_puzzle_names_no_column_by_its_part(kind):
    X, y, known = oracles.select_features_puzzle(400, 3, together=True, false_friend=kind)
    assert set(known["needed"]) < set(X.columns) and known.get(kind or "needed")
    assert all(name[0] == "c" and name[1:].isdigit() for name in X)
    assert len(y) == len(X) == 400


def test_rows_that_are_drawn_can_be_ranked_by_what_the_desk_knew():
    for seed in range(5):
        X, y = week2.pipeline.plain_rows(3_000, seed)
        assert 0.6 < auc(y, X["origin_delay"].fillna(0)) < 0.8
        assert list(features.prepare(X).columns.intersection(week2.pipeline.NUMBERS)) != []
