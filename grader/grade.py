"""`course grade`: each attempt goes through read → repair → run ↔ examine → record → report.

The steps are preprocessors that nbgrader_config.py puts in nbgrader's own pipeline (see :mod:`grader`). This module
decides what is to be graded, runs submissions beside each other, and records one after the other.
"""

from __future__ import annotations

import gc
import os
import shutil
import warnings
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from rich.markup import escape
from sqlalchemy.exc import SAWarning, SQLAlchemyError
from traitlets.config import Config

from grader import gradebook
from grader.attempt import Attempt, Graded, find_attempts, unclaimed
from grader.convert import CONVERTED, convert, prepare_feedback
from grader.course import Course, CourseError, Week
from grader.engine.dependencies import imported_by
from grader.engine.forkserver import ForkServer, shared
from grader.engine.isolate import execute
from grader.grade_report import progress_bar, report, report_json
from grader.master import Master, differences, load_master, record_master
from grader.read import digest
from grader.results import FILE, Results, read_results

STAGE = ".grading"  # in the course folder, so that finished work is moved into place and not copied
WALLED, UNWALLED = "grader.engine.isolate.Isolated", "grader.engine.run.Run"


def grade_command(
    weeks: list[str] | None,
    students: list[str],
    *,
    force: bool = False,
    workers: int = 0,
    sandbox: bool = True,
    as_json: bool = False,
) -> int:
    """Grade what was submitted and has not been graded yet.

    ``workers`` submissions are run at the same time; 0 means one for each core. Without ``sandbox`` their code runs as
    this user, in one process with the tests.

    Returns 0 when all of it has marks and 1 when something needs a person: a submission that cannot be read, something
    handed in that belongs to no week, or a fault of the grader.

    Raises
    ------
    CourseError
        when grading cannot go on at all; what was graded until then is kept
    """
    gc.freeze()  # what is imported by now stays: the collector need not look through it again and again
    gc.enable()
    course = Course.find()
    chosen = course.select(weeks)
    config = gradebook.load_config(course)
    if not sandbox:
        steps = config.Autograde.autograde_preprocessors
        config.Autograde.autograde_preprocessors = [UNWALLED if step == WALLED else step for step in steps]
    attempts = find_attempts(course, chosen, students)
    warnings.simplefilter("ignore", SAWarning)  # nbgrader's own; every grading shows it three times
    with gradebook.for_writing(config), _disk_errors(course.root):
        graded = list(Grading(course, config, force=force, workers=workers if sandbox else 0).all(attempts))
    book, left = gradebook.file_of(config), unclaimed(course)
    print(report_json(graded, book, left)) if as_json else report(graded, book, left)
    return int(bool(left) or any(one.needs_person for one in graded))


@contextmanager
def _disk_errors(root: Path) -> Iterator[None]:
    """Say what to do about a full or read-only disk, whichever step met it."""
    try:
        yield
    except OSError as error:
        raise CourseError(
            f"{error.filename or root} cannot be written: {error.strerror or error}.",
            "Free some space or make the folder writable, and run this again: marks recorded until now are kept.",
        ) from error
    except SQLAlchemyError as error:
        raise CourseError(
            f"The gradebook could not be written: {getattr(error, 'orig', None) or error}.",
            "See that the disk has room and that no other program holds the gradebook, and run this again: marks "
            "recorded until now are kept.",
        ) from error


