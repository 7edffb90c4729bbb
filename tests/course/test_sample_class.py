"""The sample class gets its marks, its words and its feedback, from `course grade` and from stock nbgrader alike."""

import html
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from grader import gradebook
from grader.author.lint import docstring_of
from grader.course import Course, CourseError
from tests import sample_class
from tests.sample_class import BANK, CLASS, FIRST_WEEK, make_class, results_of, wrong_marks

BIN = Path(sys.executable).parent
WEEK = "week1"
BY_NAME = {student.name: student for student in FIRST_WEEK}
# One of each kind that stock nbgrader meets differently; that the others agree too was tried, but takes minutes.
STOCK = ("not-attempted", "deleted-test", "doubled-test", "syntax-error", "flooding", "old-format", "unreadable")

slow = pytest.mark.slow
pytestmark = pytest.mark.xdist_group("sample class")  # graded once, by one worker


def run(folder, program, *arguments):
    return subprocess.run([BIN / program, *arguments], cwd=folder, capture_output=True, text=True)


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The class after `course grade`, and what the command said."""
    course = make_class(tmp_path_factory.mktemp("sample") / "class")
    return course, run(course.root, "course", "grade")


@pytest.fixture
def course(graded):
    return graded[0]


def test_the_class_is_graded_by_one_worker(request):
    assert "PYTEST_XDIST_WORKER" not in os.environ or request.node.nodeid.endswith("@sample class")


def rows(course):
    """Every row of the gradebook."""
    with sqlite3.connect(course.root / "gradebook.db") as database:
        return list(database.iterdump())


def snapshot(course):
    """Every file that grading wrote, and when; not the gradebook, which is compared by its rows."""
    made = [path for name in ("autograded", "feedback") for path in (course.root / name).rglob("*")]
    return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in made if path.is_file()}


def page(course, student):
    """The text of a student's feedback, as a reader sees it."""
    notebook = course.weeks[student.week].notebook.stem
    content = (course.root / "feedback" / student.name / student.week / f"{notebook}.html").read_text()
    return html.unescape(re.sub(r"<style.*?</style>|<[^>]+>", "", content, flags=re.DOTALL))


def scores(course, student):
    """The automatic score of every test in the gradebook."""
    with gradebook.opened(gradebook.load_config(course)) as book:
        found = book.find_submission_notebook("boosting", WEEK, student)
        return {grade.name: grade.auto_score for grade in found.grades}


# --- course grade ---


@slow
def test_everybody_gets_the_outcomes_and_marks_that_they_must_get(course):
    assert wrong_marks(course) == []


@slow
@pytest.mark.parametrize("student", CLASS, ids=str)
def test_points_are_the_sum_of_what_passed(course, student):
    for task in results_of(course, student).tasks:
        assert all(part.points == (part.max_points if part.outcome == "passed" else 0) for part in task.parts)
        if task.parts:
            assert task.points == sum(part.points for part in task.parts)
            assert task.max_points == sum(part.max_points for part in task.parts)


@slow
@pytest.mark.parametrize("student", CLASS, ids=str)
def test_everybody_is_told_what_a_person_understands(course, student):
    results = results_of(course, student)
    said = [results.malformed, *results.repairs, *(task.message for task in results.tasks)]
    assert all(any(piece in text for text in said) for piece in student.told)
    for task in results.tasks:
        assert task.message
        assert not re.search(r"Traceback|ipykernel|/site-packages/|<ipython|\bobject at 0x", task.message)
    told = page(course, student)
    assert all(piece.replace("`", "") in told for piece in student.told)


@slow
@pytest.mark.parametrize("student", CLASS, ids=str)
def test_a_wrong_answer_is_told_its_mistake(course, student):
    found = results_of(course, student).tasks
    messages, outcomes = ({task.task: getattr(task, what) for task in found} for what in ("message", "outcome"))
    told = page(course, student)
    for name, answer in student.answers.items():
        if answer.startswith("wrong_") and student.readable:
            variant = (BANK / student.week / name / f"{answer}.py").read_text()
            caught_by = docstring_of(variant).rpartition("Caught by: ")[2]
            if outcomes[name] == "skipped":  # its own mistake is not what stands in its way
                caught_by = "which must pass first"
            assert caught_by in messages[name]
            assert caught_by.replace("`", "") in told


