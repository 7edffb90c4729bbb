"""One Airflow in a folder of its own, and its runs of one DAG file."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers import work as artifacts
from helpers.airflow import client, home
from helpers.airflow.records import Records, Result

# The temporary folders' names must not begin with "course-": grading sweeps those in /tmp that nobody holds.
FAULTS = ("crash before", "crash after", "fail before", "fail after", "disk full")
LIMIT = 60.0  # seconds for one date
# Why a DAG file cannot be used, in words that hold nothing of the file itself: every ``problem`` of a file holds one.
IMPORTS_LONG, ENDS = "takes too long to import", "ends the process that imports it"
IMPORT_FAILS = "Airflow cannot import"
NOT_CALLED = "a function under @dag must also be called, at the file's end"


def run_dag(path: str | Path, date: str, conf: Mapping[str, Any] | None = None, **options: Any) -> Result:
    """Run a DAG file for one date, in an Airflow of its own, on your work folder; ``options`` as for `Airflow.run`."""
    return backfill(path, [date], conf, **options)[0]


def backfill(
    path: str | Path, dates: Sequence[str], conf: Mapping[str, Any] | None = None, **options: Any
) -> list[Result]:
    """Run a DAG file for several dates, one after another, in one Airflow, which remembers the dates before."""
    with local_airflow(path) as airflow:
        return [airflow.run(date, conf, **options) for date in dates]


@contextmanager
def local_airflow(path: str | Path, work: str | Path | None = None) -> Iterator[Airflow]:
    """Make an Airflow for the DAG file ``path`` and what lies beside it, until the block ends.

    Tasks find artifacts in ``work`` (``helpers.work.path``): your own work folder unless you name another.

    Raises
    ------
    FileNotFoundError
        when there is no such file
    """
    file = Path(path)
    if not file.is_file():
        raise FileNotFoundError(f"there is no DAG file {file.absolute()}: write it first (%%writefile {file})")
    base = Path(tempfile.mkdtemp(prefix="local-airflow-"))
    try:
        home.prepare(base)
        shutil.copytree(file.parent, base / home.AIRFLOW / "dags", dirs_exist_ok=True, ignore=_others(file))
        yield Airflow(base, file.name, Path(work or artifacts.folder()).absolute())
    finally:
        shutil.rmtree(base, ignore_errors=True)


def _others(file: Path) -> Any:
    """Leave out what is no Python module of the DAG's folder: DAG files beside it would run in its stead."""

    def ignored(folder: str, names: list[str]) -> list[str]:
        if Path(folder) != file.parent:
            return ["__pycache__"]
        return [name for name in names if name != file.name and not _is_module(file.parent / name)]

    return ignored


def _is_module(path: Path) -> bool:
    if path.suffix != ".py" or not path.is_file():
        return False
    text = path.read_bytes().lower()
    return not (b"dag" in text and b"airflow" in text)  # by these words Airflow knows a DAG file


