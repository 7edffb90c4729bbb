"""Report of one run of `course grade`: progress bar, tables, changed marks and messages, or one JSON document."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from grader.attempt import Graded
from grader.course import stderr
from grader.results import TaskResult

VERSION = 2  # of the JSON document
SIGNS = {
    "passed": ("✓", "green"),
    "partial": ("◐", "yellow"),
    "failed": ("✗", "red"),
    "not attempted": ("·", "dim"),
    "skipped": ("↷", "yellow"),
    "timed out": ("⏱", "red"),
    "out of memory": ("▣", "red"),
    "crashed": ("‼", "red"),
    "malformed": ("?", "magenta"),
    "manual": ("✎", "cyan"),
}


def progress_bar() -> Progress:
    """Return a progress bar on standard error, which disappears at the end."""
    columns = (
        TextColumn("Grading"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    return Progress(*columns, console=stderr, transient=True)


def report(graded: list[Graded], gradebook: Path | None, unclaimed: list[str]) -> None:
    """Print a table for each week, the marks that changed, and what needs a person.

    ``gradebook`` is None where a database server holds it; ``unclaimed`` says what was handed in and is of no week.
    """
    console = _console()
    for week in dict.fromkeys(one.attempt.week.name for one in graded):
        console.print(_table(week, [one for one in graded if one.attempt.week.name == week]))
    console.print("  ".join(f"{sign} {outcome}" for outcome, (sign, _) in SIGNS.items()), style="dim")
    _print_changes(graded, console)
    _print_messages(graded)
    for one in graded:
        for note in one.notes:
            stderr.print(f"{one.attempt.name}: {note}.", style="yellow", markup=False)
    for words in unclaimed:
        stderr.print(f"Not graded: {words}", style="magenta", markup=False)
    fresh, faults = sum(one.fresh and not one.fault for one in graded), sum(bool(one.fault) for one in graded)
    without = f", {faults} have no mark" if faults else ""
    console.print(f"{fresh} graded now, {len(graded) - fresh - faults} had not changed{without}.")
    pages = graded[0].feedback.parents[2]
    console.print(f"Feedback:  {pages}/STUDENT/WEEK/NOTEBOOK.html\nGradebook: {_name(gradebook)}", soft_wrap=True)


def report_json(graded: list[Graded], gradebook: Path | None, unclaimed: list[str]) -> str:
    """Write the same as one JSON document."""
    submissions = [_plain(one) for one in graded]
    document = {"version": VERSION, "gradebook": _name(gradebook), "submissions": submissions, "not_graded": unclaimed}
    return json.dumps(document)


def _name(gradebook: Path | None) -> str:
    return str(gradebook or "the database server")


def _console() -> Console:
    """Return standard output as a console; if it is no terminal, wide enough for a table of ten tasks."""
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
        table.add_row(escape(one.attempt.student), *marks, f"{one.results.points:g}" if one.results else "no mark")
    return table


def _mark(task: TaskResult) -> str:
    sign, colour = SIGNS[task.outcome]
    points = "" if task.points is None else f"{task.points:g} "
    return f"[{colour}]{points}{sign}[/]"


def _print_changes(graded: list[Graded], console: Console) -> None:
    """Print which students' marks differ from those before this run."""
    changed = [one for one in graded if one.changes]
    if changed:
        console.print("Automatic marks that changed (marks given by hand stay as they are):")
    for one in changed:
        sums = sum((task.points or 0) - mark for task, mark in one.changes)
        tasks = ", ".join(f"{task.task} {mark:g} → {_points(task)}" for task, mark in one.changes)
        console.print(f"  {one.attempt.name}: {tasks} ({sums:+g})", markup=False)


def _points(task: TaskResult) -> str:
    return "to be read by a person" if task.points is None else f"{task.points:g}"


def _print_messages(graded: list[Graded]) -> None:
    """Print on standard error what needs a person, and why."""
    for one in graded:
        if one.fault:
            message = "fault of the grader, no mark was recorded. Fix it and run this again."
            stderr.print(f"{one.attempt.name}: {message}\n  {one.fault}", style="red", markup=False)
        elif one.results and one.results.malformed:
            stderr.print(f"{one.attempt.name}: malformed. {one.results.malformed}", style="magenta", markup=False)


def _plain(one: Graded) -> dict[str, Any]:
    return {
        "week": one.attempt.week.name,
        "student": one.attempt.student,
        "notes": one.notes,
        "graded_now": one.fresh,
        "fault": one.fault,
        "changes": [{"task": task.task, "before": mark, "after": task.points} for task, mark in one.changes],
        "feedback": str(one.feedback) if one.feedback.exists() else None,
        "results": one.results.document() if one.results else None,
    }
