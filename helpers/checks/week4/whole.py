"""Task `whole`: the student's own DAG with the student's own steps: run, crashed, run again."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import lake, registry, work
from helpers.checks import CheckFailed, call, close, has_columns, require, returns
from helpers.checks.registries import Registry
from helpers.checks.week4.dag_file import DAG, finished, run_dag, stays_inside
from helpers.checks.week4.folders import Files, landed, read_table

Run = Mapping[str, Any]
SMALL = {"window": 2, "holdout": 1}  # days, so that a few days of the feed suffice
COLUMNS = {"clean": ("flight_id", "updated", "status", "arr_delay"), "features": lake.KEYS}  # that checks read
LIMIT = 120.0  # seconds for a day
# The four steps that write the lake, without a scheduler's second tries.
ATOMIC = """
from airflow.sdk import dag, task
from helpers import work


@dag(schedule=None)
def flight_delays():
    for name in ("ingest", "validate", "upsert", "features"):

        @task(task_id=name)
        def step(name=name, dag_run=None):
            import steps

            root = work.folder()
            landing = [str(root / "landing")] if name == "ingest" else []
            getattr(steps, name)(dag_run.conf["day"], *landing, str(root / "lake"))

        step()


flight_delays()
"""


class Trial:
    """A student's files and their runs, which are made once, by whichever part of the test asks first."""

    def __init__(self, function: Callable[..., Any], dates: Sequence[str], arrivals: Mapping[str, Files]) -> None:
        self.function, self.dates, self.arrivals = function, dates, arrivals
        self._runs: list[dict[str, Any]] = []
        self._failure: CheckFailed | None = None

    @property
    def files(self) -> Any:
        """The texts, asked for each time."""
        return call(self.function)

    def runs(self) -> list[dict[str, Any]]:
        """Run the DAG on the dates, one after another; all must go well.

        Raises
        ------
        CheckFailed
            when one does not: the same for each part that asks
        """
        files = self.files
        try:
            self._runs = self._runs or (ran(files, self.dates, self.arrivals) if self._failure is None else [])
        except CheckFailed as error:
            self._failure = error.with_traceback(None)
        if self._failure is not None:
            found = self._failure
            raise CheckFailed(found.broke, seen=found.seen, why=found.why, where=found.where)
        return self._runs


def ran(files: Any, dates: Sequence[str], arrivals: Mapping[str, Files]) -> list[dict[str, Any]]:
    """Run the student's own DAG on these dates, one after another, with what arrives on each; its runs, all well."""
    dag, modules = _texts(files)
    landing = {day: landed(content) for day, content in arrivals.items()}
    runs: list[dict[str, Any]] = run_dag(dag, dates, landing, SMALL, modules, dag_id=DAG, limit=LIMIT)["runs"]
    for run in runs:
        finished(run)
        stays_inside(run)
    return runs


def same_partitions(runs: Sequence[Run]) -> None:
    """Check that the last run, of the same day as the one before it, leaves the same lake."""
    last, again = runs[-2:]
    _same_lake(last, again, "run twice for the same day, the pipeline leaves other partitions than run once")


def one_version_a_day(runs: Sequence[Run]) -> None:
    """Check that the last run, of the same day as the one before it, adds no version, and there is a champion."""
    before, after = (_registry(run) for run in runs[-2:])
    require(
        after.versions == before.versions and _of_day(after, runs[-1]["date"]),
        "run twice for the same day, the pipeline registers a second version, or none at all",
        seen=f"versions {before.versions}, then {after.versions}",
        where="`train` looks for the day's version before it makes one; is every step in steps.py the one you wrote?",
    )
    require("champion" in after.aliases, "after several days there is no champion", where="`promote`, and its decision")


def corrected(run: Run, day: str, expected: pd.Series) -> None:
    """Check labels of a day after the next day's run.

    ``expected`` holds 1, 0 or NaN by ``flight_id``; flights that did not leave on the day are left out.
    """
    table = partition(run, "features", day).set_index("flight_id")
    expected = expected[expected.index.isin(table.index)]
    close(
        table["late"].loc[expected.index].to_numpy(float),
        expected.to_numpy(float),
        what="the label of a day whose corrections came the day after",
        why="the correction arrived, and training still sees the wrong delay",
        where="features of every date that `upsert` returns, yesterday's too",
    )


