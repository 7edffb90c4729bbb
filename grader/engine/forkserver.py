"""A warm process inside the outer wall: it has imported what the notebooks import, and forks kernels and examiners.

Forking costs milliseconds where starting Python and importing costs seconds. One rule makes it safe: nothing that
starts threads may happen in the warm process, for a fork copies one thread only, and libraries that use OpenMP hang
for ever after it. So modules are imported and nothing else is done; a module that starts a thread is left out.
"""

from __future__ import annotations

import atexit
import fcntl
import gc
import importlib
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
import time
import traceback
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import redirect_stdout, suppress
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copytree, rmtree
from typing import IO, Any

from grader.course import CourseError
from grader.engine import scratch
from grader.engine.dependencies import imported_by
from grader.engine.sandbox import (
    HOME,
    Limits,
    Outer,
    confine,
    enter_namespaces,
    private_tree,
    require_sandbox,
    seal,
    withhold,
)
from grader.engine.usage import EVERY, excess

CHANNEL, CONTROL = 3, 4  # where a forked process finds its sockets
SEAL = "seal"  # said to a supervisor in place of a signal's number
SEALED = {"sealed": True}  # what it answers
LOST = "the process that was to start it is gone"
LAST_WORDS = 2_000  # bytes of its standard error that a message quotes
FAULT = "fault.txt"  # in a job's folder: why the process in it ended, if it was not meant to
# What a kernel needs before the first cell, and nothing that belongs to a course.
KERNEL_MODULES = (
    *("ipykernel.kernelapp", "ipykernel.ipkernel", "ipykernel.iostream", "ipykernel.zmqshell", "ipykernel.embed"),
    *("IPython.core.completerlib", "IPython.core.magics", "jupyter_client.session", "zmq.eventloop.zmqstream", "comm"),
    *("matplotlib_inline.config", "grader.engine.serve", "grader.engine.examine"),
)
# What a process that runs texts apart can have made ready, by the module that a notebook imports for it.
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


# --- outside: the grader's handle on the warm process ---


@dataclass
class Spawned:
    """A process forked by the warm process, seen through its supervisor."""

    status: socket.socket
    job: Path
    pid: int = 0
    code: int | None = None
    over: str = ""  # what it had too much of, if it was killed for that

    def started(self) -> None:
        """Wait until it stands behind both walls.

        Raises
        ------
        EngineFault
            when a wall could not be put up
        """
        reply = json.loads(self.status.recv(1 << 16) or b"{}")
        if "pid" not in reply:
            raise EngineFault(f"a walled-off process could not be started: {reply.get('error', LOST)}")
        self.pid = reply["pid"]
        self.status.setblocking(False)

    def poll(self) -> int | None:
        """Its exit code, or None while it runs."""
        if self.code is None:
            self._hear()
        return self.code

    def _hear(self) -> None:
        """Take in what its supervisor said, if anything: that it is sealed, or how it ended."""
        try:
            message = self.status.recv(1 << 16)
            told = json.loads(message) if message else {}
            if told != SEALED:
                self.code, self.over = told.get("exit", -signal.SIGKILL), told.get("over", "")
        except BlockingIOError:
            return
        except OSError:
            self.code = -signal.SIGKILL

    def wait(self, seconds: float) -> int | None:
        """Its exit code, if it ends within this time."""
        if self.code is None:
            select.select([self.status], [], [], seconds)
        return self.poll()

    def signal(self, number: int) -> None:
        """Send it a signal; nothing happens when it is gone."""
        self._tell(str(number))

    def seal(self) -> None:
        """Forbid it to write to the folder that it shares with the grader, which has no limit of size.

        It is forbidden when this returns: what the student's first cell does must not depend on who is quicker.
        """
        self._tell(SEAL)
        if self.code is None:
            select.select([self.status], [], [])
            self._hear()

    def _tell(self, message: str) -> None:
        try:
            self.status.send(message.encode())
        except OSError:  # it is gone
            return

    def close(self) -> None:
        """End it with everything it has started, and remove its folder."""
        self.status.close()  # its supervisor kills it, and with it its whole process namespace
        rmtree(self.job, ignore_errors=True)


