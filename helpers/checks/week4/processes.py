"""A step in a process of its own, as a scheduler runs it: nothing that an earlier call kept in memory is there.

There a disk can be full, or the process can be killed in the middle of a step, and nothing else suffers.
"""

from __future__ import annotations

import json
import os
import resource
import select
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path
from shutil import rmtree
from typing import Any

from helpers import notebook
from helpers.checks import NotAttempted, beside, isolated, remote, require
from helpers.checks.remote import new_folder, read_folder

FULL = 256  # bytes: all that a file may hold while the disk is "full"
LIMIT = 60.0  # seconds
KILLED = 137


@dataclass(frozen=True)
class Ended:
    """How a step ended: what it returned, the kind of its error, and the files below its folder afterwards.

    ``overwritten`` names files that were there before and were written into: a reader of them meets a half.
    """

    value: Any = None
    error: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    overwritten: list[str] = field(default_factory=list)

    @property
    def lake(self) -> dict[str, bytes]:
        """The partitions of the lake, without what a step that was stopped has left beside them."""
        return {
            name: content
            for name, content in self.files.items()
            if name.startswith("lake/") and name.endswith(".parquet") and not Path(name).name.startswith(".")
        }


def alone(function: Callable[..., Any], files: Mapping[str, bytes], *arguments: Any, fault: str = "") -> Ended:
    """Call a student's function in a new process, on a folder with these files.

    Parameters
    ----------
    arguments
        plain data; text that begins with ``./`` becomes a path in the folder
    fault
        "disk full", or the name of a method of MLflow's registry: the process is killed when it has done it once
    """
    if remote.bridge is None:
        return _checked(function, _forked(function, files, arguments, fault))
    said = isolated(
        from_text, beside(notebook.module, function), function.__name__, dict(files), list(arguments), fault
    )
    return _checked(function, said)


def succeeds(function: Callable[..., Any], files: Mapping[str, bytes], *arguments: Any) -> Ended:
    """Call a student's function as `alone` does, and require that it ends without an error."""
    ended = alone(function, files, *arguments)
    name = getattr(function, "__name__", "the step")
    require(
        not ended.error,
        f"called in a new process, `{name}` ends with an error",
        seen=ended.error,
        why="every task of a scheduler runs in a new process: what an earlier call kept in memory is not there",
        where="what the function needs comes from its arguments and from files, and from no variable beside it",
    )
    return ended


def from_text(text: str, name: str, files: Mapping[str, bytes], arguments: Sequence[Any], fault: str) -> dict[str, Any]:
    """Call a function of a module that is given as text, for `alone`; plain data in, plain data out.

    To be called with `isolated`: it runs a student's code.
    """

    def function(*given: Any) -> Any:
        names: dict[str, Any] = {"__name__": "steps"}
        exec(compile(text, "steps.py", "exec"), names)
        return names[name](*given)

    return _forked(function, files, arguments, fault)


def from_modules(
    modules: Mapping[str, str], calls: Sequence[tuple[str, Sequence[Any]]], files: Mapping[str, bytes], fault: str = ""
) -> dict[str, Any]:
    """Import ``steps`` from modules that are given as text, and call functions of it, one after another.

    To be called with `isolated`: it runs a student's code.

    Parameters
    ----------
    calls
        each a step's name and its arguments, as for `alone`; "night" is a day's four steps that write the lake

    Returns
    -------
    as `Ended`, with a value and an error for each call in place of the value
    """

    def every(root: str) -> list[dict[str, Any]]:
        sys.dont_write_bytecode = True
        sys.path.insert(0, f"{root}/modules")
        for name in modules:
            sys.modules.pop(Path(name).stem, None)
        steps = import_module("steps")
        own: dict[str, Callable[..., Any]] = {
            "night": partial(_night, steps),
            "names": lambda *names: [name for name in names if hasattr(steps, name)],
        }
        return [_call(own.get(name) or getattr(steps, name), _placed(root, given), "") for name, given in calls]

    texts = {f"modules/{name}": text.encode() for name, text in modules.items()}
    said = _forked(every, {**files, **texts}, ["./"], fault)
    return {**said, "files": {name: one for name, one in said["files"].items() if not name.startswith("modules/")}}


def _night(steps: Any, day: str, landing: str, lake: str) -> list[str]:
    steps.ingest(day, landing, lake)
    steps.validate(day, lake)
    dates: list[str] = steps.upsert(day, lake)
    for date in dates:
        steps.features(date, lake)
    return dates


def _placed(root: str | Path, arguments: Sequence[Any]) -> list[Any]:
    """Return arguments with the folder in place of each leading ``./``."""
    return [str(Path(root) / one[2:]) if isinstance(one, str) and one.startswith("./") else one for one in arguments]


def _checked(function: Callable[..., Any], said: Mapping[str, Any]) -> Ended:
    if said["error"] == "NotImplementedError":
        raise NotAttempted(getattr(function, "__name__", "your function"))
    return Ended(**said)


