"""Step 4: decide and record what each task earned. Only a test that ran to its end without an error earns points."""

from __future__ import annotations

import builtins
import json
import re
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import SaveAutoGrades

from grader.course import CourseError
from grader.engine import names
from grader.parts import Declared, declared_parts

VERSION = 2
FILE = "results.json"
LONGEST = 2000  # characters of a message
LABELS = ("Why it matters: ", "Where to look: ")  # what follows the values in a message of helpers.checks
UNSEEN = "This was found on data that you have not seen."
STUDENTS_KIND = re.compile(r"(?<=` raised ).*?(?=\.?$)|(?<=` left the program \().*(?=\))")
STUDENTS_NAME = re.compile(r"^`[^`\n]*`(?= raised| left| changed)|(?<=defines )`[^`\n]*`", re.MULTILINE)
STATUS = {"timed out": "timed out", "crashed": "crashed", "out of memory": "out of memory"}
MESSAGES = {
    "passed": "All checks passed.",
    "partial": "Some of the checks passed.",
    "failed": "No check passed.",
    "not attempted": "Not attempted yet: the cell still holds the stub.",
    "timed out": "The time for one cell ran out while this was checked. Is there a loop that does not end?",
    "crashed": "The kernel died while this was checked: an exit, a fault in compiled code, or far too many processes.",
    "out of memory": "This needed more memory than grading gives (4 GiB).",
    "manual": "A person reads this.",
    "not run": "This was not run.",
}


@dataclass(frozen=True)
class PartResult:
    """Points that one part of a task earned, the clause of the task that it stands for, and what was found.

    ``hidden`` says that the notebook does not show that there is this part.
    """

    name: str
    points: float
    max_points: float
    clause: str
    hidden: bool
    outcome: str
    message: str


@dataclass(frozen=True)
class TaskResult:
    """Points that one task earned, and why.

    ``points`` is None while a person has to read it. ``cell`` is the graded cell's name in the gradebook. ``message``
    is for the student and holds no hidden value. ``parts`` is empty for a task that is worth all or nothing.
    """

    task: str
    cell: str
    points: float | None
    max_points: float
    outcome: str
    message: str
    parts: list[PartResult] = field(default_factory=list)

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> TaskResult:
        """Read one task of results.json."""
        return cls(**{**document, "parts": [PartResult(**part) for part in document["parts"]]})


@dataclass(frozen=True)
class Results:
    """Outcome of one submission: the content of results.json."""

    week: str
    notebook: str
    student: str
    digest: str
    malformed: str
    repairs: list[str]
    sandbox: str
    tasks: list[TaskResult]

    @property
    def points(self) -> float:
        """Sum of the automatic points."""
        return sum(task.points or 0 for task in self.tasks)

    @property
    def max_points(self) -> float:
        """Sum of all points that can be earned, by hand included."""
        return sum(task.max_points for task in self.tasks)

    def document(self) -> dict[str, Any]:
        """Return the results as plain data, with the version of their layout."""
        sums = {"points": self.points, "max_points": self.max_points}
        return {"version": VERSION, **asdict(self), **sums}

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Results:
        """Read what :meth:`document` wrote.

        Raises
        ------
        CourseError
            for another version
        """
        if document.get("version") != VERSION:
            raise CourseError(
                f"Results have version {document.get('version')!r}; this grader reads {VERSION}.",
                "Grade again with `course grade --force`.",
            )
        fields = {name: document[name] for name in cls.__dataclass_fields__}
        return cls(**{**fields, "tasks": [TaskResult.from_document(task) for task in document["tasks"]]})


def read_results(path: Path) -> Results | None:
    """Read a results.json; None when there is none that this version can use."""
    try:
        return Results.from_document(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, CourseError):
        return None


def judge(nb: NotebookNode, *, week: str, notebook: str, student: str) -> Results:
    """Decide every task of a notebook that was run."""
    course = nb.metadata.course
    answers = {c.metadata.nbgrader.grade_id: c for c in nb.cells if c.metadata.get("nbgrader") and utils.is_solution(c)}
    tasks: dict[str, TaskResult] = {}
    for cell in nb.cells:
        if utils.is_grade(cell):
            result = _malformed(cell, course.malformed) if course.malformed else _decide(cell, answers, tasks)
            tasks[result.task] = result
    sandbox = course.get("sandbox", "none")
    return Results(
        week, notebook, student, course.digest, course.malformed, course.repairs, sandbox, list(tasks.values())
    )


