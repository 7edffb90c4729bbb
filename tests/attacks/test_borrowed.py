"""Borrowed answers: what students can import, read or find in memory earns nothing, in any week.

Each file of ``bank/borrowed/WEEK/`` is named ``TASK_NAME.py`` and holds a whole solution cell; its docstring says what
it borrows. It is handed in under `course grade`, beside right answers to the tasks that its tests need.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from itertools import zip_longest
from pathlib import Path

import pytest

from grader.author.lint import docstring_of
from grader.author.replay import Task, tasks_of
from grader.course import Course, Week
from tests.sample_class import REFERENCE, REPOSITORY, Student, course_of, handed_in

BANK = Path(__file__).parent / "bank" / "borrowed"
WEEKS = Course(REPOSITORY).weeks
pytestmark = pytest.mark.slow


def borrowed(week: Week) -> dict[str, list[Path]]:
    """The borrowed answers of a week, by task."""
    names = sorted((task.name for task in tasks_of(week)), key=len, reverse=True)
    files: dict[str, list[Path]] = defaultdict(list)
    for path in sorted((BANK / week.name).glob("*.py")):
        files[next(name for name in names if path.stem.startswith(f"{name}_"))].append(path)
    return files


def submissions(week: Week) -> list[dict[str, Path]]:
    """As few submissions as hold every answer, each with one answer a task at most."""
    files = borrowed(week)
    rows = zip_longest(*files.values())
    return [{task: path for task, path in zip(files, row, strict=True) if path} for row in rows]


ONCE = [pytest.param(name, marks=pytest.mark.xdist_group(f"borrowed in {name}")) for name in WEEKS]


@pytest.fixture(scope="session", params=ONCE)
def graded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[Path, dict]:
    """What `course grade` found for each borrowed answer of a week."""
    week = WEEKS[request.param]
    course = course_of(week, tmp_path_factory.mktemp("borrowed"))
    handed = submissions(week)
    for number, answers in enumerate(handed):
        needs = {need for task in answers for need in Task(week, task).tests.metadata.get("needs", [])}
        cells = dict.fromkeys(needs, REFERENCE) | {task: path.read_text() for task, path in answers.items()}
        student = Student(f"s{number}", "borrows", "", 0, cells, week=week.name)
        path = course.root / "submitted" / student.name / week.name / week.notebook.name
        path.parent.mkdir(parents=True)
        path.write_bytes(handed_in(student, week))
    done = subprocess.run(
        [Path(sys.executable).with_name("course"), "grade"], cwd=course.root, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    found = {}
    for number, answers in enumerate(handed):
        results = json.loads((course.root / f"autograded/s{number}/{week.name}/results.json").read_text())
        tasks = {task["task"]: task for task in results["tasks"]}
        found |= {path: tasks[task] for task, path in answers.items()}
    return found


def test_a_borrowed_answer_fails(graded: dict[Path, dict]) -> None:
    """Parts that hold in spite of what was borrowed earn their points, as in any wrong answer."""
    passed = [
        f"{path.parent.name}/{path.stem}" for path, task in graded.items() if task["points"] == task["max_points"]
    ]
    assert passed == []


def test_a_borrowed_answer_is_really_judged(graded: dict[Path, dict]) -> None:
    """One that is not run, or whose task is skipped, would show nothing."""
    unjudged = [f"{path.stem}: {task['outcome']}" for path, task in graded.items() if task["outcome"] == "skipped"]
    assert unjudged == []


@pytest.mark.parametrize("name", WEEKS)
def test_every_week_has_borrowed_answers(name: str) -> None:
    files = [path for paths in borrowed(WEEKS[name]).values() for path in paths]
    assert len(files) >= 2
    assert all(docstring_of(path.read_text()) for path in files)
