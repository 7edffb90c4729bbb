"""An attempt is one student's submission of one week; the run of `course grade` finds them and grades each."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from grader.course import Course, CourseError, Week
from grader.results import Results, TaskResult

SUBMITTED = "submitted"  # the folder in the course that students' folders lie in


@dataclass(frozen=True)
class Attempt:
    """One student's submission of one week."""

    week: Week
    student: str
    folder: Path

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
    def needs_person(self) -> bool:
        """True when somebody must look at the attempt."""
        return bool(self.fault or (self.results and self.results.malformed))


def find_attempts(course: Course, weeks: list[Week], students: list[str]) -> list[Attempt]:
    """Find every submission of these weeks, by week and student; of all students when none is named.

    Raises
    ------
    CourseError
        when there is none, or a named student handed nothing in
    """
    submitted = course.root / SUBMITTED
    folders = _students_folders(submitted)
    _require_known(students, folders, submitted)
    wanted = [folder for folder in folders if not students or folder.name in students]
    found = [Attempt(w, f.name, f / w.name) for w in weeks for f in wanted if (f / w.name).exists()]
    if not found:
        names = ", ".join(week.name for week in weeks)
        raise CourseError(
            f"Nothing was handed in for {names}.", f"Submissions belong in {submitted}/STUDENT/WEEK/NOTEBOOK.ipynb."
        )
    return found


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
