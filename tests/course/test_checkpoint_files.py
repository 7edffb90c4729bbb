"""The reference features are what week 2's notebook makes."""

from __future__ import annotations

import pandas as pd
import pytest

from grader.author.replay import Names, cells, run
from helpers import checkpoints, work
from tests.course.test_variants import COURSE

MADE_BY = ("parameters", "setup", "load", "weather_then", "recent_state", "build", "build_all", "hand_over_features")


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> pd.DataFrame:
    """The table as the notebook's own cells write it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(work.FOLDER, str(tmp_path_factory.mktemp("work")))
        names: Names = {"__name__": "__main__"}
        for name in MADE_BY:
            run(cells(COURSE.weeks["week2"])[name].source, name, names)
        return pd.read_parquet(work.path("week2", "features.parquet"))


@pytest.fixture
def reference(tmp_path, monkeypatch) -> pd.DataFrame:
    monkeypatch.setenv(work.FOLDER, str(tmp_path))
    return checkpoints.features(quiet=True)


def test_the_reference_is_what_the_notebook_makes(made, reference):
    pd.testing.assert_frame_equal(made, reference)


def test_the_reference_is_explained_column_by_column(reference):
    card = (COURSE.root / "datasets" / "checkpoints" / "README.md").read_text(encoding="utf-8")
    assert [name for name in [*reference.columns, reference.index.name] if f"`{name}`" not in card] == []


def test_the_reference_holds_every_flight_that_arrived_in_the_order_of_the_schedule(reference):
    assert len(reference) == 327_346
    assert reference["sched_dep"].is_monotonic_increasing
    assert reference["late"].dtype == bool
    assert not reference[["carrier", "origin", "dest", "departs"]].isna().any().any()
