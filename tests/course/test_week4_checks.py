"""Week 4's checks say nothing in a student's own words: their DAG may tell what a hidden test gave it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from helpers import airflow
from helpers.checks import CheckFailed, hidden, week4

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
    assert "`validate` failed" in message(week4.dag_file.ran, run(tasks=[step]), [], [DAY], 1)
    assert SECRET not in message(week4.dag_file.ran, run(), [], [DAY], 1)


@pytest.mark.parametrize("day", [DAY, SECRET])
def test_calls_that_no_step_has_noted_are_not_told(day):
    forged = noted(step=f"ingest {SECRET}", day=day, landing=SECRET)
    assert SECRET not in message(week4.dag_file.ran, forged, week4.dag_file.calls(forged), [DAY], 1)


def test_a_damaged_partition_is_not_named(monkeypatch):
    monkeypatch.setattr(
        week4.dag_file, "isolated", lambda *_, **__: told("") | {"dags": {"flight_delays": {}}, "runs": [run()]}
    )
    files = {"flight_delays.py": "a file", "steps.py": "steps"}
    before = run(files={f"lake/{SECRET}/x.parquet": b"whole"})
    said = message(week4.whole.not_half_written, files, before, {DAY: {}})
    assert "not written atomically" in said
    assert SECRET not in said
