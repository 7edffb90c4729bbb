"""Week 3's checks on whatever Hypothesis thinks of: right answers pass, wrong numbers do not."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from grader.author.replay import Task
from helpers.checks import CheckFailed, week3
from source.week3 import oracles
from tests.course.test_variants import BANK, COURSE

WEEK = COURSE.weeks["week3"]
SCORES = st.one_of(st.sampled_from(oracles.EXTREME), st.floats(-1e300, 1e300), st.floats(0, 1))
FINANCE = {"caught": 400.0, "missed": 1_000.0, "false_alarm": 150.0, "quiet": 0.0}
SEEDS = st.integers(0, 2**32 - 1)
many = settings(deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))
few = settings(deadline=None, max_examples=50, suppress_health_check=list(HealthCheck))


def answers(task: str) -> list[dict[str, Any]]:
    """The author's answer to a task and the bank's right ones, each with the names that it binds."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((BANK / "week3" / task).glob("right_*.py"))]
    return [named(Task(WEEK, task), text) for text in (Task(WEEK, task).solution, *texts)]


def named(task: Task, text: str) -> dict[str, Any]:
    names = {"__name__": "__main__", "np": np, "pd": pd, "sk": sk}
    task.answered(text, names)
    return names


@st.composite
def cases(draw: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Outcomes of both classes, scores and weights of a few flights."""
    n = draw(st.integers(2, 12))
    y = draw(st.permutations([0, 1, *draw(st.lists(st.integers(0, 1), min_size=n - 2, max_size=n - 2))]))
    scores = draw(st.lists(SCORES, min_size=n, max_size=n))
    return np.array(y), np.array(scores), np.array(draw(st.lists(st.floats(0.01, 50), min_size=n, max_size=n)))


@many
@given(cases())
def test_what_the_hidden_test_expects_is_what_scikit_learn_says(case):
    y, score, weight = case
    alarm, p = (score >= np.median(score)).astype(int), score.clip(0, 1)
    expected = oracles.metrics_of_many(*(one[None] for one in (y, score, weight, alarm)))
    given = {"sample_weight": weight}
    assert expected["auc"][0] == pytest.approx(sk.roc_auc_score(y, score, **given))
    assert expected["average_precision"][0] == pytest.approx(sk.average_precision_score(y, score, **given))
    assert expected["mean_log_loss"][0] == pytest.approx(sk.log_loss(y, p.clip(1e-15, 1 - 1e-15), **given))
    theirs = sk.precision_recall_fscore_support(y, alarm, average="binary", **given, zero_division=np.float64(0))
    assert expected[oracles.ALARMS][0] == pytest.approx(theirs[:3])


@few
@given(st.integers(1, 40), st.integers(2, 9), SEEDS)
def test_small_cases_hold_both_classes_ties_and_extremes(n, size, seed):
    y, score, weight = oracles.metrics_small_cases(n, size, np.random.default_rng(seed))
    assert y.shape == score.shape == weight.shape == (n, size)
    assert (y.min(axis=1) == 0).all()
    assert (y.max(axis=1) == 1).all()
    assert np.isin(score[0], oracles.EXTREME).all()
    assert (weight > 0).all()
    assert (weight[::2] == 1).all()


@pytest.mark.parametrize("answer", answers("metrics"))
@few
@given(cases(), st.booleans())
def test_right_metrics_pass(answer, case, weighted):
    y, score, weight = case[0], case[1], case[2] if weighted else None
    alarm = (score >= np.median(score)).astype(int)
    for name, one in {**dict.fromkeys(oracles.SCORES, score), "mean_log_loss": score.clip(0, 1)}.items():
        week3.metrics.metric(name, answer[name], y, one, weight, oracles.metrics_one(name, y, one, weight))
    expected = oracles.metrics_one(oracles.ALARMS, y, alarm, weight)
    week3.metrics.alarms(answer["precision_recall_f1"], y, alarm, weight, expected)


@few
@given(cases(), st.floats(1e-6, 1) | st.floats(-1, -1e-6) | st.just(np.nan))
def test_a_metric_that_is_off_fails(case, off):
    y, score, weight = case
    right = sk.roc_auc_score(y, score, sample_weight=weight)
    with pytest.raises(CheckFailed, match="auc with weights"):
        week3.metrics.metric("auc", lambda *given: right + off, y, score, weight, right)


@pytest.mark.parametrize("answer", answers("calibration"))
@few
@given(st.integers(1, 200), st.integers(1, 30), SEEDS)
def test_right_curves_pass(answer, size, n_bins, seed):
    rng = np.random.default_rng(seed)
    p = rng.beta(0.3, 0.5, size).clip(0.0001, 0.9999)
    y = (rng.random(size) < p).astype(int)
    week3.calibration.curve(answer["reliability"], y, p, n_bins, *oracles.calibration_curves(y, p, n_bins))


@pytest.mark.parametrize("answer", answers("calibration"))
@few
@given(st.integers(0, 2**20), st.floats(2.5, 4), st.floats(-1, 1))
def test_right_recalibration_passes(answer, seed, slope, level):
    week3.calibration.nearer(answer["recalibrate"], *oracles.calibration_overconfident(3_000, seed, slope, level))


@pytest.mark.parametrize("answer", answers("threshold"))
@few
@given(st.integers(1, 60), st.integers(1, 6), SEEDS)
def test_right_thresholds_pass_whatever_things_cost(answer, size, digits, seed):
    rng = np.random.default_rng(seed)
    p, y = rng.random(size).round(digits), rng.integers(0, 2, size)
    prices = dict(zip(("caught", "missed", "false_alarm", "quiet"), rng.uniform(-500, 3_000, 4).tolist(), strict=True))
    week3.threshold.cheapest(answer["best_threshold"], y, p, prices, oracles.threshold_costs(y, p, prices))
    expected = oracles.threshold_cost(y, p, float(p[0]), prices)
    week3.threshold.cost(answer["cost_per_flight"], y, p, float(p[0]), prices, expected)


@few
@given(st.integers(2, 60), SEEDS)
def test_a_dearer_threshold_fails(size, seed):
    rng = np.random.default_rng(seed)
    p, y = rng.random(size), np.append(rng.integers(0, 2, size - 1), 1)
    costs = oracles.threshold_costs(y, p, FINANCE)
    with pytest.raises(CheckFailed, match="another threshold is cheaper"):
        week3.threshold.cheapest(lambda *given: max(costs, key=costs.get), y, p, FINANCE, costs)


@few
@given(st.integers(2, 60), SEEDS)
def test_a_threshold_between_two_predictions_costs_as_much_as_the_next_one(size, seed):
    rng = np.random.default_rng(seed)
    p, y = rng.random(size), rng.integers(0, 2, size)
    costs = oracles.threshold_costs(y, p, FINANCE)
    best = min(costs, key=costs.get)
    below = max([cut for cut in costs if cut < best], default=0.0)
    between = (below + min(best, 2.0)) / 2
    assert oracles.threshold_cost(y, p, between, FINANCE) == costs[best]
    week3.threshold.cheapest(lambda *given: between, y, p, FINANCE, costs)


@pytest.mark.parametrize("answer", answers("time_folds"))
@few
@given(st.sets(st.integers(0, 364), min_size=12, max_size=80), st.integers(1, 5), st.integers(0, 4), SEEDS)
def test_right_folds_pass_on_any_days(answer, days, n_folds, gap, seed):
    rng = np.random.default_rng(seed)
    if (sorted(days)[len(days) // (n_folds + 1)] - min(days)) <= gap + 1:
        days = set(range(60))  # a gap that leaves nothing to train on is nobody's question
    minutes = rng.choice(sorted(days), 300) * 1_440 + rng.integers(0, 1_440, 300)
    times = pd.Series(pd.Timestamp("2013-01-01", tz="America/New_York") + pd.to_timedelta(minutes, unit="min"))
    week3.time_folds.folds(answer["time_folds"], times.dt.tz_convert("UTC"), n_folds, gap)


@pytest.mark.parametrize("answer", answers("searches"))
@many
@given(SEEDS)
def test_the_rule_of_one_standard_error_passes(answer, seed):
    results, n_folds, level, chosen = oracles.searches_table(seed)
    rule = answer["one_standard_error"]
    week3.searches.near_enough(rule, results, n_folds, level)
    week3.searches.smallest(rule, results, n_folds, level)
    week3.searches.better(rule, results, n_folds, chosen)


@pytest.mark.parametrize("answer", answers("saving"))
@settings(deadline=None, max_examples=10, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**20))
def test_right_savings_and_intervals_pass(answer, seed):
    for values, days in oracles.saving_values(seed):
        low, high = oracles.saving_ends(values, days, 1_000)
        week3.saving.interval(answer["day_interval"], values, days, low, high, n_boot=1_000, seed=seed)
    for before, after, prices in oracles.saving_cases(seed, FINANCE):
        given = answer["expected_saving"], before, after, prices
        week3.saving.threshold(*given, oracles.saving_cheapest(before, prices))
        week3.saving.saved(*given, partial(oracles.saving_mean, after, prices))
        week3.saving.ends(*given, partial(oracles.saving_bands, after, prices))


@pytest.mark.parametrize("answer", answers("saving"))
@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(SEEDS)
def test_what_stands_in_the_notebook_about_intervals_holds_for_every_seed(answer, seed):
    values, days = np.repeat([1.0, 0.0], [200, 50]), np.repeat(np.arange(100), np.repeat([4, 1], 50))
    low, high = ([4 * storms / (4 * storms + 100 - storms) for storms in ends] for ends in [(39, 41), (59, 61)])
    week3.saving.interval(answer["day_interval"], values, days, low, high, n_boot=2_000, seed=seed)


def test_a_saving_is_judged_at_the_threshold_that_was_returned():
    valid = pd.DataFrame({"late": [0, 1], "p": [0.1, 0.3], "day": ["a", "b"]})
    test = pd.DataFrame({"late": [1, 1, 0], "p": [0.2, 0.6, 0.0], "day": ["a", "b", "b"]})
    cheapest = oracles.saving_cheapest(valid, FINANCE)
    assert [cheapest(cut) for cut in (0.0, 0.1, 0.2, 0.3, 0.31, np.inf)] == [False, False, True, True, False, False]
    assert oracles.saving_mean(test, FINANCE, 0.2) == pytest.approx(400)
    assert oracles.saving_mean(test, FINANCE, 0.3) == pytest.approx(200)
