"""The fork server that runs DAGs: it imports Airflow once, and forks a child for each run.

Importing Airflow and building its in-process API server take some ten CPU-seconds, of which a run itself needs a
quarter of one. So the fork server does that once (`prepare`) and waits; forking a child costs milliseconds. Nothing is
faked: the child has Airflow's own database, API server, DAG parser and task runner, in folders of its own. The rule
that makes forking safe is that the fork server starts no thread and no OpenMP and opens no database.

A child is in a process group of its own, and the fork server adopts whatever it leaves behind. At its time's end, or
when the caller is gone, all of that is killed: a failed ``depends_on_past`` run loops for ever and ignores SIGTERM.

This file is the fork server's program; `helpers.airflow.client` is the caller's end of it.
"""

from __future__ import annotations

import ctypes
import functools
import gc
import importlib
import json
import os
import re
import resource
import select
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

from helpers.airflow import home

DEATH_SIGNAL, SUBREAPER = 1, 36  # prctl
# Imported before the fork: what Airflow imports while it runs a DAG, and what the course's DAGs use, with what those
# libraries import on first use. A DAG that does without is no slower for it.
USUAL = (
    *("airflow.providers.standard.operators.python", "airflow.providers.standard.sensors.filesystem", "airflow.sdk"),
    *("airflow.providers.standard.sensors.external_task", "airflow.serialization.definitions.mappedoperator"),
    *("airflow.dag_processing.bundles.local", "airflow.sdk.definitions.asset.metadata", "a2wsgi", "jinja2.ext"),
    *("anyio._backends._asyncio", "pandas.core.methods.to_dict", "pyarrow.dataset", "pyarrow.pandas_compat", "tzdata"),
    *("sklearn.compose", "sklearn.linear_model", "lightgbm", "narwhals.stable.v2", "narwhals._pandas_like.namespace"),
    *("pandera.pandas", "pandera.accessors.pandas_accessor", "pandera.backends.pandas.register", "hypothesis"),
    *("pandera.api.geopandas", "pandera.strategies.pandas_strategies", "pandera.backends.pandas.builtin_hypotheses"),
    *("mlflow.sklearn", "mlflow.pyfunc.scoring_server", "mlflow.models.display_utils", "mlflow.tracing.processor.otel"),
    *("mlflow.store.tracking.sqlalchemy_workspace_store", "mlflow.store.model_registry.sqlalchemy_workspace_store"),
    *("alembic.command", "git", "IPython"),
    *("helpers.data", "helpers.feed", "helpers.lake", "helpers.models", "helpers.registry"),
)
# Tables that a library builds on first use and then keeps: which module is of which package (MLflow needs it to log a
# model), and the names of Airflow's metrics.
TABLES = (
    ("mlflow.utils.requirements_utils", "_init_packages_to_modules_map"),
    ("airflow._shared.observability.metrics.stats", "_get_registry"),
)
OUTCOME = "outcome.json"
FULL = 256  # bytes: all that a file may hold while the disk is "full"
SLEEP = 1.0  # seconds: the most that a sensor waits between two looks
LOOK = 0.1  # seconds between two looks for a task that can run


# --- in the fork server ---


def serve() -> None:
    """Answer requests, one JSON line each, until standard input ends; first a line that says that it is ready."""
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the caller's Ctrl-C is the caller's to handle
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if not prepared:
        prepare()
    _say({"ready": True})
    while line := os.read(0, 1 << 16):
        while not line.endswith(b"\n"):
            line += os.read(0, 1 << 16)
        _say(_supervised(json.loads(line)))


def _say(reply: dict[str, Any]) -> None:
    os.write(1, json.dumps(reply).encode() + b"\n")


prepared = False  # True in a process that has run `prepare`, and in its children