def survives(files: Any, runs: Sequence[Run], arrivals: Mapping[str, Files], crash: Sequence[str]) -> None:
    """Crash the last day's run after some of its tasks, one after another; what is left must be the same in the end.

    Parameters
    ----------
    runs
        those of `ran`: of days without a crash, the last one twice
    arrivals
        what arrived on the last day
    crash
        tasks after which the run is killed
    """
    dag, modules = _texts(files)
    *_, before, whole, _ = runs
    kept = {name: content for name, content in before["files"].items() if not name.startswith("mlflow/")}
    day, landing = whole["date"], {date: landed(content) for date, content in arrivals.items()}
    faults = dict.fromkeys(crash, "crash after")
    outcome = run_dag(
        dag, [day] * (len(crash) + 1), landing, SMALL, modules, files=kept, faults=faults, dag_id=DAG, limit=LIMIT
    )
    last = outcome["runs"][-1]
    finished(last)
    _same_lake(whole, last, "after crashes between tasks, and new tries, the lake is not what it is without them")
    found = _of_day(_registry(last), day)
    require(
        len(found) == 1,
        "after crashes between tasks the registry does not hold exactly one version for the day",
        seen=f"{len(found)}",
        why="a crash may come after the work is done and before it is noted: the next try finds the work there",
        where="`train` looks for the day's version first; a tag is set when the version is made, not later",
    )


def not_half_written(files: Any, run: Run, arrivals: Mapping[str, Files]) -> None:
    """Let the disk be full in every step that writes the lake: what ``run`` left must still be there, whole."""
    _, modules = _texts(files)
    (day,) = arrivals
    kept = _lake(run)
    faults = dict.fromkeys(("ingest", "validate", "upsert", "features"), "disk full")
    landing = {day: landed(arrivals[day])}
    outcome = run_dag(ATOMIC, [day], landing, {"day": day}, modules, files=kept, faults=faults)
    after = _lake(outcome["runs"][0])
    damaged = sorted(name for name, content in kept.items() if after.get(name) != content)
    require(
        not damaged,
        "on a full disk a good partition was damaged: it is not written atomically",
        seen=", ".join(damaged),
        why="a reader, or the next try, meets half a file under the right name",
        where="write to another name in the same folder and rename when it is whole: `lake.write`",
    )


# --- what a run leaves ---


def partition(run: Run, table: str, day: str) -> pd.DataFrame:
    """Return a partition of the lake as a run has left it."""
    name = f"lake/{table}/{day}.parquet"
    require(name in run["files"], f"a day has no {table}", why="training asks for every day of its window")
    found = read_table(run["files"][name], table)
    has_columns(found, COLUMNS[table])
    return found


def _texts(files: Any) -> tuple[str, dict[str, str]]:
    """Return the DAG file, and the modules beside it."""
    files = returns(files, dict, "pipeline_files")
    for name in ("flight_delays.py", "steps.py"):
        require(
            isinstance(files.get(name), str) and files[name].strip(),
            f"there is no {name} among the files",
            seen=f"{sorted(map(str, files))}",
            where='{"flight_delays.py": text, "steps.py": text}',
        )
    return files["flight_delays.py"], {name: text for name, text in files.items() if name != "flight_delays.py"}


def _lake(run: Run) -> dict[str, bytes]:
    return {name: content for name, content in run["files"].items() if name.startswith("lake/")}


def _same_lake(one: Run, other: Run, what: str) -> None:
    left, right = _lake(one), _lake(other)
    different = sorted(name for name in {*left, *right} if left.get(name) != right.get(name))
    require(
        not different,
        what,
        seen=", ".join(different[:5]),
        why="nobody can say any more which of the two is the truth",
        where="partitions that are replaced whole, by rename; no append, no clock, no leftover file",
    )


def _registry(run: Run) -> Registry:
    name = f"mlflow/{registry.DATABASE}"
    require(name in run["files"], "the pipeline leaves no registry in mlflow/", where="`work.folder() / 'mlflow'`")
    with tempfile.TemporaryDirectory(prefix=work.PREFIX) as folder:
        Path(folder, registry.DATABASE).write_bytes(run["files"][name])
        return Registry.of(Path(folder))


def _of_day(found: Registry, day: str) -> list[int]:
    """Return the versions whose run was for this day."""
    return [version for version in found.versions if found.params_of(version).get("day") == day]
