"""The grader's handle on a fork server: a process inside the outer wall that forks kernels and examiners.

The program itself is :mod:`grader.engine.forkserver_main`. It has imported what the notebooks import, and its children
are confined once more, each by itself. A child is seen through its supervisor, a process between the two.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import select
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import threading
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copytree, rmtree
from typing import IO, Any

from grader.course import CourseError
from grader.engine import scratch
from grader.engine.dependencies import imported_by
from grader.engine.forkserver_main import SEAL, SEALED
from grader.engine.sandbox import Outer, require_sandbox
from grader.engine.usage import EVERY

PROGRAM = "grader.engine.forkserver_main"
LOST = "its supervisor is gone"
QUOTED = 2_000  # bytes of a fork server's standard error that a message quotes
TRIES = 3  # to fork one child
# What a kernel needs before the first cell, and nothing that belongs to a course.
KERNEL_MODULES = (
    *("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.iostream", "ipykernel.zmqshell", "ipykernel.embed"),
    *("IPython.core.completerlib", "IPython.core.magics", "jupyter_client.session", "zmq.eventloop.zmqstream", "comm"),
    *("matplotlib_inline.config", "grader.engine.serve", "grader.engine.examine"),
)
# Modules that prepare the fork server of isolated processes, by the module that a notebook imports for them.
PREPARATIONS = {"helpers.airflow": "helpers.airflow.forkserver"}
# One thread for each process, so that submissions graded side by side do not fight over the cores. OpenMP needs a limit
# too, not only a default: LightGBM asks for as many threads as there are cores, and they wait for each other in loops,
# which on busy cores took a second's training to a minute.
ONE_THREAD = dict.fromkeys(
    (
        *("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "ARROW_NUM_THREADS"),
        "LOKY_MAX_CPU_COUNT",
    ),
    "1",
)


class EngineFault(Exception):
    """The grader's own machinery failed; never a student's mark."""


@dataclass
class Spawned:
    """A child of the fork server, seen through its supervisor."""

    status: socket.socket
    job: Path
    pid: int = 0
    code: int | None = None
    over: str = ""  # the limit that it was killed for exceeding

    def started(self) -> None:
        """Wait until it stands behind both walls.

        Raises
        ------
        EngineFault
            when a wall could not be put up
        """
        reply = json.loads(self.status.recv(1 << 16) or b"{}")
        if "pid" not in reply:
            raise EngineFault(f"a confined process could not be started: {reply.get('error', LOST)}")
        self.pid = reply["pid"]
        self.status.setblocking(False)

    def poll(self) -> int | None:
        """Return its exit code, or None while it runs."""
        if self.code is None:
            self._receive()
        return self.code

    def _receive(self) -> None:
        """Take in its supervisor's message, if there is one: that it is sealed, or how it ended."""
        try:
            content = self.status.recv(1 << 16)
            message = json.loads(content) if content else {}
            if message != SEALED:
                self.code, self.over = message.get("exit", -signal.SIGKILL), message.get("over", "")
        except BlockingIOError:
            return
        except OSError:
            self.code = -signal.SIGKILL

    def wait(self, seconds: float) -> int | None:
        """Return its exit code, if it ends within this time."""
        if self.code is None:
            select.select([self.status], [], [], seconds)
        return self.poll()

    def signal(self, number: int) -> None:
        """Send it a signal; nothing happens when it is gone."""
        self._send(str(number))

    def seal(self) -> None:
        """Forbid it to write to the folder that it shares with the grader, which has no limit of size.

        It is forbidden when this returns: what the student's first cell does must not depend on who is quicker.
        """
        self._send(SEAL)
        if self.code is None:
            select.select([self.status], [], [])
            self._receive()

    def _send(self, message: str) -> None:
        try:
            self.status.send(message.encode())
        except OSError:  # it is gone
            return

    def close(self) -> None:
        """End it with everything it has started, and remove its folder."""
        self.status.close()  # its supervisor kills it, and with it its whole process namespace
        rmtree(self.job, ignore_errors=True)