@dataclass
class Warm:
    """The warm process, from outside."""

    modules: list[str]
    preparation: str = ""  # a module whose ``prepare`` is called once all is imported
    jobs: Path = field(default_factory=scratch.make)
    owner: int = field(default_factory=os.getpid)
    excluded: list[str] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None
    control: socket.socket | None = None
    second: Warm | None = None
    told: dict[str, Any] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)
    stderr: IO[bytes] | None = None

    def start(self) -> None:
        """Start it; it goes on warming up while the caller does other things."""
        self.control, inside = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        cache = self.jobs / "cache"
        _fonts_to(cache)
        environment = {**clean_environment(), "HOME": str(cache), "MPLCONFIGDIR": str(cache / "matplotlib")}
        modules = [name for name in (*KERNEL_MODULES, *self.modules) if name not in self.excluded]
        command = Outer(public_folders(), [self.jobs], environment).command(
            [
                sys.executable,
                "-m",
                "grader.engine.forkserver",
                str(inside.fileno()),
                json.dumps(modules),
                self.preparation,
            ]
        )
        self.stderr = tempfile.TemporaryFile()  # noqa: SIM115 (open as long as the process)
        self.process = _in_a_thread_that_stays(command, inside, self.stderr)
        inside.close()

    def ready(self) -> dict[str, Any]:
        """Wait until it is warm; what it says of itself.

        Raises
        ------
        EngineFault
            when it does not get there
        """
        while not self.told:
            if self.process is None:
                self.start()
            assert self.process is not None and self.process.stdout is not None
            line = self._line(self.process)
            if not line:
                code = self.process.wait()
                self.stop()
                raise EngineFault(f"the fork server ended with code {code}{self._last_words()}")
            told = json.loads(line)
            if "threads" not in told:
                self.told = told
                break
            self.excluded.append(told["threads"])
            self.stop()
        return self.told

    def _last_words(self) -> str:
        """Return the end of what it wrote to standard error, indented; empty when there is nothing."""
        if self.stderr is None:
            return ""
        self.stderr.seek(max(0, self.stderr.seek(0, os.SEEK_END) - LAST_WORDS))
        said = self.stderr.read().decode(errors="replace").strip()
        return ". It said last:\n" + textwrap.indent(said, "  ") if said else ", without a word on standard error"

    @staticmethod
    def _line(process: subprocess.Popen[bytes]) -> bytes:
        """Read what it says next; nothing once it has ended.

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
        """Fork a process of this kind ("kernel", "examiner" or "isolated"), which takes over copies of ``sockets``."""
        job = job or self.new_job()
        kept = [str(folder) for folder in [job, *public_folders()] if folder.is_relative_to("/tmp")]
        message = json.dumps({"kind": kind, "job": str(job), "kept": kept, **request}).encode()
        for tries_left in (2, 1, 0):
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
        """Ask for a fork; a warm process that has died is replaced by a new one, for the next time."""
        with self.lock:
            self.ready()
            assert self.control is not None
            try:
                socket.send_fds(self.control, [message], descriptors)
            except OSError as error:
                self.stop()
                raise EngineFault("the warm process is gone") from error

    def for_texts(self) -> Warm:
        """The warm process that forks those in which texts run apart.

        It is another one where the texts need what must not be in a student's kernel: Airflow changes logging, signals
        and the environment, and takes ten seconds to import.
        """
        needed = [PREPARATIONS[name] for name in self.modules if name in PREPARATIONS]
        if not needed:
            return self
        with self.lock:
            if self.second is None:
                self.second = Warm(["grader.engine.serve"], needed[0])
        return self.second

    def new_job(self) -> Path:
        """A new folder that one confined process and the grader share."""
        return Path(tempfile.mkdtemp(prefix="j", dir=self.jobs))

    def stop(self) -> None:
        """End the warm process and everything it has forked."""
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
        self.told = {}

    def close(self) -> None:
        """Stop, and remove every trace; only in the process that started it."""
        if os.getpid() == self.owner:
            if self.second is not None:
                self.second.close()
            self.stop()
            scratch.remove(self.jobs)


def _in_a_thread_that_stays(command: list[str], inside: socket.socket, stderr: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start the warm process in a thread of its own: the process is killed when the thread that started it ends."""
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
            started.set_exception(EngineFault(f"the warm process could not be started: {error}"))
            return
        started.set_result(process)
        process.wait()

    threading.Thread(target=run, daemon=True).start()
    return started.result()


