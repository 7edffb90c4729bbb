"""`course` with a meter: how much processor time the cells themselves take, in kernels and examiners.

That time over the number of cores is the floor: no grader that runs these cells once can be faster. Left out are
Python's and the kernels' starts, the examiner's own run of the set-up cells, repairs, the gradebook and feedback.

``python -m bench.metered FILE grade …`` writes the seconds of every submission to FILE: ``kernel`` and ``examiner`` are
spent on cells, ``all`` is what both have spent from fork to end.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import grader.engine.isolate
from grader.cli import app
from grader.environment import prepare

SCHEDULED = 2  # the clock of a process that counts the time it ran, all threads together
measured: list[dict[str, float]] = []


def seconds_of(pid: int) -> float:
    """Return the processor time of any process, as the kernel has counted it to the nanosecond."""
    return time.clock_gettime(~pid << 3 | SCHEDULED)


class Metered(grader.engine.isolate.Isolated):
    """The engine's step, which also adds up what its two processes spend on cells."""

    def _run(self, *arguments: Any) -> None:
        self.spent = {"kernel": 0.0, "examiner": 0.0, "all": 0.0}
        super()._run(*arguments)
        measured.append(self.spent)

    def _cleanup_kernel(self) -> None:
        """End the kernel, and note what both processes have spent since they were forked."""
        assert self.examination is not None
        self.spent["all"] += self._kernel_seconds() + seconds_of(self.examination.spawned.pid)
        super()._cleanup_kernel()

    def preprocess_cell(self, cell: Any, resources: Any, index: int) -> Any:
        """Run one cell, and count what the kernel spent meanwhile."""
        begun = self._kernel_seconds()
        done = super().preprocess_cell(cell, resources, index)
        self.spent["kernel"] += self._kernel_seconds() - begun
        return done

    def _kernel_seconds(self) -> float:
        provisioner: Any = self.km.provisioner
        return seconds_of(provisioner.spawned.pid)

    def _test(self, cell: Any) -> None:
        assert self.examination is not None
        self.examination.prepare()  # its set-up cells have run in the kernel too, and are counted there
        begun = seconds_of(self.examination.spawned.pid)
        super()._test(cell)
        self.spent["examiner"] += seconds_of(self.examination.spawned.pid) - begun


def main() -> None:
    """Run `course` with the arguments that follow the file's name."""
    prepare()
    grader.engine.isolate.Isolated = Metered  # type: ignore[misc]
    file, sys.argv = Path(sys.argv[1]), ["course", *sys.argv[2:]]
    try:
        app()
    finally:
        file.write_text(json.dumps(measured))


if __name__ == "__main__":
    main()