@dataclass
class ForkServer:
    """A fork server that has imported these modules, as far as they start no thread; started when first needed."""

    modules: list[str]
    preparation: str = ""  # a module whose ``prepare`` is called once all is imported
    jobs: Path = field(default_factory=scratch.make)
    owner: int = field(default_factory=os.getpid)
    excluded: list[str] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None
    control: socket.socket | None = None
    isolated: ForkServer | None = None
    status: dict[str, Any] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    stderr: IO[bytes] | None = None

    def start(self) -> None:
        """Start it; it goes on importing while the caller does other things."""
        self.control, inside = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        cache = self.jobs / "cache"
        _fonts_to(cache)
        environment = {**clean_environment(), "HOME": str(cache), "MPLCONFIGDIR": str(cache / "matplotlib")}
        modules = [name for name in (*KERNEL_MODULES, *self.modules) if name not in self.excluded]
        arguments = [str(inside.fileno()), json.dumps(modules), self.preparation]
        outer = Outer(public_folders(), [self.jobs], environment)
        self.stderr = tempfile.TemporaryFile()  # noqa: SIM115 (open as long as the process)
        self.process = _in_a_thread_that_stays(
            outer.command([sys.executable, "-m", PROGRAM, *arguments]), inside, self.stderr
        )
        inside.close()

    def ready(self) -> dict[str, Any]:
        """Wait until it has imported all, and return its status: seconds it took, and modules that are missing.

        Raises
        ------
        EngineFault
            when it does not get there
        """
        while not self.status:
            if self.process is None:
                self.start()
            assert self.process is not None
            line = self._line(self.process)
            if not line:
                code = self.process.wait()
                self.stop()
                raise EngineFault(f"the fork server ended with code {code}{self._last_words()}")
            status = json.loads(line)
            if "threads" not in status:
                self.status = status
                break
            self.excluded.append(status["threads"])
            self.stop()
        return self.status

    def _last_words(self) -> str:
        """Return the end of what it wrote to standard error, indented; empty when there is nothing."""
        if self.stderr is None:
            return ""
        self.stderr.seek(max(0, self.stderr.seek(0, os.SEEK_END) - QUOTED))
        written = self.stderr.read().decode(errors="replace").strip()
        if not written:
            return ", with nothing on standard error"
        return ". Its last lines on standard error:\n" + textwrap.indent(written, "  ")

    @staticmethod
    def _line(process: subprocess.Popen[bytes]) -> bytes:
        """Read the next line of its output; nothing once it has ended.

        The end of the pipe would not do as a sign: when bubblewrap is killed while it puts up the wall, a child of it
        may stay behind and hold the pipe open for ever.
        """
        assert process.stdout is not None
        while not select.select([process.stdout], [], [], EVERY)[0]:
            if process.poll() is not None:
                return b""
        return process.stdout.readline()

    def spawn(
        self, kind: str, request: dict[str, Any], sockets: list[socket.socket], job: Path | None = None
    ) -> Spawned:
        """Fork a child of this kind ("kernel", "examiner" or "isolated"), which takes over copies of ``sockets``."""
        job = job or self.new_job()
        kept = [str(folder) for folder in [job, *public_folders()] if folder.is_relative_to("/tmp")]
        message = json.dumps({"kind": kind, "job": str(job), "kept": kept, **request}).encode()
        for tries_left in reversed(range(TRIES)):
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            spawned = Spawned(ours, job)
            try:
                with theirs:
                    self._send(message, [theirs.fileno(), *(s.fileno() for s in sockets)])
                spawned.started()
            except EngineFault:
                ours.close()
                if not tries_left:
                    raise
            else:
                return spawned
        raise AssertionError("never reached")

    def _send(self, message: bytes, descriptors: list[int]) -> None:
        """Ask for a fork; a fork server that has died is replaced by a new one at the next try."""
        with self.lock:
            self.ready()
            assert self.control is not None
            try:
                socket.send_fds(self.control, [message], descriptors)
            except OSError as error:
                self.stop()
                raise EngineFault("the fork server is gone") from error

    def for_isolated(self) -> ForkServer:
        """Return the fork server of isolated processes, in which the texts that students hand over are run.

        It is another one where those need what must not be in a student's kernel: Airflow changes logging, signals and
        the environment, and takes ten seconds to import.
        """
        preparations = [PREPARATIONS[name] for name in self.modules if name in PREPARATIONS]
        if not preparations:
            return self
        with self.lock:
            if self.isolated is None:
                self.isolated = ForkServer(["grader.engine.serve"], preparations[0])
        return self.isolated

    def new_job(self) -> Path:
        """Make a folder that one confined process and the grader share."""
        return Path(tempfile.mkdtemp(prefix="j", dir=self.jobs))

    def stop(self) -> None:
        """End the fork server and all its children."""
        if self.control is not None:
            self.control.close()
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)  # what bubblewrap left behind, too
            self.process.kill()
            self.process.wait()
            assert self.process.stdout is not None
            self.process.stdout.close()
        self.process = self.control = None
        self.status = {}

    def close(self) -> None:
        """Stop it, and remove every trace; only in the process that started it."""
        if os.getpid() == self.owner:
            if self.isolated is not None:
                self.isolated.close()
            self.stop()
            scratch.remove(self.jobs)