def _forked(
    function: Callable[..., Any], files: Mapping[str, bytes], arguments: Sequence[Any], fault: str
) -> dict[str, Any]:
    folder = Path(new_folder(files))
    linked = folder.with_name(folder.name + "-links")
    try:
        before = _link(folder, linked)
        said = _in_child(partial(_call, function, _placed(folder, arguments), fault), folder)
        overwritten = [name for name, content in before.items() if (linked / name).read_bytes() != content]
        return {**said, "files": _plain(read_folder(str(folder))), "overwritten": overwritten}
    finally:
        rmtree(linked, ignore_errors=True)
        rmtree(folder, ignore_errors=True)


def _plain(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if not name.startswith("landing/")}


def _link(folder: Path, linked: Path) -> dict[str, bytes]:
    """Give every file of the lake a second name, by which it is read when the first has come to name another."""
    before = {name: content for name, content in read_folder(str(folder)).items() if name.startswith("lake/")}
    for name in before:
        (linked / name).parent.mkdir(parents=True, exist_ok=True)
        os.link(folder / name, linked / name)
    return before


def _in_child(work_to_do: Callable[[], dict[str, Any]], folder: Path) -> dict[str, Any]:
    """Do it in a fork of this process; say what it said, or that it was killed."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        with suppress(BaseException):
            os.setsid()
            os.close(reader)
            os.chdir(folder)
            nothing = os.open(os.devnull, os.O_RDWR)
            for place in (0, 1, 2):
                os.dup2(nothing, place)
            os.write(writer, json.dumps(work_to_do(), default=str).encode())
        os._exit(0)
    os.close(writer)
    ready, _, _ = select.select([reader], [], [], LIMIT)
    said = os.read(reader, 1 << 16) if ready else b""
    os.close(reader)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    try:
        found: dict[str, Any] = json.loads(said)
    except ValueError:
        return {"value": None, "error": "killed"}
    return found


def _call(function: Callable[..., Any], arguments: Sequence[Any], fault: str) -> dict[str, Any]:
    try:
        _inject(fault)
        return {"value": function(*arguments), "error": ""}
    except (Exception, SystemExit) as error:
        return {"value": None, "error": type(error).__name__}


def _inject(fault: str) -> None:
    if fault == "disk full":
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (FULL, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
    elif fault:
        from mlflow.store.model_registry.sqlalchemy_store import SqlAlchemyStore

        done = getattr(SqlAlchemyStore, fault)

        def killed(*arguments: Any, **options: Any) -> None:
            done(*arguments, **options)
            os._exit(KILLED)

        setattr(SqlAlchemyStore, fault, killed)


# --- what every step must stand ---


def whole_or_not(function: Callable[..., Any], files: Mapping[str, bytes], *arguments: Any) -> None:
    """Require that a partition which was there stays whole, whatever stops the step that writes it again."""
    name = getattr(function, "__name__", "the step")
    stopped = alone(function, files, *arguments, fault="disk full")
    before = {path: content for path, content in files.items() if path.startswith("lake/")}
    damaged = sorted(path for path, content in before.items() if stopped.files.get(path) != content)
    through = succeeds(function, files, *arguments)
    require(
        not damaged and not through.overwritten,
        f"`{name}` writes into a partition that is there: one that is stopped in the middle leaves half of it",
        seen=", ".join(damaged or through.overwritten),
        why="a reader, or the next try, meets half a file under the right name, and the good one before it is gone",
        where="write to another name in the same folder, and rename when it is whole: `lake.write`, or `Path.replace`",
    )


def replaces(
    function: Callable[..., Any], first: Mapping[str, bytes], changed: Mapping[str, bytes], *arguments: Any
) -> None:
    """Require that a run on changed input leaves what a first run on it leaves, and the same run again nothing else.

    Parameters
    ----------
    first, changed
        the step's input, by path, as it was at first and as it is when the step is run again
    """
    name = getattr(function, "__name__", "the step")
    once = succeeds(function, first, *arguments)
    again = succeeds(function, {**first, **once.files}, *arguments)
    _same(
        once.lake,
        again.lake,
        f"run twice for the same day, {name} leaves other files than run once",
        "replace the day's partition, do not append to it; sort rows so that their order is always the same",
    )
    fresh = succeeds(function, changed, *arguments)
    anew = succeeds(function, {**once.files, **changed}, *arguments)
    _same(
        fresh.lake,
        anew.lake,
        f"when a day comes again with other content, {name} does not leave what is in it now",
        "replace the day's partition, whatever was there: neither add to it nor skip the day because it was run before",
    )


def _same(one: Mapping[str, bytes], other: Mapping[str, bytes], what: str, where: str) -> None:
    different = sorted(name for name in {*one, *other} if one.get(name) != other.get(name))
    require(
        not different,
        what,
        seen=lambda: f"changed: {', '.join(different)}",
        why="every night something is retried, cleared or backfilled: rows that are appended again count twice in "
        "every mean and in training, and a day that is skipped keeps what was wrong with it",
        where=where,
    )
