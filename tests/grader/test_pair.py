"""An author edits text; JupyterLab and nbgrader want a notebook. Neither may lose what the other holds."""

import os

import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator
from typer.testing import CliRunner

from grader.author.pair import notebook_from_text, text_from_notebook
from grader.cli import app
from grader.course import Course


@pytest.fixture
def course(course_folder, monkeypatch):
    monkeypatch.chdir(course_folder)
    return Course(course_folder)


def run(*arguments):
    return CliRunner().invoke(app, ["pair", *arguments])


def save_later(path, text):
    """Save a file a second after everything else in the course."""
    path.write_text(text, encoding="utf-8")
    later = path.stat().st_mtime + 1
    os.utime(path, (later, later))


def by_name(notebook):
    return {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}


def test_terse_metadata_becomes_what_nbgrader_wants(course):
    run()
    notebook = nbformat.read(course.weeks["week1"].notebook, as_version=4)
    MetadataValidator().validate_nb(notebook)
    cells = by_name(notebook)
    kinds = {name: [k for k in ("grade", "locked", "solution") if c.metadata.nbgrader[k]] for name, c in cells.items()}
    assert kinds == {
        "opening_code_1": ["locked"],
        "opening_code_2": ["locked"],
        "double": ["solution"],
        "double_test": ["grade", "locked"],
        "double_test_code_1": ["locked"],
        "total": ["solution"],
        "total_test": ["grade", "locked"],
        "memo": ["grade", "solution"],
    }
    assert cells["total_test"].metadata.needs == ["double"]


def test_same_text_gives_same_bytes(course):
    notebook = course.weeks["week1"].notebook
    run()
    first = notebook.read_bytes()
    notebook.unlink()
    run()
    assert notebook.read_bytes() == first
    assert run("--check").exit_code == 0


def test_read_only_cells_keep_their_names_when_another_is_changed(course):
    text = course.weeks["week1"].text.read_text()
    changed = text.replace("print(numbers)", "print(sorted(numbers))").replace("## Twice", "## Twice a number")
    assert list(by_name(notebook_from_text(changed))) == list(by_name(notebook_from_text(text)))


def test_check_names_the_cell_that_drifted_and_changes_nothing(course):
    run()
    week = course.weeks["week1"]
    before = week.notebook.read_bytes()
    save_later(week.text, week.text.read_text().replace("Twice two is four.", "Two and two is four."))
    result = run("--check")
    assert result.exit_code == 1
    assert "double_test" in result.stderr and "source" in result.stderr and "mini.ipynb" in result.stderr
    assert week.notebook.read_bytes() == before


def test_edits_made_in_jupyterlab_are_not_overwritten(course):
    run()
    week = course.weeks["week1"]
    edited = week.notebook.read_text().replace("print(numbers)", "print(max(numbers))")
    save_later(week.notebook, edited)
    result = run()
    assert result.exit_code == 2
    assert "--from-notebook" in result.stderr
    assert week.notebook.read_text() == edited


def test_a_notebook_that_was_only_run_is_cleared(course):
    run()
    week = course.weeks["week1"]
    clean = week.notebook.read_bytes()
    notebook = nbformat.read(week.notebook, as_version=4)
    for count, cell in enumerate((c for c in notebook.cells if c.cell_type == "code"), start=1):
        cell.execution_count = count
        cell.outputs = [nbformat.v4.new_output("stream", text="42")]
    save_later(week.notebook, nbformat.writes(notebook))
    assert run("--check").exit_code == 1
    assert run().exit_code == 0
    assert week.notebook.read_bytes() == clean


def test_from_notebook_takes_over_edits_as_terse_text(course):
    run()
    week = course.weeks["week1"]
    text = week.text.read_text()
    save_later(week.notebook, week.notebook.read_text().replace("print(numbers)", "print(max(numbers))"))
    assert run("--from-notebook").exit_code == 0
    expected = text.replace("print(numbers)", "print(max(numbers))")  # blank lines are for `ruff format` to set
    assert week.text.read_text().split() == expected.split()
    assert run("--check").exit_code == 0


def test_cell_added_in_formgrader_gets_a_name_of_its_own(course):
    notebook = notebook_from_text(course.weeks["week1"].text.read_text())
    locked = {"schema_version": 3, "grade": False, "locked": True, "solution": False, "grade_id": "cell-0a1b2c3d4e5f"}
    notebook.cells.append(nbformat.v4.new_code_cell("print('end')", metadata={"nbgrader": locked}))
    again = notebook_from_text(text_from_notebook(notebook))
    assert "memo_code_1" in by_name(again)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('# %% nbgrader={"grade_id": "double"}\nprint(1)', "two cells are named double"),
        ('# %% need=["double"]\nprint(1)', "need"),
        ('# %% nbgrader={"grade_id": "other"\nprint(1)', "nbgrader"),
    ],
)
def test_metadata_that_cannot_be_understood_is_named(course, line, words):
    text = course.weeks["week1"].text
    text.write_text(f"{text.read_text()}\n{line}\n")
    result = run()
    assert result.exit_code == 2
    assert words in result.stderr and "mini.py" in result.stderr
    assert not course.weeks["week1"].notebook.exists()


def test_damaged_notebook_is_not_taken_over(course):
    run()
    week = course.weeks["week1"]
    before = week.text.read_text()
    week.notebook.write_text('{"cells": [')
    result = run("--from-notebook")
    assert result.exit_code == 2
    assert "is not a notebook" in result.stderr
    assert week.text.read_text() == before


def test_a_notebook_that_cannot_be_written_leaves_the_old_one(course, monkeypatch):
    run()
    week = course.weeks["week1"]
    before = week.notebook.read_bytes()
    save_later(week.text, week.text.read_text().replace("## Twice", "## Double"))

    def full_disk(*_arguments, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("grader.course.write_whole", full_disk)
    result = run()
    assert result.exit_code == 2
    assert "No space left on device" in result.stderr
    assert week.notebook.read_bytes() == before


def test_unknown_week_is_named(course):
    result = run("week9")
    assert result.exit_code == 2
    assert "week9" in result.stderr and "week1" in result.stderr


def test_course_without_weeks_is_said_so(course):
    course.weeks["week1"].text.unlink()
    result = run("--check")
    assert result.exit_code == 2
    assert "holds no week" in result.stderr