@slow
def test_those_who_need_a_person_are_named_and_stop_nobody(graded):
    course, done = graded
    assert done.returncode == 1  # somebody must ask for a readable file
    for student in CLASS:
        assert student.name in done.stdout
        named = f"{student.week}, {student.name}: malformed." in done.stderr
        assert named == (not student.readable)
    assert "fault" not in done.stdout + done.stderr
    assert f"{course.root}/feedback" in done.stdout
    assert f"{course.root}/gradebook.db" in done.stdout


@slow
def test_grading_again_changes_nothing(course):
    before, book = snapshot(course), rows(course)
    again = run(course.root, "course", "grade")
    assert again.returncode == 1
    assert f"0 graded now, {len(CLASS)} had not changed." in again.stdout
    assert snapshot(course) == before
    assert rows(course) == book


# --- stock nbgrader ---


@slow
def test_stock_nbgrader_gives_the_same_marks(course, tmp_path):
    for name in ("nbgrader_config.py", "source"):
        copy = shutil.copytree if (course.root / name).is_dir() else shutil.copy
        copy(course.root / name, tmp_path / name)
    for student in (*STOCK, "wrong-name"):
        shutil.copytree(course.root / "submitted" / student, tmp_path / "submitted" / student)
    run(tmp_path, "nbgrader", "generate_assignment", WEEK)
    stock = run(tmp_path, "nbgrader", "autograde", WEEK)
    assert stock.returncode == 1  # only because stock nbgrader finds no notebook under another name
    assert "for student 'wrong-name'" in stock.stderr
    for student in STOCK:
        assert f"for student '{student}'" not in stock.stderr
        assert scores(Course(tmp_path), student) == scores(course, student)
        assert results_of(Course(tmp_path), BY_NAME[student]) == results_of(course, BY_NAME[student])


# --- the demonstration ---


@slow
def test_the_demonstration_succeeds_and_says_who_needs_a_person_and_why(course):
    done = run(course.root, "python", "-m", "tests.sample_class", str(course.root), "--grade")
    assert done.returncode == 0, done.stderr
    assert f"All {len(CLASS)} submissions have the marks" in done.stdout
    assert "unreadable handed in, on purpose, what no machine can mark" in done.stdout


@slow
def test_the_demonstration_names_a_mark_that_is_not_what_it_must_be(course, monkeypatch):
    other = sample_class.Student("half-done", "one task too many", "✓✓✓✓✓✓····", 66)
    monkeypatch.setattr(sample_class, "CLASS", (other,))
    found = wrong_marks(course)
    assert [line.partition(" (")[0] for line in found] == [
        "week1/half-done, train_models: not attempted, expected passed",
        "week1/half-done: 52.0 points in the gradebook, expected 66",
    ]


# --- its folder ---


def test_a_real_class_is_never_overwritten(tmp_path):
    (tmp_path / "gradebook.db").write_text("years of marks")
    with pytest.raises(CourseError, match="holds something that is not the sample class"):
        make_class(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["gradebook.db"]


def test_a_file_is_not_a_folder(tmp_path):
    (tmp_path / "demo").write_text("")
    with pytest.raises(CourseError, match="is a file"):
        make_class(tmp_path / "demo")


def test_what_was_graded_is_kept_until_the_class_changes(tmp_path, monkeypatch):
    make_class(tmp_path / "demo")
    (tmp_path / "demo/gradebook.db").write_text("marks")
    (tmp_path / "demo/submitted/noisy" / WEEK / "boosting.ipynb").write_text("changed by hand")
    make_class(tmp_path / "demo")
    assert (tmp_path / "demo/gradebook.db").read_text() == "marks"
    assert "noisily" in (tmp_path / "demo/submitted/noisy" / WEEK / "boosting.ipynb").read_text()
    monkeypatch.setattr(sample_class, "CLASS", FIRST_WEEK[:1])
    make_class(tmp_path / "demo")
    assert not (tmp_path / "demo/gradebook.db").exists()
    assert [path.name for path in (tmp_path / "demo/submitted").iterdir()] == [CLASS[0].name]
