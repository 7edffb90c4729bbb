"""What people hand in: files under other names, in other places, too many or too deep, and times in every form."""

import json
import os
import subprocess
from contextlib import chdir
from pathlib import Path

import pytest

from grader import intake
from tests.grader.conftest import Classroom, make_course, write

RIGHT = {
    "double": "def double(number):\n    return 2 * number",
    "total": "def total(values):\n    return 2 * sum(values)",
}


@pytest.fixture
def room(tmp_path):
    return Classroom(make_course(tmp_path / "course"))


@pytest.mark.parametrize(
    "place",
    [
        "week1/mini (1).ipynb",
        "week1/Mini.ipynb",
        "week1/mini-Copy1.ipynb",
        "week1/mini.ipynb.txt",
        "week1/mini.ipynb.json",
        "week1/my homework.ipynb",
        "week1/week1/mini.ipynb",
        "Week1/mini.ipynb",
        "week_1/mini.ipynb",
        "mini.ipynb",
        "Copy of mini.ipynb",
        "upload/week 1/mini.ipynb",
    ],
)
def test_the_only_notebook_that_can_be_meant_is_taken_and_that_is_said(room, place):
    path = room.hand_in("ann", room.answered(**RIGHT))
    moved = room.root / "submitted/ann" / place
    moved.parent.mkdir(parents=True, exist_ok=True)
    path.rename(moved)
    graded = room.command("grade")
    assert graded.exit_code == 0, graded.stderr
    assert room.marks() == {"ann": 85}
    assert "week1, ann: handed in as" in graded.stderr
    assert "The notebook was handed in as" in room.feedback("ann")
    assert "0 graded now, 1 had not changed" in room.command("grade").stdout


def test_a_student_may_be_called_like_a_week(room):
    room.hand_in("week1", room.answered(**RIGHT))
    graded = room.command("grade")
    assert graded.exit_code == 0, graded.stderr
    assert "handed in as" not in graded.stderr


def test_a_notebook_that_is_too_large_is_told_what_makes_it_so(room):
    with room.hand_in("ann", "{").open("wb") as file:
        file.truncate(201_000_000)
    assert "malformed. mini.ipynb has 201 MB. Clear its outputs" in room.command("grade").stderr


def test_nothing_that_was_handed_in_vanishes(room):
    right = room.answered(**RIGHT)
    room.hand_in("ann", right)
    room.hand_in("ann", right, "mini-Copy1.ipynb")
    write(room.root / "submitted/ann/thesis/chapter.txt", "x")
    write(room.root / "submitted/bob/notes.txt", "x")
    write(room.root / "submitted/mini.ipynb", "x")
    write(room.root / "submitted/cem/week1/work.zip", "x")
    room.hand_in("dee", right, "mini (1).ipynb")
    room.hand_in("dee", right, "mini (2).ipynb")
    write(room.root / "submitted/ann/.DS_Store", "x")
    graded = room.command("grade")
    assert graded.exit_code == 1
    for words in (
        "Not graded: mini.ipynb lies outside of any student's folder",
        "Not graded: week1, ann: mini-Copy1.ipynb lies beside the notebook",
        "Not graded: ann/thesis is of no week",
        "Not graded: bob: nothing of any week was found: notes.txt",
        "week1, cem: malformed",
        "week1, dee: malformed. 2 notebooks were handed in (mini (1).ipynb, mini (2).ipynb), but not this one",
    ):
        assert words in graded.stderr
    assert "DS_Store" not in graded.stderr
    assert room.marks()["ann"] == 85
    assert len(json.loads(room.command("grade", "--json").stdout)["not_graded"]) == 4


def deep(folder):
    """A tree deeper than a path can be long; made from the inside, as an archive is unpacked."""
    with chdir(folder):
        for _ in range(1_100):
            Path("folder").mkdir()
            os.chdir("folder")


def many(folder):
    for number in range(2_100):
        (folder / f"{number}.csv").touch()


def large(folder):
    with (folder / "sparse.bin").open("wb") as file:
        file.truncate(1 << 30)


