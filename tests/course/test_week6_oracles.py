"""Week 6's oracles: their hidden cases hold what they are there for, and they agree with numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from source.week6 import oracles


def late_on_both_sides(case):
    flights, name = case
    here = flights["group"] == name
    return int(flights.loc[here, "late"].sum()), int(flights.loc[~here, "late"].sum())


@pytest.mark.parametrize("seed", range(20))
def test_groups_are_asked_about_on_both_sides_of_ten_late_flights(seed):
    few, enough = (list(map(late_on_both_sides, make(seed))) for make in (oracles.groups_few, oracles.groups_ten))
    assert all(min(pair) == 9 or min(pair) == 3 for pair in few)
    assert {pair.index(min(pair)) for pair in few} == {0, 1}
    assert all(min(pair) == 10 for pair in enough)
    assert {pair.index(min(pair)) for pair in enough} == {0, 1}


@pytest.mark.parametrize("seed", range(20))
def test_groups_that_are_judged_have_late_flights_enough(seed):
    for case in (*oracles.groups_flights(seed), *(case[:2] for case in oracles.groups_clear(seed))):
        assert min(late_on_both_sides(case)) >= 10
    flights, name = oracles.groups_rare(seed)
    assert late_on_both_sides((flights, name))[0] == 12
    assert all(np.isnan(oracles.groups_gap(*case, seed, 1)[0]) for case in oracles.groups_gone(seed))


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
    asked = list(oracles.subgroups_small(0))[-1]
    looks = len(oracles.subgroups_table(*asked[:4], 1))
    assert any(claimed and p * looks > 0.05 for _, _, p, claimed in oracles.subgroups_table(*asked).values())


def test_every_group_has_both_outcomes_where_a_difference_is_asked_for():
    for seed in range(20):
        assert not any(oracles.odds_difference(*case)["undefined"] for case in oracles.odds_decisions(seed))


def test_shares_of_a_grid_are_those_of_shap():
    import shap

    from helpers import lending

    for X, y, X_new, seed in oracles.reasons_grids(3):
        base, shares = oracles.reasons_shares(X, y, X_new, seed)
        found = shap.TreeExplainer(lending.trees(seed).fit(X, y))(X_new)
        assert np.allclose(found.values, shares, atol=1e-6)
        assert base == pytest.approx(float(np.ravel(found.base_values)[0]))
        assert np.ptp(shares) > 1


def test_the_rule_of_choice_is_asked_about_ties_and_the_yardstick():
    cases = [*oracles.mitigate_frontiers(0), *oracles.mitigate_equals(0)]
    chosen = [frontier.set_index("method").loc[oracles.mitigate_choice(frontier, loss)] for frontier, loss in cases]
    ties = [(frontier["gap"].abs() == abs(row["gap"])).sum() for (frontier, _), row in zip(cases, chosen, strict=True)]
    assert not any(row["uses_group"] for row in chosen)
    assert max(ties) > 1
    assert any(frontier["uses_group"].any() for frontier, _ in cases)