def _in_a_thread_that_stays(command: list[str], inside: socket.socket, stderr: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start the fork server in a thread of its own: the process is killed when the thread that started it ends."""
    started: Future[subprocess.Popen[bytes]] = Future()

    def run() -> None:
        try:
            process = subprocess.Popen(  # noqa: S603 (our own command line)
                command,
                pass_fds=[inside.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stderr,
                start_new_session=True,
            )
        except OSError as error:
            started.set_exception(EngineFault(f"the fork server could not be started: {error}"))
            return
        started.set_result(process)
        process.wait()

    threading.Thread(target=run, daemon=True).start()
    return started.result()


def clean_environment() -> dict[str, str]:
    """Return the environment of the fork server, with nothing of the instructor's in it."""
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "NBGRADER_EXECUTION": "autograde",
        "JUPYTER_PLATFORM_DIRS": "1",
        "JE_ARROW_MALLOC_CONF": "background_thread:false",  # pyarrow's allocator would start a thread at import
        **ONE_THREAD,
    }


def public_folders() -> list[Path]:
    """List what student code may read: Python, the environment, the course's public code and the datasets."""
    import helpers
    from helpers.internal.places import folders as datasets

    code = [Path(__file__).parents[1], Path(str(helpers.__file__)).parent]
    folders = [Path(sys.base_prefix), Path(sys.prefix), *code, *datasets()]
    return [folder for folder in dict.fromkeys(folders) if folder.exists() and not folder.is_relative_to("/usr")]


def withheld_from(week: str) -> list[str]:
    """List what a student's code of this week must not see: checkpoints hold what it, or a later week, asks for."""
    from helpers.internal.places import folders as datasets

    checkpoints = [path for folder in datasets() for path in sorted((folder / "checkpoints").glob("week*"))]
    return [str(path) for path in checkpoints if _number(path.name) >= _number(week) > 0]


def _number(week: str) -> int:
    """Return the number that a week's name ends with; 0 where there is none."""
    return int(re.search(r"\d*$", week)[0] or 0)  # type: ignore[index]  # an empty end is found in any text


def _fonts_to(cache: Path) -> None:
    """Copy matplotlib's list of fonts, which takes a second to make."""
    cache.mkdir(exist_ok=True)
    known = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "matplotlib"
    if known.is_dir() and not (cache / "matplotlib").exists():
        copytree(known, cache / "matplotlib")


_shared: list[ForkServer] = []


def start_early(notebooks: list[Path]) -> None:
    """Start the grader's fork server before the grader itself has imported what it needs: each takes seconds.

    Where it cannot be started nothing happens here: the error is raised when it is needed.
    """
    with suppress(CourseError, EngineFault):
        shared(imported_by(notebooks))


def shared(modules: list[str]) -> ForkServer:
    """Return the one fork server of this grader, started when it is first asked for; it ends with the grader."""
    if not _shared:
        require_sandbox()
        server = ForkServer(modules)
        atexit.register(server.close)
        server.start()
        _shared.append(server)
    return _shared[0]
