"""Runs of a DAG that is given as text, with plain data in and out, for tests of DAGs that somebody hands over."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from helpers.airflow import home
from helpers.airflow.local import LIMIT, Airflow, plain_files
from helpers.airflow.records import Result
from helpers.internal.folders import write_folder

DAG_FILE = "dag.py"  # the name of a DAG file that came as text
MOST_BYTES, MOST_FILES = 50 << 20, 2_000  # of a run folder, all dates together


def run(
    dag: str,
    dates: Sequence[str] = (),
    conf: Mapping[str, Any] | None = None,
    files: Mapping[str, bytes] | None = None,
    arrivals: Mapping[str, Mapping[str, bytes]] | None = None,
    faults: Mapping[str, str] | None = None,
    dag_id: str = "",
    limit: float = LIMIT,
    modules: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Run a DAG given as text for these dates, one after another, in a folder that holds these files and no others.

    It is meant for ``checks.isolated``: plain data in, plain data out, and what goes wrong is returned, not raised.
    Without dates the file is only imported.

    Parameters
    ----------
    dag
        the text of the DAG file
    dates
        as ``2013-02-08``; one that stands twice is run twice
    conf
        the run's configuration, ``dag_run.conf``
    files
        what lies in the run folder (COURSE_WORK, so `helpers.work`) from the start, by path
    arrivals
        by date, what else arrives there before that date's first run
    faults
        by task, one of FAULTS, which that task meets the first time it runs and never again. A crash is SIGKILL:
        "crash before" a task is a crash between two tasks, "crash after" one whose work is done and not recorded.
        After "fail" the task is retried if its DAG says so; "disk full" lets every file end after 256 bytes
    dag_id
        which DAG, where the file has several; otherwise the first by name of those that no asset starts
    limit
        seconds for one date; where they run out, the dates after it are not run, for they would only wait as long
    modules
        by file name, the text of Python modules that lie beside the DAG file

    Returns
    -------
    ``problem`` and ``line``
        what is wrong with the file itself, and where in it; empty and None when nothing is
    ``dags``
        by name, what the file defines: schedule, catchup, tasks with their upstream tasks, retries, ...
    ``runs``
        for each date a dictionary with the fields of `Result`, and ``files``: every file of the run folder
        after that run, by path. ``strays`` are files that were written outside it: in HOME, in the working folder,
        beside them
    """
    base = Path(tempfile.mkdtemp(prefix="local-airflow-"))
    try:
        home.prepare(base)
        texts = {**(modules or {}), DAG_FILE: dag}
        write_folder(base / home.AIRFLOW / "dags", {name: text.encode() for name, text in texts.items()})
        write_folder(base / home.RUN, files or {})
        airflow = Airflow(base, DAG_FILE, base / home.RUN)
        problem, line = airflow.examine(dag_id)
        runs = [] if problem else _run_all(airflow, dates, conf, arrivals or {}, faults or {}, dag_id, limit)
        return {"problem": problem, "line": line, "dags": airflow.dags, "runs": runs}
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _run_all(
    airflow: Airflow,
    dates: Sequence[str],
    conf: Mapping[str, Any] | None,
    arrivals: Mapping[str, Mapping[str, bytes]],
    faults: Mapping[str, str],
    dag_id: str,
    limit: float,
) -> list[dict[str, Any]]:
    runs: list[dict[str, Any]] = []
    for date in dates:
        if date not in [run["date"] for run in runs]:
            write_folder(airflow.work, arrivals.get(date, {}))
        result = airflow.run(date, conf, faults=faults, dag_id=dag_id, limit=limit)
        left = MOST_BYTES - sum(len(content) for run in runs for content in run["files"].values())
        files, excess = _read(airflow.work, left)
        fields = {name: getattr(result, name) for name in Result.__dataclass_fields__}
        runs.append({**fields, "problem": result.problem or excess, "files": files})
        if result.state == "killed" and result.seconds >= limit:
            break
    return runs


def _read(folder: Path, most: int) -> tuple[dict[str, bytes], str]:
    """Read the plain files of a folder; where they are too many or too large, say so and leave out the rest."""
    found: dict[str, bytes] = {}
    for path in plain_files(folder):
        most -= path.stat().st_size
        if most < 0 or len(found) == MOST_FILES:
            return found, f"the run folder holds more than {MOST_FILES:,} files or {MOST_BYTES >> 20} MiB"
        found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found, ""
