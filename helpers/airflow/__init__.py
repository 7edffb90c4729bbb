"""A real Airflow on this machine, for one DAG file at a time, with nothing left running afterwards.

``run_dag(path, date)`` runs a DAG file for one date and says how it went, task by task; ``backfill(path, dates)`` does
so for several dates, one after another, in one Airflow. Both work on your own work folder. `run` does the same for a
DAG file given as text, with files given as bytes, in an empty folder, and gives plain data back: tests use it.

How it is done
--------------
- Each call has an Airflow of its own in a temporary folder: SQLite, no example DAGs, nothing on the network. The
  database is a copy of a template that was migrated once (`helpers.airflow.home`).
- The DAG runs by Airflow's own ``dag.test`` in a process group of its own, forked from a process that imported
  Airflow before, and what the course's DAGs use, and keeps the garbage collector away from it all
  (`helpers.airflow.forkserver`). The first call in a kernel waits for that process, about ten seconds; `warm` starts it
  early. After that a run costs about half a second and each task about an eighth.
- Where no task can run yet, ``dag.test`` looks again after a tenth of a second, not after one.
- At the end of its time, ``limit`` seconds for each date, a run is killed with all that it has started.

What differs from a scheduler
-----------------------------
- Retries come at once, whatever ``retry_delay`` says, and sensors look at least once a second.
- Dates are run when you ask, in your order. A date's data interval is the one that the scheduler would give it: with
  ``CronDataIntervalTimetable`` the one that begins at the date; with ``"@daily"``, in Airflow 3, an empty one.
- A date without a time means midnight in the DAG's own time zone.
- Running a date again replaces its run, as if it had been cleared: every task runs again.
- ``depends_on_past`` looks for the run before; after a failed one nothing can start, and the run waits until it is
  killed.
- An asset's event is recorded, and which DAGs it would start is told (``triggers``), but none is started.
- A deferred task waits in the task's own process: there is no triggerer.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from helpers.airflow import home

# The temporary folders' names must not begin with "course-": grading sweeps those in /tmp that nobody holds.
__all__ = ["FAULTS", "Airflow", "Result", "backfill", "local_airflow", "run", "run_dag", "warm"]

FAULTS = ("crash before", "crash after", "fail before", "fail after", "disk full")
LIMIT = 60.0  # seconds for one date
TAIL = 40  # lines of a task's log
# Why a DAG file cannot be used, in words that hold nothing of the file itself: every ``problem`` of a file holds one.
IMPORTS_LONG, ENDS = "takes too long to import", "ends the process that imports it"
IMPORT_FAILS = "Airflow cannot import"
NOT_CALLED = "a function under @dag must also be called, at the file's end"
DAG_FILE = "dag.py"  # the name of a DAG file that came as text
MOST_BYTES, MOST_FILES = 50 << 20, 2_000  # of a run folder, all dates together


# --- for students ---


@dataclass(frozen=True)
class Result:
    """How a DAG's run for one date went.

    ``state`` is Airflow's own, or "not run" where the file could not be used; ``problem`` says in words what was wrong
    with the run as a whole, and is empty when nothing was; ``tasks`` has a dictionary for each task instance with
    ``task``, ``map_index``, ``state``, ``tries``, ``seconds``, ``log`` (the last lines) and ``xcom``.
    """

    date: str
    state: str
    problem: str = ""
    line: int | None = None
    seconds: float = 0.0
    tasks: list[dict[str, Any]] = field(default_factory=list)
    assets: list[dict[str, Any]] = field(default_factory=list)
    triggers: list[str] = field(default_factory=list)
    strays: list[str] = field(default_factory=list)

    def task(self, name: str, map_index: int | None = None) -> dict[str, Any]:
        """One task's entry; of a mapped task the first, unless you say which.

        Raises
        ------
        KeyError
            when there is no such task; it names those that there are
        """
        for entry in self.tasks:
            if entry["task"] == name and map_index in (None, entry["map_index"]):
                return entry
        known = ", ".join(dict.fromkeys(entry["task"] for entry in self.tasks)) or "none, for it did not run"
        raise KeyError(f"the run of {self.date} has no task {name!r}; its tasks are: {known}")

    def __str__(self) -> str:
        """One line for the run and one for each task."""
        lines = [f"{self.date}: {self.state}, {self.seconds:.1f} s"]
        for entry in self.tasks:
            index = f"[{entry['map_index']}]" if entry["map_index"] >= 0 else ""
            tries = f", {entry['tries']} tries" if entry["tries"] > 1 else ""
            lines.append(f"  {entry['task'] + index:<24} {entry['state']}{tries}, {entry['seconds']:.2f} s")
        return "\n".join([*lines, *([self.problem] if self.problem else [])])

    __repr__ = __str__


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
    """An Airflow for the DAG file ``path`` and what lies beside it, until the block ends.

    Tasks find artifacts in ``work`` (``helpers.work.path``): your own work folder unless you name another.

    Raises
    ------
    FileNotFoundError
        when there is no such file
    """
    from helpers import work as artifacts

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
    """Of the DAG's folder only Python modules are taken along: DAG files beside it would run in its stead."""

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


