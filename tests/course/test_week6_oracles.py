"""Week 6's oracles: their hidden cases hold what they are there for, and they agree with numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from source.week6 import oracles


def test_groups_are_asked_about_on_both_sides_of_ten_late_flights():
    cases = list(oracles.groups_flights(0))
    late = [int(flights.loc[flights["group"] == name, "late"].sum()) for flights, name, _ in cases]
    judged = ["low" in oracles.groups_gap(flights, name, seed) for flights, name, seed in cases]
    assert {0, 8, 9, 10} <= set(late)
    assert judged == [number >= 10 for number in late]


def test_a_metric_that_does_not_exist_is_missing():
    group = pd.Series(pd.Categorical(["a", "b"], categories=["a", "b", "c"]))
    table = oracles.groups_metrics(np.array([0, 1]), np.array([1, 1]), group)
    assert table["flights"].tolist() == [1, 1, 0]
    assert table["recall"].isna().tolist() == [True, False, True]
    assert table["false_alarm_rate"].isna().tolist() == [False, True, True]


def test_a_ratio_has_the_interval_of_two_rates():
    approved, group = np.array([1] * 54 + [0] * 6 + [1] * 15 + [0] * 15), pd.Series(["r"] * 60 + ["g"] * 30)
    row = oracles.four_fifths_ratios(approved, group, "r").loc["g"]
    assert row["ratio"] == pytest.approx(0.5 / 0.9)
    assert (row["low"], row["high"]) == pytest.approx((0.365, 0.764), abs=0.01)


def test_small_subgroups_would_change_what_is_claimed():
    table, attributes, depth, least = list(oracles.subgroups_cases(0))[-1]
    found = oracles.subgroups_table(table, attributes, "denied", depth, least)
    looks = len(oracles.subgroups_table(table, attributes, "denied", depth, 1))
    assert any(claimed and p * looks > 0.05 for _, _, p, claimed in found.values())


def test_the_rule_of_choice_is_asked_about_ties_and_the_yardstick():
    cases = list(oracles.mitigate_frontiers(0))
    chosen = [frontier.set_index("method").loc[oracles.mitigate_choice(frontier, loss)] for frontier, loss in cases]
    ties = [(frontier["gap"].abs() == abs(row["gap"])).sum() for (frontier, _), row in zip(cases, chosen, strict=True)]
    assert not any(row["uses_group"] for row in chosen)
    assert max(ties) > 1
    assert any(frontier["uses_group"].any() for frontier, _ in cases)
