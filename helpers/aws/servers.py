"""Model servers as processes: one for each variant of an endpoint, started from an archive and never left behind."""

from __future__ import annotations

import http.client
import os
import socket
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree

from helpers.aws import forkserver, serve
from helpers.aws.archives import unpack

PREFIX = "endpoint-of-course-"
START = 60.0  # seconds in which a server must answer /ping
LAST_LINES = 700  # characters of a failed server's log that a reason quotes
DRAIN = 65.0  # seconds that requests under way have to end before their server goes


class Unhealthy(RuntimeError):
    """A server that did not come up; the message quotes its last lines."""


@dataclass(frozen=True)
class Reply:
    """A server's response."""

    status: int
    content_type: str
    body: bytes
    attributes: str = ""


@dataclass
class Server:
    """One variant's server: an unpacked archive, a process, a port on the loopback interface.

    The archive is checked and unpacked here, and the process is started with :meth:`start`.

    Raises
    ------
    BadArchive
        when the archive cannot be trusted
    """

    archive: bytes
    environment: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Unpack the archive."""
        self.root = Path(tempfile.mkdtemp(prefix=PREFIX))
        self.process: forkserver.Child | None = None
        self.address = ("127.0.0.1", 0)
        self._starting = threading.Lock()
        self._idle = threading.Condition()
        self._under_way = 0
        self._stopped = False
        try:
            unpack(self.archive, self.root / "model")
        except BaseException:
            self.stop()
            raise

    def start(self) -> None:
        """Start the process and wait until it answers ``/ping``.

        Raises
        ------
        Unhealthy
            when it ends first, or takes more than a minute
        """
        with self._starting:
            if self._stopped or (self.process and self.process.lives()):
                return
            self._spawn()
            self._wait()

    def post(self, body: bytes, headers: Mapping[str, str], timeout: float) -> Reply:
        """Send one request to ``/invocations``; a server that died is started again first.

        Raises
        ------
        TimeoutError
            when no answer came in time
        OSError
            when the connection broke: the server died
        Unhealthy
            when it had died before and does not come up again
        """
        self.start()
        try:
            return self._request("POST", "/invocations", timeout, body, headers)
        except TimeoutError:
            raise
        except (OSError, http.client.HTTPException) as error:
            assert self.process
            self.process.wait(1)  # if it is dying, the next request must find it dead
            raise ConnectionError("the server ended before it had answered") from error

    @contextmanager
    def busy(self) -> Iterator[None]:
        """While a request is under way: the server is not stopped before it has ended."""
        with self._idle:
            self._under_way += 1
        try:
            yield
        finally:
            with self._idle:
                self._under_way -= 1
                self._idle.notify_all()

    def drain(self) -> None:
        """Stop once no request is under way."""
        with self._idle:
            self._idle.wait_for(lambda: self._under_way == 0 or self._stopped, timeout=DRAIN)
        self.stop()

    def stop(self) -> None:
        """End the process and everything that it started, and remove its files."""
        self._stopped = True
        if self.process is not None:
            self.process.kill()
        with self._idle:
            self._idle.notify_all()
        rmtree(self.root, ignore_errors=True)

    def last_lines(self) -> str:
        """The end of the server's log."""
        try:
            return (self.root / "log").read_text(errors="replace")[-LAST_LINES:].strip()
        except OSError:
            return ""

    def _spawn(self) -> None:
        """Start the process with a socket that listens already: no other program can take its port in between."""
        if self.process is not None:
            self.process.kill()  # it has died, but what it had started may live
        with socket.create_server(("127.0.0.1", 0), backlog=128) as listening, (self.root / "log").open("ab") as log:
            self.address = listening.getsockname()
            try:
                self.process = forkserver.fork(
                    serve.__file__, listening, log.fileno(), self.root / "model", self._environment()
                )
            except OSError as error:
                raise Unhealthy(f"its process could not be started: {error}") from error
        if self._stopped:
            self.process.kill()

    def _environment(self) -> dict[str, str]:
        model = str(self.root / "model")
        inherited = {name: os.environ[name] for name in forkserver.INHERITED if name in os.environ}
        own = {"HOME": str(self.root), "SM_MODEL_DIR": model, "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
        port = {"SAGEMAKER_BIND_TO_PORT": str(self.address[1]), "SAGEMAKER_SUBMIT_DIRECTORY": f"{model}/code"}
        return {**inherited, **own, **port, **{name: str(value) for name, value in self.environment.items()}}

    def _wait(self) -> None:
        assert self.process
        end = time.monotonic() + START
        while time.monotonic() < end and self.process.lives() and not self._stopped:
            try:
                if self._request("GET", "/ping", 0.5).status == 200:
                    return
            except (OSError, http.client.HTTPException):
                pass
            time.sleep(0.01)
        lines = self.last_lines() or "it wrote nothing"
        self.process.kill()
        raise Unhealthy(lines)

    def _request(
        self,
        method: str,
        path: str,
        timeout: float,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        connection = http.client.HTTPConnection(*self.address, timeout=timeout)
        try:
            connection.request(method, path, body, dict(headers or {}))
            response = connection.getresponse()
            attributes = response.getheader("X-Amzn-SageMaker-Custom-Attributes", "")
            return Reply(response.status, response.getheader("Content-Type", ""), response.read(), attributes)
        finally:
            connection.close()