def task_name(cell: str) -> str:
    """Name the task that a graded cell belongs to."""
    return cell.removesuffix("_test")


def _result(cell: NotebookNode, points: float | None, outcome: str, message: str) -> TaskResult:
    name, most = cell.metadata.nbgrader.grade_id, float(cell.metadata.nbgrader.points)
    text = message[:LONGEST].encode("utf-8", "replace").decode()  # half a surrogate pair cannot be written to a file
    return TaskResult(task_name(name), name, points, most, outcome, text)


def _malformed(cell: NotebookNode, message: str) -> TaskResult:
    return _result(cell, 0, "malformed", message)


def _decide(cell: NotebookNode, answers: dict[str, NotebookNode], before: dict[str, TaskResult]) -> TaskResult:
    if utils.is_solution(cell):
        if untouched(cell):
            return _result(cell, 0, "not attempted", "No answer was written.")
        return _result(cell, None, "manual", MESSAGES["manual"])
    note = cell.metadata.get("course", {})
    answer = answers.get(task_name(cell.metadata.nbgrader.grade_id))
    if declared := declared_parts(cell.source):
        return _sum(cell, note, answer, before, declared)
    most = float(cell.metadata.nbgrader.points)
    if note.get("status") == "ok":
        earned = min(
            max(note.get("points", most), 0), most
        )  # a number as the cell's value is nbgrader's partial credit
        outcome = "passed" if earned == most else "partial" if earned else "failed"
        return _result(cell, earned, outcome, MESSAGES[outcome])
    return _result(cell, 0, *_reason(cell, note, answer, before))


def _sum(
    cell: NotebookNode,
    note: dict[str, Any],
    answer: NotebookNode | None,
    before: dict[str, TaskResult],
    declared: list[Declared],
) -> TaskResult:
    """Decide a task by its parts: only one that the tests went through and found to hold earns its points."""
    found = {part["name"]: part for part in note.get("parts", [])}
    stopped = ("not run", "") if note.get("status") == "ok" else _reason(cell, note, answer, before)
    parts = [_part(cell, one, found.get(one.name), stopped, answer) for one in declared]
    earned = sum(part.points for part in parts)
    most = float(cell.metadata.nbgrader.points)
    if earned == most and not [part for part in parts if part.outcome != "passed"]:
        return replace(_result(cell, most, "passed", MESSAGES["passed"]), parts=parts)
    outcome, message = _whole(parts, stopped, cell, before)
    return replace(_result(cell, earned, outcome, message), parts=parts)


def _part(
    cell: NotebookNode,
    one: Declared,
    found: dict[str, str] | None,
    stopped: tuple[str, str],
    answer: NotebookNode | None,
) -> PartResult:
    if found is None:
        outcome, message = "not run", " ".join(filter(None, (MESSAGES["not run"], stopped[1])))
    elif found["ename"]:  # the words of an error that no check raised may be those of hidden data
        outcome, message = "failed", _explain(cell, found, answer)
    else:
        outcome = found["outcome"]
        message = without_values(found["message"], answer.source if answer is not None else "")
    points = one.points if outcome == "passed" else 0.0
    text = message[:LONGEST].encode("utf-8", "replace").decode()
    return PartResult(one.name, points, one.points, one.clause, one.hidden, outcome, text)


def _whole(
    parts: list[PartResult], stopped: tuple[str, str], cell: NotebookNode, before: dict[str, TaskResult]
) -> tuple[str, str]:
    """Put what the parts say in one outcome and one message."""
    lost = [part for part in parts if part.outcome != "passed"]
    told = list(dict.fromkeys(part.message for part in lost if part.outcome != "not run"))
    if stopped[0] != "not run":  # the cell did not get through
        told.append(stopped[1])
    message = "\n\n".join(filter(None, told))
    if len(lost) < len(parts):
        return "partial", message
    if stopped[0] not in ("not run", "failed"):
        return stopped[0], message
    stubs = [part for part in lost if part.outcome == "not attempted"]
    if stubs:
        return "not attempted", stubs[0].message
    if failed := _failed_needs(cell, before):
        return "skipped", f"This needs {failed}, which must pass first. {message}"
    return "failed", message


