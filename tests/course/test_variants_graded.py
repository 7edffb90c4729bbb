"""The whole bank of variants, handed in and graded by the engine: the outcomes and messages of the replay."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import zip_longest
from multiprocessing import get_context
from pathlib import Path

import nbformat
import pytest

from grader.author.audit import Job, audit
from grader.author.lint import docstring_of
from grader.course import Course, Week
from tests import sample_class
from tests.sample_class import BANK, REFERENCE, REPOSITORY, Student, handed_in

COURSE = Course(REPOSITORY)
pytestmark = [pytest.mark.slow, pytest.mark.long]


@dataclass(frozen=True)
class Graded:
    """A week in which every variant was handed in by somebody."""

    root: Path
    week: Week
    students: dict[tuple[str, str], str]  # task and variant → who handed it in

    def result(self, task: str, variant: str) -> dict:
        """What grading found for one variant."""
        results = self.root / "autograded" / self.students[task, variant] / self.week.name / "results.json"
        return next(one for one in json.loads(results.read_text())["tasks"] if one["task"] == task)


def needs_of(week: Week) -> dict[str, list[str]]:
    """The tasks of a week, and the tasks that the tests of each build on."""
    cells = nbformat.read(week.notebook, as_version=4).cells
    named = {cell.metadata.nbgrader.grade_id: cell for cell in cells if cell.metadata.get("nbgrader")}
    return {task: named[f"{task}_test"].metadata.get("needs", []) for task in sample_class.automatic_tasks(week)}


def level(task: str, needs: dict[str, list[str]]) -> int:
    """How many tasks stand below this one: answers that build on each other cannot be judged in one submission."""
    return 1 + max((level(needed, needs) for needed in needs[task]), default=-1)


def submissions(week: Week) -> list[Student]:
    """As few as hold every variant; what a submission does not try is the author's answer."""
    needs, students = needs_of(week), list[Student]()
    variants = {task: sorted(path.stem for path in (BANK / week.name / task).glob("*.py")) for task in needs}
    for depth in sorted({level(task, needs) for task in needs}):
        side_by_side = {task: variants[task] for task in needs if level(task, needs) == depth}
        for chosen in zip_longest(*side_by_side.values()):
            tried = {task: one for task, one in zip(side_by_side, chosen, strict=True) if one}
            answers = dict.fromkeys(needs, REFERENCE) | tried
            students.append(Student(f"s{len(students):02}", "tries a row of the bank", "", 0, answers, week=week.name))
    return students


@pytest.fixture(scope="session", params=[week.name for week in sample_class.RELEASED])
def graded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    """One week of the course, graded as an instructor does."""
    week, root = COURSE.weeks[request.param], tmp_path_factory.mktemp("bank")
    sample_class.course_of(week, root)
    students = submissions(week)
    for student in students:
        path = root / "submitted" / student.name / week.name / week.notebook.name
        path.parent.mkdir(parents=True)
        path.write_bytes(handed_in(student, week))
    done = subprocess.run([Path(sys.executable).with_name("course"), "grade"], cwd=root, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    tried = {(t, a): s.name for s in students for t, a in s.answers.items() if a != REFERENCE}
    return Graded(root, week, tried)


def test_every_variant_gets_its_outcome(graded):
    wrong = []
    for task, variant in graded.students:
        result = graded.result(task, variant)
        right = variant.startswith("right_")
        if (result["outcome"] == "passed") != right or result["outcome"] not in ("passed", "failed", "partial"):
            wrong.append(f"{task}/{variant}: {result['outcome']}: {result['message']}")
    assert wrong == []


def test_every_wrong_variant_is_told_its_mistake(graded):
    untold = []
    for task, variant in graded.students:
        if not variant.startswith("right_"):
            text = docstring_of((BANK / graded.week.name / task / f"{variant}.py").read_text())
            told = html.unescape(graded.result(task, variant)["message"])
            if text.rpartition("Caught by: ")[2].strip() not in re.sub(r"\s+", " ", told):
                untold.append(f"{task}/{variant}: {told}")
    assert untold == []


def test_engine_and_replay_agree_on_every_part(graded):
    week, differ = graded.week, []
    kinds = frozenset({"right", "wrong", "overfit"})
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        names = tuple(dict.fromkeys(task for task, _ in graded.students))
        audits = pool.submit(audit, Job(COURSE, week, names, BANK, kinds)).result()
    for found in audits:
        for verdict in found.verdicts:
            task = found.task.partition("/")[2]
            if (task, verdict.name) in graded.students:
                engine = {part["name"]: part["outcome"] for part in graded.result(task, verdict.name)["parts"]}
                replay = {name: outcome for name, (outcome, _) in verdict.parts.items()}
                if engine != replay:
                    differ.append(f"{found.task}/{verdict.name}: engine {engine}, replay {replay}")
    assert differ == []
