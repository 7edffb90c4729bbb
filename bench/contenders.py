"""The contenders: each prepares its folder, is started by commands, and reports the marks it gave."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from bench import classes
from bench.classes import WEEK
from grader.engine.forkserver import ONE_THREAD
from tests.sample_class import REPOSITORY

PROGRAMS = Path(sys.executable).parent
NBGRADER = [str(PROGRAMS / "nbgrader"), "autograde", WEEK]
COURSE = [str(PROGRAMS / "course"), "grade", WEEK]
OTTERS = REPOSITORY / ".venv-bench" / "bin" / "python"  # otter-grader wants an older wrapt than the course has
METER = "seconds.json"
AUTOMATIC = "SELECT auto_score FROM grade WHERE auto_score IS NOT NULL"


@dataclass(frozen=True)
class Contender:
    """One way to grade the class.

    Attributes
    ----------
    name
        as ``--only`` knows it
    title
        as the table says it
    prepare
        makes the folder, for so many students; that takes no part in the time
    commands
        what is run at the same time, in that folder
    workers
        how many submissions are graded at the same time
    points
        sum of the automatic points of the whole class
    variables
        what its environment holds besides this one's
    """

    name: str
    title: str
    prepare: Callable[[Path, int], None]
    commands: list[list[str]]
    workers: int
    points: Callable[[Path], float]
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Environment of its commands, with its own programs first on PATH."""
        programs = Path(self.commands[0][0]).parent
        path = f"{programs}{os.pathsep}{os.environ['PATH']}"
        return {**os.environ, "PATH": path, "PYTHONPATH": str(REPOSITORY), **self.variables}


def _course(config: str) -> Callable[[Path, int], None]:
    def prepare(folder: Path, students: int) -> None:
        classes.make_course(folder, config)
        classes.write_submissions(folder, classes.submissions(students))

    return prepare


def _single(config: str, *, right: bool) -> Callable[[Path, int], None]:
    def prepare(folder: Path, _students: int) -> None:
        classes.make_course(folder, config)
        classes.write_submissions(folder, classes.submissions(1) if right else iter([classes.untouched()]))

    return prepare


def _otter(folder: Path, students: int) -> None:
    classes.make_otter(folder, classes.submissions(students))


def gradebook_points(folder: Path) -> float:
    """Sum the automatic points of all in nbgrader's gradebook."""
    with closing(sqlite3.connect(folder / "gradebook.db")) as database:
        return sum(points for (points,) in database.execute(AUTOMATIC))


def otter_points(folder: Path) -> float:
    """Sum the points of all that the otter run recorded."""
    return sum(json.loads((folder / "points.json").read_text()))


def contenders() -> list[Contender]:
    """List all contenders, in the order of the table."""
    ours, everything = classes.engine_config(), classes.engine_config(demonstrations=True)
    cores = os.cpu_count() or 1
    halves = [[*NBGRADER, "--student", "a-*"], [*NBGRADER, "--student", "b-*"]]
    otter = [str(OTTERS), "-m", "bench.otter"]
    metered = [sys.executable, "-m", "bench.metered", METER, "grade", WEEK]
    stock, book = classes.STOCK, gradebook_points
    return [
        Contender("stock", "stock nbgrader", _course(stock), [NBGRADER], 1, book),
        Contender("stock2", "stock nbgrader, two processes", _course(stock), halves, 2, book),
        Contender("stock2-calm", "the same, OpenMP held to one thread", _course(stock), halves, 2, book, ONE_THREAD),
        Contender("otter", "otter-grader, local mode", _otter, [otter], 1, otter_points),
        Contender("engine-all", "this engine, with all demonstrations", _course(everything), [COURSE], cores, book),
        Contender("engine", "this engine", _course(ours), [COURSE], cores, book),
        Contender(
            "floor-all", "this engine, metered, with all demonstrations", _course(everything), [metered], cores, book
        ),
        Contender("floor", "this engine, metered", _course(ours), [metered], cores, book),
        Contender("first", "this engine, one right submission", _single(ours, right=True), [COURSE], 1, book),
        Contender("first-untouched", "this engine, one untouched", _single(ours, right=False), [COURSE], 1, book),
        Contender("stock-untouched", "stock nbgrader, one untouched", _single(stock, right=False), [NBGRADER], 1, book),
    ]


ALONE = ("first", "first-untouched", "stock-untouched")  # these grade one submission, whatever the class


def floor_seconds(folder: Path) -> float:
    """Sum the processor seconds of all cells, as :mod:`bench.metered` recorded them."""
    spent = json.loads((folder / METER).read_text())
    return sum(one["kernel"] + one["examiner"] for one in spent)
