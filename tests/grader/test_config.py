"""Stock nbgrader works in the course folder, and agrees with `course grade`."""

import os
import subprocess
import sys
from contextlib import chdir
from pathlib import Path

import nbformat
import pytest
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.validator import Validator

from grader.gradebook import load_config

LOUD = "import sys, os, warnings\ndef double(n):\n    warnings.warn('w'); print('e', file=sys.stderr)\n    return 2 * n"


def nbgrader(root, *arguments):
    """Run nbgrader as from a shell in which the environment is not activated."""
    environment = {**os.environ, "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-m", "nbgrader", *arguments]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def released(classroom):
    """The course after `nbgrader generate_assignment`, which also makes the gradebook."""
    classroom.printed = nbgrader(classroom.root, "generate_assignment", "week1")
    return classroom


def test_generate_assignment_writes_stubs_and_no_text_pair(released):
    assert released.printed.returncode == 0, released.printed.stderr
    assert [path.name for path in (released.root / "release/week1").iterdir()] == ["mini.ipynb"]
    text = (released.root / "release/week1/mini.ipynb").read_text()
    assert "# YOUR CODE HERE" in text
    assert "canary" not in text


def test_no_option_is_unknown_to_nbgrader(released):
    assert "not recognized" not in released.printed.stderr
    assert "WARNING" not in released.printed.stderr


def test_exchange_is_in_the_course(released):
    sent = nbgrader(released.root, "release_assignment", "week1")
    assert sent.returncode == 0, sent.stderr
    assert list((released.root / "exchange").rglob("mini.ipynb"))


def test_formgraders_buttons_give_marks_and_feedback(released):
    released.hand_in("ann", released.answered(double=LOUD))
    config = load_config(released.course)
    with chdir(released.root):
        api = NbGraderAPI(CourseDirectory(config=config), config=config)
        assert api.autograde("week1", "ann")["success"]
        assert api.generate_feedback("week1", "ann")["success"]
    assert released.marks() == {"ann": 40}
    assert 'id="summary"' in released.feedback("ann")
    assert "8675309" not in released.feedback("ann")


@pytest.fixture
def validate(released, tmp_path):
    """Validate the released notebook with these answers, as a student does by a button."""

    def press(**answers):
        notebook = nbformat.read(released.root / "release/week1/mini.ipynb", as_version=4)
        for cell in notebook.cells:
            cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
        nbformat.write(notebook, tmp_path / "mini.ipynb")
        return Validator(config=load_config(released.course)).validate(str(tmp_path / "mini.ipynb"))

    return press


def test_validate_takes_no_warning_for_a_failure(validate):
    assert validate(double=LOUD, total="def total(values):\n    return 2 * sum(values)", memo="Mine.") == {}


def test_validate_shows_the_checks_message(validate):
    failed = validate(double="def double(number):\n    return number")["failed"]
    assert ["Twice two is four." in cell["error"] for cell in failed] == [True, False, False]
    assert "not attempted yet: `total` still holds the stub" in failed[1]["error"]


def test_read_only_folder_does_not_stop_the_config(released, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError

    monkeypatch.setattr(Path, "mkdir", refuse)
    assert load_config(released.course).CourseDirectory.course_id