# --- for tests ---


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

    It is meant for ``checks.isolated``: plain data in, plain data out, and what goes wrong is told, not raised. Without
    dates the file is only imported.

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
        _write(base / home.AIRFLOW / "dags", {name: text.encode() for name, text in texts.items()})
        _write(base / home.RUN, files or {})
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
            _write(airflow.work, arrivals.get(date, {}))
        result = airflow.run(date, conf, faults=faults, dag_id=dag_id, limit=limit)
        left = MOST_BYTES - sum(len(content) for run in runs for content in run["files"].values())
        files, excess = _read(airflow.work, left)
        fields = {name: getattr(result, name) for name in Result.__dataclass_fields__}
        runs.append({**fields, "problem": result.problem or excess, "files": files})
        if result.state == "killed" and result.seconds >= limit:
            break
    return runs


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    from helpers.checks.remote import write_folder

    write_folder(folder, files)


def _read(folder: Path, most: int) -> tuple[dict[str, bytes], str]:
    """The plain files of a folder, and a word on why not all of them, if not all of them."""
    found: dict[str, bytes] = {}
    for place in _plain_files(folder):
        most -= place.stat().st_size
        if most < 0 or len(found) == MOST_FILES:
            return found, f"the run folder holds more than {MOST_FILES:,} files or {MOST_BYTES >> 20} MiB"
        found[place.relative_to(folder).as_posix()] = place.read_bytes()
    return found, ""


def _plain_files(folder: Path) -> list[Path]:
    places = [Path(above, name) for above, _, names in os.walk(folder) for name in names]
    return sorted(place for place in places if place.is_file() and not place.is_symlink())


# --- one Airflow ---


