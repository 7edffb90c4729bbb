"""A class of students is graded: each gets the right marks and messages, and none stops another."""

import json
import shutil
import sqlite3
import subprocess
import sys

import pytest

from grader import environment, grade, gradebook
from grader.course import Course, CourseError
from grader.results import Record
from tests.grader.conftest import write

RIGHT = {
    "double": "def double(number):\n    return 2 * number",
    "total": "def total(values):\n    return 2 * sum(values)",
    "memo": "Doubling works, dear reader.",
}
USES_DOUBLE = "def total(values):\n    return sum(double(value) for value in values)"
LOUD = """
import os, sys, warnings
def double(number):
    warnings.warn("a harmless warning")
    print("to stderr", file=sys.stderr)
    os.system("echo from a program >&2")
    return 2 * number
"""


def without(notebook, *names):
    notebook.cells = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") not in names]
    return notebook


def rows(root):
    """Dump every row of the gradebook."""
    with sqlite3.connect(root / "gradebook.db") as database:
        return list(database.iterdump())


def snapshot(root):
    """Read every file, with the time of its last change."""
    files = [path for path in root.rglob("*") if path.is_file()]
    return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


@pytest.fixture(scope="module")
def graded(classroom):
    """The class after `course grade`, and what the command printed."""
    hand_in, answered = classroom.hand_in, classroom.answered
    hand_in("full", answered(**RIGHT))
    hand_in("loud", answered(**{**RIGHT, "double": LOUD}))
    hand_in("partly", answered(**{**RIGHT, "total": "def total(values):\n    return sum(values)"}))
    hand_in("square", answered(double="def double(number):\n    return number ** 2", total=USES_DOUBLE))
    hand_in("untouched", classroom.released())
    hand_in("syntax", answered(**{**RIGHT, "total": "def total(values)\n    return 1"}))
    hand_in("half", answered(**{**RIGHT, "double": "def double(number):\n    return number"}))
    hand_in("deleted", without(answered(**RIGHT), "double_test", "opening_code_2"))
    hand_in("unreadable", '{"cells": [')
    hand_in("misnamed", answered(**RIGHT), "my work.ipynb")
    hand_in("misnamed", answered(**RIGHT), "my other work.ipynb")
    (classroom.root / "submitted/nothing/week1").mkdir(parents=True)
    (classroom.root / "submitted/folder/week1/mini.ipynb").mkdir(parents=True)
    classroom.printed = classroom.command("grade")
    return classroom


def test_everybody_gets_the_marks_they_must_get(graded):
    assert graded.marks() == {
        **{"full": 85, "loud": 85, "deleted": 85, "partly": 40, "syntax": 40, "half": 45, "square": 0},
        **{"untouched": 0, "unreadable": 0, "misnamed": 0, "nothing": 0, "folder": 0},
    }


def test_outcomes_are_named(graded):
    passed = {"double": "passed", "total": "passed", "memo": "manual"}
    assert graded.outcomes("full") == graded.outcomes("loud") == graded.outcomes("deleted") == passed
    assert graded.outcomes("partly")["total"] == graded.outcomes("syntax")["total"] == "failed"
    assert graded.outcomes("square") == {"double": "failed", "total": "skipped", "memo": "not attempted"}
    assert set(graded.outcomes("untouched").values()) == {"not attempted"}
    assert set(graded.outcomes("unreadable").values()) == {"malformed"}


def test_messages_are_for_a_person(graded):
    assert "Twice one and twice two" in graded.messages("partly")["total"]
    assert "is not Python: expected ':' (line 1)" in graded.messages("syntax")["total"]
    assert "This needs `double`" in graded.messages("square")["total"]
    assert "line 1 is not JSON" in graded.messages("unreadable")["double"]
    misnamed = graded.results("misnamed")["malformed"]
    assert "my work.ipynb" in misnamed
    assert "mini.ipynb" in misnamed
    assert "No notebook was handed in" in graded.results("nothing")["malformed"]
    assert "is a folder" in graded.results("folder")["malformed"]
    assert "`double_test` was missing and was put back." in graded.results("deleted")["repairs"]


def test_command_says_what_needs_a_person(graded):
    assert graded.printed.exit_code == 1
    for student in ("unreadable", "misnamed", "nothing", "folder"):
        assert f"week1, {student}: malformed." in graded.printed.stderr
    assert "gradebook.db" in graded.printed.stdout
    assert "feedback" in graded.printed.stdout


