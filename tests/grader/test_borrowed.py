"""The rule that no answer ships finds one that does."""

import sys
from pathlib import Path

import pytest

from grader.author import borrowed
from grader.author.replay import Task, run
from grader.course import Course

COURSE = Course(Path(__file__).parents[2])


def other_order(actual, expected, bins=10):
    """Not an answer: takes the samples the other way round, and forgets where the edges come from."""
    return abs(sum(expected) - sum(actual)) + bins


@pytest.fixture
def drift():
    """Week 4's task `drift`, with the author's answer: what `_psi` was while it lay in helpers."""
    task = Task(COURSE.weeks["week4"], "drift")
    names = task.namespace()
    run(task.solution, task.name, names)
    return task, [names[function] for function in task.functions]


def test_an_answer_among_the_callables_is_found(drift, monkeypatch):
    task, answers = drift
    shipped = {f"helpers.checks.week4.drift._answer_{place}": answer for place, answer in enumerate(answers)}
    monkeypatch.setattr(borrowed, "callables", lambda: shipped | {"helpers.other": other_order})
    found = {(one.function, one.place) for one in borrowed.answers(task)}
    assert found >= set(zip(task.functions, shipped, strict=True))
    assert "helpers.other" not in {place for _, place in found}


def test_a_candidate_that_ends_its_process_hides_none_after_it(drift, monkeypatch):
    task, answers = drift
    first = {f"helpers.a{place}": lambda expected, actual, bins=10: sys.exit(3) for place in range(2)}
    first["helpers.b"] = lambda expected, actual, bins=10: __import__("os")._exit(0)
    monkeypatch.setattr(borrowed, "callables", lambda: first | {"helpers.c": answers[0]})
    assert "helpers.c" in {one.place for one in borrowed.answers(task)}


def test_a_copied_answer_is_found_whatever_its_variables_are_called(tmp_path):
    week = COURSE.weeks["week1"]
    task = Task(week, "paired_bootstrap")
    text = task.solution.replace("score_a", "first").replace("score_b", "second").replace("paired_bootstrap", "tool")
    (tmp_path / "helpers").mkdir()
    (tmp_path / "helpers" / "tools.py").write_text(text)
    (found,) = [one for one in borrowed.copies(Course(tmp_path), week) if one.task == str(task)]
    assert found.place.startswith("helpers/tools.py:")


def test_every_callable_is_tried_private_ones_and_methods_too():
    found = borrowed.callables()
    private, kind = "helpers.checks.calls._explain", "helpers.checks.core.CheckFailed"
    assert {private, kind, f"{kind}.hide"} <= {*found}
