"""The registry in the student's work folder: quick, quiet, and never without a champion."""

from __future__ import annotations

import json
import shutil
import sqlite3

import numpy as np
import pandas as pd
import pytest

from helpers import checkpoints, registry
from helpers.checks import CheckFailed
from helpers.checks.registries import Registry


@pytest.fixture
def work(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_WORK", str(tmp_path / "work"))
    return tmp_path / "work"


@pytest.fixture
def few_features(monkeypatch):
    rng = np.random.default_rng(0)
    n = 1_000
    table = pd.DataFrame(
        {
            "sched_dep": pd.date_range("2013-01-01", periods=n, freq="3h", tz="UTC"),
            "late": rng.random(n) < 0.3,
            "departs": rng.integers(300, 1_400, n),
            "carrier": pd.Categorical(rng.choice(["AA", "UA"], n)),
            "origin": pd.Categorical(rng.choice(["EWR", "JFK"], n)),
            "dest": pd.Categorical(rng.choice(["LAX", "BOS"], n)),
        }
    )
    monkeypatch.setattr(checkpoints, "features", lambda quiet=False: table)
    monkeypatch.setattr(registry, "REFERENCE_ROWS", 500)
    return table


def test_a_registry_is_a_database_with_its_files_beside_it(tmp_path):
    import mlflow

    place = registry.connect(tmp_path / "models")
    assert place == tmp_path / "models"
    experiment = mlflow.get_experiment_by_name(registry.EXPERIMENT)
    assert experiment.artifact_location == (place / "artifacts").as_uri()
    with sqlite3.connect(place / "mlflow.db") as connection:
        assert connection.execute("SELECT count(*) FROM registered_models").fetchone() == (0,)


def test_the_first_champion_is_a_reference_that_is_announced_and_kept(work, few_features, capfd):
    champion = registry.champion()
    said, complaints = capfd.readouterr()
    assert "the reference" in said
    assert complaints == ""
    X = registry.plain(few_features.drop(columns=["sched_dep", "late"]))
    expected = champion.predict_proba(X)
    np.testing.assert_array_equal(registry.champion(quiet=True).predict_proba(X), expected)
    assert registry.champion_version().version in (1, "1")
    assert (work / "mlflow" / "mlflow.db").is_file()


def test_a_work_folder_that_was_moved_keeps_its_champion(work, few_features, monkeypatch):
    X = registry.plain(few_features.drop(columns=["sched_dep", "late"])).head(20)
    expected = registry.champion(quiet=True).predict_proba(X)
    moved = work.rename(work.parent / "a folder, elsewhere")
    monkeypatch.setenv("COURSE_WORK", str(moved))
    np.testing.assert_array_equal(registry.champion(quiet=True).predict_proba(X), expected)
    assert registry.champion_version().version in (1, "1")
    with sqlite3.connect(moved / "mlflow" / "mlflow.db") as connection:
        for table, column in registry.PATHS:
            places = {one for (one,) in connection.execute(f"SELECT {column} FROM {table}")}
            assert not [place for place in places if str(work) in place], f"{table}.{column}"
    assert not work.exists()


def test_a_champion_without_its_files_says_where_they_should_lie(work, few_features):
    registry.champion(quiet=True)
    shutil.rmtree(work / "mlflow" / "artifacts")
    with pytest.raises(RuntimeError, match=r"flight-delays version 1, cannot be loaded.*Run week 3"):
        registry.champion(quiet=True)


def test_rows_that_went_through_json_get_the_same_answer(work, few_features):
    champion = registry.champion(quiet=True)
    X = registry.plain(few_features.drop(columns=["sched_dep", "late"])).head(20)
    again = pd.DataFrame(json.loads(X.to_json(orient="records")))
    np.testing.assert_allclose(champion.predict_proba(again), champion.predict_proba(X), atol=1e-12)


def test_a_champion_of_ones_own_is_announced_as_such(work, few_features, capsys):
    import mlflow

    registry.champion(quiet=True)
    mlflow.MlflowClient().delete_model_version_tag(registry.MODEL, "1", registry.REFERENCE_TAG)
    registry.champion()
    assert "your own" in capsys.readouterr().out


def test_a_registry_that_was_moved_still_finds_its_models(work, few_features, tmp_path):
    before = registry.champion(quiet=True)
    shutil.copytree(registry.connect(), tmp_path / "moved")
    shutil.rmtree(registry.connect() / "artifacts")
    import mlflow

    registry.connect(tmp_path / "moved")
    X = registry.plain(few_features.drop(columns=["sched_dep", "late"])).head(20)
    after = mlflow.sklearn.load_model(f"models:/{registry.MODEL}@{registry.ALIAS}")
    np.testing.assert_array_equal(after.predict_proba(X), before.predict_proba(X))
    assert mlflow.get_experiment_by_name(registry.EXPERIMENT).artifact_location.startswith("file:")


def test_the_reference_champion_records_its_settings(work, few_features):
    import mlflow

    registry.champion(quiet=True)
    run = mlflow.get_run(registry.champion_version().run_id)
    assert run.data.params == {name: str(value) for name, value in registry.REFERENCE_SETTINGS.items()}


def test_a_registry_that_lost_its_champion_gets_the_reference_as_a_further_version(work, few_features):
    import mlflow

    registry.champion(quiet=True)
    mlflow.MlflowClient().delete_registered_model_alias(registry.MODEL, registry.ALIAS)
    registry.champion(quiet=True)
    assert registry.champion_version().version in (2, "2")


def test_the_reference_champion_can_be_loaded_by_alias_and_served(work, few_features):
    import mlflow

    champion = registry.champion(quiet=True)
    X = registry.plain(few_features.drop(columns=["sched_dep", "late"])).head(20)
    served = mlflow.pyfunc.load_model(f"models:/{registry.MODEL}@{registry.ALIAS}")
    np.testing.assert_array_equal(served.predict(X), champion.predict_proba(X))


def test_the_alarms_threshold_stays_with_its_version(work, few_features, capsys):
    assert registry.threshold() == registry.REFERENCE_THRESHOLD
    registry.champion(quiet=True)
    registry.keep_threshold(1, 0.3141)
    assert registry.threshold() == 0.3141
    first, second = capsys.readouterr().out.splitlines()
    assert "the reference" in first
    assert "your own" in second


def test_a_champion_of_features_that_are_gone_says_which_and_what_to_do(work, few_features, monkeypatch):
    registry.champion(quiet=True)
    monkeypatch.setattr(checkpoints, "columns", lambda: ["carrier", "origin", "dest"])
    with pytest.raises(RuntimeError, match=r"version 1, was trained on departs, .*Run week 3"):
        registry.champion(quiet=True)


def test_a_version_is_scored_wherever_its_registry_lies(work, few_features, tmp_path):
    from mlflow.exceptions import MlflowException

    champion = registry.champion(quiet=True)
    X = registry.plain(few_features.drop(columns=["sched_dep", "late"]))
    moved = shutil.move(registry.connect(), tmp_path / "moved")
    registry.connect(tmp_path / "another")
    np.testing.assert_array_equal(registry.score(moved, 1, X), champion.predict_proba(X)[:, 1])
    with pytest.raises(MlflowException, match="version=2"):
        registry.score(moved, 2, X)


def test_a_registry_is_read_without_mlflow(work, few_features):
    import mlflow

    registry.champion(quiet=True)
    run = registry.champion_version().run_id
    for step, loss in enumerate((0.5, 0.25)):
        mlflow.MlflowClient().log_metric(run, "log_loss", loss, step=step)
    found = Registry.of(work / "mlflow")
    assert (found.versions, found.aliases) == ([1], {registry.ALIAS: 1})
    assert (found.runs(), found.run_of(1), found.run_of(2)) == ([run], run, None)
    assert found.params_of(1) == {name: str(value) for name, value in registry.REFERENCE_SETTINGS.items()}
    assert found.params_of(2) == {}
    assert found.metric(run, "log_loss").to_numpy().tolist() == [[0, 0.5], [1, 0.25]]


def test_a_folder_without_a_registry_fails_the_check(tmp_path):
    with pytest.raises(CheckFailed, match="there is no registry in the folder"):
        Registry.of(tmp_path)
