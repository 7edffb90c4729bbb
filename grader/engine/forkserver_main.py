"""The fork server's program, which runs inside the outer wall and forks kernels, examiners and isolated processes.

Forking costs milliseconds where starting Python and importing costs seconds. One rule makes it safe: the fork server
starts no thread, for a fork copies one thread only, and libraries that use OpenMP hang for ever after it. So it imports
modules and does nothing else; a module that starts a thread is left out.

The grader's handle on this program is :mod:`grader.engine.forkserver`.
"""

from __future__ import annotations

import fcntl
import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import time
import traceback
from collections.abc import Mapping
from contextlib import redirect_stdout
from pathlib import Path
from shutil import copytree
from typing import Any

from grader.engine.sandbox import HOME, Limits, confine, enter_namespaces, private_tree, seal, withhold
from grader.engine.usage import EVERY, excess

CHANNEL, CONTROL = 3, 4  # descriptors of a child's sockets
SEAL = "seal"  # sent to a supervisor in place of a signal's number
SEALED = {"sealed": True}  # its reply
FAULT = "fault.txt"  # in a job's folder: why the process in it ended, if it was not meant to
LONGEST_TRACEBACK = 2_000  # characters of it that are sent


def main(control: int, modules: list[str], preparation: str) -> None:
    """Import, report how that went, then fork whatever is asked for until the grader hangs up."""
    requests = socket.socket(fileno=control)
    begun = time.perf_counter()
    gc.disable()  # looking through modules that stay, again and again, is a tenth of the time that importing takes
    missing = import_all(modules)
    if preparation:
        with redirect_stdout(sys.stderr):  # a library may print while it is imported
            importlib.import_module(preparation).prepare()
    gc.collect()
    gc.freeze()  # a collection in a child would touch, and so copy, every page
    gc.enable()
    print(json.dumps({"ready": round(time.perf_counter() - begun, 2), "missing": missing}), flush=True)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        message, descriptors, _, _ = socket.recv_fds(requests, 1 << 20, 8)
        if not message:
            os._exit(0)
        if os.fork() == 0:
            requests.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            supervise(json.loads(message), descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def import_all(modules: list[str]) -> list[str]:
    """Import every module that can be imported, and return the others; end this process when one starts a thread."""
    missing = []
    for name in modules:
        try:
            importlib.import_module(name)
        except Exception:  # an optional part of some library: kernels will do without it as well
            missing.append(name)
        if len(list(Path("/proc/self/task").iterdir())) > 1:
            print(json.dumps({"threads": name}), flush=True)
            os._exit(3)
    if "matplotlib.figure" in sys.modules:
        _draw_once()
    return missing


def _draw_once() -> None:
    """Draw a figure: the first one finds fonts, which every fork inherits."""
    import io

    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure()
    FigureCanvasAgg(figure)
    figure.subplots().plot([1, 2], label="line")
    figure.savefig(io.BytesIO(), format="png")


# --- the supervisor: a fork that stands between the fork server and one confined child ---


def supervise(request: Mapping[str, Any], descriptors: list[int]) -> None:
    """Fork the child, report its end, and kill it when the grader is gone."""
    os.setsid()
    status = socket.socket(fileno=descriptors[0])
    try:
        problems, child = _fork_confined(request, descriptors[1:])
        for descriptor in descriptors[1:]:
            os.close(descriptor)
        problem = _read_all(problems)  # empty, once the child is behind its walls
        status.send(json.dumps({"error": problem} if problem else {"pid": child}).encode())
        code, over = _watch(child, status, Path(request["job"]), Limits(**request.get("limits", {})))
        status.send(json.dumps({"exit": code, "over": over}).encode())
    except OSError:
        pass  # the grader hung up: nobody waits for an answer
    except BaseException:
        status.send(json.dumps({"error": _last_traceback()}).encode())
    os._exit(0)


def _fork_confined(request: Mapping[str, Any], descriptors: list[int]) -> tuple[int, int]:
    """Fork the child; return the pipe on which it reports a problem, and its process id."""
    enter_namespaces()
    problems, report = os.pipe2(os.O_CLOEXEC)
    child = os.fork()
    if child == 0:
        os.close(problems)
        _become(request, descriptors, report)
    os.close(report)
    return problems, child


def _read_all(descriptor: int) -> str:
    with os.fdopen(descriptor, "rb") as pipe:
        return pipe.read().decode(errors="replace")


def _last_traceback() -> str:
    return traceback.format_exc()[-LONGEST_TRACEBACK:]


def _watch(child: int, status: socket.socket, job: Path, limits: Limits) -> tuple[int, str]:
    """Pass signals on until the child ends; return its exit code, and the limit that it was killed for exceeding.

    When the grader hangs up, everything is killed.
    """
    ended, over = os.pidfd_open(child), ""
    while True:
        ready = select.select([status.fileno(), ended], [], [], EVERY)[0]
        if ended in ready:
            _, ending, used = os.wait4(child, 0)
            # Process 1 of a namespace does not feel the signal at the end of its time, only SIGKILL some seconds later.
            if not over and used.ru_utime + used.ru_stime >= limits.cpu:
                over = "time"
            return os.waitstatus_to_exitcode(ending), over
        if not over and (over := excess(limits)):
            os.kill(child, signal.SIGKILL)
        if status.fileno() not in ready:
            continue
        message = status.recv(64)
        if not message:
            os.kill(child, signal.SIGKILL)  # process 1 of its namespace: the others die with it
            os.waitpid(child, 0)
            raise BrokenPipeError
        if message == SEAL.encode():
            seal(job)
            status.send(json.dumps(SEALED).encode())
        else:
            os.kill(child, int(message))


# --- the child ---


def _become(request: Mapping[str, Any], descriptors: list[int], report: int) -> None:
    """Put up the second wall and be what was asked for. Never returns."""
    try:
        os.setsid()
        report = _arrange(descriptors, report)
        job = Path(request["job"])
        _enter(request, job, Limits(**request.get("limits", {})))
        _require_supervisor(report)
        os.close(report)
    except BaseException:
        os.write(report, _last_traceback().encode())
        os._exit(1)
    try:
        _KINDS[request["kind"]](list(request.get("arguments", [])))
    except SystemExit as error:
        os._exit(error.code if isinstance(error.code, int) else 0)
    except BaseException:
        (job / FAULT).write_text(traceback.format_exc()[-4_000:])
        os._exit(1)
    os._exit(0)


def _enter(request: Mapping[str, Any], job: Path, limits: Limits) -> None:
    """Give this process its own files, with those that were handed in, and confine it."""
    private_tree([Path(folder) for folder in request["kept"]], limits)
    for folder in request.get("withheld", []):
        withhold(Path(folder))
    if (job / "files").is_dir():
        copytree(job / "files", HOME, dirs_exist_ok=True)
    os.chdir("/")
    confine(limits)


def _require_supervisor(report: int) -> None:
    """End when the supervisor died before its death would have ended this process."""
    watch = select.poll()
    watch.register(report, 0)
    if watch.poll(0):
        os._exit(1)


def _arrange(descriptors: list[int], report: int) -> int:
    """Leave open the sockets that this process is meant to have, under their numbers, and nothing else.

    Returns the new number of ``report``.
    """
    high = [fcntl.fcntl(descriptor, fcntl.F_DUPFD, 100) for descriptor in [*descriptors, report]]
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    os.closerange(3, 100)
    for number, descriptor in enumerate(high, CHANNEL):
        os.dup2(descriptor, number, inheritable=False)
    os.closerange(CHANNEL + len(high), 65_536)
    return CHANNEL + len(descriptors)


def _examiner(_arguments: list[str]) -> None:
    _own_environment({})
    os.chdir(HOME)
    from grader.engine.examine import main as examine

    examine(CHANNEL, CONTROL)


def _isolated(_arguments: list[str]) -> None:
    _own_environment({})
    os.chdir(HOME)
    from grader.engine.serve import IsolatedServer, answer

    answer(CHANNEL, IsolatedServer({}))


def _kernel(arguments: list[str]) -> None:
    _own_environment({"MPLBACKEND": "module://matplotlib_inline.backend_inline"})
    for name in [name for name in sys.modules if name.startswith("matplotlib_inline")]:
        del sys.modules[name]  # imported before there was a shell, it would show no figures
    sys.argv = ["ipykernel_launcher", *arguments]
    from ipykernel.kernelapp import IPKernelApp

    kernel = IPKernelApp.instance()
    kernel.initialize(arguments)
    os.chdir(HOME)  # not before: IPython reads its configuration in the folder where it starts
    kernel.start()


_KINDS = {"examiner": _examiner, "kernel": _kernel, "isolated": _isolated}


def _own_environment(more: Mapping[str, str]) -> None:
    os.environ.update(
        HOME=HOME, TMPDIR="/tmp", IPYTHONDIR=f"{HOME}/.ipython", MPLCONFIGDIR=f"{HOME}/.matplotlib", **more
    )
    sys.path[:] = [folder for folder in sys.path if folder not in ("", "/")]
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()  # otherwise every fork would draw the same numbers


if __name__ == "__main__":
    main(int(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3])