@dataclass
class Grading:
    """One run of `course grade`."""

    course: Course
    config: Config
    force: bool = False
    workers: int = 0
    server: ForkServer | None = None
    weeks: list[Week] = field(default_factory=list)
    masters: dict[str, Master] = field(default_factory=dict)
    backed_up: bool = False

    def all(self, attempts: list[Attempt]) -> Iterator[Graded]:
        """Grade what is new or changed, with a progress bar; the rest is read from its results."""
        self.weeks = list(dict.fromkeys(attempt.week for attempt in attempts))
        stage = self.course.root / STAGE
        shutil.rmtree(stage, ignore_errors=True)  # of a run that was killed
        try:
            with progress_bar() as bar, _pool(self.workers) as pool:
                task = bar.add_task("", total=len(attempts))
                begun = [(attempt, *self._begin(attempt, stage, pool)) for attempt in attempts]
                self._prepare_feedback([attempt.week for attempt, done, _ in begun if not done])
                for attempt, done, executed in begun:
                    bar.update(task, description=escape(f"{attempt.week.name} {attempt.student}"))
                    yield done or self._finish(attempt, stage, executed)
                    bar.advance(task)
        finally:
            shutil.rmtree(stage, ignore_errors=True)

    def _begin(
        self, attempt: Attempt, stage: Path, pool: ThreadPoolExecutor
    ) -> tuple[Graded | None, Future[list[NotebookNode]] | None]:
        """Return what is graded already; have the rest run, behind the walls and beside each other."""
        master = self._master(attempt.week)
        if done := self._done(attempt, master):
            return Graded(attempt, done, self._feedback(attempt)), None
        if WALLED not in self.config.Autograde.autograde_preprocessors:
            return None, None
        self.server = self.server or shared(imported_by(week.notebook for week in self.weeks))
        folder = stage / "run" / attempt.student / attempt.week.name
        return None, pool.submit(execute, attempt.notebook, attempt.week, master, self.config, self.server, folder)

    def _prepare_feedback(self, weeks: list[Week]) -> None:
        """Do what feedback pages have in common while the first submissions run: the first mark waits for it less."""
        prepare_feedback([self._master(week).notebook for week in dict.fromkeys(weeks)], self.config)

    def _finish(self, attempt: Attempt, stage: Path, executed: Future[list[NotebookNode]] | None) -> Graded:
        """Record the outcome and write the feedback, one attempt after the other: the gradebook has one writer."""
        self._back_up()
        before = self._recorded(attempt)
        fault = convert(attempt, stage, self.config, executed.result if executed else None)
        if not fault or not self._same(attempt, self._master(attempt.week)):
            for step in CONVERTED:
                _replace(stage / step / attempt.student / attempt.week.name, self._folder(step, attempt), stage)
            if fault:
                self._take_back(attempt)
        results = None if fault else read_results(self._folder("autograded", attempt) / FILE)
        return Graded(attempt, results, self._feedback(attempt), fault, fresh=True, before=before)

    def _take_back(self, attempt: Attempt) -> None:
        """Leave no automatic mark of an earlier run, which was for another submission or by other tests."""
        with self._gradebook() as book, suppress(MissingEntry):
            found = book.find_submission_notebook(attempt.week.notebook_name, attempt.week.name, attempt.student)
            for grade in found.grades:
                grade.auto_score = None
            book.db.commit()

    def _gradebook(self) -> Gradebook:
        coursedir = CourseDirectory(config=self.config)
        return Gradebook(coursedir.db_url, coursedir.course_id)

    def _folder(self, step: str, attempt: Attempt) -> Path:
        return self.course.root / step / attempt.student / attempt.week.name

    def _feedback(self, attempt: Attempt) -> Path:
        return self._folder("feedback", attempt) / f"{attempt.week.notebook_name}.html"

    def _master(self, week: Week) -> Master:
        """Return the week's master; the gradebook is made to hold it."""
        if week.name not in self.masters:
            master = load_master(week.notebook, self.config)
            with self._gradebook() as book:
                changed = differences(master, book, week.name, week.notebook_name)
            if changed:
                self._back_up()
                record_master(week.name, self.config)
            self.masters[week.name] = master
        return self.masters[week.name]

    def _back_up(self) -> None:
        path = gradebook.file_of(self.config)
        if path is not None and not self.backed_up:
            gradebook.back_up(path)
        self.backed_up = True

    def _done(self, attempt: Attempt, master: Master) -> Results | None:
        """Return the results of this very submission under this very master, if gradebook and feedback have them."""
        results = None
        if not self.force and self._feedback(attempt).exists():
            results = self._same(attempt, master)
        return results if results and self._recorded(attempt) == {t.cell: t.points for t in results.tasks} else None

    def _same(self, attempt: Attempt, master: Master) -> Results | None:
        """Return the results of this very submission under this very master, if it was graded before."""
        results = read_results(self._folder("autograded", attempt) / FILE)
        return results if results and results.digest == digest(attempt.folder, master) else None

    def _recorded(self, attempt: Attempt) -> dict[str, float | None]:
        """Return the automatic marks that the gradebook holds for an attempt, by cell."""
        with self._gradebook() as book:
            try:
                found = book.find_submission_notebook(attempt.week.notebook_name, attempt.week.name, attempt.student)
            except MissingEntry:
                return {}
            return {grade.name: grade.auto_score for grade in found.grades}


@contextmanager
def _pool(workers: int) -> Iterator[ThreadPoolExecutor]:
    """Give threads for submissions; when grading cannot go on, those that wait are not begun."""
    pool = ThreadPoolExecutor(workers or os.cpu_count())
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _replace(new: Path, old: Path, stage: Path) -> None:
    """Put a finished folder in the place of the one before; where none was finished, there is none any more."""
    if old.exists():
        away = stage / "old" / new.parent.parent.name / old.parent.name / old.name
        away.parent.mkdir(parents=True, exist_ok=True)
        old.replace(away)
    if new.exists():
        old.parent.mkdir(parents=True, exist_ok=True)
        new.replace(old)
