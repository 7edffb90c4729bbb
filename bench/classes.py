"""The class that every contender grades, and the folders that each contender needs for it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import nbformat
from nbformat import NotebookNode

from grader.course import CONFIG, Course, Week
from tests.sample_class import FIRST_WEEK, REPOSITORY, Damage, handed_in

RIGHT = next(student for student in FIRST_WEEK if student.name == "full-marks")
UNTOUCHED = next(student for student in FIRST_WEEK if student.name == "not-attempted")
WEEK = RIGHT.week
POINTS = RIGHT.points  # what every submission of the class must get
# Without these nbgrader does not know its course, and gives up on a cell after thirty seconds.
STOCK = """\
c = get_config()
c.CourseDirectory.course_id = "ml-engineering"
c.Execute.timeout = 600
"""
DEMONSTRATIONS = "\nc.Isolated.run_demonstrations = True\n"
OTTER_TEST = """\
from otter.test_files import test_case

OK_FORMAT = False
name = {name!r}
points = None
SOURCE = {source!r}


@test_case(points={points}, hidden=True)
def test(env):
    names = dict(env)
    exec(SOURCE, names)
    assert names["mark"].earned == {points}
"""


def week() -> Week:
    """Return the week that is graded."""
    return Course(REPOSITORY).weeks[WEEK]


def submissions(students: int) -> Iterator[tuple[str, bytes]]:
    """Names and notebooks: right answers, each with a line of its student's own in every solution cell.

    Half of the names begin with ``a`` and half with ``b``, so that stock nbgrader can take one half by a pattern.
    """
    for number in range(students):
        name = f"{'ab'[number % 2]}-{number:02}"
        yield name, handed_in(replace(RIGHT, name=name, damage=signed(name)), week())


def signed(name: str) -> Damage:
    """Add a comment with the student's name to every solution cell."""

    def damage(notebook: NotebookNode) -> NotebookNode:
        for cell in notebook.cells:
            if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution"):
                cell.source += f"\n\n# {name}"
        return notebook

    return damage


def untouched() -> tuple[str, bytes]:
    """Return a submission in which nothing was done: grading it takes what the machinery itself takes."""
    return "untouched", handed_in(UNTOUCHED, week())


def write_submissions(folder: Path, handed: Iterator[tuple[str, bytes]]) -> None:
    """Put submissions where nbgrader and the engine look for them."""
    for name, content in handed:
        path = folder / "submitted" / name / WEEK / week().notebook.name
        path.parent.mkdir(parents=True)
        path.write_bytes(content)


def make_course(folder: Path, config: str) -> None:
    """Write a course under this configuration, with a gradebook that knows the week and no student."""
    source = folder / "source" / WEEK
    source.mkdir(parents=True)
    shutil.copy(week().notebook, source)
    (folder / CONFIG).write_text(config)
    command = [str(Path(sys.executable).with_name("nbgrader")), "generate_assignment", WEEK]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    # The engine finds weeks by their text, and its examiner needs the oracles; nbgrader would release both.
    for path in (week().text, *week().oracles.values()):
        copy = folder / path.relative_to(REPOSITORY)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)


def engine_config(*, demonstrations: bool = False) -> str:
    """Return this repository's configuration."""
    return (REPOSITORY / CONFIG).read_text() + (DEMONSTRATIONS if demonstrations else "")


def make_otter(folder: Path, handed: Iterator[tuple[str, bytes]]) -> None:
    """Write an otter-grader autograder with our tests, visible and hidden, and the class as it wants it.

    Otter's tests run after the notebook, so the submissions have no test cells: nothing is tested twice.
    """
    folder.mkdir(parents=True, exist_ok=True)
    master = nbformat.read(week().notebook, as_version=4)
    with ZipFile(folder / "autograder.zip", "w") as archive:
        archive.writestr("otter_config.json", json.dumps({"lang": "python", "print_summary": False}))
        for number, cell in enumerate(_tests(master)):
            given = cell.metadata.nbgrader
            text = OTTER_TEST.format(name=given.grade_id, source=cell.source, points=given.points)
            archive.writestr(f"tests/q{number:02}.py", text)
    for name, content in handed:
        notebook = nbformat.reads(content.decode(), as_version=4)
        tests = {cell.metadata.nbgrader.grade_id for cell in _tests(notebook)}
        notebook.cells = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") not in tests]
        path = folder / "submitted" / f"{name}.ipynb"
        path.parent.mkdir(exist_ok=True)
        nbformat.write(notebook, path)


def _tests(notebook: NotebookNode) -> list[NotebookNode]:
    given = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.metadata.get("nbgrader")]
    return [cell for cell in given if cell.metadata.nbgrader.grade]