def prepare() -> None:
    """Import and build all that a run needs and that a child can take along."""
    global prepared
    if "AIRFLOW_HOME" not in os.environ:  # a process that only forks others, with Airflows of their own
        os.environ.update(home.environment(Path(tempfile.mkdtemp(prefix="local-airflow-forkserver-"))))
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]  # an optional check of jsonschema: 2.5 s of grammar
    for name in ("airflow.dag_processing.collection", "airflow.dag_processing.dagbag"):
        importlib.import_module(name)
    from airflow import settings
    from sqlalchemy.orm import configure_mappers

    _make_routes()
    configure_mappers()
    for name in USUAL:
        with suppress(ImportError):
            importlib.import_module(name)
    for module, build in TABLES:
        with suppress(ImportError, AttributeError):
            getattr(importlib.import_module(module), build)()
    if settings.engine is not None:
        settings.engine.dispose()
    gc.freeze()  # a collection in a child would touch, and so copy, every page: half a second of a run
    prepared = True


def _make_routes() -> None:
    """Make the routes of Airflow's API, for the version that its own tasks ask for and none of the older ones.

    It would make them for nine versions, so that tasks of older Airflows are understood; there are none here, and that
    takes six CPU-seconds.
    """
    from airflow.api_fastapi.execution_api import versions
    from airflow.sdk.api.datamodels._generated import API_VERSION
    from airflow.sdk.execution_time.supervisor import in_process_api_server
    from cadwyn import HeadVersion, Version, VersionBundle
    from cadwyn.route_generation import _DELETED_ROUTE_TAG as OLD

    versions.bundle = VersionBundle(HeadVersion(), Version(API_VERSION))
    app = in_process_api_server().app
    routes = app._latest_version_router.routes
    routes[:] = [route for route in routes if OLD not in route.tags]
    app._cadwyn_initialize()


def fork(environment: dict[str, str], log: Path) -> Child:
    """Fork this prepared process into a fork server, which then need not prepare itself."""
    requests, replies = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setsid()
            for source, target in ((requests[0], 0), (replies[1], 1), (os.open(log, os.O_WRONLY | os.O_CREAT), 2)):
                os.dup2(source, target)
            os.closerange(3, 1_024)
            # Who silenced this process gave it streams of their own, on descriptors that are closed now.
            sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
            os.environ.clear()
            os.environ.update(environment)
            serve()
        finally:
            os._exit(0)
    os.close(requests[0])
    os.close(replies[1])
    return Child(child, os.fdopen(requests[1], "wb"), os.fdopen(replies[0], "rb"))


@dataclass
class Child:
    """A child of this process, with what its caller needs of a `subprocess.Popen`."""

    pid: int
    stdin: BinaryIO
    stdout: BinaryIO
    code: int | None = None

    def poll(self) -> int | None:
        """Return its exit code, or None while it runs."""
        if self.code is None:
            ended, status = os.waitpid(self.pid, os.WNOHANG)
            self.code = os.waitstatus_to_exitcode(status) if ended else None
        return self.code


def _supervised(request: dict[str, Any]) -> dict[str, Any]:
    """Run a request in a child and return how it ended: ``code`` (negative for a signal), ``late`` and ``seconds``."""
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        _in_child(request)
    ended = os.pidfd_open(child)
    ready = select.select([ended, 0], [], [], request["limit"])[0]
    os.close(ended)
    late = not ready
    if ended not in ready:
        _end(child)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    _end_descendants()
    return {"code": code, "late": late, "seconds": time.monotonic() - began}


def _end(child: int) -> None:
    os.kill(child, signal.SIGKILL)
    with suppress(ProcessLookupError):  # it has no group of its own yet
        os.killpg(child, signal.SIGKILL)


def _end_descendants() -> None:
    """Kill what a run started and left behind: it is a child of this process now."""
    import psutil

    while left := psutil.Process().children(recursive=True):
        for process in left:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        with suppress(ChildProcessError):
            os.waitpid(-1, 0)


# --- one run, in a child ---


