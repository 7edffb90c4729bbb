"""The bank of right, wrong and overfitted answers, judged by the tests of the source notebooks."""

from __future__ import annotations

import re
import subprocess
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from grader.author.audit import BANK, Audit, Job, Verdict, audit, grouped
from grader.author.lint import docstring_of
from grader.author.pair import notebook_from_text
from grader.author.replay import Task, tasks_of
from grader.course import Course, Week
from grader.parts import declared_parts

ROOT = Path(__file__).parents[2]
COURSE = Course(ROOT)
SLOWEST = ("dag_file", "whole", "deploy", "rollout", "operate")  # tasks of weeks 4 and 5: schedulers and endpoints
NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
TURNS, TODAY = 3, date.today().toordinal()  # all tasks in three days
UNSEEN = "data that you have not seen"


def tasks() -> list[Task]:
    return [task for week in COURSE.weeks.values() for task in tasks_of(week)]


def due(task: Task, place: int) -> bool:
    """Whether a task's answers are judged today: each has its turn; one that the last commit touched has it at once.

    Those that take minutes, and all of them at once, are left to `make variants` and `make audit`.
    """
    own = (f"{task.week.name}/{task.name}/", f"{task.week.name}/{task.name}.py")
    return task.name not in SLOWEST and (place % TURNS == TODAY % TURNS or any(map(touched().__contains__, own)))


@cache
def touched() -> str:
    """The files of the last commit; none where this is no repository."""
    done = subprocess.run(["git", "show", "--name-only", "--format=", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return done.stdout


def jobs() -> list[Any]:
    """A few tasks of one week each."""
    kinds = frozenset({"right", "wrong", "overfit"})
    today = [task for place, task in enumerate(tasks()) if due(task, place)]
    others = [task for task in tasks() if task not in today]
    return [
        pytest.param(Job(COURSE, week, names, ROOT / BANK, kinds), id=f"{week.name}-{'-'.join(names)}", marks=marks)
        for some, marks in ((today, []), (others, [pytest.mark.long]))
        for week, names in grouped(some)
    ]


@cache
def known_to_students(week: Week) -> set[str]:
    """The numbers that stand in the notebook's text, its visible cells and its checks: no values of hidden data."""
    texts = [task.visible_tests for task in tasks() if task.week == week]
    texts += [path.read_text(encoding="utf-8") for path in (ROOT / "helpers" / "checks").rglob("*.py")]
    texts += [part.clause for task in tasks() if task.week == week for part in declared_parts(task.tests.source)]
    notebook = notebook_from_text(week.text.read_text(encoding="utf-8"))
    texts += [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    return {number for text in texts for number in NUMBER.findall(text)}


def faults(week: Week, found: Audit) -> list[str]:
    """What is wrong with the tests of one task, in words."""
    said = []
    for one in found.verdicts:
        if not one.right:
            said.append(f"{found.task}: wrong about {one.name}: {one.stopped} {one.parts}")
        elif one.kind != "right":
            said += [f"{found.task}/{one.name}: {fault}" for fault in untold(week, found.task, one)]
    return said


def untold(week: Week, task: str, one: Verdict) -> list[str]:
    """What a rejected answer is not told, or told too much of."""
    text = docstring_of((ROOT / BANK / task / f"{one.name}.py").read_text(encoding="utf-8"))
    caught_by = " ".join(text.rpartition("Caught by: ")[2].split()) if "Caught by: " in text else ""
    messages = [message for outcome, message in one.parts.values() if outcome != "passed"]
    said = [] if caught_by else ["does not say what it is caught by"]
    if not any(caught_by in " ".join(message.split()) for message in messages):
        said.append(f"no message says {caught_by!r}: {messages}")
    for message in messages:
        new = set(NUMBER.findall(re.sub(r"line \d+ of the cell", "", message))) - known_to_students(week)
        if UNSEEN in message and new:
            said.append(f"a hidden test shows values: {new} in {message}")
    return said


@pytest.mark.parametrize("job", jobs())
def test_every_answer_gets_its_due_and_is_told_why(job: Job) -> None:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:  # one week's set-up cells must not meet another's
        audits = pool.submit(audit, job).result()
    assert [fault for found in audits for fault in faults(job.week, found)] == []


@pytest.mark.parametrize("task", tasks(), ids=str)
def test_each_task_has_answers_of_each_kind(task: Task) -> None:
    folder = ROOT / BANK / task.week.name / task.name
    assert len(list(folder.glob("right_*.py"))) >= 2
    assert len(list(folder.glob("wrong_*.py"))) >= 3