def clean_environment() -> dict[str, str]:
    """The environment of the warm process: nothing of the instructor's."""
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
    """What student code may read: Python, the environment, the course's public code and the datasets."""
    import helpers
    from helpers.internal.places import folders as datasets

    code = [Path(__file__).parents[1], Path(str(helpers.__file__)).parent]
    folders = [Path(sys.base_prefix), Path(sys.prefix), *code, *datasets()]
    return [folder for folder in dict.fromkeys(folders) if folder.exists() and not folder.is_relative_to("/usr")]


def withheld_from(week: str) -> list[str]:
    """Paths that a student's code of this week must not see: checkpoints hold what it, or a later week, asks for."""
    from helpers.internal.places import folders as datasets

    checkpoints = [folder for place in datasets() for folder in sorted((place / "checkpoints").glob("week*"))]
    return [str(folder) for folder in checkpoints if _number(folder.name) >= _number(week) > 0]


def _number(week: str) -> int:
    """Return the number that a week's name ends with; 0 where there is none."""
    return int(re.search(r"\d*$", week)[0] or 0)  # type: ignore[index]  # an empty end is found in any text


def _fonts_to(cache: Path) -> None:
    """Copy matplotlib's list of fonts, which takes a second to make."""
    cache.mkdir(exist_ok=True)
    known = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "matplotlib"
    if known.is_dir() and not (cache / "matplotlib").exists():
        copytree(known, cache / "matplotlib")


_shared: list[Warm] = []


def warm_up_early(notebooks: list[Path]) -> None:
    """Start the one warm process before the grader itself has imported what it needs: each takes seconds.

    Where it cannot be started, nothing happens yet: who asks for it is told.
    """
    with suppress(CourseError, EngineFault):
        shared(imported_by(notebooks))


def shared(modules: list[str]) -> Warm:
    """The one warm process of this grader, started when it is first asked for; it ends with the grader."""
    if not _shared:
        require_sandbox()
        warm = Warm(modules)
        atexit.register(warm.close)
        warm.start()
        _shared.append(warm)
    return _shared[0]


# --- inside: the warm process itself ---


def main(control: int, modules: list[str], preparation: str) -> None:
    """Import, tell how it went, then fork whatever is asked for until the grader hangs up."""
    requests = socket.socket(fileno=control)
    begun = time.perf_counter()
    gc.disable()  # looking through modules that stay, again and again, is a tenth of the time that importing takes
    missing = warm_up(modules)
    if preparation:
        with redirect_stdout(sys.stderr):  # a library may print while it is imported
            importlib.import_module(preparation).prepare()
    gc.collect()
    gc.freeze()  # a collection in a child would touch, and so copy, every page
    gc.enable()
    told = {"ready": round(time.perf_counter() - begun, 2), "missing": missing}
    print(json.dumps(told), flush=True)
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


def warm_up(modules: list[str]) -> list[str]:
    """Import every module that can be imported; end this process when one starts a thread."""
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
    """The first drawing finds fonts; every fork inherits them."""
    import io

    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure()
    FigureCanvasAgg(figure)
    figure.subplots().plot([1, 2], label="line")
    figure.savefig(io.BytesIO(), format="png")


def supervise(request: Mapping[str, Any], descriptors: list[int]) -> None:
    """Stand between the warm process and its fork: tell of its end, and kill it when the grader is gone."""
    os.setsid()
    status = socket.socket(fileno=descriptors[0])
    try:
        told, child = _fork_confined(request, descriptors[1:])
        for descriptor in descriptors[1:]:
            os.close(descriptor)
        problem = _read_all(told)  # empty, once the child is behind its walls
        status.send(json.dumps({"error": problem} if problem else {"pid": child}).encode())
        code, over = _watch(child, status, Path(request["job"]), Limits(**request.get("limits", {})))
        status.send(json.dumps({"exit": code, "over": over}).encode())
    except OSError:
        pass  # the grader hung up: nobody waits for an answer
    except BaseException:
        status.send(json.dumps({"error": traceback.format_exc()[-2_000:]}).encode())
    os._exit(0)


