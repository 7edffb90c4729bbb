"""The sample class: a course of its own whose students hand in what students hand in, good and bad.

``python -m tests.sample_class FOLDER`` makes it, ``--grade`` also grades it with `course grade` and compares every mark
with the one that it must get. A real class is never touched: the folder has its own submissions and gradebook.
"""

from __future__ import annotations

import ast
import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated

import nbformat
import typer
from nbformat import NotebookNode

from grader import gradebook
from grader.course import CONFIG, Course, CourseError, Week, replace_file, stderr
from grader.grade_report import SIGNS
from grader.marks import marks_of
from grader.results import FILE, Results, read_results

REPOSITORY = Path(__file__).resolve().parents[1]
MARKER = ".sample-class"  # in the folder: it was made here and may be made anew
BANK = REPOSITORY / "tests" / "variants"
REFERENCE = "reference"  # the author's own answer, from source/
LOST = ("failed", "partial", "skipped")  # outcomes of a wrong answer: of all its parts, of some, of those it needs
OUTCOMES = {sign: outcome for outcome, (sign, _) in SIGNS.items()}

Answers = Mapping[str, str]  # task → its variant's name in the bank, REFERENCE, or an answer in words
Damage = Callable[[NotebookNode], NotebookNode | bytes]


# --- what becomes of a notebook on its way to the grader ---


def unharmed(notebook: NotebookNode) -> NotebookNode:
    """Hand the notebook in as it is."""
    return notebook


