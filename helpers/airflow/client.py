"""The caller's end of the fork server that runs DAGs (`helpers.airflow.forkserver`)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from helpers.airflow import home
from helpers.airflow.records import tail


class ForkServer:
    """The fork server, as its owner sees it."""

    def __init__(self) -> None:
        self.owner, self.lock = os.getpid(), threading.Lock()
        self.ready, self.closed = False, False
        self.folder = tempfile.TemporaryDirectory(prefix="local-airflow-forkserver-", ignore_cleanup_errors=True)
        base = Path(self.folder.name)
        self.log = base / "log.txt"
        for name in (home.AIRFLOW, home.HOME, home.TEMPORARY, home.RUN):
            (base / name).mkdir()
        self.process = _started(home.environment(base), self.log)

    def usable(self) -> bool:
        """Tell whether it is this process's own and runs."""
        return self.owner == os.getpid() and not self.closed and self.process.poll() is None

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send a request and wait for its reply; the first waits until the fork server is ready.

        Whoever interrupts that ends the run, and the fork server with it: its reply would be taken for the next one's.
        """
        with self.lock:
            try:
                if not self.ready:
                    self.ready = bool(self._reply())
                assert self.process.stdin is not None
                self.process.stdin.write(json.dumps(request).encode() + b"\n")
                self.process.stdin.flush()
                return self._reply()
            except BaseException:
                self.close()
                raise

    def close(self) -> None:
        """Let it end what it runs, and then itself."""
        assert self.process.stdin is not None
        with suppress(OSError):
            self.process.stdin.close()
        self.closed = True

    def _reply(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.startswith(b"{"):  # a library may print while it is imported
                return dict(json.loads(line))
        raise RuntimeError(f"The process that runs DAGs has ended. Its last words:\n{tail(self.log)}")


def _started(environment: dict[str, str], log: Path) -> Any:
    """Start a fork server: a child of this process if that is prepared (in grading), otherwise a new process."""
    here = sys.modules.get("helpers.airflow.forkserver")
    if here is not None and here.prepared:
        return here.fork(environment, log)
    with log.open("wb") as stream:
        return subprocess.Popen(
            [sys.executable, "-m", "helpers.airflow.forkserver"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stream,
            start_new_session=True,
        )


_servers: list[ForkServer] = []
_starting = threading.Lock()


def start() -> ForkServer:
    """Start this process's fork server unless it runs, and return it."""
    with _starting:
        if not _servers or not _servers[-1].usable():
            _servers[:] = [ForkServer()]
        return _servers[-1]


def warm() -> None:
    """Start the process that runs DAGs, and do not wait for it: call this early, for example in a notebook's set-up."""
    start()