def _in_child(request: dict[str, Any]) -> None:
    code = 1
    try:
        ctypes.CDLL(None).prctl(DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
        _move_to(Path(request["base"]), request["environment"])
        code = _run(request)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _move_to(base: Path, environment: dict[str, str]) -> None:
    """Leave the fork server behind: own group, folders, database, log, random numbers."""
    import random

    import numpy as np
    from airflow import settings

    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    log = os.open(base / "airflow" / "log.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(base / "cwd")
    tempfile.tempdir = None
    settings.AIRFLOW_HOME = environment["AIRFLOW_HOME"]
    settings.configure_vars()
    settings.configure_orm()
    random.seed()
    np.random.seed()  # noqa: NPY002 (a child would repeat the numbers of the one before)


def _run(request: dict[str, Any]) -> int:
    from airflow.dag_processing.dagbag import BundleDagBag

    _obey_policy()
    _run_as_scheduled()
    _look_sooner()
    folder = Path(os.environ["AIRFLOW__CORE__DAGS_FOLDER"])
    bag = BundleDagBag(folder, bundle_path=folder, bundle_name="dags-folder")
    outcome = Path(request["base"], "airflow", OUTCOME)
    errors = {name: str(text) for name, text in bag.import_errors.items()}
    dags = {name: _described(dag) for name, dag in bag.dags.items()}
    outcome.write_text(json.dumps({"errors": errors, "dags": dags}), encoding="utf-8")
    chosen = request["dag_id"] or _first(bag.dags)
    if request["date"] is None or errors or chosen not in bag.dags:
        return 0
    _separate_logs(Path(request["base"], "airflow", "tasks"))
    _inject(request["faults"], Path(request["base"], "airflow", "struck"))
    dag = bag.dags[chosen]
    dag.test(logical_date=_moment(request["date"], dag.timezone), run_conf=request["conf"])
    return 0


def _first(dags: dict[str, Any]) -> str:
    """Choose the DAG that is meant when none is named: the first by name of those that no asset starts."""
    return min(dags, key=lambda name: ("Asset" in type(dags[name].timetable).__name__, name), default="")


def _moment(date: str, zone: Any) -> Any:
    """Parse a date as its midnight in the DAG's own time zone; a time says its zone itself."""
    import pendulum

    return pendulum.parse(date, tz=zone if re.fullmatch(r"\d{4}-\d{2}-\d{2}", date) else "UTC")


def _described(dag: Any) -> dict[str, Any]:
    """Describe a DAG as plain data."""
    tasks = {task.task_id: _described_task(task) for task in dag.topological_sort()}
    return {
        "schedule": str(getattr(dag.timetable, "expression", None) or type(dag.timetable).__name__),
        "timetable": type(dag.timetable).__name__,
        "timezone": str(dag.timezone),
        "catchup": bool(dag.catchup),
        "max_active_runs": dag.max_active_runs,
        "start": str(dag.start_date) if dag.start_date else "",
        "tasks": tasks,
    }


def _described_task(task: Any) -> dict[str, Any]:
    names = [getattr(asset, "name", str(asset)) for asset in task.outlets or []]
    return {
        "upstream": sorted(task.upstream_task_ids),
        "operator": task.operator_class.__name__ if task.is_mapped else type(task).__name__,
        "mapped": bool(task.is_mapped),
        "waits": _way_of_waiting(task),
        "retries": int(task.retries or 0),
        "trigger_rule": str(getattr(task.trigger_rule, "value", task.trigger_rule)),
        "outlets": names,
    }


def _way_of_waiting(task: Any) -> str:
    """Name how a task waits: "poke" keeps its worker, "reschedule" and "deferred" give it back; "" if it acts."""
    if getattr(task, "deferrable", False):
        return "deferred"
    if not hasattr(task, "poke_interval"):
        return ""
    return "reschedule" if task.reschedule else "poke"


# --- what is changed about Airflow in the child, and why ---


def _obey_policy() -> None:
    """Set, in Airflow's own way, a rule for every task: no wait before a retry, hardly any between a sensor's looks."""
    from airflow import settings
    from airflow.policies import hookimpl

    class Policy:
        @staticmethod
        @hookimpl
        def task_policy(task: Any) -> None:
            task.retry_delay, task.retry_exponential_backoff = timedelta(0), 0
            if task.is_mapped:
                if "poke_interval" in task.partial_kwargs:
                    task.partial_kwargs["poke_interval"] = SLEEP
            elif hasattr(task, "poke_interval"):
                task.poke_interval = min(task.poke_interval, SLEEP)

    settings.get_policy_plugin_manager().register(Policy)


def _run_as_scheduled() -> None:
    """Let a run for a date have the data interval that the scheduler gives it: the one that begins at that date.

    ``dag.test`` treats a run as started by hand *at* that date and gives it the interval before.
    """
    from airflow.timetables.base import DataInterval
    from airflow.timetables.interval import CronDataIntervalTimetable, DeltaDataIntervalTimetable

    def begins(self: Any, *, run_after: Any) -> DataInterval:
        start = self._align_to_next(run_after)
        return DataInterval(start=start, end=self._get_next(start))

    for timetable in (CronDataIntervalTimetable, DeltaDataIntervalTimetable):
        timetable.infer_manual_data_interval = begins  # type: ignore[method-assign]


def _look_sooner() -> None:
    """Let ``dag.test`` look for the next task after LOOK where it found none ready, not after a whole second."""
    from airflow.sdk import DAG

    original, test = time.sleep, DAG.test.__code__

    @functools.wraps(original)
    def sleep(seconds: float) -> None:
        original(min(seconds, LOOK) if sys._getframe(1).f_code is test else seconds)

    time.sleep = sleep  # type: ignore[assignment]


def _separate_logs(folder: Path) -> None:
    """Let everything that a task prints, and Airflow about it, go to a file of that task."""
    module = importlib.import_module("airflow.sdk.definitions.dag")
    original = module._run_task

    @functools.wraps(original)
    def with_log(*, ti: Any, **options: Any) -> Any:
        file = os.open(folder / f"{ti.task_id}.{ti.map_index}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        restore = _redirected(file)
        try:
            return original(ti=ti, **options)
        finally:
            restore()

    module._run_task = with_log  # type: ignore[attr-defined]


def _redirected(file: int) -> Callable[[], None]:
    """Send standard output and errors to ``file``; return the function that undoes it."""
    sys.stdout.flush()
    sys.stderr.flush()
    before = os.dup(1), os.dup(2)
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.close(file)

    def restore() -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        for kept, target in zip(before, (1, 2), strict=True):
            os.dup2(kept, target)
            os.close(kept)

    return restore


def _inject(faults: dict[str, str], struck: Path) -> None:
    """Let each named task meet its fault, the first time that it runs; the task's own code is not touched."""
    module = importlib.import_module("airflow.sdk.execution_time.task_runner")
    original = module._execute_task
    struck.mkdir(exist_ok=True)

    @functools.wraps(original)
    def execute(context: Any, ti: Any, log: Any) -> Any:
        fault = faults.get(ti.task_id, "")
        mark = struck / ti.task_id
        if not fault or mark.exists():
            return original(context, ti, log)
        mark.touch()
        return _FAULTS[fault](lambda: original(context, ti, log))

    module._execute_task = execute  # type: ignore[attr-defined]


def _crash_before(run: Callable[[], Any]) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _crash_after(run: Callable[[], Any]) -> None:
    run()
    os.kill(os.getpid(), signal.SIGKILL)


def _fail_before(run: Callable[[], Any]) -> None:
    raise RuntimeError("a fault was injected: the task fails before its work")


def _fail_after(run: Callable[[], Any]) -> None:
    run()
    raise RuntimeError("a fault was injected: the task fails after its work")


def _disk_full(run: Callable[[], Any]) -> Any:
    """Let every file end after a few bytes while the task runs, whatever language writes it."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (FULL, before[1]))
    try:
        return run()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


_FAULTS = {
    "crash before": _crash_before,
    "crash after": _crash_after,
    "fail before": _fail_before,
    "fail after": _fail_after,
    "disk full": _disk_full,
}


if __name__ == "__main__":
    serve()
