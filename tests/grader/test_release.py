"""The release holds everything that students need and nothing that they must not see."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from grader.author.pair import pair_command
from grader.cli import app
from grader.course import Course


@pytest.fixture
def course(course_folder, monkeypatch):
    monkeypatch.chdir(course_folder)
    pair_command(None)
    return Course(course_folder)


def run(*arguments):
    return CliRunner().invoke(app, ["release", *arguments])


def change(course, old, new):
    """Change the week's text and pair it."""
    text = course.weeks["week1"].text
    assert old in text.read_text()
    text.write_text(text.read_text().replace(old, new))
    later = text.stat().st_mtime + 1
    os.utime(text, (later, later))
    pair_command(None)


def files(course):
    return {str(p.relative_to(course.root)): p.read_bytes() for p in course.root.rglob("*") if p.is_file()}


def released(course):
    return course.root / "release/week1/mini.ipynb"


def test_release_has_stubs_and_visible_checks_and_no_canary(course):
    assert run().exit_code == 0
    text = released(course).read_text()
    assert "canary" not in text
    cells = {cell.id: cell.source for cell in nbformat.read(released(course), as_version=4).cells}
    assert "Return twice ``number``" in cells["double"] and "raise NotImplementedError" in cells["double"]
    assert cells["double_test"].splitlines() == [
        "mark = checks.Mark(40)",
        'with mark.part("two", 30, "Return twice `number`."):',
        '    checks.require(checks.call(double, 2) == 4, "Twice two is four.")',
        "mark",
    ]
    assert "A canary_memo" not in cells["memo"]


def test_release_makes_one_file_and_leaves_the_rest_of_the_course_alone(course):
    before = files(course)
    run()
    after = files(course)
    assert set(after) - set(before) == {"release/week1/mini.ipynb"}
    assert {path: after[path] for path in before} == before


def test_stock_nbgrader_gives_the_same_bytes_and_no_text_pair(course):
    run()
    ours = released(course).read_bytes()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # nbgrader calls alembic from PATH
    command = [sys.executable, "-m", "nbgrader", "generate_assignment", "week1", "--force"]
    subprocess.run(command, cwd=course.root, env=os.environ | {"PATH": path}, check=True, capture_output=True)
    assert [file.name for file in (course.root / "release/week1").iterdir()] == ["mini.ipynb"]
    assert released(course).read_bytes() == ours
    assert run("--check").exit_code == 0


def test_check_names_the_cell_that_drifted_and_changes_nothing(course):
    run()
    before = released(course).read_bytes()
    change(course, "Twice two is four.", "Two and two is four.")
    result = run("--check")
    assert result.exit_code == 1
    assert "double_test" in result.stderr
    assert released(course).read_bytes() == before


def test_check_names_a_file_that_comes_from_nothing(course):
    run()
    (course.root / "release/week1/notes.txt").write_text("left over")
    result = run("--check")
    assert result.exit_code == 1
    assert "notes.txt" in result.stderr


def test_release_from_a_stale_notebook_is_refused(course):
    text = course.weeks["week1"].text
    text.write_text(text.read_text().replace("Twice two is four.", "Two and two is four."))
    result = run()
    assert result.exit_code == 2
    assert "course pair" in result.stderr
    assert not released(course).exists()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        # misspelt: nbgrader leaves the region where it is
        ("### BEGIN HIDDEN TESTS", "### BEGIN HIDEN TESTS", "HIDEN"),
        # markers forgotten around one hidden check
        ("### BEGIN HIDDEN TESTS\nwith", "with", "mark.hidden"),
        # never closed: nbgrader refuses
        ("    return canary_of_double\n    ### END SOLUTION", "    return canary_of_double", "no end solution"),
    ],
)
def test_bad_markers_are_refused_and_the_old_release_stays(course, old, new, words):
    run()
    before = released(course).read_bytes()
    change(course, old, new)
    result = run()
    assert result.exit_code == 2
    assert words.lower() in result.stderr.lower()
    assert "mini" in result.stderr
    assert released(course).read_bytes() == before


@pytest.mark.parametrize("only", ["ClearSolutions", "ClearHiddenTests"])
def test_planted_canaries_are_found_when_nbgrader_leaves_out_a_step(course, only):
    config = course.root / "nbgrader_config.py"
    steps = f"from nbgrader.preprocessors import {only}\nc.GenerateAssignment.preprocessors = [{only}]\n"
    config.write_text(f"{config.read_text()}\n{steps}")
    result = run()
    assert result.exit_code == 2
    assert "canary" in result.stderr
    assert not released(course).exists()


def test_hidden_line_is_found_in_a_file_beside_the_notebook(course):
    notes = course.root / "source/week1/notes.txt"
    notes.write_text("Remember:\n    canary_of_double = number * 2\n")
    result = run()
    assert result.exit_code == 2
    assert "notes.txt" in result.stderr and "canary_of_double" in result.stderr


def test_text_pair_is_refused_even_when_the_configuration_lets_it_through(course):
    config = course.root / "nbgrader_config.py"
    config.write_text(f"{config.read_text()}\nc.CourseDirectory.ignore = []\n")
    result = run()
    assert result.exit_code == 2
    assert "mini.py" in result.stderr


def test_second_notebook_without_text_is_refused(course):
    nbformat.write(nbformat.v4.new_notebook(), course.root / "source/week1/answers.ipynb")
    result = run()
    assert result.exit_code == 2
    assert "answers.ipynb" in result.stderr


def test_picture_beside_the_notebook_is_released_with_it(course):
    (course.root / "source/week1/sketch.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert run().exit_code == 0
    assert (course.root / "release/week1/sketch.png").read_bytes() == b"\x89PNG\r\n\x1a\n"


def test_course_that_cannot_be_written_to_keeps_its_release(course, monkeypatch):
    run()
    before = released(course).read_bytes()
    change(course, "Twice two is four.", "Two and two is four.")

    def read_only(*_arguments, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("grader.course.write_whole", read_only)
    result = run()
    assert result.exit_code == 2
    assert "Permission denied" in result.stderr and "release" in result.stderr
    assert released(course).read_bytes() == before
