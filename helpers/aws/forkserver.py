"""The fork server of model servers: a process that has imported what most of them import, and forks each of them.

Importing pandas, scikit-learn and LightGBM takes a model server about two CPU-seconds, and a week 5 starts forty of
them. So the fork server does that once, starts no thread, trains nothing, and waits; each model server is its child,
which takes milliseconds and shares its memory. A model server remains what it was: a process and a session of its own,
with its own environment, folder and log, in which no line of the course's or the notebook's has run. Only variables
that a library reads while it is imported (``OMP_NUM_THREADS``, ``PYTHON...``) come too late for those that are there
already.

Each process that starts model servers has a fork server, which ends with it. This file is the fork server's program,
too: it is run by its path, without the course's packages.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import random
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

USUAL = ("http.server", "joblib", "pandas", "lightgbm", "sklearn.compose", "sklearn.pipeline", "sklearn.preprocessing")
INHERITED = ("PATH", "LANG", "TMPDIR", "LD_LIBRARY_PATH")
LONGEST = 1 << 17  # bytes of a request: the environment and a few names
SET_NAME = 15  # prctl
PATIENCE = 120.0  # seconds until the fork server has answered; its imports may be under way on a busy machine


# --- in the process that wants model servers ---


class Child:
    """A process that the fork server has forked, as its owner sees it.

    ``owner`` is the other end of its standard input: when that is closed, the process ends.
    """

    def __init__(self, server: ForkServer, pid: int, owner: int) -> None:
        self.pid = pid
        self._server, self._owner, self._lock = server, owner, threading.Lock()
        self._ended = os.pidfd_open(pid)  # it is not reaped before `kill`, so the number is still its own

    def __del__(self) -> None:
        """Close what only this object knows; not in `kill`, for another thread may be waiting."""
        os.close(self._ended)

    def lives(self) -> bool:
        """Tell whether it still runs."""
        return not self.wait(0)

    def wait(self, seconds: float) -> bool:
        """Wait for its end, and tell whether it came within this time."""
        return bool(select.select([self._ended], [], [], seconds)[0])

    def kill(self) -> None:
        """End it and all that it started in its process group; a second call does nothing."""
        with self._lock:
            if self._owner < 0:
                return
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            self.wait(PATIENCE)
            self._server.reap(self.pid)
            os.close(self._owner)
            self._owner = -1


class ForkServer:
    """The fork server, as its owner sees it."""

    def __init__(self) -> None:
        self.owner, self._lock = os.getpid(), threading.Lock()
        self._channel, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._channel.settimeout(PATIENCE)
        environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 (the program is ours)
                [sys.executable, "-P", "-c", _PROGRAM, __file__, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env={**environment, "HOME": "/", "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"},
                cwd="/",
                start_new_session=True,
            )

    def usable(self) -> bool:
        """Tell whether it is this process's own and runs."""
        return self.owner == os.getpid() and self._process.poll() is None

    def fork(
        self, program: str, listening: socket.socket, log: int, folder: Path, environment: dict[str, str]
    ) -> Child:
        """Have a child run a program by its path, as ``serving``; its argument is the number of a listening socket.

        Raises
        ------
        OSError
            when the fork server has ended or does not answer, or this process may open no more files
        """
        theirs, ours = os.pipe()
        try:
            request = {"program": program, "folder": str(folder), "environment": environment}
            return Child(self, self._ask(request, [theirs, log, listening.fileno()]), ours)
        except BaseException:
            os.close(ours)  # which also ends a child that cannot be watched
            raise
        finally:
            os.close(theirs)

    def reap(self, pid: int) -> None:
        """Let a child that has ended go for good."""
        with suppress(OSError):  # if the fork server has ended, init has reaped its children
            self._ask({"reap": pid}, [])

    def _ask(self, request: dict[str, Any], files: list[int]) -> int:
        with self._lock:
            try:
                socket.send_fds(self._channel, [json.dumps(request).encode()], files)
                if answer := self._channel.recv(LONGEST):
                    return int(answer)
                raise ConnectionError("the process that starts model servers has ended")
            except OSError:
                # A late answer would be taken for the next one's; and a process that is ending closes its files some
                # time before it has ended: until then it must not be found usable again.
                self._process.kill()
                self._process.wait()
                raise


_servers: list[ForkServer] = []
_starting = threading.Lock()


def fork(program: str, listening: socket.socket, log: int, folder: Path, environment: dict[str, str]) -> Child:
    """Fork as `ForkServer.fork` does, by this process's own; if it ended between two requests, by a new one."""
    try:
        return start().fork(program, listening, log, folder, environment)
    except OSError:
        return start().fork(program, listening, log, folder, environment)


def start() -> ForkServer:
    """Start this process's fork server unless it runs, and return it. Called early, it makes the first server quick."""
    with _starting:
        if not _servers or not _servers[-1].usable():
            _servers[:] = [ForkServer()]
        return _servers[-1]


# Not as __main__: a model that was pickled with a notebook's own class must not find one of ours in its place.
_PROGRAM = "import runpy, sys; runpy.run_path(sys.argv[1], run_name='fork_server')"


# --- in the fork server ---


def serve(channel: socket.socket) -> None:
    """Import, then fork whatever is asked for until the owner is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the owner's Ctrl-C is the owner's to handle
    for name in USUAL:
        with suppress(ImportError):
            importlib.import_module(name)
    gc.freeze()  # a collection in a child would touch, and so copy, every page
    while True:
        message, files = b"", list[int]()
        with suppress(ConnectionResetError):  # the owner ended before it had read the last answer
            message, files, *_ = socket.recv_fds(channel, LONGEST, 3)
        if not message:
            return
        request = json.loads(message)
        if "reap" in request:
            with suppress(ChildProcessError):
                os.waitpid(request["reap"], 0)
            answer = 0
        elif (answer := os.fork()) == 0:
            channel.close()
            _become(request, files)
        for file in files:
            os.close(file)
        channel.send(str(answer).encode())


def _become(request: dict[str, Any], files: list[int]) -> None:
    """Be the child that was asked for, and never return."""
    try:
        os.setsid()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        stdin, log, listening = files
        for source, target in ((stdin, 0), (log, 1), (log, 2)):
            os.dup2(source, target)
        os.close(stdin)
        os.close(log)
        ctypes.CDLL(None).prctl(SET_NAME, b"model server", 0, 0, 0)  # in grading /proc is read-only
        os.environ.clear()
        os.environ.update(request["environment"])
        os.chdir(request["folder"])
        tempfile.tempdir = None
        random.seed()
        sys.modules["numpy"].random.seed()  # every child would draw the same numbers
        sys.argv = [request["program"], str(listening)]
        runpy.run_path(request["program"], run_name="serving")
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


if __name__ == "fork_server":
    serve(socket.socket(fileno=int(sys.argv[-1])))