@dataclass
class Airflow:
    """An Airflow in a folder of its own: where it lives, its DAG file, and where its tasks keep artifacts."""

    base: Path
    file: str
    work: Path
    dags: dict[str, Any] = field(default_factory=dict)

    @property
    def records(self) -> Records:
        """Its database and its logs."""
        return Records(self.base)

    def examine(self, dag_id: str = "") -> tuple[str, int | None]:
        """Import the DAG file; return what is wrong with it, in words, and the line."""
        reply = self._ask(None, {}, {}, dag_id, LIMIT)
        return self._fault_of_file(reply, dag_id)

    def run(
        self,
        date: str,
        conf: Mapping[str, Any] | None = None,
        *,
        faults: Mapping[str, str] | None = None,
        dag_id: str = "",
        limit: float = LIMIT,
    ) -> Result:
        """Run the DAG for one date and say how it went.

        Raises
        ------
        ValueError
            when a fault is not one of FAULTS
        """
        if unknown := {*(faults or {}).values()} - {*FAULTS}:
            raise ValueError(f"no such fault: {', '.join(sorted(unknown))}. There are: {', '.join(FAULTS)}")
        before = self.records.last_change()
        reply = self._ask(date, dict(conf or {}), dict(faults or {}), dag_id, limit)
        problem, line = self._fault_of_file(reply, dag_id)
        if problem:
            return Result(date, "not run", problem, line, reply["seconds"])
        return self._result(date, reply, before, dict(faults or {}), limit)

    def _ask(
        self, date: str | None, conf: dict[str, Any], faults: dict[str, str], dag_id: str, limit: float
    ) -> dict[str, Any]:
        outcome = self.base / home.AIRFLOW / "outcome.json"
        outcome.unlink(missing_ok=True)
        environment = home.environment(self.base, self.work)
        request = {"base": str(self.base), "date": date, "conf": conf, "faults": faults, "dag_id": dag_id}
        reply = client.start().ask({**request, "limit": limit, "environment": environment})
        known = json.loads(outcome.read_text(encoding="utf-8")) if outcome.is_file() else None
        return {**reply, "known": known}

    def _fault_of_file(self, reply: dict[str, Any], dag_id: str) -> tuple[str, int | None]:
        known = reply["known"]
        if known is None:
            what = IMPORTS_LONG if reply["late"] else f"{ENDS}:\n{self.records.log()}"
            return f"Airflow cannot use {self.file}: it {what}", None
        self.dags = known["dags"]
        if known["errors"]:
            return self._import_error(next(iter(known["errors"].values())))
        if not self.dags:
            return f"{self.file} defines no DAG: {NOT_CALLED}", None
        if dag_id and dag_id not in self.dags:
            return f"{self.file} defines no DAG {dag_id!r}; it defines {', '.join(self.dags)}", None
        return "", None

    def _import_error(self, text: str) -> tuple[str, int | None]:
        """Return Airflow's words for why a file cannot be imported, and the line of the file that they are about."""
        lines = re.findall(rf'File "[^"]*{re.escape(self.file)}", line (\d+)', text)
        faulty = re.search(r"Faulty task: (\S+)", text)
        line = int(lines[-1]) if lines else self._line_of(faulty[1]) if faulty else None
        said = text.strip().splitlines()[-1].strip()
        return f"{IMPORT_FAILS} {self.file}{f', line {line}' if line else ''}: {said}", line

    def _line_of(self, task: str) -> int | None:
        """Find the line in which the file defines a task: the function of that name, or the call that names it."""
        name = task.rsplit(".", maxsplit=1)[-1]
        tree = ast.parse((self.base / home.AIRFLOW / "dags" / self.file).read_text(encoding="utf-8"))
        functions = ast.FunctionDef | ast.AsyncFunctionDef
        for node in ast.walk(tree):
            if isinstance(node, functions) and node.name == name:
                return node.lineno
            if isinstance(node, ast.Call) and any(_names_task(keyword, name) for keyword in node.keywords):
                return node.lineno
        return None

    def _result(self, date: str, reply: dict[str, Any], before: str, faults: dict[str, str], limit: float) -> Result:
        records = self.records
        row = records.run_since(before)
        if row is None:
            said = f"Airflow could not start the run:\n{records.log()}"
            return Result(date, "not run", said, None, reply["seconds"])
        key = row["dag_id"], row["run_id"]
        tasks = records.tasks(key, list(self.dags[key[0]]["tasks"]))
        killed = reply["code"] < 0
        problem, line = self._ending(tasks, faults, limit, reply) if killed else ("", None)
        if killed:
            records.fail_unfinished(key)
        return Result(
            date=date,
            state="killed" if killed else row["state"],
            problem=problem,
            line=line,
            seconds=reply["seconds"],
            tasks=tasks,
            assets=records.assets(key),
            triggers=records.take_triggers(),
            strays=self._strays(),
        )

    def _ending(
        self, tasks: list[dict[str, Any]], faults: dict[str, str], limit: float, reply: dict[str, Any]
    ) -> tuple[str, int | None]:
        """Tell why a run was killed, and the line of the task that was running, or that could not start."""
        running = [entry["task"] for entry in tasks if entry["state"] == "running"]
        waiting = [entry["task"] for entry in tasks if entry["state"] in ("not started", "up_for_reschedule")]
        named = (running or waiting or [""])[0]
        line = self._line_of(named)
        where = f"`{named}`" + (f" (line {line} of {self.file})" if line else "")
        if not reply["late"]:
            wanted = faults.get(named, "").startswith("crash")
            return f"the process was killed while {where} was running" + (", as was asked" if wanted else ""), line
        if running:
            return f"killed after {limit:g} s: {where} was still running", line
        if any(entry["state"] == "up_for_reschedule" for entry in tasks):
            return f"killed after {limit:g} s: the sensor {where} was still waiting", line
        why = "a run before it failed and it has depends_on_past, or its trigger rule can never be met"
        return f"killed after {limit:g} s: {where} could not start ({why})", line

    def _strays(self) -> list[str]:
        """List files that a task wrote where no other looks for them, by their path in this Airflow's folder."""
        ours = {self.base / home.AIRFLOW, self.base / home.RUN, self.base / home.TEMPORARY}
        folders = [path for path in sorted(self.base.iterdir()) if path.is_dir() and path not in ours]
        loose = [path for path in sorted(self.base.iterdir()) if path.is_file()]
        found = [*loose, *(file for folder in folders for file in plain_files(folder))]
        return [file.relative_to(self.base).as_posix() for file in found]


def _names_task(keyword: ast.keyword, name: str) -> bool:
    return keyword.arg == "task_id" and isinstance(keyword.value, ast.Constant) and keyword.value.value == name


def plain_files(folder: Path) -> list[Path]:
    """List the files below a folder, without links."""
    paths = [Path(above, name) for above, _, names in os.walk(folder) for name in names]
    return sorted(path for path in paths if path.is_file() and not path.is_symlink())
