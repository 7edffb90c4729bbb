"""The author's cells are put back and the student's answers are kept, whatever a student did to them."""

import json
import os
from copy import deepcopy

import nbformat
import pytest

from grader.gradebook import load_config
from grader.master import load_master
from grader.read import Malformed, read_submission
from grader.repair import repair

DOUBLE = "def double(number):\n    return number + number"


@pytest.fixture(scope="module")
def master(classroom):
    return load_master(classroom.course.weeks["week1"].notebook, load_config(classroom.course))


@pytest.fixture
def answered(classroom):
    return classroom.answered(double=DOUBLE, memo="My memo.")


@pytest.fixture
def repaired(classroom, master):
    """Hand a notebook in and repair it: cells by name, all sources in order, and the notes on what was repaired."""

    def hand_in_and_repair(notebook):
        cells, notes = repair(read_submission(classroom.hand_in("ann", notebook)), master)
        named = {c.metadata.nbgrader.grade_id: c for c in cells if c.metadata.get("nbgrader")}
        return named, [c.source for c in cells], notes

    return hand_in_and_repair


def copy_of(notebook, name):
    cell = deepcopy(notebook.cells[find(notebook, name)])
    cell.id = "copy"
    return cell


def find(notebook, name):
    names = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells]
    return names.index(name)


def master_cells(master):
    return {name: cell.source for name, cell in master.cells.items() if name not in ("double", "memo")}


def assert_whole(named, master):
    """The author's cells are all there, hidden tests included, in order; the answers are the student's."""
    assert list(named) == list(master.cells)
    assert {name: cell.source for name, cell in named.items() if name not in ("double", "memo")} == master_cells(master)
    assert all(named[name].metadata == cell.metadata for name, cell in master.cells.items())
    assert named["double"].source == DOUBLE
    assert named["memo"].source == "My memo."


def test_untampered_notebook_needs_no_repair(repaired, master, answered):
    named, _, notes = repaired(answered)
    assert_whole(named, master)
    assert notes == []


@pytest.mark.parametrize("name", ["double_test", "total_test", "opening_code_1", "opening_code_2", "total"])
def test_deleted_cell_comes_back_in_its_place(repaired, master, answered, name):
    del answered.cells[find(answered, name)]
    named, _, notes = repaired(answered)
    assert_whole(named, master)
    assert notes == [f"`{name}` was missing and was put back."]


def test_everything_deleted_comes_back(repaired, master, answered):
    answered.cells = []
    named, _, notes = repaired(answered)
    assert list(named) == list(master.cells)
    assert len(notes) == len(master.cells)


def test_copied_test_cell_stays_once(repaired, master, answered):
    answered.cells.insert(2, copy_of(answered, "double_test"))
    named, sources, notes = repaired(answered)
    assert_whole(named, master)
    assert sum("Twice two is four" in source for source in sources) == 1
    assert "`double_test` occurred 2 times" in notes[0]


def test_an_answer_beats_a_copy_of_the_stub(repaired, master, answered, classroom):
    answered.cells.insert(find(answered, "double") + 1, copy_of(classroom.released(), "double"))
    named, sources, _ = repaired(answered)
    assert_whole(named, master)
    assert not any("NotImplementedError" in source for source in sources[: sources.index(DOUBLE) + 3])


def test_both_halves_of_a_split_answer_run_in_order(repaired, master, answered):
    first = copy_of(answered, "double")
    first.source = "FACTOR = 2"
    answered.cells.insert(find(answered, "double"), first)
    named, sources, _ = repaired(answered)
    assert_whole(named, master)
    assert sources.index("FACTOR = 2") < sources.index(DOUBLE)


def test_moved_cells_go_back(repaired, master, answered):
    answered.cells.insert(0, answered.cells.pop(find(answered, "total_test")))
    named, _, notes = repaired(answered)
    assert_whole(named, master)
    assert any("was out of order" in note for note in notes)


@pytest.mark.parametrize("name", ["double_test", "opening_code_2"])
def test_edited_read_only_cell_is_put_back(repaired, master, answered, name):
    answered.cells[find(answered, name)].source = "pass"
    named, _, notes = repaired(answered)
    assert_whole(named, master)
    assert notes == [f"`{name}` is read-only and had been changed; it was put back as it was."]


def test_students_own_cells_stay_where_they_run(repaired, answered):
    own = nbformat.v4.new_code_cell("helper = 1")
    answered.cells.insert(find(answered, "double"), own)
    _, sources, notes = repaired(answered)
    assert sources.index("helper = 1") == sources.index(DOUBLE) - 1
    assert notes == []


