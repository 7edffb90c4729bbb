"""The bank of right and wrong answers, replayed against the tests of the source notebooks."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from grader.author.pair import notebook_from_text
from grader.author.replay import Task, tasks_of
from grader.course import Course, Week
from helpers.checks import CheckFailed, NotAttempted

ROOT = Path(__file__).parents[2]
COURSE = Course(ROOT)
BANK = ROOT / "tests" / "variants"
SLOWEST = ("dag_file", "whole", "deploy", "rollout", "operate")  # tasks of weeks 4 and 5
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


@dataclass(frozen=True)
class Variant:
    """One answer of the bank."""

    path: Path

    @property
    def task(self) -> Task:
        return Task(COURSE.weeks[self.path.parents[1].name], self.path.parent.name)

    @property
    def caught_by(self) -> str:
        docstring = ast.get_docstring(ast.parse(self.path.read_text(encoding="utf-8"))) or ""
        return docstring.rpartition("Caught by: ")[2].strip() if "Caught by: " in docstring else ""

    def __str__(self) -> str:
        return f"{self.task}/{self.path.stem}"


def failure(answer: str, task: Task, tests: str) -> CheckFailed | None:
    """Run an answer and the tests of its task: what the tests say, or None where they pass."""
    try:
        task.replay(answer, tests)
    except CheckFailed as error:
        return error
    return None


def tasks() -> list[Task]:
    return [task for week in COURSE.weeks.values() for task in tasks_of(week)]


def variants(kind: str) -> list[Any]:
    found = [Variant(path) for path in sorted(BANK.glob(f"*/*/{kind}_*.py"))]
    # Schedulers and endpoints take minutes: `make variants` grades these, as it does all others.
    return [pytest.param(one, marks=[pytest.mark.long] * (one.task.name in SLOWEST)) for one in found]


@cache
def known_to_students(week: Week) -> set[str]:
    """The numbers that stand in the notebook's text, its visible cells and its checks: no values of hidden data."""
    texts = [task.visible_tests for task in tasks() if task.week == week]
    texts += [path.read_text(encoding="utf-8") for path in (ROOT / "helpers" / "checks").rglob("*.py")]
    notebook = notebook_from_text(week.text.read_text(encoding="utf-8"))
    texts += [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    return {number for text in texts for number in NUMBER.findall(text)}


@pytest.mark.parametrize("variant", variants("right"), ids=str)
def test_a_right_answer_passes_however_it_is_written(variant: Variant) -> None:
    found = failure(variant.path.read_text(encoding="utf-8"), variant.task, variant.task.tests.source)
    assert found is None, f"{variant.path} is right, and its tests say:\n{found}"


@pytest.mark.parametrize("variant", variants("wrong"), ids=str)
def test_a_wrong_answer_fails_with_a_message_that_says_why(variant: Variant, record_property: Any) -> None:
    answer = variant.path.read_text(encoding="utf-8")
    found = failure(answer, variant.task, variant.task.tests.source)
    assert found is not None, f"{variant.path} is wrong, and its tests pass"
    assert not isinstance(found, NotAttempted)
    assert variant.caught_by, f"{variant.path} does not say what it is caught by"
    assert variant.caught_by in str(found)
    record_property("caught_by_visible_tests", not found.on_unseen_data)
    if found.on_unseen_data:
        assert not found.seen
        new = set(NUMBER.findall(re.sub(r"line \d+ of the cell", "", str(found)))) - known_to_students(
            variant.task.week
        )
        assert not new, f"a hidden test shows values: {new} in\n{found}"


@pytest.mark.parametrize("task", tasks(), ids=str)
def test_an_untouched_stub_is_not_attempted_and_says_so_in_one_line(task: Task) -> None:
    found = failure(task.stub, task, task.tests.source)
    assert isinstance(found, NotAttempted)
    assert len(str(found).splitlines()) == 1


@pytest.mark.parametrize("task", tasks(), ids=str)
def test_each_task_has_right_and_wrong_variants(task: Task) -> None:
    folder = BANK / task.week.name / task.name
    assert len(list(folder.glob("right_*.py"))) >= 2
    assert len(list(folder.glob("wrong_*.py"))) >= 3