@dataclass
class Airflow:
    """An Airflow in a folder of its own: where it lives, its DAG file, and where its tasks keep artifacts."""

    base: Path
    file: str
    work: Path
    dags: dict[str, Any] = field(default_factory=dict)

    def examine(self, dag_id: str = "") -> tuple[str, int | None]:
        """Import the DAG file; what is wrong with it, in words, and the line."""
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
        before = self._last_change()
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
        reply = _server().ask({**request, "limit": limit, "environment": environment})
        known = json.loads(outcome.read_text(encoding="utf-8")) if outcome.is_file() else None
        return {**reply, "known": known}

    def _fault_of_file(self, reply: dict[str, Any], dag_id: str) -> tuple[str, int | None]:
        known = reply["known"]
        if known is None:
            what = IMPORTS_LONG if reply["late"] else f"{ENDS}:\n{self._log()}"
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
        """Airflow's words for why a file cannot be imported, and the line of the file that they are about."""
        lines = re.findall(rf'File "[^"]*{re.escape(self.file)}", line (\d+)', text)
        faulty = re.search(r"Faulty task: (\S+)", text)
        line = int(lines[-1]) if lines else self._line_of(faulty[1]) if faulty else None
        said = text.strip().splitlines()[-1].strip()
        return f"{IMPORT_FAILS} {self.file}{f', line {line}' if line else ''}: {said}", line

    def _line_of(self, task: str) -> int | None:
        """Where the file defines this task: the function of that name, or the call that names it."""
        name = task.rsplit(".", maxsplit=1)[-1]
        tree = ast.parse((self.base / home.AIRFLOW / "dags" / self.file).read_text(encoding="utf-8"))
        functions = ast.FunctionDef | ast.AsyncFunctionDef
        for node in ast.walk(tree):
            if isinstance(node, functions) and node.name == name:
                return node.lineno
            if isinstance(node, ast.Call) and any(_names_task(keyword, name) for keyword in node.keywords):
                return node.lineno
        return None

    def _log(self) -> str:
        log = self.base / home.AIRFLOW / "log.txt"
        return _tail(log)

    # --- what its database says ---

    def _last_change(self) -> str:
        """When a run last changed; not the last run's number, which a run that replaces it gets again."""
        return str(self._rows("SELECT coalesce(max(updated_at), '') AS moment FROM dag_run")[0]["moment"])

    def _rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        with closing(sqlite3.connect(home.database(self.base))) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(query, values)]

    def _result(self, date: str, reply: dict[str, Any], before: str, faults: dict[str, str], limit: float) -> Result:
        rows = self._rows("SELECT * FROM dag_run WHERE updated_at > ? ORDER BY updated_at DESC LIMIT 1", before)
        if not rows:
            return Result(date, "not run", f"Airflow could not start the run:\n{self._log()}", None, reply["seconds"])
        key = rows[0]["dag_id"], rows[0]["run_id"]
        tasks = self._tasks(key)
        killed = reply["code"] < 0
        problem, line = self._ending(tasks, faults, limit, reply) if killed else ("", None)
        if killed:
            self._settle(key)
        return Result(
            date=date,
            state="killed" if killed else rows[0]["state"],
            problem=problem,
            line=line,
            seconds=reply["seconds"],
            tasks=tasks,
            assets=self._assets(key),
            triggers=self._triggers(),
            strays=self._strays(),
        )

    def _tasks(self, key: tuple[str, str]) -> list[dict[str, Any]]:
        instances = self._rows(
            "SELECT task_id, map_index, state, try_number, start_date, end_date FROM task_instance "
            "WHERE dag_id = ? AND run_id = ?",
            *key,
        )
        xcoms: dict[tuple[str, int], dict[str, Any]] = {}
        query = "SELECT task_id, map_index, key, value FROM xcom WHERE dag_id = ? AND run_id = ?"
        for row in self._rows(query, *key):
            xcoms.setdefault((row["task_id"], row["map_index"]), {})[row["key"]] = _plain(row["value"])
        order = list(self.dags[key[0]]["tasks"])
        instances.sort(key=lambda row: (order.index(row["task_id"]), row["map_index"]))
        return [
            {
                "task": row["task_id"],
                "map_index": row["map_index"],
                "state": row["state"] or "not started",
                "tries": row["try_number"],
                "seconds": _seconds(row["start_date"], row["end_date"]),
                "log": self._take_log(row["task_id"], row["map_index"]),
                "xcom": xcoms.get((row["task_id"], row["map_index"]), {}),
            }
            for row in instances
        ]

    def _take_log(self, task: str, map_index: int) -> str:
        """The end of what a task said; the next run begins a new log."""
        file = self.base / home.AIRFLOW / "tasks" / f"{task}.{map_index}.log"
        text = _tail(file)
        file.unlink(missing_ok=True)
        return text

    def _ending(
        self, tasks: list[dict[str, Any]], faults: dict[str, str], limit: float, reply: dict[str, Any]
    ) -> tuple[str, int | None]:
        """Why a run was killed, and the line of the task that was running, or that could not start."""
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

    def _settle(self, key: tuple[str, str]) -> None:
        """Record a killed run and its unfinished tasks as failed, as the scheduler does when a heartbeat is missing."""
        with closing(sqlite3.connect(home.database(self.base))) as connection, connection:
            finished = "('success', 'failed', 'skipped', 'upstream_failed', 'removed')"
            connection.execute(
                f"UPDATE task_instance SET state = 'failed' WHERE dag_id = ? AND run_id = ? "  # noqa: S608 (a constant)
                f"AND coalesce(state, '') NOT IN {finished}",
                key,
            )
            connection.execute("UPDATE dag_run SET state = 'failed' WHERE dag_id = ? AND run_id = ?", key)

    def _assets(self, key: tuple[str, str]) -> list[dict[str, Any]]:
        rows = self._rows(
            "SELECT asset.name, asset.uri, source_task_id AS task, asset_event.extra FROM asset_event "
            "JOIN asset ON asset.id = asset_event.asset_id WHERE source_dag_id = ? AND source_run_id = ? "
            "ORDER BY asset_event.id",
            *key,
        )
        return [{**row, "extra": _plain(row["extra"])} for row in rows]

    def _triggers(self) -> list[str]:
        """The DAGs for which the scheduler would now look whether their assets are all there; told once."""
        with closing(sqlite3.connect(home.database(self.base))) as connection, connection:
            found = connection.execute("DELETE FROM asset_dag_run_queue RETURNING target_dag_id").fetchall()
        return sorted({name for (name,) in found})

    def _strays(self) -> list[str]:
        """Files that a task wrote where nobody looks for them, by their path in this Airflow's folder."""
        ours = {self.base / home.AIRFLOW, self.base / home.RUN, self.base / home.TEMPORARY}
        folders = [place for place in sorted(self.base.iterdir()) if place.is_dir() and place not in ours]
        loose = [place for place in sorted(self.base.iterdir()) if place.is_file()]
        found = [*loose, *(file for folder in folders for file in _plain_files(folder))]
        return [file.relative_to(self.base).as_posix() for file in found]


