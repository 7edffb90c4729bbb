"""Author's step 4: the source notebooks run in batch, over seeds and sample sizes, and must earn full marks each time.

Each week runs alone, from the reference checkpoints, or all of them one after the other as a student goes through the
course, each with what the weeks before it left in one work folder: the *journey*. The marks must be the same.
Or the hidden tests are left out, so that time and memory are those of a student who has solved everything.
Every run is a process of its own, so that memory, time and outcome are measured for each alone.
"""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from itertools import product
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Any

import nbformat
import papermill
import psutil
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode
from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn
from rich.table import Table
from traitlets.config import Config

from grader.author.pair import drift
from grader.course import Course, CourseError, Week, replace_file, stderr
from grader.engine.usage import fair_share
from helpers.checks.parts import MIME
from helpers.work import FOLDER as WORK

VERSION = 4  # of reports/check.json
ROWS = (10_000, 30_000, 60_000)
AIM_SECONDS, AIM_MIB = 60, 2048  # a run that takes more is marked in the table; it is no fault
ANSI = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Failure:
    """A cell that did not do what it must: its name, the error in one line, and the traceback."""

    cell: str
    error: str
    traceback: str = ""


@dataclass(frozen=True)
class Job:
    """One run to make: a week's notebook with a seed and a sample size, on so many threads.

    ``journey`` says whether what earlier weeks left behind is used, and what this one leaves kept for later ones;
    ``hidden`` whether the hidden tests run.
    """

    week: str
    notebook: str
    seed: int
    rows: int
    threads: int
    options: dict[str, Any]
    journey: bool = False
    hidden: bool = True


@dataclass
class Run:
    """Outcome of one run.

    Wall and CPU seconds and peak memory (MiB) are those of the kernel and all that it started; memory that several
    processes share counts once altogether.
    """

    week: str
    seed: int
    rows: int
    journey: bool = False
    hidden: bool = True
    points: float = 0.0
    full: float = 0.0
    wall_seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_mib: float = 0.0
    failures: list[Failure] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """True if the run earned full marks and no cell failed."""
        return not self.failures and self.points == self.full > 0


# --- one run, in a process of its own ---


def kernel_options(course: Course) -> dict[str, Any]:
    """Read from nbgrader_config.py how grading runs a notebook: time for a cell, treatment of stderr, and so on."""
    from grader.gradebook import load_config  # not above: workers, which start often, do without nbgrader's database

    options = load_config(course).Execute
    known = {name: value for name, value in options.items() if name in NotebookClient.class_trait_names()}
    quiet = [*known.pop("extra_arguments", []), "--log-level=50"]  # else each kernel reports how it talks to us
    return known | {"execution_timeout": known.get("timeout"), "extra_arguments": quiet, "allow_errors": True}


def without_hidden_tests(notebook: Path) -> NotebookNode:
    """Read a source notebook as a student has it who solved everything: nbgrader's own step leaves the tests out."""
    from nbgrader.preprocessors import ClearHiddenTests

    return ClearHiddenTests().preprocess(nbformat.read(notebook, as_version=4), {})[0]


def run_notebook(
    notebook: Path, options: dict[str, Any], parameters: dict[str, int] | None = None, *, hidden: bool = True
) -> NotebookNode:
    """Run every cell through papermill, going on after errors, in an empty folder; return the executed notebook.

    Without ``hidden``, the hidden tests are left out.

    Raises
    ------
    CourseError
        when the kernel died
    """
    with TemporaryDirectory(prefix="run-") as folder:
        output = Path(folder) / "executed.ipynb"
        # By files, as in grading: a port that was free when it was chosen may be taken when it is opened.
        files = Config(KernelManager={"transport": "ipc", "ip": str(Path(folder) / "k")})
        try:
            papermill.execute_notebook(
                notebook.resolve() if hidden else without_hidden_tests(notebook),
                output,
                parameters,
                kernel_name="python3",
                cwd=folder,
                progress_bar=False,
                request_save_on_cell_execute=False,
                config=files,
                **options,
            )
        except papermill.PapermillExecutionError:
            pass  # raised at the end; the outputs hold every error
        except DeadKernelError as error:
            remedy = "Run it in JupyterLab: it ran out of memory, or crashed in compiled code."
            raise CourseError(f"{notebook}: the kernel died.", remedy) from error
        return nbformat.read(output, as_version=4)


