"""`course marks`: the marks in the gradebook, as a table, CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from nbgrader.api import Grade, Gradebook, MissingEntry, SubmittedAssignment
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from grader import gradebook
from grader.course import Course, CourseError, replace_file, stderr

VERSION = 1
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet takes a cell that begins so for a formula and runs it


@dataclass(frozen=True)
class Mark:
    """One student's mark for one week, in points.

    ``auto`` was given by tests and ``manual`` by hand; where a person overruled a test, only ``manual`` counts.
    ``penalty`` is for handing in late. ``needs_manual_grading`` says that a person still has to read something.
    ``auto`` and ``total`` are None where there is no mark, since grading had a fault.
    """

    student: str
    week: str
    auto: float | None
    manual: float
    penalty: float
    total: float | None
    max_points: float
    needs_manual_grading: bool


def marks_command(weeks: list[str] | None, csv_path: Path | None, *, as_json: bool = False) -> int:
    """Print the marks, and write them to a CSV file if asked.

    Raises
    ------
    CourseError
        when there is no gradebook, it is damaged, or the file cannot be written
    """
    course = Course.find()
    names = [week.name for week in course.select(weeks)]
    with gradebook.opened(gradebook.load_config(course)) as book:
        marks = [mark for name in names for mark in marks_of(book, name)]
    if csv_path is not None:
        write_csv(csv_path, marks)
    if as_json:
        print(json.dumps({"version": VERSION, "marks": [asdict(mark) for mark in marks]}, indent=1))
    else:
        _print(marks, names)
    return 0


def marks_of(book: Gradebook, week: str) -> list[Mark]:
    """List the marks of a week's submissions by student; none for a week that is not in the gradebook."""
    try:
        book.find_assignment(week)
    except MissingEntry:
        return []
    return sorted(
        (_mark(submission, week) for submission in book.assignment_submissions(week)), key=lambda m: m.student
    )


def _mark(submission: SubmittedAssignment, week: str) -> Mark:
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    penalty = sum(notebook.late_submission_penalty or 0 for notebook in submission.notebooks)
    lacking = any(grade.cell_type == "code" and grade.auto_score is grade.manual_score is None for grade in grades)
    auto, manual = None if lacking else sum(map(_auto, grades)), sum(map(_manual, grades))
    most = sum(grade.max_score for grade in grades)
    waiting = any(grade.needs_manual_grade for grade in grades)
    total = None if auto is None else auto + manual - penalty
    return Mark(submission.student.id, week, auto, manual, penalty, total, most, waiting)


def _auto(grade: Grade) -> float:
    return grade.auto_score or 0.0 if grade.manual_score is None else 0.0


def _manual(grade: Grade) -> float:
    return (grade.manual_score or 0.0) + (grade.extra_credit or 0.0)


def write_csv(path: Path, marks: list[Mark]) -> None:
    """Write one line for each mark, whole or not at all.

    A text that a spreadsheet would take for a formula gets an apostrophe in front: a name is chosen by its owner.

    Raises
    ------
    CourseError
        when the file cannot be written
    """
    if path.is_dir():
        raise CourseError(f"{path} is a folder.", "Name a file, e.g. marks.csv.")
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(Mark.__dataclass_fields__))
    writer.writeheader()
    for mark in marks:
        writer.writerow({name: _harmless(value) for name, value in asdict(mark).items()})
    replace_file(path, text.getvalue().encode())
    stderr.print(f"{path}", markup=False)


def _harmless(value: object) -> object:
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return f"{value:g}" if isinstance(value, float) else value


def _print(marks: list[Mark], weeks: list[str]) -> None:
    console = Console(highlight=False)
    if not marks:
        console.print(f"Nothing is graded yet for {', '.join(weeks)}. `course grade` does it.")
        return
    table = Table("student", "week")
    for name in ("auto", "manual", "late", "total", "of"):
        table.add_column(name, justify="right")
    table.add_column("by hand")
    for mark in marks:
        numbers = (mark.auto, mark.manual, mark.penalty, mark.total, mark.max_points)
        waiting = "to be read" if mark.needs_manual_grading else "done"
        shown = ("no mark" if number is None else f"{number:g}" for number in numbers)
        table.add_row(escape(mark.student), mark.week, *shown, waiting)
    console.print(table)
