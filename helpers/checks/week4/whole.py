"""Task `whole`: the student's own DAG with the student's own steps: run, crashed, run again."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from helpers import lake, notebook, registry, work
from helpers.checks import CheckFailed, beside, call, close, has_columns, isolated, require, returns
from helpers.checks.registries import Registry
from helpers.checks.week4.dag_file import DAG, STEPS, finished, run_dag, stays_inside
from helpers.checks.week4.folders import Files, landed, read_table
from helpers.checks.week4.processes import from_modules

Run = Mapping[str, Any]
StepCall = tuple[str, Sequence[Any]]  # a step's name and its arguments
SMALL = {"window": 2, "holdout": 1}  # days, so that a few days of the feed suffice
COLUMNS = {"clean": ("flight_id", "updated", "status", "arr_delay"), "features": lake.KEYS}  # that checks read
LIMIT = 120.0  # seconds for a day
LAKE = ("ingest", "validate", "upsert", "features")  # the steps that write the lake


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

    @property
    def modules(self) -> dict[str, str]:
        """The texts of the modules beside the DAG file."""
        return _texts(self.files)[1]

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


def holds_steps(modules: Mapping[str, str]) -> None:
    """Check that steps.py can be imported where no cell has run, and holds the seven steps."""
    said = isolated(from_modules, modules, [("names", STEPS)], {})
    require(
        not said["error"],
        "steps.py cannot be imported where no cell of the notebook has run",
        seen=said["error"],
        why="each task of the DAG imports it in a process of its own",
        where="`notebook.module` gives the text, with all that the steps use",
    )
    absent = sorted(set(STEPS) - set(said["value"][0]["value"]))
    require(
        not absent,
        "a step is missing in steps.py",
        seen=", ".join(absent),
        why="the DAG calls seven, and the last of them only when there is a model",
        where="hand all seven functions to `notebook.module`",
    )


def as_in_the_notebook(
    modules: Mapping[str, str], functions: Sequence[Callable[..., Any]], calls: Sequence[StepCall], files: Files
) -> None:
    """Check that steps.py does what the notebook's functions do, right or wrong; arguments as for `from_modules`."""
    own = {"steps.py": beside(notebook.module, *functions)}
    here, there = (isolated(from_modules, texts, calls, files) for texts in (own, modules))
    told = [[one["error"] or one["value"] for one in said["value"] or []] for said in (here, there)]
    other = [name for (name, _), one, two in zip(calls, *told, strict=False) if one != two]
    lakes = [_lake(said) for said in (here, there)]
    require(
        len(told[1]) == len(told[0]) and not other and lakes[0] == lakes[1],
        "steps.py does something else than the functions in your notebook",
        seen=f"{', '.join(dict.fromkeys(other)) or 'partitions of the lake differ'}",
        why="what was checked in the tasks above is not what runs at night",
        where="the functions as they are in the notebook, and nothing around them; no texts of an earlier day",
    )


def night_by_night(modules: Mapping[str, str], arrivals: Mapping[str, Files]) -> dict[str, Any]:
    """Check that the four steps which write the lake, called in order, leave each day's partitions; what is there."""
    landing = {name: one for files in arrivals.values() for name, one in landed(files).items()}
    said = isolated(from_modules, modules, [("night", (day, "./landing", "./lake")) for day in arrivals], landing)
    errors = [said["error"], *(one["error"] for one in said["value"] or [])]
    require(
        not any(errors),
        "called one after another from steps.py, the steps that write the lake end with an error",
        seen=", ".join(filter(None, errors)),
        why="before a scheduler can run them, they must run",
        where="`ingest`, `validate`, `upsert`, and `features` of each date that `upsert` returns",
    )
    for day in arrivals:
        require(
            len(partition(said, "features", day)) > 0,
            "a day has features of no flight",
            why="training asks for every day of its window",
            where="`features` of each date that `upsert` returns; the flights of that date and the date before",
        )
    return dict(said)


def not_half_written(modules: Mapping[str, str], before: Files, arrivals: Mapping[str, Files]) -> None:
    """Let the disk be full in every step that writes the lake, then run the day again: nothing may be damaged or lost.

    Parameters
    ----------
    before
        files of the lake, as earlier runs of the day and of others have left them
    arrivals
        what arrived on the one day, which is run again
    """
    ((day, sent),) = arrivals.items()
    files = {**landed(sent), **before}
    calls = [(name, (day, *(["./landing"] if name == "ingest" else []), "./lake")) for name in LAKE]
    stopped = isolated(from_modules, modules, calls, files, "disk full")
    damaged = sorted(name for name, content in before.items() if stopped["files"].get(name) != content)
    require(
        not damaged,
        "on a full disk a good partition was damaged: it is not written atomically",
        seen=", ".join(damaged),
        why="a reader, or the next try, meets half a file under the right name",
        where="write to another name in the same folder and rename when it is whole: `lake.write`",
    )
    night = [("night", (day, "./landing", "./lake"))]
    again, whole = (
        isolated(from_modules, modules, night, {**landed(sent), **there}) for there in (stopped["files"], before)
    )
    _same_lake(whole, again, "run again after a full disk, the steps do not leave what they leave without it")


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