def name_of(cell: NotebookNode) -> str:
    """Name a cell as its author knows it."""
    return str(cell.metadata.get("nbgrader", {}).get("grade_id") or cell.get("id") or "unnamed")


def errors_of(cell: NotebookNode) -> list[NotebookNode]:
    """Collect the errors among a cell's outputs."""
    return [output for output in cell.get("outputs", []) if output.output_type == "error"]


def is_automatic(cell: NotebookNode) -> bool:
    """Return True for a cell whose points nbgrader gives by itself."""
    own = cell.metadata.get("nbgrader", {})
    return cell.cell_type == "code" and bool(own.get("grade")) and not own.get("solution")


def marks(executed: NotebookNode) -> dict[str, tuple[float, float]]:
    """Points earned and points to earn by each automatic test cell, by nbgrader's own rule."""
    from nbgrader.utils import determine_grade

    return {name_of(cell): determine_grade(cell) for cell in executed.cells if is_automatic(cell)}


def lost_parts(cell: NotebookNode) -> str:
    """Return what the parts that did not pass say, of a test cell that was run; empty where there are none."""
    lost = [part for part in parts_of(cell) if part["outcome"] != "passed"]
    return "\n".join(f"{part['name']}: {part['message']}" for part in lost)


def parts_of(cell: NotebookNode) -> list[dict[str, str]]:
    """Return the parts of a test cell that was run: name, outcome and message of each."""
    values = [output.data.get(MIME) for output in cell.get("outputs", []) if output.output_type == "execute_result"]
    return [part for value in values if value for part in value["parts"]]


def failures_of(executed: NotebookNode) -> list[Failure]:
    """Collect the cells that raised, and the test cells that earned less than full marks without raising."""
    raised = [
        Failure(name_of(cell), f"{error.ename}: {error.evalue}", ANSI.sub("", "\n".join(error.traceback)))
        for cell in executed.cells
        for error in errors_of(cell)
    ]
    known = {failure.cell for failure in raised}
    told = {name_of(cell): f": {said}" for cell in executed.cells if (said := lost_parts(cell))}
    short = [
        Failure(
            name, f"earned {points:g} of {full:g} points{told.get(name, ' without an error: does it end in a value?')}"
        )
        for name, (points, full) in marks(executed).items()
        if points < full and name not in known
    ]
    return raised + short


class PeakMemory:
    """Context that watches the memory of everything that this process started; ``mib`` is its peak."""

    def __init__(self) -> None:
        """Start at nothing."""
        self.mib = 0.0
        self._done = Event()
        self._watcher = Thread(target=self._watch, daemon=True)

    def __enter__(self) -> PeakMemory:
        """Start to watch."""
        self._watcher.start()
        return self

    def __exit__(self, *_error: object) -> None:
        """Stop watching; a peak between two looks is still in the largest child's own record."""
        self._done.set()
        self._watcher.join()
        self.mib = max(self.mib, getrusage(RUSAGE_CHILDREN).ru_maxrss / 1024)

    def _watch(self) -> None:
        took = 0.0
        while not self._done.wait(max(0.1, 20 * took)):  # looking must not slow down what it looks at
            start = time.thread_time()
            with suppress(psutil.Error):
                tree = psutil.Process().children(recursive=True)
                # The fair share is never more than this sum, and takes longer to find out.
                if sum(map(resident_mib, tree)) > self.mib:
                    self.mib = max(self.mib, fair_share([Path(f"/proc/{one.pid}") for one in tree]) / 2**20)
            took = time.thread_time() - start


def resident_mib(process: psutil.Process) -> float:
    """Resident memory of a process in MiB; zero when it has just ended."""
    try:
        return process.memory_info().rss / 2**20
    except psutil.Error:
        return 0.0