def test_memo_waits_for_a_person(graded):
    document = json.loads(graded.command("marks", "--json").stdout)
    waiting = {mark["student"]: mark["needs_manual_grading"] for mark in document["marks"]}
    assert waiting["full"]
    assert not waiting["untouched"]


def test_grading_again_changes_nothing(graded):
    before = snapshot(graded.root)
    again = graded.command("grade")
    assert again.exit_code == 1
    assert "0 graded now, 12 had not changed" in again.stdout
    assert snapshot(graded.root) == before


def test_json_is_one_document(graded):
    document = json.loads(graded.command("grade", "--json").stdout)
    assert document["version"] == 2
    assert {one["student"]: one["results"]["points"] for one in document["submissions"]} == graded.marks()


def test_only_a_changed_submission_is_graded_again_and_manual_marks_stay(graded):
    with gradebook.opened(gradebook.load_config(graded.course)) as book:
        book.find_grade("memo", "mini", "week1", "half").manual_score = 9
        book.db.commit()
    graded.hand_in("half", graded.answered(**{**RIGHT, "total": "def total(values):\n    return None"}))
    again = graded.command("grade", "--student", "half", "--student", "full")
    assert "1 graded now, 1 had not changed" in again.stdout
    assert again.exit_code == 0
    assert graded.marks()["half"] == 40 + 9
    assert "9 / 15" in graded.feedback("half")


def test_stock_nbgrader_gives_the_same_marks_and_feedback(graded):
    marks, results, page = graded.marks(), graded.results("square"), graded.feedback("square")
    shutil.rmtree(graded.root / "autograded/square")
    shutil.rmtree(graded.root / "feedback/square")
    for command in ("autograde", "generate_feedback"):
        arguments = [sys.executable, "-m", "nbgrader", command, "week1", "--student", "square"]
        subprocess.run(arguments, cwd=graded.root, check=True, capture_output=True)
    assert graded.marks() == marks
    assert graded.results("square") == results
    assert graded.feedback("square") == page


@pytest.fixture(scope="module")
def empty_gradebook(tmp_path_factory):
    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    environment.prepare()
    gradebook.create(path, "ml-engineering")
    return path


@pytest.fixture
def small(classroom, empty_gradebook, tmp_path):
    """A course of its own for one test, with one right submission that has not been graded."""
    root = shutil.copytree(classroom.root / "source", tmp_path / "course/source").parent
    shutil.copy(classroom.root / "nbgrader_config.py", root)
    shutil.copy(empty_gradebook, root)
    other = type(classroom)(root)
    other.hand_in("ann", other.answered(**RIGHT))
    return other


def test_a_test_corrected_after_grading_is_used(small):
    wrong = "def total(values):\n    return sum(values)"
    small.hand_in("ann", small.answered(**{**RIGHT, "total": wrong}))
    assert small.command("grade").exit_code == 0
    assert small.outcomes("ann")["total"] == "failed"
    small.correct_total_tests()
    assert small.command("grade").exit_code == 0
    assert small.outcomes("ann")["total"] == "passed"
    assert small.marks()["ann"] == 85


def test_a_fault_of_the_grader_is_no_mark_and_stops_nobody(small, monkeypatch):
    assert small.command("grade").exit_code == 0
    small.hand_in("ann", small.answered(**{**RIGHT, "total": "def total(values):\n    return 0"}))
    small.hand_in("bob", small.answered(**RIGHT))
    record = Record.preprocess

    def broken(self, nb, resources):
        if resources["nbgrader"]["student"] == "ann":
            raise RuntimeError("a mistake of ours")
        return record(self, nb, resources)

    monkeypatch.setattr(Record, "preprocess", broken)
    graded = small.command("grade")
    assert graded.exit_code == 1
    assert "week1, ann: fault of the grader" in graded.stderr
    assert "a mistake of ours" in graded.stderr
    assert "1 graded now, 0 had not changed, 1 have no mark" in graded.stdout
    assert small.marks() == {"ann": None, "bob": 85}
    assert "no mark" in small.command("marks").stdout
    assert small.outcomes("bob")["double"] == "passed"
    assert not (small.root / "autograded/ann/week1").exists()
    assert not (small.root / grade.STAGE).exists()


def test_full_disk_keeps_what_was_there(small, monkeypatch):
    assert small.command("grade").exit_code == 0
    before = rows(small.root), small.feedback("ann"), small.results("ann")

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("nbconvert.writers.files.FilesWriter.write", full)
    failed = small.command("grade", "--force")
    assert failed.exit_code == 2
    assert "No space left on device" in failed.stderr
    assert "run this again" in failed.stderr
    assert (rows(small.root), small.feedback("ann"), small.results("ann")) == before


