"""Step 3: run a repaired notebook, a student's code and the author's tests in two processes that never mix.

The student's cells run in a kernel behind the walls of :mod:`grader.engine.sandbox`. Each test cell runs in the
examiner, another process behind walls, which calls the student's functions in that kernel. This module starts and
directs both, and records the outcome of every cell.
"""

from __future__ import annotations

import json
import select
import shutil
import signal
import socket
import time
from copy import deepcopy
from pathlib import Path
from typing import Any

import nbformat
from nbclient.util import run_sync
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearHiddenTests
from traitlets import Bool, Instance, Integer
from traitlets.config import Config

from grader.course import Week
from grader.engine.dependencies import dependencies, imported_by
from grader.engine.forkserver import EngineFault, ForkServer, Spawned, shared, withheld_from
from grader.engine.forkserver_main import CHANNEL, FAULT
from grader.engine.kernel import ForkedKernelManager, copy_plain_files
from grader.engine.names import bound, free
from grader.engine.oracles import read_oracles
from grader.engine.run import Run, private_folder
from grader.intake import Malformed
from grader.master import Master
from grader.read import Submission, read_submission
from grader.repair import repair

SANDBOX = "bubblewrap"  # stamped into the results
GRACE = 5.0  # seconds for an interrupted function to stop, before its kernel is killed
SERVE = f"__import__('grader.engine.serve').engine.serve.serve({CHANNEL})"
EXAMINER = {"cpu": 7_200}  # seconds, for tests of the course's own: each cell has its time anyway


class Examination:
    """One submission's examiner, seen from the grader."""

    isolated: Spawned | None

    def __init__(
        self, server: ForkServer, channel: socket.socket, setup: list[str], oracles: dict[str, str], withheld: list[str]
    ) -> None:
        self.server, self.isolated, self.withheld = server, None, withheld
        self.control, theirs = socket.socketpair()
        self.spawned: Spawned = server.spawn("examiner", {"limits": EXAMINER}, [channel, theirs])
        theirs.close()
        self._send({"setup": setup, "oracles": oracles})
        self.prepared = False

    def prepare(self) -> None:
        """Wait until it has run the set-up cells, which it does while the kernel starts."""
        if not self.prepared:
            if self.reply(120) is None:
                raise EngineFault("the examiner did not get through the set-up cells in two minutes")
            self.prepared = True

    def ask(self, source: str, bind: list[str]) -> None:
        """Request the run of a test cell."""
        self._send({"source": source, "bind": bind})

    def reply(self, seconds: float) -> dict[str, Any] | None:
        """Return its outcome; None when it has not ended after this time.

        Raises
        ------
        EngineFault
            when the examiner is gone, or lacks a name that no student can give it
        """
        deadline = time.monotonic() + seconds
        while select.select([self.control], [], [], max(deadline - time.monotonic(), 0))[0]:
            outcome = self._line()
            if outcome["status"] == "isolated":
                self._start_isolated()
                continue
            if (
                outcome.get("isolated")
                and self.isolated
                and self.isolated.wait(GRACE) is not None
                and self.isolated.over == "memory"
            ):
                outcome["status"] = "out of memory"
            self.end_isolated()
            if "fault" in outcome:
                raise EngineFault(f"the tests know no `{outcome['fault']}`, and no student is to define it")
            return outcome
        return None

    def _line(self) -> dict[str, Any]:
        line = bytearray()
        while not line.endswith(b"\n"):
            try:
                part = self.control.recv(1 << 16)
            except OSError:
                part = b""
            if not part:
                fault = self.spawned.job / FAULT
                raise EngineFault(f"the examiner died: {fault.read_text() if fault.exists() else 'it was killed'}")
            line += part
        return json.loads(line)

    def _start_isolated(self) -> None:
        """Start a process in which no line of the notebook has run, and give the examiner the way to it."""
        self.end_isolated()
        examiners, theirs = socket.socketpair()
        with examiners, theirs:
            self.isolated = self.server.for_isolated().spawn("isolated", {"withheld": self.withheld}, [theirs])
            try:
                socket.send_fds(self.control, [b"."], [examiners.fileno()])
            except OSError as error:
                raise EngineFault("the examiner is gone") from error

    def end_isolated(self) -> None:
        """End that process with all that it has started."""
        if self.isolated:
            self.isolated.close()
        self.isolated = None

    def _send(self, request: dict[str, Any]) -> None:
        try:
            self.control.sendall(json.dumps(request).encode() + b"\n")
        except OSError as error:
            raise EngineFault("the examiner is gone") from error

    def close(self) -> None:
        """End it."""
        self.end_isolated()
        self.control.close()
        self.spawned.close()