def cell_of(notebook: NotebookNode, name: str) -> NotebookNode:
    """The cell of that name."""
    return next(cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def without(*names: str) -> Damage:
    """Delete these cells."""

    def damage(notebook: NotebookNode) -> NotebookNode:
        gone = [cell_of(notebook, name) for name in names]
        notebook.cells = [cell for cell in notebook.cells if cell not in gone]
        return notebook

    return damage


def doubled(name: str) -> Damage:
    """Copy and paste this cell below itself, metadata and all, and empty the copy."""

    def damage(notebook: NotebookNode) -> NotebookNode:
        cell = cell_of(notebook, name)
        copy = nbformat.v4.new_code_cell("pass", metadata=cell.metadata)
        copy.id = f"{cell.id}-copy"
        notebook.cells.insert(notebook.cells.index(cell) + 1, copy)
        return notebook

    return damage


def edited(name: str, source: str) -> Damage:
    """Type over this cell."""

    def damage(notebook: NotebookNode) -> NotebookNode:
        cell_of(notebook, name).source = source
        return notebook

    return damage


def noisy(notebook: NotebookNode) -> NotebookNode:
    """Write to stderr in every way there is, in each solution cell and in each call of its functions."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution"):
            functions = [node.name for node in ast.parse(cell.source).body if isinstance(node, ast.FunctionDef)]
            wrapped = "".join(f"{name} = noisily({name})\n" for name in functions)
            cell.source = f"{NOISE}\n\n{cell.source}\n\n{wrapped}"
    return notebook


NOISE = """\
import functools, logging, os, sys, warnings


def noisily(function):
    @functools.wraps(function)
    def wrapped(*args, **kwargs):
        warnings.warn("this will be removed in a future version", FutureWarning)
        logging.warning("no GPU found")
        print("debug: called", file=sys.stderr, flush=True)
        os.write(2, b"[compiled code] a note\\n")
        return function(*args, **kwargs)
    return wrapped


noisily(int)()"""


def flooding(notebook: NotebookNode) -> NotebookNode:
    """Print megabytes in a solution cell, and hand in the megabytes that an earlier run had left in the file."""
    cell = cell_of(notebook, "label_delays")
    cell.source += (
        '\n\n\nfor line in range(100_000):\n    print(line, "a line of output that somebody forgot to remove")'
    )
    cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text="forgotten\n" * 300_000)]
    return notebook


def kernel(name: str) -> Damage:
    """Save the notebook under a kernel that only this student's machine has."""

    def damage(notebook: NotebookNode) -> NotebookNode:
        notebook.metadata.kernelspec = {"name": name, "display_name": name, "language": "python"}
        return notebook

    return damage


def old_format(notebook: NotebookNode) -> bytes:
    """Save it in the format of IPython 2."""
    old = nbformat.convert(notebook, 3)
    return nbformat.v3.writes_json(old).encode()


def truncated(notebook: NotebookNode) -> bytes:
    """Break the upload off halfway."""
    content = nbformat.writes(notebook).encode()
    return content[: len(content) // 2]


# --- the class ---


@dataclass(frozen=True)
class Student:
    """One student: what is handed in and what must come of it.

    Attributes
    ----------
    name
        the student's id in the gradebook, which says what this submission is
    reason
        why it must get these marks
    expected
        outcome of each task in order, in the signs of `course grade`'s table
    points
        sum of the automatic points of the tasks that pass; what a wrong answer (✗) earns by its parts comes on top
    answers
        what is typed into the solution cells; the others keep their stub
    damage
        what happens to the notebook before it is handed in
    file
        the name under which it is handed in
    told
        what somebody must be told, each a piece of a message or of a note about a repair
    week
        what is handed in
    """

    name: str
    reason: str
    expected: str
    points: float
    answers: Answers = field(default_factory=dict)
    damage: Damage = unharmed
    file: str = ""
    told: tuple[str, ...] = ()
    week: str = "week1"

    def __str__(self) -> str:
        return f"{self.week}/{self.name}"

    @property
    def outcomes(self) -> list[str]:
        """Outcome of each task, in words."""
        return [OUTCOMES[sign] for sign in self.expected]

    @property
    def readable(self) -> bool:
        """Whether a machine can grade it at all."""
        return "malformed" not in self.outcomes


TASKS = (
    *("label_delays", "time_split", "rule_of_thumb", "second_order", "boosting_step"),
    *("train_models", "paired_bootstrap", "benchmark", "submission"),
)
ALL = dict.fromkeys(TASKS, REFERENCE)
MEMO = {"memo": "Keep the rule this winter. The model ranks a little better, but no storm is in its timetable."}
# Most students leave out the split: without it the demonstrations, which take the most time, stop at once.
UNSPLIT = {task: REFERENCE for task in TASKS if task != "time_split"}
EASY = dict.fromkeys(("label_delays", "rule_of_thumb", "second_order", "submission"), REFERENCE)
NAIVE = EASY | {"label_delays": "wrong_naive_comparison"}

FIRST_WEEK = (
    Student("full-marks", "the author's own answers and a memo", "✓✓✓✓✓✓✓✓✓✎", 90, ALL | MEMO),
    Student(
        "other-ways",
        "right answers count in whatever style they are written",
        "✓✓✓✓✓✓✓✓✓✎",
        90,
        {
            "label_delays": "right_select",
            "time_split": "right_local_dates",
            "rule_of_thumb": "right_bincount",
            "second_order": "right_tanh",
            "boosting_step": "right_level_by_level",
            "train_models": "right_native",
            "paired_bootstrap": "right_weights",
            "benchmark": "right_index",
            "submission": "right_csv_module",
        }
        | MEMO,
    ),
    Student(
        "partly-wrong",
        "a wrong answer costs its own task and no other",
        "✗·✓✓✗✓✗✓✓✎",
        47,
        UNSPLIT
        | MEMO
        | {
            "label_delays": "wrong_more_than_15",
            "boosting_step": "wrong_leaf_without_lambda",
            "paired_bootstrap": "wrong_rows",
        },
        told=("This was found on data that you have not seen.",),
    ),
    Student(
        "all-wrong",
        "mistakes that students really make, one in each task",
        "✗✗✗✗✗✗✗✗✗✎",
        0,
        {
            "label_delays": "wrong_naive_comparison",
            "time_split": "wrong_utc_midnight",
            "rule_of_thumb": "wrong_no_shrinking",
            "second_order": "wrong_gain_without_lambda",
            "boosting_step": "wrong_one_side",
            "train_models": "wrong_model_only",
            "paired_bootstrap": "wrong_unpaired",
            "benchmark": "wrong_one_seed",
            "submission": "wrong_index",
        }
        | MEMO,
    ),
    Student(
        "not-attempted",
        "the release, handed in as it was given out",
        "··········",
        0,
        told=("not attempted yet", "No answer was written."),
    ),
    Student(
        "half-done",
        "the first five tasks are right, the rest still holds the stub",
        "✓✓✓✓✓·····",
        52,
        dict.fromkeys(TASKS[:5], REFERENCE),
    ),
    Student(
        "deleted-test",
        "deleted tests are put back: they fail a wrong answer and pass a right one",
        "✗·✓✓····✓·",
        26,
        NAIVE,
        without("label_delays_test", "second_order_test"),
        told=("`label_delays_test` was missing and was put back.", "`second_order_test` was missing and was put back."),
    ),
    Student(
        "doubled-test",
        "of a test cell and its emptied copy one is kept, and it is the author's",
        "✗·✓✓····✓·",
        26,
        NAIVE,
        doubled("label_delays_test"),
        told=("`label_delays_test` occurred 2 times",),
    ),
    Student(
        "edited-test",
        "an edited test is put back as it was",
        "✗·✓✓····✓·",
        26,
        NAIVE,
        edited("label_delays_test", 'print("all checks passed")'),
        told=("`label_delays_test` is read-only and had been changed",),
    ),
    Student(
        "syntax-error",
        "a cell that is not Python costs its own task and no other",
        "✗·✓✓····✓·",
        26,
        EASY,
        edited("label_delays", 'def label_delays(flights)\n    return flights["arr_delay"] >= 15'),
        told=("The cell of `label_delays` is not Python",),
    ),
    Student(
        "noisy",
        "warnings, log lines and prints on stderr cost nothing",
        "✓·✓✓✓✓✓✓✓✎",
        79,
        UNSPLIT | MEMO,
        noisy,
    ),
    Student(
        "flooding",
        "megabytes of output, old and new, are cut off and cost nothing",
        "✓·✓✓····✓·",
        34,
        EASY,
        flooding,
    ),
    Student(
        "wrong-kernel",
        "the course's own kernel is used, and the student is told",
        "✓·✓✓····✓·",
        34,
        EASY,
        kernel("my-conda-env"),
        told=("asked for the kernel 'my-conda-env'",),
    ),
    Student(
        "old-format",
        "a notebook in an old format is converted",
        "✓·✓✓····✓·",
        34,
        EASY,
        old_format,
        told=("has the old format 3; it was converted",),
    ),
    Student(
        "unreadable",
        "half a file holds no answers to mark: a person must ask for it again",
        "??????????",
        0,
        ALL,
        truncated,
        told=("boosting.ipynb is not a notebook", "Hand it in again."),
    ),
    Student(
        "wrong-name",
        "the only notebook that can be meant is taken, whatever a browser has made of its name",
        "✓✓✓✓✓✓✓✓✓✎",
        90,
        ALL | MEMO,
        file="boosting (1).ipynb",
        told=("The notebook was handed in as week1/boosting (1).ipynb.",),
    ),
)


def later_week(week: Week) -> Iterator[Student]:
    """Who hands in a later week. What may happen to a notebook is shown in the first; here the answers count."""
    tasks, points = _tasks(week)
    written = {task for task in tasks if task not in points}
    signs = {outcome: sign for sign, outcome in OUTCOMES.items()}

    def all_of(outcome: str) -> str:
        return "".join(signs["manual" if task in written else outcome] for task in tasks)

    memo = dict.fromkeys(written, MEMO["memo"])
    right = dict.fromkeys(points, REFERENCE)
    others = {task: _variants(week, task, "right_")[-1] for task in points}
    wrong = {task: _variants(week, task, "wrong_")[0] for task in points}
    most = sum(points.values())
    yield Student(
        "full-marks", "the author's own answers and a text", all_of("passed"), most, right | memo, week=week.name
    )
    yield Student("other-ways", "right answers in another style", all_of("passed"), most, others | memo, week=week.name)
    yield Student("all-wrong", "a real mistake in each task", all_of("failed"), 0, wrong | memo, week=week.name)
    nothing = signs["not attempted"] * len(tasks)
    yield Student("not-attempted", "the release as it was given out", nothing, 0, week=week.name)


def automatic_tasks(week: Week) -> list[str]:
    """The tasks that a machine marks, in order."""
    return list(_tasks(week)[1])


def _tasks(week: Week) -> tuple[list[str], dict[str, float]]:
    """Every task in order, and the points of those that a machine marks."""
    graded = [cell for cell in nbformat.read(week.notebook, as_version=4).cells if _points(cell)]
    automatic = {_task(cell): _points(cell) for cell in graded if cell.cell_type == "code"}
    return [_task(cell) for cell in graded], automatic


def _points(cell: NotebookNode) -> float:
    return cell.metadata.get("nbgrader", {}).get("points", 0)


def _task(cell: NotebookNode) -> str:
    return cell.metadata.nbgrader.grade_id.removesuffix("_test")


def _variants(week: Week, task: str, kind: str) -> list[str]:
    found = sorted(path.stem for path in (BANK / week.name / task).glob(f"{kind}*.py"))
    if not found:
        raise CourseError(f"tests/variants/{week.name}/{task} holds no {kind}*.py.", "Write one: see CONTRIBUTING.md.")
    return found


# A week that is still being written has no release; `course release --check` finds one that was forgotten.
RELEASED = [week for name, week in Course(REPOSITORY).weeks.items() if (REPOSITORY / "release" / name).is_dir()]
LATER_WEEKS = [week for week in RELEASED if week.name != "week1"]
CLASS = (*FIRST_WEEK, *(student for week in LATER_WEEKS for student in later_week(week)))
WEEKS = list(dict.fromkeys(student.week for student in CLASS))


# --- making it ---


def make_class(folder: Path) -> Course:
    """Write the sample class into ``folder``; what was graded there is kept while the class is the same.

    Raises
    ------
    CourseError
        when something else is in the folder, or release/ does not hold the week
    """
    weeks = {name: week for name, week in Course(REPOSITORY).weeks.items() if name in {s.week for s in CLASS}}
    files = {CONFIG: (REPOSITORY / CONFIG).read_bytes()}
    for week in weeks.values():
        files |= source_of(week)
    for s in CLASS:
        name = s.file or weeks[s.week].notebook.name
        files[f"submitted/{s.name}/{s.week}/{name}"] = handed_in(s, weeks[s.week])
    _make_room(folder, hashlib.sha256(repr(sorted(files.items())).encode()).hexdigest())
    for path, content in files.items():
        replace_file(folder / path, content)
    return Course(folder.resolve())


def source_of(week: Week) -> dict[str, bytes]:
    """The author's files of a week, by their paths in the course: text, notebook and oracles."""
    paths = (week.text, week.notebook, *week.oracles.values())
    return {path.relative_to(week.text.parents[2]).as_posix(): path.read_bytes() for path in paths}


def course_of(week: Week, root: Path) -> Course:
    """Write a course with this week and nobody in it into ``root``."""
    for path, content in ({CONFIG: (REPOSITORY / CONFIG).read_bytes()} | source_of(week)).items():
        replace_file(root / path, content)
    return Course(root)


def _make_room(folder: Path, version: str) -> None:
    """Empty the folder if an older sample class is in it; refuse if anything else is."""
    marker = folder / MARKER
    if folder.exists() and not folder.is_dir():
        raise CourseError(f"{folder} is a file.", "Name a folder for the sample class.")
    if folder.exists() and any(folder.iterdir()) and not marker.exists():
        raise CourseError(f"{folder} holds something that is not the sample class.", "Name an empty or a new folder.")
    if marker.exists() and marker.read_text() != version:
        shutil.rmtree(folder)
    replace_file(marker, version.encode())


def handed_in(student: Student, week: Week) -> bytes:
    """The file that a student hands in."""
    path = REPOSITORY / "release" / week.name / week.notebook.name
    if not path.exists():
        raise CourseError(f"{path} does not exist.", f"Run `course release {week.name}`.")
    notebook = nbformat.read(path, as_version=4)
    for task, answer in student.answers.items():
        cell_of(notebook, task).source = answered(week, task, answer)
    damaged = student.damage(notebook)
    return damaged if isinstance(damaged, bytes) else nbformat.writes(damaged).encode()


def answered(week: Week, task: str, answer: str) -> str:
    """What a student types into a task's cell."""
    if answer == REFERENCE:
        return references(week)[task]
    if not answer.startswith(("right_", "wrong_", "overfit_")):
        return answer
    path = BANK / week.name / task / f"{answer}.py"
    if not path.exists():
        raise CourseError(f"{path} does not exist.", f"Name another variant of {task} in {Path(__file__).name}.")
    return re.sub(r'^\s*r?""".*?"""\s*', "", path.read_text(encoding="utf-8"), count=1, flags=re.DOTALL)


@cache
def references(week: Week) -> dict[str, str]:
    """The author's answers, by task, without the marks around them."""
    cells = nbformat.read(week.notebook, as_version=4).cells
    solutions = {
        c.metadata.nbgrader.grade_id: c.source for c in cells if c.metadata.get("nbgrader", {}).get("solution")
    }
    return {task: re.sub(r"^ *### (BEGIN|END) SOLUTION\n?", "", s, flags=re.M) for task, s in solutions.items()}


# --- grading it ---


def wrong_marks(course: Course) -> list[str]:
    """Every mark and outcome that is not what it must get, in words; none when all is as it should be."""
    with gradebook.opened(gradebook.load_config(course)) as book:
        weeks = {student.week for student in CLASS}
        totals = {(week, mark.student): mark.total for week in weeks for mark in marks_of(book, week)}
    return [line for student in CLASS for line in _compare(student, results_of(course, student), totals)]


def results_of(course: Course, student: Student) -> Results | None:
    """What grading found in a student's submission; None when it was not graded."""
    return read_results(course.root / "autograded" / student.name / student.week / FILE)


def _compare(student: Student, results: Results | None, totals: dict[tuple[str, str], float]) -> Iterator[str]:
    if results is None:
        yield f"{student}: no results, expected {student.points:g} points"
        return
    parts = 0.0
    for task, expected in zip(results.tasks, student.outcomes, strict=True):
        lost = expected == "failed" and task.outcome in LOST and (task.points or 0) < task.max_points
        parts += (task.points or 0) if lost else 0
        if task.outcome != expected and not lost:
            yield f"{student}, {task.task}: {task.outcome}, expected {expected} ({task.message})"
    total = totals.get((student.week, student.name))
    if total != student.points + parts:
        yield f"{student}: {total} points in the gradebook, expected {student.points + parts:g}"


def grade(course: Course, *options: str) -> subprocess.CompletedProcess[str]:
    """Grade the class as an instructor does, in a process of its own; what it prints goes where ours goes."""
    return subprocess.run([Path(sys.executable).with_name("course"), "grade", *options], cwd=course.root, text=True)


def demonstrate(course: Course) -> int:
    """Grade the class, compare the marks, and say what they show; 0 when every mark is what it must be."""
    code = grade(course).returncode
    found = wrong_marks(course)
    for line in found:
        stderr.print(line, style="red", markup=False)
    if found or code != 1:
        stderr.print(f"`course grade` ended with {code}; {len(found)} marks are not what they must be.", style="red")
        return 1
    unreadable = " and ".join(student.name for student in CLASS if not student.readable)
    print(
        f"\nAll {len(CLASS)} submissions have the marks that they must get. {unreadable} handed in, on purpose, what "
        "no machine can mark: a person must ask for it again, which is why `course grade` by itself ends with 1."
    )
    return 0


def main(
    folder: Annotated[Path, typer.Argument(help="Where to make it: a new or empty folder, or an older sample class.")],
    graded: Annotated[bool, typer.Option("--grade", help="Grade it too, and compare the marks.")] = False,
) -> None:
    """Make the sample class, a course of its own with good and bad submissions."""
    try:
        course = make_class(folder)
        print(f"The sample class is in {folder}: {len(CLASS)} submissions of {', '.join(WEEKS)}.")
        raise typer.Exit(demonstrate(course) if graded else 0)
    except CourseError as error:
        stderr.print(str(error), style="red", markup=False)
        raise typer.Exit(2) from error


if __name__ == "__main__":
    typer.run(main)
