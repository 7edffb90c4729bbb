"""Marks leave the gradebook as they are, in forms that other programs read without surprises."""

import csv
import json

import pytest

from grader.gradebook import load_config, opened
from grader.marks import Mark, write_csv

RIGHT = {"double": "def double(number):\n    return 2 * number", "memo": "Read me."}


@pytest.fixture(scope="module")
def graded(classroom):
    classroom.hand_in("=1+1", classroom.answered(**RIGHT))
    classroom.hand_in('o"brien, jr', "no notebook")
    classroom.hand_in("[red]zoë", classroom.released())
    (classroom.root / "submitted/=1+1/week1/timestamp.txt").write_text("2030-01-02 10:00:00 UTC")
    classroom.printed = classroom.command("grade")
    return classroom


def marks(classroom):
    return {mark["student"]: mark for mark in json.loads(classroom.command("marks", "--json").stdout)["marks"]}


def test_json_has_a_version_and_every_part_of_a_mark(graded):
    document = json.loads(graded.command("marks", "--json").stdout)
    assert document["version"] == 1
    assert document["marks"][0] == {
        **{"student": "=1+1", "week": "week1", "auto": 40.0, "manual": 0.0, "penalty": 0, "total": 40.0},
        **{"max_points": 100.0, "needs_manual_grading": True},
    }


def test_csv_is_quoted_and_holds_no_formula(graded, tmp_path):
    path = tmp_path / "marks.csv"
    assert graded.command("marks", "--csv", str(path)).exit_code == 0
    with path.open(newline="", encoding="utf-8") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert list(rows) == ["'=1+1", "[red]zoë", 'o"brien, jr']
    assert rows["'=1+1"]["total"] == "40"
    assert rows['o"brien, jr']["max_points"] == "100"


@pytest.mark.parametrize("name", ["=a", "+a", "-a", "@a", "\ta", "\ra"])
def test_no_name_is_a_formula(tmp_path, name):
    write_csv(tmp_path / "m.csv", [Mark(name, "week1", 1, 0, 0, 1, 1, False)])
    with (tmp_path / "m.csv").open(newline="") as file:
        assert next(csv.DictReader(file))["student"] == f"'{name}"


def test_manual_marks_extra_credit_and_overruled_tests_count(graded):
    with opened(load_config(graded.course)) as book:
        memo = book.find_grade("memo", "mini", "week1", "=1+1")
        memo.manual_score, memo.needs_manual_grade = 12, False
        test = book.find_grade("double_test", "mini", "week1", "=1+1")
        test.manual_score, test.extra_credit = 30, 5
        book.db.commit()
        expected = book.find_submission("week1", "=1+1").score
    mark = marks(graded)["=1+1"]
    assert (mark["auto"], mark["manual"], mark["total"]) == (0, 47, 47)
    assert mark["total"] == expected
    assert not mark["needs_manual_grading"]


def test_late_penalty_is_taken_off_as_nbgrader_does(graded):
    from datetime import datetime

    with opened(load_config(graded.course)) as book:
        book.update_or_create_assignment("week1", duedate=datetime(2030, 1, 1))
    config = graded.root / "nbgrader_config.py"
    config.write_text(config.read_text() + '\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    graded.command("grade", "--student", "=1+1", "--force")
    mark = marks(graded)["=1+1"]
    assert mark["penalty"] == mark["auto"] + mark["manual"] > 0
    assert mark["total"] == 0


def test_table_shows_names_as_they_are(graded):
    assert "[red]zoë" in graded.printed.stdout
    assert "[red]zoë" in graded.command("marks").stdout


def test_no_gradebook_and_no_marks_say_what_to_do(graded, tmp_path):
    (tmp_path / "source").symlink_to(graded.root / "source")
    (tmp_path / "nbgrader_config.py").write_text((graded.root / "nbgrader_config.py").read_text())
    failed = type(graded)(tmp_path).command("marks")
    assert failed.exit_code == 2
    assert "course grade" in failed.stderr


def test_csv_that_cannot_be_written_is_named(graded, tmp_path):
    failed = graded.command("marks", "--csv", str(tmp_path))
    assert failed.exit_code == 2
    assert "is a folder" in failed.stderr
