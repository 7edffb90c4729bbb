"""An attempt is one student's submission of one week; the run of `course grade` finds them and grades each."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from grader.course import Course, CourseError, Week
from grader.intake import handed_in_at, ignored
from grader.results import Results, TaskResult

SUBMITTED = "submitted"  # the folder in the course that students' folders lie in
LEVELS = 3  # folders between a student's own and the notebook: week1/week1 and __MACOSX come with archives
# What browsers, JupyterLab and mail programs add to a name, and what people write in another way.
ADDED = re.compile(r"^copy of |(\.ipynb)?(\.(txt|json))?$|[ _-]*(\(\d+\)|copy ?\d*|\(copy\))", re.IGNORECASE)
SPACES = re.compile(r"[\s_-]+")


@dataclass(frozen=True)
class Attempt:
    """One student's submission of one week.

    ``home`` is the student's folder; ``notebook`` is where the notebook lies, or should lie.
    """

    week: Week
    home: Path
    notebook: Path

    @property
    def student(self) -> str:
        """The student's name, as that of the folder."""
        return self.home.name

    @property
    def folder(self) -> Path:
        """The folder of the notebook, with what was handed in beside it."""
        return self.notebook.parent

    @property
    def found_as(self) -> str:
        """Where the notebook was found, if that is not its place; else empty."""
        place = self.notebook.relative_to(self.home)
        return "" if place == Path(self.week.name, self.week.notebook.name) else str(place)

    @property
    def name(self) -> str:
        """Week and student, as messages name an attempt."""
        return f"{self.week.name}, {self.student}"


@dataclass(frozen=True)
class Graded:
    """Outcome of an attempt. ``fault`` is the grader's own failure, never a mark; ``fresh`` if graded in this run.

    ``before`` are the automatic marks that the gradebook held before this run, by cell.
    """

    attempt: Attempt
    results: Results | None
    feedback: Path
    fault: str = ""
    fresh: bool = False
    before: dict[str, float | None] = field(default_factory=dict)

    @property
    def changes(self) -> list[tuple[TaskResult, float]]:
        """Tasks whose recorded mark has changed, each with the mark before."""
        tasks = self.results.tasks if self.results else []
        marks = [(task, self.before.get(task.cell)) for task in tasks]
        return [(task, mark) for task, mark in marks if mark is not None and mark != task.points]

    @property
    def notes(self) -> list[str]:
        """What an instructor should know of how it was handed in."""
        moved = f"handed in as {self.attempt.found_as}" if self.attempt.found_as else ""
        return [note for note in (moved, self.lateness_unknown) if note]

    @cached_property
    def lateness_unknown(self) -> str:
        """Why the time of handing in is not known; empty where it is, or where nobody wrote it down."""
        return handed_in_at(self.attempt.folder)[1]

    @property
    def needs_person(self) -> bool:
        """True when somebody must look at the attempt."""
        return bool(self.fault or (self.results and self.results.malformed) or self.lateness_unknown)


def find_attempts(course: Course, weeks: list[Week], students: list[str]) -> list[Attempt]:
    """Find every submission of these weeks, by week and student; of all students when none is named.

    A notebook that has another name or place than it should is taken, where it is the only one that can be meant.

    Raises
    ------
    CourseError
        when there is none, or a named student handed nothing in
    """
    submitted = course.root / SUBMITTED
    folders = _students_folders(submitted)
    _require_known(students, folders, submitted)
    wanted = [folder for folder in folders if not students or folder.name in students]
    found = [attempt for week in weeks for folder in wanted for attempt in _attempts(week, folder)]
    if not found:
        names = ", ".join(week.name for week in weeks)
        raise CourseError(
            f"Nothing was handed in for {names}.", f"Submissions belong in {submitted}/STUDENT/WEEK/NOTEBOOK.ipynb."
        )
    return found


def unclaimed(course: Course) -> list[str]:
    """Say what lies in the folder of submissions and is graded for no week."""
    submitted = course.root / SUBMITTED
    found = [f"{path.name} lies outside of any student's folder." for path in _visible(submitted) if not path.is_dir()]
    for folder in _students_folders(submitted):
        found += _unclaimed(folder, [one for week in course.weeks.values() for one in _attempts(week, folder)])
    return found


def _unclaimed(folder: Path, own: list[Attempt]) -> Iterator[str]:
    if not own:
        names = [path.name for path in _visible(folder)]
        seen = f": {', '.join(names[:5])}{', …' if len(names) > 5 else ''}" if names else ""
        yield f"{folder.name}: nothing of any week was found{seen}."
        return
    places = [attempt.folder for attempt in own]
    for path in _visible(folder) if folder not in places else []:
        if not any(place.is_relative_to(path) for place in places) and (path.is_file() or _visible(path)):
            yield f"{folder.name}/{path.name} is of no week."
    for attempt in own:
        for path in _candidates(attempt.week, attempt.folder, 0) if os.path.lexists(attempt.notebook) else []:
            if path != attempt.notebook:
                yield f"{attempt.name}: {path.name} lies beside the notebook and was not graded."


def _visible(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not ignored(path.name))


def _attempts(week: Week, folder: Path) -> Iterator[Attempt]:
    """Yield a student's submission of a week, if there is anything of it."""
    place = folder / week.name / week.notebook.name
    if os.path.lexists(place):
        yield Attempt(week, folder, place)
        return
    named = [path for path in _visible(folder) if path.is_dir() and _plain(path.name) == _plain(week.name)]
    found = _candidates(week, folder, LEVELS)
    alone = [path for one in named for path in sorted(one.glob("*.ipynb*")) if path.is_file()]
    if not found and len(alone) == 1:
        found = alone  # whatever it is called, it is what was handed in for this week
    if len(found) == 1:
        yield Attempt(week, folder, found[0])
    elif found or named:
        yield Attempt(week, folder, (named[0] if named else folder / week.name) / week.notebook.name)


def _candidates(week: Week, folder: Path, levels: int) -> list[Path]:
    """Return the files that have the name of the week's notebook, nearly."""
    found = [path for depth in range(levels + 1) for path in folder.glob("*/" * depth + "*.ipynb*")]
    shown = [path for path in found if not any(map(ignored, path.relative_to(folder).parts)) and path.is_file()]
    return sorted(path for path in shown if _plain(path.name) == _plain(week.notebook_name))


def _plain(name: str) -> str:
    """Return a name without what programs add to it, in small letters: `Boosting (1).ipynb` is `boosting`."""
    return SPACES.sub("", ADDED.sub("", name)).lower()


def _students_folders(submitted: Path) -> list[Path]:
    found = sorted(submitted.glob("*")) if submitted.is_dir() else []
    return [path for path in found if path.is_dir() and not path.name.startswith(".")]


def _require_known(students: list[str], folders: list[Path], submitted: Path) -> None:
    known = [folder.name for folder in folders]
    if unknown := [student for student in students if student not in known]:
        few = ", ".join(known[:20]) + (", …" if len(known) > 20 else "")
        raise CourseError(
            f"No student called {', '.join(unknown)} handed anything in.",
            f"In {submitted} are: {few or 'no students'}.",
        )