def measure(job: Job, work: Path) -> Run:
    """Make one run and measure it, with its artifacts in ``work``; call it in a process of its own."""
    threads = str(job.threads)  # the kernel inherits it: runs side by side share the cores
    os.environ.update({"OMP_NUM_THREADS": threads, "OMP_THREAD_LIMIT": threads, WORK: str(work)})
    run, start = Run(job.week, job.seed, job.rows, job.journey, job.hidden), time.monotonic()
    parameters = {"SEED": job.seed, "SAMPLE_ROWS": job.rows}
    try:
        with PeakMemory() as memory:
            executed = run_notebook(Path(job.notebook), job.options, parameters, hidden=job.hidden)
        run.failures = failures_of(executed)
        run.points, run.full = map(sum, zip((0.0, 0.0), *marks(executed).values(), strict=True))
    except Exception as error:  # a dead kernel, a hanging cell: this run's fault, and no other's
        run.failures = [Failure("the whole run", f"{type(error).__name__}: {error}")]
    usage = getrusage(RUSAGE_CHILDREN)
    run.wall_seconds, run.cpu_seconds = time.monotonic() - start, usage.ru_utime + usage.ru_stime
    run.peak_mib = memory.mib
    return run


def worker(job: Job, work: Path, pipe: Connection) -> None:
    """Make one run and send back its outcome."""
    os.setsid()  # Ctrl-C reaches the command alone, which then stops its workers in good order
    pipe.send(measure(job, work))


# --- all runs ---


def run_in_turn(jobs: list[Job]) -> list[Run]:
    """Make these runs one after the other, in one work folder, which is empty at first."""
    with TemporaryDirectory(prefix="work-", ignore_cleanup_errors=True) as folder:
        return [run_isolated(job, Path(folder)) for job in jobs]


def run_isolated(job: Job, work: Path) -> Run:
    """Make one run in a fresh process and wait for it, whatever its end."""
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=worker, args=(job, work, theirs), daemon=True)
    process.start()
    theirs.close()  # so that the end of the process is the end of the pipe
    try:
        return ours.recv()
    except EOFError:
        process.join()
        ended = f"its process ended with exit code {process.exitcode} (-9 is often a lack of memory)"
        fault = [Failure("the whole run", ended)]
        return Run(job.week, job.seed, job.rows, job.journey, job.hidden, failures=fault)
    finally:
        process.join()


def run_all(chains: list[list[Job]], workers: int) -> Iterator[Run]:
    """Make the runs, ``workers`` chains at a time, as they end; Ctrl-C stops those under way, drops the rest."""
    pool = ThreadPoolExecutor(workers)
    try:
        futures = [pool.submit(run_in_turn, chain) for chain in chains]
        for future in as_completed(futures):
            yield from future.result()
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):
                process.kill()
        raise
    finally:
        pool.shutdown()


def plan(
    course: Course,
    weeks: list[Week],
    seeds: int,
    rows: list[int] | None,
    workers: int,
    *,
    journey: bool = False,
    hidden: bool = True,
) -> list[list[Job]]:
    """List the runs in chains, each of which is run in turn: of one run, or of all weeks of one journey.

    The largest samples come first: a long run that starts last would keep the others waiting.
    """
    threads = max(1, (os.cpu_count() or 1) // workers)
    sizes, options = sorted(set(rows or ROWS), reverse=True), kernel_options(course)
    turns = [weeks] if journey else [[week] for week in weeks]
    return [
        [Job(week.name, str(week.notebook), seed, size, threads, options, journey, hidden) for week in turn]
        for size, turn, seed in product(sizes, turns, range(1, seeds + 1))
    ]


def run_with_progress(course: Course, chains: list[list[Job]], workers: int) -> list[Run]:
    """Make the runs under a progress bar, reporting after each; return them in the order of week, rows and seed."""
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=stderr) as progress:
        planned = sum(map(len, chains))
        task = progress.add_task("Running notebooks", total=planned)
        runs: list[Run] = []
        for run in run_all(chains, workers):
            runs = sorted([*runs, run], key=lambda run: (run.week, run.rows, run.seed))
            write_report(course, runs, planned)  # hours of runs must not be lost with the last one
            progress.advance(task)
    return runs


