"""`course grade`: a submission goes through read → repair → run → record → report, one module a step.

The steps themselves are preprocessors that nbgrader_config.py puts in nbgrader's own pipeline; this module decides
what is to be graded, runs nbgrader's converters on it in this process, and puts their files in place.
"""

from __future__ import annotations

import errno
import gc
import glob
import json
import os
import shutil
import sys
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlalchemy.exc import SAWarning, SQLAlchemyError
from traitlets.config import Config

from grader import gradebook
from grader.course import Course, CourseError, Week, stderr
from grader.engine.dependencies import imported_by
from grader.engine.forkserver import Warm, shared
from grader.engine.isolate import execute
from grader.engine.kernel import copy_plain_files
from grader.master import Master, differences, load_master, record_master
from grader.read import digest
from grader.results import FILE, Results, TaskResult, read_results

STAGE = ".grading"  # in the course folder, so that finished work is moved into place and not copied
SIGNS = {
    "passed": ("✓", "green"),
    "failed": ("✗", "red"),
    "not attempted": ("·", "dim"),
    "skipped": ("↷", "yellow"),
    "timed out": ("⏱", "red"),
    "out of memory": ("▣", "red"),
    "crashed": ("‼", "red"),
    "malformed": ("?", "magenta"),
    "manual": ("✎", "cyan"),
}
WALLED, UNWALLED = "grader.engine.isolate.Isolated", "grader.engine.run.Run"
FATAL = (errno.ENOSPC, errno.EROFS, errno.EDQUOT)


@dataclass(frozen=True)
class Attempt:
    """One student's submission of one week."""

    week: Week
    student: str
    folder: Path


@dataclass(frozen=True)
class Graded:
    """What came of an attempt. ``fault`` is the grader's own failure, never a mark; ``fresh`` if graded just now.

    ``before`` are the automatic marks that stood in the gradebook until then, by cell.
    """

    attempt: Attempt
    results: Results | None
    feedback: Path
    fault: str = ""
    fresh: bool = False
    before: dict[str, float | None] = field(default_factory=dict)

    @property
    def changes(self) -> list[tuple[TaskResult, float]]:
        """The tasks whose recorded mark is another one now, with the one before."""
        tasks = self.results.tasks if self.results else []
        marks = [(task, self.before.get(task.cell)) for task in tasks]
        return [(task, mark) for task, mark in marks if mark is not None and mark != task.points]

    @property
    def needs_person(self) -> bool:
        """Whether somebody must look at it."""
        return bool(self.fault or (self.results and self.results.malformed))


class _Places(CourseDirectory):
    def fail(self, message: str) -> None:
        """Say what is wrong with a timestamp.txt: nbgrader calls this, and does not define it."""
        raise ValueError(message)


