"""The student's own artifacts, and what stands in for them."""

from __future__ import annotations

from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest

from grader.engine import scratch
from helpers import checkpoints, checks, work


@pytest.fixture(autouse=True)
def nobody_grades(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    monkeypatch.delenv(work.FOLDER, raising=False)


def test_every_week_finds_the_same_folder(tmp_path, monkeypatch):
    for week in ("week2", "week3"):
        (tmp_path / week).mkdir()
        monkeypatch.chdir(tmp_path / week)
        assert work.path("week2", "model", "one.json") == tmp_path / "work" / "week2" / "model" / "one.json"
    assert (tmp_path / "work" / "week2" / "model").is_dir()


def test_another_folder_can_be_chosen(tmp_path, monkeypatch):
    monkeypatch.setenv(work.FOLDER, str(tmp_path / "elsewhere"))
    assert work.path("a.txt") == tmp_path / "elsewhere" / "a.txt"


def test_grading_starts_from_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    work._private.cache_clear()
    place = work.path("week2", "features.parquet")
    assert not place.is_relative_to(tmp_path / "work") and not list(place.parent.iterdir())
    assert work.path("week2", "features.parquet") == place


@pytest.mark.parametrize("parts", [(), ("..", "x"), ("/etc/passwd",), ("week2", "../../x")])
def test_artefacts_stay_in_their_folder(tmp_path, monkeypatch, parts):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="no path below"):
        work.path(*parts)


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    monkeypatch.setenv("COURSE_DATASETS", str(tmp_path / "datasets"))
    monkeypatch.chdir(tmp_path)
    frame = pd.DataFrame({"sched_dep": pd.date_range("2013-01-01", periods=5, freq="h", tz="UTC")})
    frame = frame.assign(late=[True, False] * 2 + [True], wind=np.float32(1.5))
    frame = frame.assign(**{name: pd.Categorical(list("aabba")) for name in ("carrier", "origin", "dest")})
    frame.index.name = "flight_id"
    (tmp_path / "datasets" / "checkpoints" / "week2").mkdir(parents=True)
    frame.to_parquet(tmp_path / "datasets" / "checkpoints" / "week2" / "features.parquet")
    return frame


def test_the_reference_stands_in_and_says_so(table, capsys):
    pd.testing.assert_frame_equal(checkpoints.features(), table)
    assert "the reference, because there is no work/week2/features.parquet yet" in capsys.readouterr().out


def test_own_work_comes_first(table, capsys):
    own = table.assign(wind=np.float32(9))
    own.to_parquet(work.path(*checkpoints.OWN))
    pd.testing.assert_frame_equal(checkpoints.features(), own)
    assert "your own" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda frame: frame.drop(columns="late"), "it has no column late"),
        (lambda frame: frame.iloc[:3], "it has 3 rows"),
        (lambda frame: None, "it cannot be read"),
    ],
)
def test_own_work_that_cannot_be_used_is_named(table, capsys, spoil, reason):
    place = work.path(*checkpoints.OWN)
    spoiled = spoil(table)
    place.write_text("no table") if spoiled is None else spoiled.to_parquet(place)
    pd.testing.assert_frame_equal(checkpoints.features(), table)
    assert reason in capsys.readouterr().out


def test_a_missing_reference_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_DATASETS", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError, match=r"features\.parquet"):
        checkpoints.features()


def test_grading_sweeps_no_private_folder_of_anybody(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    work._private.cache_clear()
    mine = [work.path("week2", "features.parquet").parent, Path(checks.hand_over({"a": b""}))]
    scratch.remove(scratch.make())  # what `course grade` does, and what sweeps
    assert all(folder.is_dir() for folder in mine)


def test_what_week_5_deployed_is_found_or_missed_in_words(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COURSE_WORK", str(tmp_path / "later"))
    assert checkpoints.deployed() is None
    joblib.dump({"a": "model"}, work.path(*checkpoints.DEPLOYED))
    assert checkpoints.deployed() == {"a": "model"}
    first, second = capsys.readouterr().out.splitlines()
    assert "nothing" in first
    assert "your own" in second
