"""Hints come one after the other, are counted, survive a restart, and never fail because of a file."""

from __future__ import annotations

import json

import pytest

from helpers import hints
from helpers.hints import NoSuchHint, hint

TEXTS = {
    "week1.time_split": ("Think of *time*.", "Sort, then cut.", "Compare with `<`."),
    "week1.time_to_rest": ("a", "b", "c"),
    "week2.join": ("d", "e", "f"),
}


@pytest.fixture(autouse=True)
def known_texts(monkeypatch):
    monkeypatch.setattr(hints, "texts", lambda: TEXTS)


def shown(capsys, *arguments) -> str:
    hint(*arguments)
    return capsys.readouterr().out


def test_three_hints_come_one_after_the_other(capsys):
    first, second, third, again = (shown(capsys, "week1.time_split") for _ in range(4))
    assert "Hint 1 of 3, a nudge" in first and "Think of *time*." in first and "2 more" in first
    assert "Hint 2 of 3, the approach" in second and "1 more if you need it" in second
    assert "Hint 3 of 3, nearly there" in third and "last one" in third
    assert again == third


def test_a_stage_is_shown_again_without_losing_ones_place(capsys):
    shown(capsys, "week1.time_split")
    shown(capsys, "week1.time_split")
    assert "Think of" in shown(capsys, "week1.time_split", 1)
    assert "Hint 3" in shown(capsys, "week1.time_split")


def test_tasks_are_counted_isolated_in_a_small_file(capsys, tmp_path):
    for task in ("week1.time_split", "week1.time_split", "week2.join"):
        shown(capsys, task)
    stored = json.loads((tmp_path / "state" / "hints.json").read_text())
    assert stored == {"week1.time_split": 2, "week2.join": 1}


def test_the_file_is_in_the_working_folder_unless_told_otherwise(capsys, tmp_path, monkeypatch):
    monkeypatch.delenv("COURSE_STATE")
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.chdir(tmp_path)
    shown(capsys, "week2.join")
    assert (tmp_path / ".course" / "hints.json").is_file()


def test_a_folder_that_cannot_be_written_only_costs_the_memory(capsys, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("COURSE_STATE", str(tmp_path / "file" / "state"))
    assert "Hint 1" in shown(capsys, "week2.join")
    assert "Hint 2" in shown(capsys, "week2.join")


def test_a_broken_file_is_set_aside(capsys, tmp_path):
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "hints.json").write_text('{"week2.join": ')
    out = shown(capsys, "week2.join")
    assert "Hint 1" in out and "hints.unreadable" in out
    assert (tmp_path / "state" / "hints.unreadable").read_text() == '{"week2.join": '


@pytest.mark.parametrize("handed_in", [None, '{"week2.join": 2}'])
def test_a_run_by_nbgrader_starts_from_nothing_and_leaves_nothing(handed_in, capsys, tmp_path, monkeypatch):
    monkeypatch.delenv("COURSE_STATE")
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    monkeypatch.chdir(tmp_path)
    file = tmp_path / ".course" / "hints.json"
    if handed_in:
        file.parent.mkdir()
        file.write_text(handed_in)
    assert "Hint 1" in shown(capsys, "week2.join")
    assert "Hint 2" in shown(capsys, "week2.join")
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == ([file] if handed_in else [])
    assert not handed_in or file.read_text() == handed_in


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("week1.time_splt", "week1.time_split"),
        ("week1.join", "week2.join"),
        ("join", "week2.join"),
        ("?", "week2.join"),
    ],
)
def test_an_unknown_name_lists_those_that_come_near(name, near):
    with pytest.raises(NoSuchHint, match=near):
        hint(name)


@pytest.mark.parametrize("stage", [0, 4, -1, "nudge"])
def test_an_unknown_stage_is_refused(stage):
    with pytest.raises(NoSuchHint, match="hints 1 to 3"):
        hint("week2.join", stage)


def test_a_notebook_shows_markdown_and_plain_errors(run_cells):
    _, (output,), (error,) = run_cells(
        "from helpers import hints\nhints.texts = lambda: {'week1.task': ('Look *up*.', 'b', 'c')}",
        "hints.hint('week1.task')",
        "hints.hint('week1.tusk')",
    )
    assert output.data["text/markdown"].startswith("**Hint 1 of 3, a nudge.** Look *up*.")
    assert output.data["text/plain"] == output.data["text/markdown"]
    assert error.traceback == ["There is no hint `week1.tusk`. Did you mean: week1.task?"]


def test_every_task_in_the_files_has_three_hints(monkeypatch):
    monkeypatch.undo()
    assert {task: len(stages) for task, stages in hints.texts().items() if len(stages) != 3} == {}
