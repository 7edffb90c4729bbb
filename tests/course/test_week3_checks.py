"""Week 3's checks on whatever Hypothesis thinks of: right answers pass, wrong numbers do not."""

from __future__ import annotations

import ast
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from helpers.checks import CheckFailed, week3
from tests.course.test_variants import BANK, COURSE, cells

WEEK = COURSE.weeks["week3"]
SCORES = st.one_of(st.sampled_from(week3.EXTREME), st.floats(-1e300, 1e300), st.floats(0, 1))
SEEDS = st.integers(0, 2**32 - 1)
many = settings(deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))
few = settings(deadline=None, max_examples=50, suppress_health_check=list(HealthCheck))


def answers(task: str) -> list[dict[str, Any]]:
    """The author's answer to a task and the bank's right ones, each with the names that it binds."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((BANK / "week3" / task).glob("right_*.py"))]
    return [named(text) for text in (cells(WEEK)[task].source, *texts)]


def named(text: str) -> dict[str, Any]:
    names = {"__name__": "__main__", "np": np, "pd": pd, "sk": sk}
    exec(compile(text, "<answer>", "exec"), names)
    return names


def by_definition() -> Any:
    """The function of the hidden test that says what is expected of small cases."""
    tree = ast.parse(cells(WEEK)["metrics_test"].source)
    found = next(node for node in ast.walk(tree) if getattr(node, "name", "") == "by_definition")
    return named(ast.unparse(found))["by_definition"]


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
    expected = by_definition()(*(one[None] for one in (y, score, weight, alarm)))
    given = {"sample_weight": weight}
    assert expected["auc"][0] == pytest.approx(sk.roc_auc_score(y, score, **given))
    assert expected["average_precision"][0] == pytest.approx(sk.average_precision_score(y, score, **given))
    assert expected["mean_log_loss"][0] == pytest.approx(sk.log_loss(y, p.clip(1e-15, 1 - 1e-15), **given))
    theirs = sk.precision_recall_fscore_support(y, alarm, average="binary", **given, zero_division=np.float64(0))
    assert expected["alarms"][0] == pytest.approx(theirs[:3])


@few
@given(st.integers(1, 40), st.integers(2, 9), SEEDS)
def test_small_cases_hold_both_classes_ties_and_extremes(n, size, seed):
    y, score, weight = week3.small_cases(n, size, np.random.default_rng(seed))
    assert y.shape == score.shape == weight.shape == (n, size)
    assert (y.min(axis=1) == 0).all()
    assert (y.max(axis=1) == 1).all()
    assert np.isin(score[0], week3.EXTREME).all()
    assert (weight > 0).all()
    assert (weight[::2] == 1).all()


@pytest.mark.parametrize("answer", answers("metrics"))
@few
@given(cases(), st.booleans())
def test_right_metrics_pass(answer, case, weighted):
    y, score, weight = case[0], case[1], case[2] if weighted else None
    week3.metric("auc", answer["auc"], y, score, weight)
    week3.metric("average_precision", answer["average_precision"], y, score, weight)
    week3.metric("mean_log_loss", answer["mean_log_loss"], y, score.clip(0, 1), weight)
    week3.alarms(answer["precision_recall_f1"], y, (score >= np.median(score)).astype(int), weight)


@few
@given(cases(), st.floats(1e-6, 1) | st.floats(-1, -1e-6) | st.just(np.nan))
def test_a_metric_that_is_off_fails(case, off):
    y, score, weight = case
    with pytest.raises(CheckFailed, match="auc with weights"):
        week3.metric("auc", lambda *given: sk.roc_auc_score(y, score, sample_weight=weight) + off, y, score, weight)


@pytest.mark.parametrize("answer", answers("calibration"))
@few
@given(st.integers(1, 200), st.integers(1, 30), SEEDS)
def test_right_curves_pass(answer, size, n_bins, seed):
    rng = np.random.default_rng(seed)
    p = rng.beta(0.3, 0.5, size).clip(0.0001, 0.9999)
    week3.reliability(answer["reliability"], (rng.random(size) < p).astype(int), p, n_bins)


@pytest.mark.parametrize("answer", answers("calibration"))
@few
@given(st.integers(0, 2**20), st.floats(2.5, 4), st.floats(-1, 1))
def test_right_mending_passes(answer, seed, slope, level):
    week3.recalibrated(answer["recalibrate"], *week3.overconfident(3_000, seed, slope, level))


@pytest.mark.parametrize("answer", answers("threshold"))
@few
@given(st.integers(1, 60), st.integers(1, 6), SEEDS)
def test_right_thresholds_pass_whatever_things_cost(answer, size, digits, seed):
    rng = np.random.default_rng(seed)
    p, y = rng.random(size).round(digits), rng.integers(0, 2, size)
    prices = dict(zip(("caught", "missed", "false_alarm", "quiet"), rng.uniform(-500, 3_000, 4).tolist(), strict=True))
    week3.cheapest(answer["best_threshold"], y, p, prices)
    week3.cost(answer["cost_per_flight"], y, p, float(p[0]), prices)


@few
@given(st.integers(2, 60), SEEDS)
def test_a_dearer_threshold_fails(size, seed):
    rng = np.random.default_rng(seed)
    p, prices = rng.random(size), {"caught": 400.0, "missed": 1_000.0, "false_alarm": 150.0, "quiet": 0.0}
    y = np.append(rng.integers(0, 2, size - 1), 1)
    costs = {cut: week3._price(y, p >= cut, prices).mean() for cut in p}
    worst = max([*p, np.inf], key=lambda cut: costs.get(cut, week3._price(y, p >= cut, prices).mean()))
    with pytest.raises(CheckFailed, match="another threshold is cheaper"):
        week3.cheapest(lambda *given: worst, y, p, prices)


@pytest.mark.parametrize("answer", answers("time_folds"))
@few
@given(st.sets(st.integers(0, 364), min_size=12, max_size=80), st.integers(1, 5), st.integers(0, 4), SEEDS)
def test_right_folds_pass_on_any_days(answer, days, n_folds, gap, seed):
    rng = np.random.default_rng(seed)
    if (sorted(days)[len(days) // (n_folds + 1)] - min(days)) <= gap + 1:
        days = set(range(60))  # a gap that leaves nothing to train on is nobody's question
    minutes = rng.choice(sorted(days), 300) * 1_440 + rng.integers(0, 1_440, 300)
    times = pd.Series(pd.Timestamp("2013-01-01", tz="America/New_York") + pd.to_timedelta(minutes, unit="min"))
    week3.folds(answer["time_folds"], times.dt.tz_convert("UTC"), n_folds, gap)


@pytest.mark.parametrize("answer", answers("searches"))
@many
@given(SEEDS)
def test_the_rule_of_one_standard_error_passes(answer, seed):
    week3.standard_error_rule(answer["one_standard_error"], seed)


@pytest.mark.parametrize("answer", answers("saving"))
@settings(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))
@given(st.integers(20, 50), st.integers(0, 2**20), st.sampled_from([90.0, 150.0, 1e6]))
def test_right_savings_and_intervals_pass(answer, days, seed, false_alarm):
    before, after = week3.desk_days(30, 9, seed), week3.desk_days(days, 9, seed + 1)
    week3.day_interval(answer["day_interval"], after, seed)
    prices = {"caught": 400.0, "missed": 1_000.0, "false_alarm": false_alarm, "quiet": 25.0}
    week3.saving(answer["expected_saving"], before, after, prices)
