"""The registry of models: MLflow on SQLite in the student's work folder, quiet, and quick to start.

``connect`` points MLflow at it, ``champion`` loads the model that weeks 4 to 6 build on: the student's own, or a
reference one that is trained and registered on first use and announced.
"""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
from contextlib import closing
from functools import cache
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from helpers import work
from helpers.internal import template as kept

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")  # MLflow reads it when it is imported

# Imported here and not where it is used: grading imports this module once and forks, and a fork finds it imported.
import mlflow
from mlflow.exceptions import MlflowException
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from sklearn.pipeline import Pipeline

MODEL, ALIAS = "flight-delays", "champion"
EXPERIMENT = "delay-desk"
DATABASE, ARTIFACTS = "mlflow.db", "artifacts"
REQUIREMENTS = ("scikit-learn", "lightgbm", "xgboost-cpu", "catboost", "pandas", "numpy")
# Where MLflow's database names the place of a file.
PATHS = (
    ("experiments", "artifact_location"),
    ("runs", "artifact_uri"),
    ("logged_models", "artifact_location"),
    ("model_versions", "source"),
    ("model_versions", "storage_location"),
)
REFERENCE_ROWS = 30_000
REFERENCE_SETTINGS: dict[str, Any] = {
    "n_estimators": 120,
    "num_leaves": 15,
    "learning_rate": 0.05,
    "min_child_samples": 50,
}
REFERENCE_TAG = "reference"  # of a model version that the course registered and not the student
THRESHOLD_TAG = "threshold"  # of a version: the alarm is raised from this probability on
REFERENCE_THRESHOLD = 0.2  # week 3's table of costs: 150 / (150 + 1,000 - 400)


def connect(folder: str | Path | None = None) -> Path:
    """Point MLflow at the registry in a folder, which is made if need be, and return the folder.

    Parameters
    ----------
    folder
        absolute; without it ``mlflow`` in the student's work folder
    """
    place = Path(folder).absolute() if folder else work.path("mlflow", DATABASE).parent
    place.mkdir(parents=True, exist_ok=True)
    silence()
    database = place / DATABASE
    if not database.exists():
        shutil.copyfile(template(), database)
    _follow_a_move(database)
    for point in (mlflow.set_tracking_uri, mlflow.set_registry_uri):
        point(f"sqlite:///{database}")
    if mlflow.get_experiment_by_name(EXPERIMENT) is None:
        mlflow.create_experiment(EXPERIMENT, artifact_location=(place / ARTIFACTS).as_uri())
    mlflow.set_experiment(EXPERIMENT)
    return place


def _follow_a_move(database: Path) -> None:
    """Point the absolute paths in MLflow's database at the folder that it lies in now, if it was moved or copied."""
    here = (database.parent / ARTIFACTS).as_uri()
    with closing(sqlite3.connect(database)) as connection, connection:
        known = connection.execute("SELECT artifact_location FROM experiments WHERE name = ?", (EXPERIMENT,)).fetchone()
        if known is None or known[0] == here:
            return
        for table, column in PATHS:
            # The names are this module's own; LIKE would take the _ of a path for any letter.
            moved = f"UPDATE {table} SET {column} = ? || substr({column}, ?) WHERE substr({column}, 1, ?) = ?"  # noqa: S608
            connection.execute(moved, (here, len(known[0]) + 1, len(known[0]), known[0]))


def silence() -> None:
    """Keep MLflow quiet: no telemetry, no progress bars for single files, no log on stderr."""
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    for name in ("mlflow", "alembic"):
        logging.getLogger(name).setLevel(logging.ERROR)
    from mlflow.utils.logging_utils import MLFLOW_LOGGING_STREAM

    # "Successfully registered model" goes past the loggers; `log_model` undoes what `disable_logging` does.
    setattr(MLFLOW_LOGGING_STREAM, "write", len)  # noqa: B010


@cache
def template() -> Path:
    """Path of an empty database: making its tables takes seconds, copying them none."""
    return kept.template(f"mlflow-{version('mlflow')}.db", _initialise)


def _initialise(folder: Path) -> Path:
    store = SqlAlchemyStore(f"sqlite:///{folder / DATABASE}", str(folder / ARTIFACTS))
    store.engine.dispose()
    return folder / DATABASE


def requirements() -> list[str]:
    """List what a model of the course needs to run, as installed; MLflow would take 10 seconds to find out."""
    return [f"{name}=={version(name)}" for name in REQUIREMENTS]


def plain(X: pd.DataFrame) -> pd.DataFrame:
    """Give the features as a service can send them: categories as text, numbers as floats, which may be missing."""
    from helpers.models import CATEGORIES

    kinds = {name: "object" if name in CATEGORIES else "float64" for name in X.columns}
    return X.astype(kinds)


def champion_version() -> Any | None:
    """MLflow's record of the version that bears the alias; None where there is none."""
    connect()
    try:
        return mlflow.MlflowClient().get_model_version_by_alias(MODEL, ALIAS)
    except MlflowException:
        return None