# --- the report ---

HEADER = ("week", "begins with", "hidden tests", "rows", "seed", "points", "wall s", "CPU s", "peak MiB", "result")


def row_of(run: Run) -> tuple[str, ...]:
    """Write one run as a row of the table."""
    over = [f"over {AIM_SECONDS} s"] if run.wall_seconds > AIM_SECONDS else []
    over += [f"over {AIM_MIB} MiB"] if run.peak_mib > AIM_MIB else []
    result = "failed" if not run.passed else ", ".join(over) or "ok"
    numbers = (f"{run.wall_seconds:.1f}", f"{run.cpu_seconds:.1f}", f"{run.peak_mib:.0f}")
    begins = "earlier weeks" if run.journey else "checkpoints"
    hidden = "yes" if run.hidden else "no"
    return (run.week, begins, hidden, str(run.rows), str(run.seed), f"{run.points:g} of {run.full:g}", *numbers, result)


def failure_lines(runs: list[Run]) -> list[str]:
    """Say of each failed run what failed: week, seed, rows, cell and error."""
    return [
        f"{run.week}, seed {run.seed}, {run.rows} rows, cell {failure.cell}: {failure.error}"
        for run in runs
        for failure in run.failures or ([] if run.passed else [Failure("any", "there is no automatic test in it")])
    ]


def report_json(runs: list[Run], planned: int) -> str:
    """Write the report for machines; as long as runs are missing, it has not passed."""
    listed = [asdict(run) | {"passed": run.passed} for run in runs]
    passed = len(runs) == planned and all(run.passed for run in runs)
    return json.dumps({"version": VERSION, "planned": planned, "passed": passed, "runs": listed}, indent=1) + "\n"


def report_markdown(runs: list[Run], planned: int) -> str:
    """Write the report for people."""
    rows = [HEADER, tuple("---" for _ in HEADER), *map(row_of, runs)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    failed = "".join(f"- {line}\n" for line in (" ".join(line.split()) for line in failure_lines(runs)))
    missing = "" if len(runs) == planned else f"\n**{planned - len(runs)} of {planned} runs are missing.**\n"
    failed = f"\n## What failed\n\n{failed}" if failed else ""
    return f"# Batch check of the source notebooks\n\n{table}\n{missing}{failed}"


def report_table(runs: list[Run]) -> Table:
    """Draw the report for the terminal."""
    table = Table(*HEADER, title="Batch check of the source notebooks")
    for run in runs:
        table.add_row(*row_of(run), style=None if run.passed else "red")
    return table


def write_report(course: Course, runs: list[Run], planned: int) -> None:
    """Write the report to reports/, which git ignores."""
    for name, text in (("check.json", report_json(runs, planned)), ("check.md", report_markdown(runs, planned))):
        replace_file(course.root / "reports" / name, text.encode())


def check_command(
    weeks: list[str] | None,
    seeds: int = 5,
    rows: list[int] | None = None,
    *,
    workers: int = 0,
    journey: bool = False,
    hidden: bool = True,
    as_json: bool = False,
) -> int:
    """Carry out `course check`; 1 when a run failed or earned less than full marks.

    Raises
    ------
    CourseError
        when a source notebook is not what its text gives
    """
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # so that nothing is left running
    course = Course.find()
    chosen = course.select(weeks)
    for week in chosen:
        if found := drift(week):
            raise CourseError(f"{found}.", f"Run `course pair {week.name}` first.")
    workers = workers or os.cpu_count() or 1
    chains = plan(course, chosen, seeds, rows, workers, journey=journey, hidden=hidden)
    runs = run_with_progress(course, chains, workers)
    Console().print(report_table(runs)) if not as_json else print(report_json(runs, len(runs)), end="")
    stderr.print(f"Report: {course.root / 'reports' / 'check.md'}", markup=False)
    for line in failure_lines(runs):
        stderr.print(line, style="red", markup=False)
    return int(not all(run.passed for run in runs))
