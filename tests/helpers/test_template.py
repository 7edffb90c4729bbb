"""Templates are made once, whole or not at all, wherever there is a place for them."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from helpers.internal import template


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """An environment and a cache of their own."""
    found = [tmp_path / "environment", tmp_path / "cache"]
    monkeypatch.setattr(template, "_folders", lambda: found)
    return found


class Maker:
    """Makes a file, and counts how often."""

    def __init__(self):
        self.made = 0

    def __call__(self, folder: Path) -> Path:
        self.made += 1
        (folder / "new").write_text("whole")
        return folder / "new"


def test_a_template_is_made_once_by_several_at_the_same_time(folders):
    make = Maker()
    threads = [threading.Thread(target=template._make, args=(folders[0], "one.db", make)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert template.template("one.db", make) == folders[0] / "one.db" and make.made == 1
    assert template.template("other.db", make) == folders[0] / "other.db" and make.made == 2


def test_a_template_that_was_not_finished_is_not_used(folders):
    def stopped(folder: Path) -> Path:
        (folder / "new").write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        template.template("one.db", stopped)
    assert template.template("one.db", Maker()).read_text() == "whole"


def test_a_read_only_environment_leaves_the_cache(folders):
    folders[0].write_text("a file where the folder should be")
    assert template.template("one.db", Maker()) == folders[1] / "one.db"


def test_where_nothing_can_be_written_a_process_makes_its_own(folders):
    for folder in folders:
        folder.write_text("a file where the folder should be")
    made = template.template("one.db", Maker())
    assert made.read_text() == "whole" and not made.is_relative_to(folders[0].parent)


def test_a_template_of_the_cache_is_copied_to_the_environment_which_a_sandbox_sees(folders):
    make = Maker()
    template._make(folders[1], "one.db", make)
    assert template.template("one.db", make) == folders[0] / "one.db" and make.made == 1


def test_a_template_of_the_cache_is_used_where_the_environment_is_read_only(folders):
    make = Maker()
    template._make(folders[1], "one.db", make)
    folders[0].write_text("a file where the folder should be")
    assert template.template("one.db", make) == folders[1] / "one.db" and make.made == 1