def test_unknown_student_and_week_are_named(graded):
    unknown = graded.command("grade", "--student", "zoe")
    assert unknown.exit_code == 2
    assert "No student called zoe" in unknown.stderr
    assert "full" in unknown.stderr
    week = graded.command("grade", "week9")
    assert week.exit_code == 2
    assert "There is no week9" in week.stderr


def test_nothing_handed_in_says_where_it_belongs(classroom, tmp_path):
    shutil.copytree(classroom.root / "source", tmp_path / "source")
    shutil.copy(classroom.root / "nbgrader_config.py", tmp_path)
    empty = type(classroom)(tmp_path).command("grade")
    assert empty.exit_code == 2
    assert "STUDENT/WEEK/NOTEBOOK.ipynb" in empty.stderr


def test_damaged_gradebook_is_left_alone(small):
    path = small.root / "gradebook.db"
    path.write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 40)
    content = path.read_bytes()
    for command in ("grade", "marks"):
        failed = small.command(command)
        assert failed.exit_code == 2
        assert "not a whole gradebook" in failed.stderr
    assert path.read_bytes() == content


def test_damage_inside_a_gradebook_is_found(empty_gradebook, tmp_path):
    damaged = tmp_path / "gradebook.db"
    content = bytearray(empty_gradebook.read_bytes())
    content[-4096 * 8 : -4096 * 4] = b"\xa5" * 4096 * 4  # SQLite opens such a file without complaint
    damaged.write_bytes(content)
    with pytest.raises(CourseError, match="not a whole gradebook"):
        gradebook.check(damaged, writing=False)


def test_locked_gradebook_says_who_may_hold_it(small, monkeypatch):
    monkeypatch.setattr(gradebook, "WAIT", 0.01)
    with sqlite3.connect(small.root / "gradebook.db", isolation_level=None) as holder:
        holder.execute("BEGIN IMMEDIATE")
        failed = small.command("grade")
    assert failed.exit_code == 2
    assert "Close formgrader" in failed.stderr


def test_two_gradings_do_not_meet(small):
    with gradebook.for_writing(gradebook.load_config(small.course)):
        failed = small.command("grade")
    assert failed.exit_code == 2
    assert "Another command is grading" in failed.stderr


def test_read_only_gradebook_is_named(empty_gradebook, monkeypatch):
    connect = sqlite3.connect
    monkeypatch.setattr(gradebook.sqlite3, "connect", lambda p, **k: connect(f"file:{p}?mode=ro", uri=True, **k))
    with pytest.raises(CourseError, match="readonly") as refused:
        gradebook.check(empty_gradebook, writing=True)
    assert "Make the file and its folder writable" in refused.value.remedy


def test_half_an_environment_is_named(monkeypatch):
    monkeypatch.setattr(environment, "NEEDED", ("nbgrader", "a_package_that_is_missing"))
    with pytest.raises(CourseError, match=r"a_package_that_is_missing.*\n.*make setup"):
        environment.prepare()


def test_missing_alembic_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(environment.sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CourseError, match="alembic"):
        environment.prepare()


def test_another_python_is_named(monkeypatch):
    monkeypatch.setattr(environment.sys, "version_info", (3, 9, 1))
    with pytest.raises(CourseError, match=r"Python 3\.9.*with 3\.11"):
        environment.prepare()


def test_source_notebook_that_is_missing_says_how_to_make_it(small):
    small.course.weeks["week1"].notebook.unlink()
    failed = small.command("grade")
    assert failed.exit_code == 2
    assert "course pair" in failed.stderr


def test_a_new_cell_after_grading_is_refused_with_the_way_out(small):
    small.command("grade")
    before = rows(small.root)
    text = small.course.weeks["week1"].text
    text.write_text(text.read_text().replace("# %%\nprint(numbers)", "# %%\nprint(numbers)\n\n# %%\nprint(1)"))
    small.command("pair")
    failed = small.command("grade")
    assert failed.exit_code == 2
    assert "move gradebook.db away" in failed.stderr
    assert rows(small.root) == before


def test_weeks_are_selected_that_somebody_handed_in(tmp_path):
    for week in ("week1", "week2", "week3"):
        write(tmp_path / "source" / week / "mini.py", "")
    write(tmp_path / "submitted" / "ada" / "week2" / "mini.ipynb", "")
    course = Course(tmp_path)
    assert [week.name for week in course.handed_in(None)] == ["week2"]
    assert course.handed_in(["week1"]) == []
    with pytest.raises(CourseError, match="no week9"):
        course.handed_in(["week9"])