def _names_task(keyword: ast.keyword, name: str) -> bool:
    return keyword.arg == "task_id" and isinstance(keyword.value, ast.Constant) and keyword.value.value == name


def _tail(file: Path) -> str:
    if not file.is_file():
        return ""
    with file.open("rb") as stream:
        stream.seek(max(file.stat().st_size - (1 << 16), 0))
        return "\n".join(stream.read().decode("utf-8", "replace").splitlines()[-TAIL:])


def _plain(value: Any) -> Any:
    """A value of a JSON column; SQLite keeps a number as a number."""
    return json.loads(value) if isinstance(value, str) else value


def _seconds(start: str | None, end: str | None) -> float:
    if not start or not end:
        return 0.0
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()


# --- the warm process, from outside ---


def _start(environment: dict[str, str], log: Path) -> Any:
    """A process that serves: a fork of this one, if it is warm itself (in grading), otherwise a new one."""
    worker = sys.modules.get("helpers.airflow.forkserver")
    if worker is not None and worker.prepared:
        return worker.forked(environment, log)
    with log.open("wb") as stream:
        return subprocess.Popen(
            [sys.executable, "-m", "helpers.airflow.forkserver"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stream,
            start_new_session=True,
        )


class _Server:
    """The caller's end of `helpers.airflow.forkserver`."""

    def __init__(self) -> None:
        self.owner, self.lock = os.getpid(), threading.Lock()
        self.warm, self.usable = False, True
        self.folder = tempfile.TemporaryDirectory(prefix="local-airflow-warm-", ignore_cleanup_errors=True)
        base = Path(self.folder.name)
        self.log = base / "log.txt"
        for name in (home.AIRFLOW, home.HOME, home.TEMPORARY, home.RUN):
            (base / name).mkdir()
        self.process = _start(home.environment(base), self.log)

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send a request and wait for its reply; the first waits until the process is warm.

        Whoever interrupts that ends the run, and the process with it: its reply would be taken for the next one's.
        """
        with self.lock:
            try:
                if not self.warm:
                    self.warm = bool(self._reply())
                assert self.process.stdin is not None
                self.process.stdin.write(json.dumps(request).encode() + b"\n")
                self.process.stdin.flush()
                return self._reply()
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Let the process end what it runs, and then itself."""
        assert self.process.stdin is not None
        with suppress(OSError):
            self.process.stdin.close()
        self.usable = False

    def _reply(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith(b"{"):  # a library may print while it is imported
                return dict(json.loads(line))
        raise RuntimeError(f"The process that runs DAGs has ended. Its last words:\n{_tail(self.log)}")


_servers: list[_Server] = []
_starting = threading.Lock()


def warm() -> None:
    """Start the process that runs DAGs, and do not wait for it: call this early, for example in a notebook's set-up."""
    _server()


def _server() -> _Server:
    """This process's own server; a fork, or a server that died, gets a new one."""
    with _starting:
        known = _servers[-1] if _servers else None
        if known is None or not known.usable or known.owner != os.getpid() or known.process.poll() is not None:
            _servers[:] = [_Server()]
        return _servers[-1]