class _KeepsFault(BaseConverter):
    """Remembers why a conversion failed, which nbgrader only logs."""

    fault: Exception | None = None

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """As nbgrader does, keeping the reason of a failure."""
        with self._kept():
            super().init_assignment(assignment_id, student_id)

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """As nbgrader does, keeping the reason of a failure."""
        with self._kept():
            super().convert_single_notebook(notebook_filename)

    @contextmanager
    def _kept(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            self.fault = self.fault or error
            raise


class _Autograde(_KeepsFault, Autograde):
    """nbgrader's autograde for one attempt, whether or not its notebook is where it should be."""

    student = ""
    notebook = ""
    submitted: Path | None = None  # where the notebook is; beside it may lie links and pipes, which are not copied
    executed: Callable[[], list[NotebookNode]] | None = None  # gives the cells after the run, where there was one

    def init_notebooks(self) -> None:
        """Look for the week's notebook alone; that there is none is found when it is read."""
        folder = self._format_source(self.coursedir.assignment_id, self.student)
        self.assignments = {folder: [str(Path(folder) / self.notebook)]}
        self.notebooks: list[str] = []


class _Feedback(_KeepsFault, GenerateFeedback):
    """nbgrader's generate_feedback for one attempt."""


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

    Returns 0 when all of it has marks and 1 when something needs a person: a submission that cannot be read, or a
    fault of the grader.

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
    _report(graded, config, as_json=as_json)
    return int(any(one.needs_person for one in graded))


def find_attempts(course: Course, weeks: list[Week], students: list[str]) -> list[Attempt]:
    """Every submission of these weeks, by week and student; of all students when none is named.

    Raises
    ------
    CourseError
        when there is none, or a named student handed nothing in
    """
    submitted = course.root / "submitted"
    folders = sorted(f for f in submitted.glob("*") if f.is_dir() and not f.name.startswith(".")) if submitted else []
    known = [folder.name for folder in folders]
    if unknown := [student for student in students if student not in known]:
        few = ", ".join(known[:20]) + (", …" if len(known) > 20 else "")
        raise CourseError(
            f"Nobody called {', '.join(unknown)} handed anything in.", f"In {submitted} are: {few or 'nobody'}."
        )
    wanted = [folder for folder in folders if not students or folder.name in students]
    found = [Attempt(w, f.name, f / w.name) for w in weeks for f in wanted if (f / w.name).exists()]
    if not found:
        names = ", ".join(week.name for week in weeks)
        raise CourseError(
            f"Nothing was handed in for {names}.", f"Submissions belong in {submitted}/STUDENT/WEEK/NOTEBOOK.ipynb."
        )
    return found


@contextmanager
def _disk_errors(root: Path) -> Iterator[None]:
    """Say what to do about a full or read-only disk, wherever it shows."""
    try:
        yield
    except OSError as error:
        where = error.filename or root
        raise CourseError(
            f"{where} cannot be written: {error.strerror or error}.",
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
    warm: Warm | None = None
    weeks: list[Week] = field(default_factory=list)
    masters: dict[str, Master] = field(default_factory=dict)
    backed_up: bool = False

    def all(self, attempts: list[Attempt]) -> Iterator[Graded]:
        """Grade what is new or changed, with a progress bar; the rest is read from its results."""
        self.weeks = list(dict.fromkeys(attempt.week for attempt in attempts))
        stage = self.course.root / STAGE
        shutil.rmtree(stage, ignore_errors=True)  # of a run that was killed
        try:
            with _progress() as bar, _pool(self.workers) as pool:
                task = bar.add_task("", total=len(attempts))
                ready = [(attempt, *self._begin(attempt, stage, pool)) for attempt in attempts]
                self._get_ready([attempt.week for attempt, done, _ in ready if not done])
                for attempt, done, executed in ready:
                    bar.update(task, description=escape(f"{attempt.week.name} {attempt.student}"))
                    yield done or self._finish(attempt, stage, executed)
                    bar.advance(task)
        finally:
            shutil.rmtree(stage, ignore_errors=True)

    def _begin(
        self, attempt: Attempt, stage: Path, pool: ThreadPoolExecutor
    ) -> tuple[Graded | None, Future[list[NotebookNode]] | None]:
        """Find what is graded already; have the rest run, behind the walls and beside each other."""
        master = self._master(attempt.week)
        if done := self._done(attempt, master):
            return Graded(attempt, done, self._feedback(attempt)), None
        if WALLED not in self.config.Autograde.autograde_preprocessors:
            return None, None
        self.warm = self.warm or shared(imported_by(week.notebook for week in self.weeks))
        folder = stage / "run" / attempt.student / attempt.week.name
        return None, pool.submit(execute, attempt.folder, attempt.week, master, self.config, self.warm, folder)

    def _get_ready(self, weeks: list[Week]) -> None:
        """Do what feedback pages have in common while the first submissions run: the first mark waits for it less."""
        step = _Feedback(coursedir=CourseDirectory(config=self.config), config=self.config)
        for week in dict.fromkeys(weeks):
            step.exporter_class(parent=step, config=step.config).get_ready(self._master(week).notebook)

    def _finish(self, attempt: Attempt, stage: Path, executed: Future[list[NotebookNode]] | None) -> Graded:
        """Record what a run gave and write the feedback, one attempt after the other: the gradebook has one writer."""
        self._back_up()
        before = self._recorded(attempt)
        fault = self._convert(attempt, stage, executed)
        results = None if fault else read_results(self._folder("autograded", attempt) / FILE)
        return Graded(attempt, results, self._feedback(attempt), fault, fresh=True, before=before)

    def _gradebook(self) -> Gradebook:
        places = CourseDirectory(config=self.config)
        return Gradebook(places.db_url, places.course_id)

    def _folder(self, step: str, attempt: Attempt) -> Path:
        return self.course.root / step / attempt.student / attempt.week.name

    def _feedback(self, attempt: Attempt) -> Path:
        return self._folder("feedback", attempt) / f"{attempt.week.notebook_name}.html"

    def _master(self, week: Week) -> Master:
        """The week's master; the gradebook is made to hold it."""
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
        """The results of this very submission under this very master, if gradebook and feedback have them too."""
        results = None if self.force else read_results(self._folder("autograded", attempt) / FILE)
        if results is None or not self._feedback(attempt).exists():
            return None
        same = results.digest == digest(attempt.folder, master)
        return results if same and self._recorded(attempt) == {t.cell: t.points for t in results.tasks} else None

    def _recorded(self, attempt: Attempt) -> dict[str, float | None]:
        with self._gradebook() as book:
            try:
                found = book.find_submission_notebook(attempt.week.notebook_name, attempt.week.name, attempt.student)
            except MissingEntry:
                return {}
            return {grade.name: grade.auto_score for grade in found.grades}

    def _convert(self, attempt: Attempt, stage: Path, executed: Future[list[NotebookNode]] | None) -> str:
        """Run nbgrader's two converters in the stage and move what they made into place; returns the fault."""
        places = _Places(config=self.config)
        places.assignment_id, places.student_id = attempt.week.name, glob.escape(attempt.student)
        places.autograded_directory, places.feedback_directory = str(stage / "autograded"), str(stage / "feedback")
        places.submitted_directory = str(stage / "submitted")
        _copy_for_nbgrader(attempt, stage / "submitted" / attempt.student / attempt.week.name)
        first = _Autograde(coursedir=places, config=self.config)
        first.student, first.notebook = attempt.student, attempt.week.notebook.name
        first.submitted = attempt.folder
        first.executed = executed.result if executed else None
        for step in (first, _Feedback(coursedir=places, config=self.config)):
            try:
                step.start()
            except NbGraderException as error:
                return _fault(step.fault or error)
        for step_name in ("autograded", "feedback"):
            _replace(stage / step_name / attempt.student / attempt.week.name, self._folder(step_name, attempt), stage)
        return ""


@contextmanager
def _pool(workers: int) -> Iterator[ThreadPoolExecutor]:
    """Threads for submissions; when grading cannot go on, those that wait are not begun."""
    pool = ThreadPoolExecutor(workers or os.cpu_count())
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _copy_for_nbgrader(attempt: Attempt, folder: Path) -> None:
    """Copy what lies beside the notebook: nbgrader would follow links, even to what never ends and fills the disk.

    The notebook itself is read where it is. Here an empty file says that there is one: nbgrader takes back the marks of
    a submission without.
    """
    copy_plain_files(attempt.folder, folder)
    if os.path.lexists(attempt.folder / attempt.week.notebook.name):
        (folder / attempt.week.notebook.name).touch()


def _fault(error: Exception) -> str:
    """Put a failure in words; one that will meet every other submission too ends the run instead."""
    if isinstance(error, CourseError | SQLAlchemyError) or (isinstance(error, OSError) and error.errno in FATAL):
        raise error
    return f"{type(error).__name__}: {error}".strip()[:500]


def _replace(new: Path, old: Path, stage: Path) -> None:
    """Put a finished folder in the place of the one before."""
    old.parent.mkdir(parents=True, exist_ok=True)
    if old.exists():
        away = stage / "old" / new.parent.parent.name / old.parent.name / old.name
        away.parent.mkdir(parents=True, exist_ok=True)
        old.replace(away)
    new.replace(old)


def _progress() -> Progress:
    columns = (
        TextColumn("Grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    return Progress(*columns, console=stderr, transient=True)


def _report(graded: list[Graded], config: Config, *, as_json: bool) -> None:
    book = gradebook.file_of(config) or "the database server"
    if as_json:
        print(json.dumps({"version": 1, "gradebook": str(book), "submissions": [_plain(one) for one in graded]}))
        return
    console = _console()
    for week in dict.fromkeys(one.attempt.week.name for one in graded):
        console.print(_table(week, [one for one in graded if one.attempt.week.name == week]))
    console.print("  ".join(f"{sign} {outcome}" for outcome, (sign, _) in SIGNS.items()), style="dim")
    _changes(graded, console)
    _messages(graded)
    fresh = sum(one.fresh for one in graded)
    console.print(f"{fresh} graded now, {len(graded) - fresh} had not changed.")
    console.print(
        f"Feedback:  {graded[0].feedback.parents[2]}/STUDENT/WEEK/NOTEBOOK.html\nGradebook: {book}", soft_wrap=True
    )


def _console() -> Console:
    """Standard output; where that is no terminal, wide enough for a table of ten tasks."""
    return Console(highlight=False) if sys.stdout.isatty() else Console(highlight=False, width=160)


def _table(week: str, graded: list[Graded]) -> Table:
    tasks = next((one.results.tasks for one in graded if one.results), [])
    most = sum(task.max_points for task in tasks)
    table = Table(title=f"{week}: automatic marks, of {most:g} points with those given by hand", title_justify="left")
    table.add_column("student")
    for task in tasks:
        table.add_column(f"{task.task}\n/ {task.max_points:g}", justify="right", overflow="fold")
    table.add_column("sum", justify="right")
    for one in graded:
        marks = [_mark(task) for task in one.results.tasks] if one.results else ["!"] * len(tasks)
        table.add_row(escape(one.attempt.student), *marks, f"{one.results.points:g}" if one.results else "fault")
    return table


def _mark(task: TaskResult) -> str:
    sign, colour = SIGNS[task.outcome]
    points = "" if task.points is None else f"{task.points:g} "
    return f"[{colour}]{points}{sign}[/]"


def _changes(graded: list[Graded], console: Console) -> None:
    """Say whose marks are others than before this grading."""
    changed = [one for one in graded if one.changes]
    if changed:
        console.print("Automatic marks that changed (marks given by hand stay as they are):")
    for one in changed:
        sums = sum((task.points or 0) - mark for task, mark in one.changes)
        tasks = ", ".join(f"{task.task} {mark:g} → {_by_hand(task.points)}" for task, mark in one.changes)
        console.print(f"  {one.attempt.week.name}, {one.attempt.student}: {tasks} ({sums:+g})", markup=False)


def _by_hand(points: float | None) -> str:
    return "to be read by a person" if points is None else f"{points:g}"


def _messages(graded: list[Graded]) -> None:
    """Say on standard error what needs a person, and why."""
    for one in graded:
        who = f"{one.attempt.week.name}, {one.attempt.student}"
        if one.fault:
            told = "fault of the grader, no mark was recorded. Mend it and run this again."
            stderr.print(f"{who}: {told}\n  {one.fault}", style="red", markup=False)
        elif one.results and one.results.malformed:
            stderr.print(f"{who}: malformed. {one.results.malformed}", style="magenta", markup=False)


def _plain(one: Graded) -> dict[str, Any]:
    return {
        "week": one.attempt.week.name,
        "student": one.attempt.student,
        "graded_now": one.fresh,
        "fault": one.fault,
        "changes": [{"task": task.task, "before": mark, "after": task.points} for task, mark in one.changes],
        "feedback": str(one.feedback) if one.feedback.exists() else None,
        "results": one.results.document() if one.results else None,
    }