class Isolated(Run):
    """Runs the student's cells in one walled-off process and the tests in another."""

    server = Instance(ForkServer, allow_none=True)
    source = Instance(Path, allow_none=True)  # the author's notebook; None: where nbgrader's resources say
    run_demonstrations = Bool(False, help="Run the author's cells that no answer reads from, too.").tag(config=True)
    most_time = Integer(1_200, help="Seconds for a whole notebook: many cells could use up their time.").tag(
        config=True
    )
    most_restarts = Integer(3, help="How often a kernel that died in a test is started again.").tag(config=True)

    def preprocess(
        self,
        nb: NotebookNode,
        resources: dict[str, Any],
        km: Any = None,
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Run the notebook; a malformed submission is not run, and one that `course grade` has run already neither."""
        converter = getattr(self.parent, "parent", None)
        if executed := getattr(converter, "executed", None):
            with private_folder(Path(resources["metadata"]["path"])):
                nb.cells = executed()
        else:
            self._run(nb, resources, km)
        nb.metadata.course.sandbox = SANDBOX
        nb.metadata.language_info = NotebookNode(name="python")
        return nb, resources

    def _run(self, nb: NotebookNode, resources: dict[str, Any], km: Any) -> None:
        self.kernel_manager_class, self.kernel_name = ForkedKernelManager, "python3"
        self.extra_arguments: list[str] = []
        self.examination: Examination | None = None
        self.restarts = 0
        self.end = time.monotonic() + self.most_time
        self.ran: list[tuple[NotebookNode, int]] = []
        self.culprits: set[int] = set()
        self.verdicts: dict[int, NotebookNode] = {}
        self._plan(nb)
        source = self.source or self._source(resources["nbgrader"])
        self.oracles, self.withheld = read_oracles(source.parent), withheld_from(source.parent.name)
        if self.server is None:
            self.server = shared(imported_by([source]))
        try:
            super().preprocess(nb, resources, km)
            for index, cell in self.verdicts.items():  # nbclient puts a cell that it runs again in the place of it
                nb.cells[index] = cell
        finally:
            if self.examination:
                self.examination.close()

    def _source(self, names: dict[str, str]) -> Path:
        """Return the path of the author's notebook."""
        coursedir = CourseDirectory(config=self.config)
        folder = Path(coursedir.format_path(coursedir.source_directory, ".", names["assignment"]))
        return folder / f"{names['notebook']}.ipynb"

    def _plan(self, nb: NotebookNode) -> None:
        """Decide for each code cell who runs it."""
        code = {index: cell for index, cell in enumerate(nb.cells) if cell.cell_type == "code"}
        self.setup = {index: cell.source for index, cell in code.items() if _is_setup(cell)}
        self.tests = {index: cell.source for index, cell in code.items() if utils.is_grade(cell)}
        public = {index: self._public(cell) for index, cell in code.items() if utils.is_locked(cell)}
        own = [cell.source for cell in code.values() if not utils.is_locked(cell)]
        optional = {index: source for index, source in public.items() if index not in self.setup}
        wanted = dependencies(own, optional)
        kept = {index for index in optional if index not in self.tests} if self.run_demonstrations else set()
        left_out = optional.keys() - wanted - kept
        self.in_kernel = {
            index: public.get(index, cell.source) for index, cell in code.items() if index not in left_out
        }
        self.known = set[str]().union(*map(bound, self.setup.values()))

    def _public(self, cell: NotebookNode) -> str:
        """Return an author's cell as the student was given it: without the hidden tests."""
        clear = ClearHiddenTests(config=Config(ClearHiddenTests=self.config.ClearHiddenTests))
        return clear.preprocess_cell(deepcopy(cell), {}, 0)[0].source

    # --- the kernel and the examiner ---

    def create_kernel_manager(self) -> ForkedKernelManager:
        """Make a kernel, and an examiner at the other end of its channel."""
        if self.examination:
            self.examination.close()
        examiners, students = socket.socketpair()
        assert self.server is not None
        self.examination = Examination(self.server, examiners, list(self.setup.values()), self.oracles, self.withheld)
        examiners.close()
        self.km = ForkedKernelManager(server=self.server, channel=students, withheld=self.withheld, parent=self)
        return self.km

    def start_new_kernel(self, **kwargs: Any) -> None:
        """Start the kernel; the environment of this process does not reach it."""
        super(Run, self).start_new_kernel(**kwargs)

    def start_new_kernel_client(self, **kwargs: Any) -> Any:
        """Connect to the kernel; from then on it has no reason to write to the folder of its sockets."""
        client = super().start_new_kernel_client(**kwargs)
        self.km.spawned.seal()
        return client

    def _restart(self) -> None:
        """Restart a kernel that died in a test, and run the student's cells again: one task is lost, not all."""
        self._cleanup_kernel()
        self.create_kernel_manager()
        self.start_new_kernel()
        self.start_new_kernel_client()
        for cell, index in [one for one in self.ran if one[1] not in self.culprits]:
            super().preprocess_cell(deepcopy(cell), self.resources, index)
            if self.stopped or self._is_over(index):
                self.culprits.add(index)
                self._end()
                return

    def _is_over(self, index: int) -> bool:
        """Return True when the time for the whole notebook is up; no further cell is run then."""
        if over := time.monotonic() > self.end:
            name = self.nb.cells[index].metadata.get("nbgrader", {}).get("grade_id", "a cell of your own")
            self.stopped = self.stopped or {"reason": "timed out", "where": name}
            self.restarts = self.most_restarts
        return over

    # --- cells ---

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Run one cell where it belongs."""
        if cell.cell_type != "code":
            return cell, resources
        while self.stopped and self.restarts < self.most_restarts and not self._is_over(index):
            self.restarts += 1
            self.stopped = None
            self._restart()
        self._is_over(index)
        source, cell.source = cell.source, self.in_kernel.get(index, "")
        if index in self.in_kernel:
            before = self.stopped
            super().preprocess_cell(cell, resources, index)
            self.ran.append((deepcopy(cell), index))
            if self.stopped and not before:
                self.culprits.add(index)
                if self.stopped["reason"] == "crashed":
                    self.stopped["reason"] = self._end()
        else:
            cell.metadata.course = {"status": "not needed"}
        cell.source = source
        if index in self.tests:
            cell.metadata.course = {"status": "not run"}  # that its public part ran in the kernel says nothing
            self._test(cell)
            self.verdicts[index] = cell
        return cell, resources

    def _test(self, cell: NotebookNode) -> None:
        """Let the examiner run a test cell; only its own reply says how that ended."""
        name = cell.metadata.nbgrader.grade_id
        cell.outputs, cell.execution_count = [], None
        if self.stopped:
            cell.metadata.course = {"status": "not run", **self.stopped}
            return
        cell.metadata.course = self._examine(cell.source, name)
        isolated = cell.metadata.course.pop("isolated", "")
        if not isolated and cell.metadata.course["status"] in ("crashed", "killed"):
            if cell.metadata.course["status"] == "killed":
                ended = "timed out"
            else:
                ended = "crashed" if self.stopped else self._end()  # stopped: this process has killed it
            cell.metadata.course["status"] = ended  # what was found until then stays
            self.stopped = {"reason": ended, "where": name}

    def _end(self) -> str:
        """Say how the kernel ended: by itself, or killed for what it used.

        Process 1 of a namespace cannot be killed from within: it was a person, or the system for lack of memory.

        Raises
        ------
        EngineFault
            when it was killed from outside, which is no student's doing
        """
        ended = self.km.spawned
        if ended.wait(GRACE) == -signal.SIGKILL and not ended.over:
            raise EngineFault("the student's kernel was killed from outside. Did this machine run out of memory?")
        return {"memory": "out of memory", "time": "timed out"}.get(ended.over, "crashed")

    def _examine(self, source: str, name: str) -> dict[str, Any]:
        assert self.examination is not None and self.km is not None
        self.examination.prepare()
        serving = self.kc.execute(SERVE, silent=True, store_history=False)
        bind = sorted(free(source) - self.known)
        self.examination.ask(source, bind)
        reply = self._patiently(time.monotonic() + (self.timeout or 600))
        if reply["status"] != "killed" and not self._served(serving):
            self.km.spawned.signal(signal.SIGKILL)  # what it does now is nothing that was asked of it
            self.stopped = {"reason": "timed out", "where": name}
        return reply

    def _patiently(self, deadline: float) -> dict[str, Any]:
        """Wait for the examiner. When time is up, interrupt the student's function, and at last kill its kernel."""
        assert self.examination is not None
        reply = self.examination.reply(deadline - time.monotonic())
        if reply is None and self.examination.isolated:  # it waits for a text, and for no function
            self.examination.end_isolated()
            reply = self.examination.reply(GRACE)
            return {**reply, "status": "timed out", "isolated": "yes"} if reply else self._kill()
        if reply is None:
            run_sync(self.km.interrupt_kernel)()
            reply = self.examination.reply(GRACE)
        return reply or self._kill()

    def _kill(self) -> dict[str, Any]:
        assert self.examination is not None
        run_sync(self.km.kill_now)()
        reply = self.examination.reply(GRACE)
        if reply is None:  # it is busy with something huge that it was given
            self.examination.close()
        return {**(reply or {}), "status": "killed"}

    def _served(self, serving: str) -> bool:
        """Wait until the kernel has stopped serving, so that the next cell is its own."""
        deadline = time.monotonic() + GRACE
        while time.monotonic() < deadline:
            try:
                message = run_sync(self.kc.shell_channel.get_msg)(timeout=0.5)
            except Exception:  # queue.Empty: no word yet
                if not run_sync(self.km.is_alive)():
                    return True
                continue
            if message["parent_header"].get("msg_id") == serving:
                return True
        return False


def execute(
    notebook: Path, week: Week, master: Master, config: Config, server: ForkServer, folder: Path
) -> list[NotebookNode]:
    """Run one submission, in a copy of its folder, without looking at the gradebook; returns its cells.

    ``notebook`` is where it was handed in.

    A fault of the grader's own is tried once more.

    Raises
    ------
    Exception
        when it happens again
    """
    for last in (False, True):
        shutil.rmtree(folder, ignore_errors=True)
        copy_plain_files(notebook.parent, folder)
        try:
            nb = _repaired(notebook, master)
            resources = {"metadata": {"path": str(folder)}}
            return Isolated(config=config, server=server, source=week.notebook).preprocess(nb, resources)[0].cells
        except Exception:  # Jupyter's own too: a kernel may have been killed before it was there
            if last:
                raise
    raise AssertionError("never reached")


def _repaired(notebook: Path, master: Master) -> NotebookNode:
    nb = nbformat.v4.new_notebook()
    nb.metadata.course = {"malformed": "", "repairs": []}
    try:
        nb.cells, _ = repair(read_submission(notebook), master)
    except Malformed as error:
        nb.cells, _ = repair(Submission([], "", 4), master)
        nb.metadata.course.malformed = str(error)
    return nb


def _is_setup(cell: NotebookNode) -> bool:
    return utils.is_locked(cell) and bool({"setup", "parameters"} & set(cell.metadata.get("tags", [])))
