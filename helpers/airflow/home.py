"""A local Airflow's home: its folders, its settings, and its database, which is migrated once and copied after.

Migrating an empty SQLite file takes about 8 CPU-seconds, copying a migrated one nothing.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from functools import cache
from importlib.metadata import version
from pathlib import Path

from helpers.internal import template as kept

# What a task may read or write, below the folder of one Airflow: its own run folder, its working folder, its HOME.
RUN, WORKING, HOME, TEMPORARY, AIRFLOW = "run", "cwd", "home", "tmp", "airflow"


def environment(base: Path, work: Path | None = None, dags: Path | None = None) -> dict[str, str]:
    """The environment variables of an Airflow that lives in ``base``; nothing of this user's own Airflow is in it.

    ``work`` is where `helpers.work` keeps artifacts, ``dags`` where the DAG files lie; both are below ``base`` unless
    given.
    """
    airflow = base / AIRFLOW
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
    # HOME is moved so that a task which writes there is seen; what is cached for this user is still found.
    cache = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folders = {"HOME": base / HOME, "TMPDIR": base / TEMPORARY, "COURSE_WORK": work or base / RUN}
    settings = {
        "AIRFLOW_HOME": airflow,
        "AIRFLOW__CORE__DAGS_FOLDER": dags or airflow / "dags",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": False,
        "AIRFLOW__CORE__DAGBAG_IMPORT_ERROR_TRACEBACK_DEPTH": 50,  # so that the DAG file's own line is in it
        "AIRFLOW__CORE__LOAD_EXAMPLES": False,
        "AIRFLOW__CORE__PARALLELISM": 2,
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{database(base)}",
        "AIRFLOW__DATABASE__LOAD_DEFAULT_CONNECTIONS": False,
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": airflow / "logs",
        "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": False,
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",  # a task's log then begins with what the task says
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": False,
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "NO_COLOR": "1",
        "XDG_CACHE_HOME": cache,
    }
    return inherited | {name: str(value) for name, value in {**folders, **settings}.items()}


def database(base: Path) -> Path:
    """The database of the Airflow that lives in ``base``."""
    return base / AIRFLOW / "airflow.db"


def prepare(base: Path) -> None:
    """Make the folders of an Airflow, and its database from the template."""
    for name in (RUN, WORKING, HOME, TEMPORARY, f"{AIRFLOW}/dags", f"{AIRFLOW}/logs", f"{AIRFLOW}/tasks"):
        (base / name).mkdir(parents=True, exist_ok=True)
    source = sqlite3.connect(f"file:{template()}?mode=ro&immutable=1", uri=True)
    with closing(source), closing(sqlite3.connect(database(base))) as target:
        source.backup(target)


@cache
def template() -> Path:
    """A migrated, empty database, made if need be.

    Raises
    ------
    RuntimeError
        when Airflow cannot migrate a database; its last lines are quoted
    """
    return kept.template(f"airflow-{version('apache-airflow')}.db", _migrate)


def _migrate(base: Path) -> Path:
    for name in (AIRFLOW, HOME, TEMPORARY):
        (base / name).mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "airflow", "db", "migrate"],
        env=environment(base),
        cwd=base,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"Airflow could not make its database:\n{(done.stdout + done.stderr)[-2_000:]}")
    with closing(sqlite3.connect(database(base))) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")  # one file, which can be copied and read without others
    return database(base)
