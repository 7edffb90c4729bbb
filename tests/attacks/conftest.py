"""Courses in which every attack of the bank is handed in beside honest work, and graded in one go."""

from __future__ import annotations

import ctypes
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat import NotebookNode

from grader.course import CONFIG, Course, Week
from grader.gradebook import load_config
from grader.master import load_master
from tests import sample_class
from tests.attacks import Attack, functions_of, load
from tests.grader.conftest import Classroom, make_course

COURSE = Path(sys.executable).with_name("course")
HONEST = ("aaron", "mona", "zoe")  # graded before, between and after the attackers
# Less patience than a real class has, so that the attacks which never end are soon over.
IMPATIENT = """
import grader.engine.isolate
grader.engine.isolate.GRACE = 2.0
c.Execute.timeout = {seconds}
c.Isolated.most_time = {total}
"""
BEGIN, END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
# Attacks that answer honestly at first must get as far as the hidden tests: a task that asks for one text would pass
# them, and one that needs all others is skipped.
LEFT_ALONE = ("archive", "server", "dag_file", "whole")
MINI = {
    "double": "def double(number):\n    return 2 * number",
    "total": "def total(values):\n    return 2 * sum(values)",
}
FIRST = {"double": MINI["double"]}
SECRETS = ("canary", Classroom.secret, Classroom.doubled)
SMALL = "small course"
WEEKS = [week.name for week in sample_class.RELEASED]
COURSES = [pytest.param(SMALL, marks=pytest.mark.xdist_group("attacks"))]
COURSES += [
    pytest.param(name, marks=[pytest.mark.xdist_group(f"attacks on {name}"), pytest.mark.long]) for name in WEEKS
]
PLANTED = "planted_by_attack"
PLACES = [Path(place) for place in ("/tmp", "/dev", "/dev/shm", "/var/tmp", "/run", "~", ".")]


@dataclass
class Graded:
    """A course after `course grade`, beside the same course with the honest submissions alone."""

    course: Course
    alone: Course
    week: Week
    attacked: dict[str, list[str]]  # student → tasks
    hidden: list[str]  # what no student may ever see
    printed: subprocess.CompletedProcess[str]
    left: list[psutil.Process]  # processes that were still there afterwards
    planted: list[Path]

    def results(self, student: str, course: Course | None = None) -> dict:
        """A student's results.json."""
        return json.loads((self._folder("autograded", student, course) / "results.json").read_text())

    def returned(self, student: str, course: Course | None = None) -> dict[str, bytes]:
        """Every file that goes back to a student."""
        folder = self._folder("feedback", student, course)
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def page(self, student: str) -> str:
        """A student's feedback page."""
        return next(content for name, content in self.returned(student).items() if name.endswith(".html")).decode()

    def _folder(self, step: str, student: str, course: Course | None) -> Path:
        return (course or self.course).root / step / student / self.week.name