def champion(*, quiet: bool = False) -> Pipeline:
    """Load the champion, a fitted pipeline that takes the feature columns, strings and numbers, for ``predict_proba``.

    It is the student's own if week 3 registered one, otherwise a reference, which is trained and registered on first
    use. One line says which of the two it is.

    Raises
    ------
    RuntimeError
        when there is one and its files cannot be read, or it needs features that there no longer are
    """
    record = champion_version()
    if record is None:
        record = _register_reference()
    if not quiet:
        own = REFERENCE_TAG not in record.tags
        whose = "your own" if own else "the reference (week 3's notebook registers your own)"
        print(f"Champion: {whose}, {MODEL} version {record.version}.")
    try:
        model = _load(record.version)
    except (OSError, MlflowException) as error:
        raise RuntimeError(
            f"The champion, {MODEL} version {record.version}, cannot be loaded: {str(error)[:200]}. Its files should "
            f"lie in {connect() / ARTIFACTS}. Run week 3's last cells again, or remove {connect()} for the reference."
        ) from error
    _require_features(model, record.version)
    return model


def _require_features(model: Any, number: str) -> None:
    """Raise an error in words where week 2's table no longer has what the champion was trained on."""
    from helpers import checkpoints

    there = checkpoints.columns()
    if missing := [name for name in getattr(model, "feature_names_in_", ()) if name not in there]:
        raise RuntimeError(
            f"The champion, {MODEL} version {number}, was trained on {', '.join(missing)}, which your table of "
            "features no longer has. Run week 3's notebook again for a champion of today's features, or remove "
            f"{connect()} for the reference."
        )


def keep_threshold(number: int, value: float) -> None:
    """Write on a version of the model from which probability on the alarm is raised; week 6 reads it."""
    connect()
    mlflow.MlflowClient().set_model_version_tag(MODEL, str(number), THRESHOLD_TAG, f"{value:.4f}")


def threshold() -> float:
    """Give the probability from which on the alarm is raised: the champion's tag (week 3), otherwise the reference.

    One line says which of the two it is.
    """
    record = champion_version()
    own = record.tags.get(THRESHOLD_TAG) if record else None
    value = float(own or REFERENCE_THRESHOLD)
    whose = "your own, from the champion's tag" if own else "the reference (week 3's notebook leaves yours)"
    print(f"Threshold: {value:.3f}, {whose}.")
    return value


def score(folder: str | Path, version: int, X: pd.DataFrame) -> np.ndarray:
    """Give the probabilities of late, shape (n,), by a version of the model in the registry in ``folder``.

    Parameters
    ----------
    folder
        absolute, as for `connect`
    X
        features as `plain` makes them, shape (n, number of features)

    Raises
    ------
    mlflow.exceptions.MlflowException
        when there is no such version, or it was not logged by ``mlflow.sklearn``
    """
    connect(folder)
    return _load(version).predict_proba(X)[:, 1]


def scoring_server(model: Any) -> Any:
    """MLflow's own scoring server around a pyfunc model, in this process.

    It is the application that ``mlflow models serve`` runs, asked without a socket in between: call it with
    ``.post("/invocations", json=…)``.
    """
    import warnings

    from mlflow.pyfunc.scoring_server import init

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Starlette would rather have another client under its own
        from starlette.testclient import TestClient
    return TestClient(init(model))


def _load(number: str | int) -> Any:
    """Load a version's model from its files."""
    return mlflow.sklearn.load_model(mlflow.MlflowClient().get_model_version_download_uri(MODEL, str(number)))


def _register_reference() -> Any:
    """Train a plain model on the first half of the year and make it the champion.

    It records less than week 3 asks of a champion: no trials but its own, no signature, no figure.
    """
    from helpers import checkpoints
    from helpers.models import pipeline

    table = checkpoints.features(quiet=True)
    train = table[table["sched_dep"] < "2013-07-01T04:00Z"].sample(REFERENCE_ROWS, random_state=0)
    features = plain(train.drop(columns=list(checkpoints.KEYS)))
    run = _kept(pipeline("lightgbm", **REFERENCE_SETTINGS).fit(features, train["late"].astype(int)))
    client = mlflow.MlflowClient()
    if not client.search_registered_models(f"name = '{MODEL}'"):
        client.create_registered_model(MODEL)
    source, tags = f"{run.artifact_uri}/{REFERENCE_TAG}", {REFERENCE_TAG: "true"}
    record = client.create_model_version(MODEL, source, run.run_id, tags)
    client.set_registered_model_alias(MODEL, ALIAS, record.version)
    return client.get_model_version(MODEL, record.version)


def _kept(model: Pipeline) -> Any:
    """Keep the reference's settings and files in a run of its own, and return what MLflow knows of it."""
    client = mlflow.MlflowClient()
    run = client.create_run(mlflow.set_experiment(EXPERIMENT).experiment_id, run_name=REFERENCE_TAG).info
    for name, value in REFERENCE_SETTINGS.items():
        client.log_param(run.run_id, name, value)
    with TemporaryDirectory(prefix=work.PREFIX) as folder:
        place = Path(folder, REFERENCE_TAG)
        options = {"serialization_format": "cloudpickle", "pyfunc_predict_fn": "predict_proba"}
        mlflow.sklearn.save_model(model, place, pip_requirements=requirements(), **options)
        client.log_artifacts(run.run_id, str(place), REFERENCE_TAG)
    client.set_terminated(run.run_id)
    return run