def _reason(
    cell: NotebookNode, note: dict[str, str], answer: NotebookNode | None, before: dict[str, TaskResult]
) -> tuple[str, str]:
    """Say why a test cell earned nothing: outcome and message."""
    status = note.get("status", "not run")
    if status in STATUS:
        return status, MESSAGES[status]
    if status == "not run":
        return STATUS.get(note.get("reason", ""), "crashed"), _not_run(note)
    if answer is not None and untouched(answer) and note["ename"] != "CheckFailed":  # else it is in another cell
        return "not attempted", MESSAGES["not attempted"]
    if failed := _failed_needs(cell, before):
        return "skipped", f"This needs {failed}, which must pass first. {_explain(cell, note, answer)}"
    outcome = "not attempted" if note["ename"] in ("NotAttempted", "NotImplementedError") else "failed"
    return outcome, _explain(cell, note, answer)


def _failed_needs(cell: NotebookNode, before: dict[str, TaskResult]) -> str:
    """Name the tasks that this one builds on and that did not pass."""
    needs = cell.metadata.get("needs", [])
    return " and ".join(f"`{name}`" for name in needs if name in before and before[name].outcome != "passed")


def _not_run(note: dict[str, str]) -> str:
    if "where" not in note:
        return MESSAGES["not run"]
    why = "The time for one cell ran out" if note["reason"] == "timed out" else "The kernel died"
    return f"This was not run. {why} before it, in `{note['where']}`, and could not go on."


def _explain(cell: NotebookNode, note: dict[str, str], answer: NotebookNode | None) -> str:
    """Put an error in a test cell in words for the student.

    The words of a check are made for that. Any other error may quote hidden data, so only its kind is named.
    """
    if note["ename"] in ("CheckFailed", "NotAttempted"):
        return without_values(note["evalue"], answer.source if answer is not None else "")
    if answer is not None and (problem := names.problem(answer.source)):
        return f"The cell of `{answer.metadata.nbgrader.grade_id}` is not Python: {problem}."
    ran = answer.get("metadata", {}).get("course", {}) if answer is not None else {}
    also = f" Your cell itself stopped with {kind(ran['ename'])}." if ran.get("status") == "error" else ""
    task = task_name(cell.metadata.nbgrader.grade_id)
    if note["ename"] == "NotImplementedError":
        return f"Not attempted yet: a function that `{task}` calls is still a stub."
    if "missing" in note:
        return f"The checks of `{task}` need `{note['missing']}`, and your notebook has no such name.{also}"
    return f"The checks of `{task}` stopped with {kind(note['ename'])}.{also}"


def without_values(message: str, source: str) -> str:
    """Return a check's message without what was seen, or names that a student could make up from hidden data.

    A visible check shows values, but those of a later task may come from an earlier hidden test. The student sees
    them by running the same check. ``source`` is the student's: a name that stands in it was known before.
    """
    broke, *others = message.split("\n")
    broke = STUDENTS_KIND.sub(lambda name: kind(name[0]), broke)
    seen = next((index for index, line in enumerate(others) if line.startswith("Seen: ")), 0)
    after = {label: line for line in others[seen:] for label in LABELS if line.startswith(label)}
    text = "\n".join([broke, *(line for line in others if line == UNSEEN), *after.values()])
    return STUDENTS_NAME.sub(lambda name: name[0] if name[0].strip("`") in source else "your function", text)


def kind(ename: str) -> str:
    """Return an exception's kind, if it is one of Python's own: other names are made up and may say anything."""
    known = getattr(builtins, ename, None)
    return ename if isinstance(known, type) and issubclass(known, BaseException) else "an error"


def untouched(cell: NotebookNode) -> bool:
    """Return True if a solution cell still holds what was released."""
    return cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell)


def hint(result: TaskResult, week: str) -> str:
    """Return the call that gives the task's hint; an empty string where there is none to give."""
    asked = result.outcome in ("failed", "partial", "not attempted", "skipped", "timed out", "out of memory", "crashed")
    return f'helpers.hint("{week}.{result.task}")' if asked and result.cell != result.task else ""


class Record(SaveAutoGrades):
    """Step of nbgrader's autograde: marks to the gradebook, results.json beside the notebook."""

    points: dict[str, float | None]

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Decide, record, and keep the results in the notebook for the feedback."""
        names = resources["nbgrader"]
        results = judge(nb, week=names["assignment"], notebook=names["notebook"], student=names["student"])
        self.points = {task.cell: task.points for task in results.tasks}
        nb.metadata.course.results = results.document()
        content = json.dumps(results.document(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        resources["outputs"] = {**resources.get("outputs", {}), FILE: content.encode()}
        return super().preprocess(nb, resources)

    def _add_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        """Record this course's mark where nbgrader would look at the cell's outputs."""
        name = cell.metadata.nbgrader.grade_id
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        grade.auto_score = self.points[name]
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        self.gradebook.db.commit()