@pytest.fixture(scope="session")
def bank() -> Iterator[list[Attack]]:
    """Every attack, while two servers of this machine wait for those that try to reach one."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as unseen:
        port = server.getsockname()[1]
        unseen.bind(f"\0attacks-{port}")
        unseen.listen()
        yield load(port)


@pytest.fixture(params=COURSES, scope="session")
def graded(request: pytest.FixtureRequest, bank: list[Attack], tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """Each course after all attacks."""
    folder = tmp_path_factory.mktemp("attacks")
    return small_course(bank, folder) if request.param == SMALL else real_week(bank, folder, request.param)


def small_course(bank: list[Attack], folder: Path) -> Graded:
    """The small course; each attack takes the place of its first task."""
    rooms = [Classroom(make_course(folder / name)) for name in ("attacked", "alone")]
    for room in rooms:
        for student in HONEST:
            room.hand_in(student, room.answered(**MINI))
    for attack in bank:
        attack.hand_in(rooms[0].root, "week1", "mini.ipynb", rooms[0].released(), FIRST)
    attacked = {attack.student: list(FIRST) for attack in bank}
    return grade(rooms[0].course, rooms[1].course, attacked, [*SECRETS, *spellings(Classroom.secret)], (5, 20))


def real_week(bank: list[Attack], folder: Path, name: str) -> Graded:
    """A week of the course; each attack takes the place of one of its quick tasks, all of them in turn."""
    real = Course(sample_class.REPOSITORY).weeks[name]
    tasks = sorted(sample_class.EASY) if name == "week1" else sample_class.automatic_tasks(real)
    tasks = [task for task in tasks if task not in LEFT_ALONE]
    right = {task: sample_class.references(real)[task] for task in tasks}
    simple = [task for task in tasks if len(functions_of(right[task])) == 1]
    courses = [sample_class.course_of(real, folder / one) for one in ("attacked", "alone")]
    for course in courses:
        for student in HONEST:
            hand_in_honestly(course, student, released(real), right)
    pools = [simple if attack.begins_honestly else tasks for attack in bank]
    attacked = {
        attack.student: [pool[place % len(pool)]] for place, (attack, pool) in enumerate(zip(bank, pools, strict=True))
    }
    for attack in bank:
        answers = {task: right[task] for task in attacked[attack.student]}
        attack.hand_in(courses[0].root, name, real.notebook.name, released(real), answers)
    return grade(courses[0], courses[1], attacked, hidden_words(courses[0], real), (60, 240))


def released(week: Week) -> NotebookNode:
    """What a student of this week is given."""
    return nbformat.read(sample_class.REPOSITORY / "release" / week.name / week.notebook.name, as_version=4)


def hand_in_honestly(course: Course, student: str, notebook: NotebookNode, right: dict[str, str]) -> None:
    """Hand in right answers."""
    for task, answer in right.items():
        sample_class.cell_of(notebook, task).source = answer
    (week,) = course.weeks.values()
    path = course.root / "submitted" / student / week.name / week.notebook.name
    path.parent.mkdir(parents=True)
    nbformat.write(notebook, path)


def hidden_words(course: Course, week: Week) -> list[str]:
    """Lines of the hidden tests and the oracles that stand nowhere in what students are given."""
    master = load_master(course.weeks[week.name].notebook, load_config(course))
    known = "".join(cell.source for cell in released(week).cells)
    hidden = "".join(re.findall(f"{BEGIN}(.*?){END}", "".join(c.source for c in master.notebook.cells), re.S))
    lines = {line.strip() for line in (hidden + "".join(master.oracles.values())).splitlines()}
    return [words for words in sorted(lines) if len(words) > 24 and words not in known and not words.startswith('"')]


def spellings(secret: str) -> list[str]:
    """Ways to write a number so that a search for it finds nothing."""
    number = int(secret)
    return [secret[::-1], hex(number)[2:], bin(number)[2:], f"{number:,}", f"{number:_}", secret.encode().hex()]


def grade(
    course: Course, alone: Course, attacked: dict[str, list[str]], hidden: list[str], patience: tuple[int, int]
) -> Graded:
    """Grade both courses as an instructor does; watch what the first leaves behind."""
    before, others = set(_planted(course)), set(psutil.Process().children(recursive=True))  # of tests before these
    with _adopting_orphans():
        printed = _course_grade(course, patience)
        more = [one for one in psutil.Process().children(recursive=True) if one not in others]
        _, left = psutil.wait_procs(more, timeout=20)  # what is killed takes a moment
    _course_grade(alone, patience)
    planted = [path for path in _planted(course) if path not in before]
    (week,) = course.weeks.values()
    return Graded(course, alone, week, attacked, hidden, printed, left, planted)


def _course_grade(course: Course, patience: tuple[int, int]) -> subprocess.CompletedProcess[str]:
    with (course.root / CONFIG).open("a") as config:
        config.write(IMPATIENT.format(seconds=patience[0], total=patience[1]))
    environment = {**os.environ, "SECRET_OF_THE_INSTRUCTOR": "token_of_the_instructor"}
    return subprocess.run([COURSE, "grade"], cwd=course.root, env=environment, capture_output=True, text=True)


def _planted(course: Course) -> list[Path]:
    """Files with the mark of an attack, in every folder where one could have been left; not those handed in."""
    shallow = [path for place in PLACES for path in place.expanduser().glob(f"*{PLANTED}*")]
    made = [course.root / "autograded", course.root / "feedback", course.root / "source", course.root]
    return shallow + [path for place in made[:3] for path in place.rglob(f"*{PLANTED}*")]


class _adopting_orphans:
    """Makes processes that outlive their parent children of this one, so that they can be found."""

    def __enter__(self) -> None:
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER

    def __exit__(self, *_: object) -> None:
        ctypes.CDLL(None).prctl(36, 0, 0, 0, 0)


def grades(course: Course) -> list[tuple]:
    """Every mark in the gradebook."""
    query = """
        SELECT submitted_assignment.student_id, base_cell.name, grade.auto_score, grade.manual_score,
               grade.extra_credit, grade.needs_manual_grade, submitted_assignment.timestamp
        FROM grade
        JOIN base_cell ON grade.cell_id = base_cell.id
        JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
        JOIN submitted_assignment ON submitted_notebook.assignment_id = submitted_assignment.id
        ORDER BY 1, 2
    """
    with sqlite3.connect(course.root / "gradebook.db") as book:
        return list(book.execute(query))
