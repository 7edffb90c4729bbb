"""Step 3: run the repaired notebook, and record the outcome of every cell."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

from nbclient.exceptions import CellExecutionComplete, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import Execute
from traitlets import Bool, Enum, Integer, Unicode

from grader.engine import scratch
from helpers.checks.parts import MIME

KEPT = "timestamp.txt"  # stays in autograded/ beside the notebook; the rest of a submission is there only for the run
CUT = "\n… more output was cut off here.\n"
SHOWN = {"stream", "display_data", "execute_result", "error", "update_display_data"}


class Run(Execute):
    """nbgrader's Execute, which keeps a result for every cell whatever the student's code does.

    Each code cell's metadata gets ``course``: ``{"status": …}`` with *ok*, *error* (with ``ename`` and ``evalue``),
    *timed out*, *crashed* or *not run* (with ``reason``). Only *ok* says that the cell ran to its end; a cell without
    such a note was never run.
    """

    most_output = Integer(1_000_000, help="Characters of output kept of one cell; a plot has 50,000.").tag(config=True)
    skip_cells_with_tag = Unicode()
    record_timing = Bool(False, help="Times would make two equal runs give different files.").tag(config=True)
    store_widget_state = Bool(False).tag(config=True)
    shutdown_kernel = Enum(["graceful", "immediate"], default_value="immediate").tag(config=True)

    stopped: dict[str, str] | None = None
    _left = 0

    def preprocess(
        self,
        nb: NotebookNode,
        resources: dict[str, Any],
        km: Any = None,
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Run the notebook in a folder of its own; a malformed submission is not run."""
        self.stopped = None
        nb.metadata.course.setdefault("sandbox", "none")
        self.skip_cells_with_tag = secrets.token_hex()  # no tag may keep a test cell from running
        if not nb.metadata.course.malformed:
            with private_folder(Path(resources["metadata"]["path"])) as folder:
                super().preprocess(nb, {"metadata": {"path": str(folder)}}, km)
        return nb, resources

    def start_new_kernel(self, **kwargs: Any) -> None:
        """Start the kernel without this terminal: what a kernel prints there belongs to no cell."""
        super().start_new_kernel(stdout=DEVNULL, stderr=DEVNULL, **kwargs)

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict[str, Any], index: int
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Run one cell; once the kernel is gone, note why the cells after it were not run."""
        if cell.cell_type != "code":
            return cell, resources
        if self.stopped:
            cell.metadata.course = {"status": "not run", **self.stopped}
            return cell, resources
        self._left = self.most_output
        self._display_id_map.clear()  # no cell may change what an earlier one showed: it may have seen hidden tests
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "a cell of your own")
        try:
            super().preprocess_cell(cell, resources, index)
        except DeadKernelError:
            cell.metadata.course = {"status": "crashed"}
            self.stopped = {"reason": "crashed", "where": name}
        except CellTimeoutError:  # it did not even stop when interrupted; the kernel is killed at the end
            cell.metadata.course = {"status": "timed out"}
            self.stopped = {"reason": "timed out", "where": name}
        return cell, resources

    def on_cell_executed(self, **kwargs: Any) -> None:
        """Note the kernel's own reply: outputs can be cleared or flooded, the reply is what it is."""
        cell, reply = kwargs["cell"], kwargs["execute_reply"]["content"]
        cell.metadata.course = _note(reply) | _parts(cell)
        if self._left < 0:
            cell.outputs.append(new_output("stream", name="stdout", text=CUT))
        if not isinstance(cell.get("execution_count"), int):
            cell.execution_count = None
        super().on_cell_executed(**kwargs)

    def process_message(self, msg: dict[str, Any], cell: NotebookNode, cell_index: int) -> NotebookNode | None:
        """Keep an output while there is room; a message that makes no sense is no reason to stop."""
        if msg["msg_type"] in SHOWN:
            self._left -= len(str(msg["content"]))
            if self._left < 0:
                return None
        try:
            return super().process_message(msg, cell, cell_index)
        except CellExecutionComplete:
            raise
        except Exception:  # code in a kernel can send anything
            self.log.warning("An output of cell %d could not be understood and was dropped.", cell_index)
            return None


def _note(reply: dict[str, Any]) -> dict[str, Any]:
    if reply["status"] == "ok":
        return {"status": "ok"}
    name, value = str(reply.get("ename", "")), str(reply.get("evalue", ""))
    return {"status": "timed out" if name == "CellTimeoutError" else "error", "ename": name, "evalue": value[:4000]}


def _parts(cell: NotebookNode) -> dict[str, Any]:
    """Return what the cell's value says of the parts of a task, or of points; nothing for any other cell."""
    for output in cell.outputs:
        if output.output_type == "execute_result":
            with suppress(ValueError, TypeError, KeyError):
                mark = output.data.get(MIME)
                return {"parts": mark["parts"]} if mark else {"points": float(output.data["text/plain"])}
    return {}


@contextmanager
def private_folder(submission: Path) -> Iterator[Path]:
    """Give a folder to run in, with the submission's own files, and remove it at the end.

    What a run leaves behind, and what a student handed in beside the notebook, would otherwise be copied to the
    feedback, which students get.
    """
    with scratch.folder() as folder:
        for path in submission.iterdir():
            if path.name != KEPT and path.suffix != ".ipynb":
                shutil.move(path, folder / path.name)
        yield folder