def long_path(folder):
    path = folder / ("x" * 200) / ("y" * 210)
    path.mkdir(parents=True)
    (path / "z").touch()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (deep, "Folders lie more than 20 deep"),
        (many, "More than 2,000 files were handed in"),
        (large, "The files handed in have more than 200 MB together"),
        (long_path, "A file's path has more than 400 characters"),
    ],
)
def test_what_nobody_needs_is_malformed_and_stops_nobody(room, damage, words):
    for student in ("ann", "bob"):
        room.hand_in(student, room.answered(**RIGHT))
    damage(room.root / "submitted/ann/week1")
    graded = room.command("grade")
    assert graded.exit_code == 1
    assert f"week1, ann: malformed. {words}" in graded.stderr
    assert room.marks() == {"ann": 0, "bob": 85}
    assert words in room.feedback("ann")
    again = room.command("grade")
    # pytest takes such a tree away by recursion, and gives up
    subprocess.run(["rm", "-rf", room.root / "submitted/ann"], check=True)
    assert "0 graded now, 2 had not changed" in again.stdout


def test_a_file_that_the_grader_may_not_read_is_named(room, monkeypatch):
    room.hand_in("ann", room.answered(**RIGHT))
    write(room.root / "submitted/ann/week1/secret.csv", "x")
    monkeypatch.setattr(intake.os, "access", lambda path, mode: not str(path).endswith("secret.csv"))
    assert "malformed. secret.csv cannot be read" in room.command("grade").stderr


def test_nothing_handed_in_configures_the_kernel(room):
    room.hand_in("ann", room.answered(**RIGHT))
    folder = room.root / "submitted/ann/week1"
    for name in (".ipython/profile_default/startup/a.py", "ipython_config.py", "ipython_kernel_config.py"):
        write(folder / name, "import os\nos._exit(3)")
    assert room.command("grade").exit_code == 0
    assert room.marks() == {"ann": 85}


NOON = "2013-11-03 12:00:00.000000 UTC"


@pytest.mark.parametrize(
    ("content", "time"),
    [
        (b"2013-11-03 12:00:00.000000 UTC", NOON),
        (b"2013-11-03 12:00", NOON),
        ("\ufeff2013-11-03T12:00:00Z\n".encode(), NOON),
        ("2013-11-03 12:00:00 UTC".encode("utf-16"), NOON),
        (b"1383480000", NOON),
        (b"1383480000123", NOON),
        (b"2013-11-03 13:00:00 +0100", NOON),
        (b"2013-11-03 13:00:00+01:00", NOON),
        (b"2013-11-03 14:00:00 CEST", NOON),
        (b"2013-11-03 04:00:00 PST", NOON),
        (b"2013-11-03 13:00:00 Europe/Berlin", NOON),
        (b"2013-11-03 07:00:00 America/New_York", NOON),
        (b"Sun, 03 Nov 2013 12:00:00 GMT", NOON),
    ],
)
def test_a_time_is_read_rightly_in_every_form(tmp_path, content, time):
    (tmp_path / intake.TIMESTAMP).write_bytes(content)
    assert intake.handed_in_at(tmp_path) == (time, "")


@pytest.mark.parametrize(
    "content",
    [
        b"yesterday, I think",
        b"",
        b"2013-11-03 12:00\n2013-11-04 12:00",
        b"2013-11-03 12:00 IST",
        b"\xff\xff\x00",
        b"9" * 40,
        b"2013-11-03 12:00 Mars/Olympus",
    ],
)
def test_a_time_that_cannot_be_told_is_said_and_costs_nothing(tmp_path, content):
    (tmp_path / intake.TIMESTAMP).write_bytes(content)
    time, wrong = intake.handed_in_at(tmp_path)
    assert time == ""
    assert "nothing was taken off" in wrong


def test_an_instructor_is_told_of_a_time_that_cannot_be_read(room):
    room.hand_in("ann", room.answered(**RIGHT))
    write(room.root / "submitted/ann/week1/timestamp.txt", "yesterday, I think")
    graded = room.command("grade")
    assert graded.exit_code == 1
    assert "week1, ann: timestamp.txt cannot be read as a time" in graded.stderr
    assert room.marks() == {"ann": 85}