def test_stub_put_back_does_not_undo_an_answer_in_another_cell(repaired, answered, classroom):
    index = find(answered, "double")
    answered.cells[index] = nbformat.v4.new_code_cell(DOUBLE)
    named, sources, _ = repaired(answered)
    assert sources.index(named["double"].source) < sources.index(DOUBLE) < sources.index(named["double_test"].source)


def test_tags_and_metadata_of_a_student_do_nothing(repaired, master, answered):
    test = answered.cells[find(answered, "double_test")]
    test.metadata.tags = ["skip-execution", "raises-exception"]
    test.metadata.nbgrader.update(points=4000, locked=False, solution=True, grade=False)
    own = nbformat.v4.new_code_cell("1", metadata={"tags": ["skip-execution"], "nbgrader": {"grade_id": "mine"}})
    answered.cells.append(own)
    answered.metadata.course = {"digest": "made up"}
    named, _, _ = repaired(answered)
    assert_whole(named, master)


def test_changed_cell_types_change_back(repaired, master, answered):
    index = find(answered, "double_test")
    answered.cells[index] = nbformat.v4.new_markdown_cell("gone", metadata=answered.cells[index].metadata)
    named, _, _ = repaired(answered)
    assert_whole(named, master)


def test_other_kernel_is_named(repaired, master, answered):
    answered.metadata.kernelspec = {"name": "ir", "display_name": "R", "language": "R"}
    named, _, notes = repaired(answered)
    assert_whole(named, master)
    assert notes == ["The notebook asked for the kernel 'ir'; it was run with 'python3'."]


def test_ids_missing_doubled_or_odd_and_giant_outputs_do_not_matter(repaired, master, answered):
    document = json.loads(nbformat.writes(answered))
    for index, cell in enumerate(document["cells"]):
        cell["id"] = ["same", "", "!" * 200, None][index % 4]
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "x" * 2_000_000}]
            cell["execution_count"] = "<b>"
    del document["cells"][0]["id"]
    document["nbformat_minor"] = 0
    document["cells"] += [None, {"cell_type": "hologram"}, {"cell_type": "code", "source": [1, "2\n", "\ud800"]}]
    named, sources, notes = repaired(json.dumps(document))
    assert_whole(named, master)
    assert sources[-1] == "2\n?"
    assert notes == []


def test_format_3_is_converted(repaired, master, answered):
    old = nbformat.convert(answered, 3)
    named, _, notes = repaired(json.dumps(old))
    assert_whole(named, master)
    assert "The notebook has the old format 3; it was converted." in notes


def test_result_is_a_notebook_that_nbformat_accepts(classroom, master, answered):
    answered.cells[find(answered, "memo")].attachments = {"a.png": {"image/png": "aGk="}}
    cells, _ = repair(read_submission(classroom.hand_in("ann", answered)), master)
    nbformat.validate(nbformat.v4.new_notebook(cells=cells, metadata=master.notebook.metadata))
    assert len({cell.id for cell in cells}) == len(cells)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("  \n", "is empty"),
        ("<html>", "line 1 is not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[1, 2]", "although it is JSON"),
        ('{"a": 1}', "has no cells"),
        ('{"cells": 3, "nbformat": 4}', "has no cells"),
        ('{"nbformat": 3, "worksheets": 7}', "old notebook format 3"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
    ],
)
def test_what_is_no_notebook_is_named(classroom, content, message):
    with pytest.raises(Malformed, match=message) as malformed:
        read_submission(classroom.hand_in("bob", content))
    assert "mini.ipynb" in str(malformed.value)


def test_link_to_another_file_is_refused(classroom, tmp_path):
    path = classroom.hand_in("cyd", "{}")
    path.unlink()
    path.symlink_to(classroom.course.weeks["week1"].notebook)
    with pytest.raises(Malformed, match="is a link"):
        read_submission(path)


def test_a_pipe_does_not_hang(classroom):
    path = classroom.hand_in("cyd", "{}", "pipe.ipynb")
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(Malformed, match="is not a file"):
        read_submission(path)


def test_many_other_notebooks_are_listed(classroom):
    for name in ("one.ipynb", "two.ipynb"):
        path = classroom.hand_in("dan", "{}", name)
    with pytest.raises(Malformed, match=r"2 notebooks .*one\.ipynb, two\.ipynb"):
        read_submission(path.parent / "mini.ipynb")
