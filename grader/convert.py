"""nbgrader's two converters, autograde and generate_feedback, run on one attempt within this process.

They read from a copy of the submission's other files and write into a stage, a folder from which finished work is
moved to its place. The steps of the converters are those of nbgrader_config.py.
"""

from __future__ import annotations

import errno
import glob
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from nbformat import NotebookNode
from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SQLAlchemyError
from traitlets.config import Config

from grader.attempt import SUBMITTED, Attempt
from grader.course import CourseError
from grader.engine.kernel import copy_plain_files
from grader.intake import TIMESTAMP, handed_in_at

CONVERTED = ("autograded", "feedback")  # what is written into the stage, and lies in the course under the same names
FATAL = (errno.ENOSPC, errno.EROFS, errno.EDQUOT)  # a full or read-only disk will meet every other submission too
LONGEST_FAULT = 500  # characters


class StagedCourse(CourseDirectory):
    """nbgrader's course folder, for one attempt: submission and outcome lie in the stage."""

    @classmethod
    def of(cls, attempt: Attempt, stage: Path, config: Config) -> StagedCourse:
        """Return the course folder for this attempt."""
        coursedir = cls(config=config)
        coursedir.assignment_id, coursedir.student_id = attempt.week.name, glob.escape(attempt.student)
        for name in (SUBMITTED, *CONVERTED):
            setattr(coursedir, f"{name}_directory", str(stage / name))
        return coursedir

    def fail(self, message: str) -> None:
        """Report a bad timestamp.txt: nbgrader calls this method, and does not define it."""
        raise ValueError(message)


class KeepsFault(BaseConverter):
    """A converter that remembers why a conversion failed, which nbgrader only logs."""

    fault: Exception | None = None

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Do as nbgrader does, and keep the reason of a failure."""
        with self._kept():
            super().init_assignment(assignment_id, student_id)

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Do as nbgrader does, and keep the reason of a failure."""
        with self._kept():
            super().convert_single_notebook(notebook_filename)

    @contextmanager
    def _kept(self) -> Iterator[None]:
        try:
            yield
        except Exception as error:
            self.fault = self.fault or error
            raise


class AutogradeAttempt(KeepsFault, Autograde):
    """nbgrader's autograde for one attempt, even if its notebook is missing."""

    student = ""
    notebook = ""
    attempt: Attempt | None = None  # where the notebook is read; links and pipes beside it are not copied
    executed: Callable[[], list[NotebookNode]] | None = None  # gives the cells after the run, where there was one

    def init_notebooks(self) -> None:
        """List the week's notebook alone; the step that reads it reports that it is missing."""
        folder = self._format_source(self.coursedir.assignment_id, self.student)
        self.assignments = {folder: [str(Path(folder) / self.notebook)]}
        self.notebooks: list[str] = []


class FeedbackOnAttempt(KeepsFault, GenerateFeedback):
    """nbgrader's generate_feedback for one attempt."""


def convert(
    attempt: Attempt, stage: Path, config: Config, executed: Callable[[], list[NotebookNode]] | None = None
) -> str:
    """Record what an attempt earned in the gradebook, and write results and feedback into the stage.

    Parameters
    ----------
    executed
        gives the cells of the notebook after its run; without it the notebook is run now

    Returns
    -------
    the grader's fault in words, empty when there was none

    Raises
    ------
    CourseError, SQLAlchemyError, OSError
        when no other submission could be graded either
    """
    coursedir = StagedCourse.of(attempt, stage, config)
    _copy_for_nbgrader(attempt, stage / SUBMITTED / attempt.student / attempt.week.name)
    autograde = AutogradeAttempt(coursedir=coursedir, config=config)
    autograde.student, autograde.notebook = attempt.student, attempt.week.notebook.name
    autograde.attempt, autograde.executed = attempt, executed
    for step in (autograde, FeedbackOnAttempt(coursedir=coursedir, config=config)):
        try:
            step.start()
        except NbGraderException as error:
            return _in_words(step.fault or error)
    return ""


def prepare_feedback(notebooks: Iterable[NotebookNode], config: Config) -> None:
    """Do the work that all feedback pages of these source notebooks share."""
    step = FeedbackOnAttempt(coursedir=CourseDirectory(config=config), config=config)
    for notebook in notebooks:
        step.exporter_class(parent=step, config=step.config).get_ready(notebook)


def _copy_for_nbgrader(attempt: Attempt, folder: Path) -> None:
    """Copy what lies beside the notebook: nbgrader would follow links, even to what never ends and fills the disk.

    The notebook itself is read from where it was handed in. An empty file in its place says that there is one: nbgrader
    takes back the marks of a submission without.
    """
    copy_plain_files(attempt.folder, folder)
    time, _ = handed_in_at(attempt.folder)
    (folder / TIMESTAMP).unlink(missing_ok=True)
    if time:
        (folder / TIMESTAMP).write_text(time, encoding="ascii")
    if os.path.lexists(attempt.notebook):
        (folder / attempt.week.notebook.name).touch()


def _in_words(error: Exception) -> str:
    """Put a failure in words; one that will meet every other submission too ends the run instead."""
    if isinstance(error, CourseError | SQLAlchemyError) or (isinstance(error, OSError) and error.errno in FATAL):
        raise error
    return f"{type(error).__name__}: {error}".strip()[:LONGEST_FAULT]
