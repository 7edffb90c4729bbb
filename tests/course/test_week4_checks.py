"""Week 4's checks say nothing in a student's own words, and its oracles agree with what was worked out by hand."""

from __future__ import annotations

import json
from math import log
from typing import Any

import numpy as np
import pandas as pd
import pytest

from helpers import airflow
from helpers.checks import CheckFailed, hidden, week4
from source.week4 import oracles

SECRET = "2013-11-17"
DAY = "2013-02-07"


def run(**changed: Any) -> dict[str, Any]:
    """A run as `airflow.run` tells it."""
    task = {"task": SECRET, "state": "failed", "log": SECRET}
    plain = {"date": DAY, "state": "failed", "problem": SECRET, "tasks": [task], "files": {}, "strays": []}
    return plain | changed


def noted(**note: Any) -> dict[str, Any]:
    """A run in which somebody has written into the file of calls."""
    return run(state="success", files={"calls.jsonl": json.dumps(note).encode() + b"\n"})


def told(problem: str) -> dict[str, Any]:
    return {"problem": problem, "line": 170, "dags": {}, "runs": []}


def message(check: Any, *arguments: Any) -> str:
    with pytest.raises(CheckFailed) as failure, hidden():
        check(*arguments)
    return str(failure.value)


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (f"dag.py defines no DAG: {airflow.NOT_CALLED}", "must also be called"),
        (f"Airflow cannot use dag.py: it {airflow.ENDS}:\n{SECRET}", "ends the process"),
        (f"Airflow cannot use dag.py: it {airflow.IMPORTS_LONG}", "takes too long to import"),
        (f"{airflow.IMPORT_FAILS} dag.py, line 170: NameError: {SECRET}", "it cannot be imported"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_fixed_words(monkeypatch, problem, words):
    monkeypatch.setattr(week4.dag_file, "isolated", lambda *_, **__: told(problem))
    said = message(week4.dag_file.run_dag, "a file", [], {})
    assert "Airflow cannot use the file" in said
    assert words in said
    assert SECRET not in said
    assert "170" not in said


def test_a_student_sees_the_line(monkeypatch):
    problem = f"{airflow.IMPORT_FAILS} dag.py, line 170: NameError"
    monkeypatch.setattr(week4.dag_file, "isolated", lambda *_, **__: told(problem))
    with pytest.raises(CheckFailed, match="line 170"):
        week4.dag_file.run_dag("a file", [], {})


def test_a_failed_task_is_named_if_the_course_named_it():
    step = {"task": "validate", "state": "failed", "log": ""}
    assert "`validate` failed" in message(week4.dag_file.ran, run(tasks=[step]), [])
    assert SECRET not in message(week4.dag_file.ran, run(), [])


@pytest.mark.parametrize("day", [DAY, SECRET])
def test_calls_that_no_step_has_noted_are_not_told(day):
    forged = noted(step=f"ingest {SECRET}", day=day, landing=SECRET)
    assert SECRET not in message(week4.dag_file.on_its_day, forged, week4.dag_file.calls(forged))


def test_a_damaged_partition_is_not_named(monkeypatch):
    monkeypatch.setattr(week4.whole, "isolated", lambda *_, **__: {"value": [], "error": "", "files": {}})
    before = {f"lake/{SECRET}/x.parquet": b"whole"}
    said = message(week4.whole.not_half_written, {"steps.py": "steps"}, before, {DAY: {}})
    assert "not written atomically" in said
    assert SECRET not in said


# --- oracles ---


@pytest.mark.parametrize(
    ("today", "bins", "by_hand"),
    [
        (np.arange(10), 10, 0.0),
        (np.arange(5, 15), 10, 5 * log(13) / 15.5),
        (np.full(10, np.nan), 10, 10 * log(63) / 15.5),
        (np.arange(5, 15), 2, 5 * log(21) / 11.5),
    ],
)
def test_the_index_is_the_one_worked_out_by_hand(today, bins, by_hand):
    assert oracles.drift_index(np.arange(10.0), today.astype(float), bins) == pytest.approx(by_hand)


def test_the_board_is_the_one_counted_by_hand():
    minutes = pd.Series([0, 60, 250, 260], index=[7, 8, 9, 10])
    flights = pd.DataFrame({"origin": "JFK", "dep_delay": [30.0, np.nan, 0.0, 5.0]}, index=minutes.index)
    flights = flights.assign(sched_dep=pd.Timestamp("2013-05-02T10:00Z") + pd.to_timedelta(minutes, unit="min"))
    board = oracles.features_board(flights, flights.index)
    assert board["origin_departed"].tolist() == [0, 0, 1, 1]
    assert board["origin_delay"].tolist()[2:] == [30.0, 30.0]
    assert board["origin_waiting"].tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize("seed", [0, 1])
def test_five_percent_of_bad_rows_divide_the_days_that_stop(seed):
    shares = [len(bad) / max(1, len(raw)) for _, raw, bad in oracles.validate_on_the_line(seed)]
    assert max(shares) == 0.05
    assert all(len(bad) / len(raw) > 0.05 for _, raw, bad in oracles.validate_stops(seed))


def test_the_newest_message_is_not_the_last_one():
    messages = pd.DataFrame({"flight_id": [1, 1, 2], "updated": [2, 1, 1], "arr_delay": [9.0, 4.0, 0.0]})
    assert oracles.newest(messages)["arr_delay"].tolist() == [9.0, 0.0]