def _fork_confined(request: Mapping[str, Any], descriptors: list[int]) -> tuple[int, int]:
    enter_namespaces()
    told, tell = os.pipe2(os.O_CLOEXEC)
    child = os.fork()
    if child == 0:
        os.close(told)
        _become(request, descriptors, tell)
    os.close(tell)
    return told, child


def _read_all(descriptor: int) -> str:
    with os.fdopen(descriptor, "rb") as pipe:
        return pipe.read().decode(errors="replace")


def _watch(child: int, status: socket.socket, job: Path, limits: Limits) -> tuple[int, str]:
    """Pass signals on until the child ends; its exit code, and what it was killed for having too much of.

    When the grader hangs up, everything is killed.
    """
    ended, over = os.pidfd_open(child), ""
    while True:
        ready = select.select([status.fileno(), ended], [], [], EVERY)[0]
        if ended in ready:
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), over
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


def _become(request: Mapping[str, Any], descriptors: list[int], tell: int) -> None:
    """Put up the second wall and be what was asked for. Never returns."""
    try:
        os.setsid()
        tell = _arrange(descriptors, tell)
        job, limits = Path(request["job"]), Limits(**request.get("limits", {}))
        private_tree([Path(folder) for folder in request["kept"]], limits)
        for folder in request.get("withheld", []):
            withhold(Path(folder))
        if (job / "files").is_dir():
            copytree(job / "files", HOME, dirs_exist_ok=True)
        os.chdir(HOME)
        confine(limits)
        _require_supervisor(tell)
        os.close(tell)
    except BaseException:
        os.write(tell, traceback.format_exc()[-2_000:].encode())
        os._exit(1)
    try:
        _KINDS[request["kind"]](list(request.get("arguments", [])))
    except SystemExit as error:
        os._exit(error.code if isinstance(error.code, int) else 0)
    except BaseException:
        (job / FAULT).write_text(traceback.format_exc()[-4_000:])
        os._exit(1)
    os._exit(0)


def _require_supervisor(tell: int) -> None:
    """End when the supervisor died before its death would have ended this process."""
    watch = select.poll()
    watch.register(tell, 0)
    if watch.poll(0):
        os._exit(1)


def _arrange(descriptors: list[int], tell: int) -> int:
    """Leave this process the sockets it is meant to have, in their places, and nothing else that is open."""
    high = [fcntl.fcntl(descriptor, fcntl.F_DUPFD, 100) for descriptor in [*descriptors, tell]]
    nothing = os.open(os.devnull, os.O_RDWR)
    for place in (0, 1, 2):
        os.dup2(nothing, place)
    os.closerange(3, 100)
    for place, descriptor in enumerate(high, CHANNEL):
        os.dup2(descriptor, place, inheritable=False)
    os.closerange(CHANNEL + len(high), 65_536)
    return CHANNEL + len(descriptors)


def _examiner(_arguments: list[str]) -> None:
    _own_environment({})
    from grader.engine.examine import main as examine

    examine(CHANNEL, CONTROL)


def _isolated(_arguments: list[str]) -> None:
    _own_environment({})
    from grader.engine.serve import IsolatedServer, answer

    answer(CHANNEL, IsolatedServer({}))


def _kernel(arguments: list[str]) -> None:
    _own_environment({"MPLBACKEND": "module://matplotlib_inline.backend_inline"})
    for name in [name for name in sys.modules if name.startswith("matplotlib_inline")]:
        del sys.modules[name]  # imported before there was a shell, it would show no figures
    sys.argv = ["ipykernel_launcher", *arguments]
    from ipykernel.kernelapp import IPKernelApp

    IPKernelApp.launch_instance(argv=arguments)


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
