"""`course audit`: how often the tests of each task are wrong about an answer.

Right answers, wrong ones, overfitters of the visible checks and mutants of the author's answer are judged by the task's
test cell. A week's set-up cells run once; each answer then runs in a fork of that process, which knows nothing of the
others. For each part it is noted which answers it rejects: a part that alone rejects none, and a wrong answer that
every part lets pass, are faults of the tests.
"""

from __future__ import annotations

import json
import os
import random
import select
import signal
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import asdict, dataclass, replace
from functools import partial
from io import StringIO
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn
from rich.table import Table

from grader.author.accuracy import KINDS, Audit, Verdict, accuracy, listed
from grader.author.mutate import mutants
from grader.author.replay import ROWS, Names, Task, set_up, tasks_of
from grader.course import Course, CourseError, Week, replace_file, stderr
from grader.parts import declared_parts
from helpers.checks import CheckFailed, Mark

VERSION = 1
BANK = Path("tests") / "variants"
TOGETHER = 3  # tasks that share a run of the set-up cells
SECONDS = 180.0  # for one answer, as in grading
# What must not change the verdict on a right answer, one row a round: rows of the sample, and the machine's habits.
NUISANCES: tuple[tuple[int, dict[str, str]], ...] = (
    (ROWS, {}),
    (1_500, {"TZ": "Asia/Kathmandu", "LC_ALL": "C", "OMP_NUM_THREADS": "1"}),
    (6_000, {"TZ": "America/Los_Angeles", "OMP_NUM_THREADS": "2", "PYTHONWARNINGS": "always"}),
)


@dataclass(frozen=True)
class Answer:
    """An answer to be judged: its kind, its name and its text."""

    kind: str
    name: str
    source: str


# --- answers ---


def answers_of(task: Task, folder: Path, kinds: set[str], most_mutants: int) -> list[Answer]:
    """Collect what is to be judged: the files in ``folder``, and mutants of the author's answer.

    Where there are more mutants than ``most_mutants``, some are drawn, the same ones each time.
    """
    paths = sorted((folder / task.week.name / task.name).glob("*.py"))
    found = [Answer(path.stem.partition("_")[0], path.stem, path.read_text(encoding="utf-8")) for path in paths]
    if "right" in kinds:
        found.append(Answer("right", "reference", task.solution))
    if "mutant" in kinds:
        made = mutants(task.solution)
        drawn = random.Random(task.name).sample(made, min(most_mutants, len(made)))
        found += [Answer("mutant", str(one), one.source) for one in drawn]
    return [one for one in found if one.kind in kinds]


def equivalent(course: Course, task: Task) -> dict[str, str]:
    """Return the mutants of a task that are right answers, each with the reason."""
    return dict(listed(course, task.week.name).get(task.name) or {})


# --- judging ---


def judge(task: Task, answers: list[Answer], names: Names, workers: int) -> Iterator[Verdict]:
    """Judge answers beside each other, each in a fork of this process."""
    waiting, running = list(answers), dict[int, tuple[Answer, Child]]()
    while waiting or running:
        while waiting and len(running) < workers:
            answer = waiting.pop(0)
            child = Child(partial(_verdict, task, answer, names))
            running[child.reader] = answer, child
        ready, _, _ = select.select(list(running), [], [], 1.0)
        for reader in [*running]:
            answer, child = running[reader]
            if (reader in ready and child.read()) or time.monotonic() > child.end:
                del running[reader]
                yield Verdict(answer.kind, answer.name, **child.close())


def _verdict(task: Task, answer: Answer, names: Names) -> dict[str, Any]:
    """Run an answer and the tests of its task, in a process of its own; say what became of each part."""
    mark, stopped = None, ""
    try:
        task.answered(answer.source, names)
        mark = task.test(names)
    except CheckFailed as error:  # a test cell without parts
        return {"parts": {"all": ("failed", str(error))}}
    except (Exception, SystemExit) as error:
        stopped = f"{type(error).__name__}: {error}"[:500]
        mark = names.get("mark")
    if not isinstance(mark, Mark):
        return {"stopped": stopped, "parts": {} if stopped else {"all": ("passed", "")}}
    return {
        "stopped": stopped,
        "parts": {part.name: (part.outcome, _told(part.message, part.unexpected)) for part in mark.parts},
    }


def _told(message: str, unexpected: BaseException | None) -> str:
    return message if unexpected is None else f"{message}\n({type(unexpected).__name__}: {unexpected})"


class Child:
    """A fork of this process that does one thing in a folder of its own and writes what it found to a pipe."""

    def __init__(self, work: Callable[[], dict[str, Any]]) -> None:
        """Start it."""
        self.reader, writer = os.pipe()
        self.start, self.said = time.monotonic(), b""
        self.end = self.start + SECONDS
        self.folder = TemporaryDirectory(prefix="audit-", ignore_cleanup_errors=True)
        self.pid = os.fork()
        if self.pid == 0:
            self._work(work, writer)
        os.close(writer)

    def _work(self, work: Callable[[], dict[str, Any]], writer: int) -> None:
        with suppress(BaseException):
            os.close(self.reader)
            os.setsid()
            os.chdir(self.folder.name)
            nothing = os.open(os.devnull, os.O_RDWR)
            for place in (0, 1, 2):
                os.dup2(nothing, place)
            said = json.dumps(work()).encode()
            while said:
                said = said[os.write(writer, said) :]
        os._exit(0)

    def read(self) -> bool:
        """Take what was written; True when that was all."""
        part = os.read(self.reader, 1 << 16)
        self.said += part
        return not part

    def close(self) -> dict[str, Any]:
        """End it with all that it has started; return what it said, or how it ended."""
        late = time.monotonic() > self.end
        os.close(self.reader)
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self.folder.cleanup()
        seconds = round(time.monotonic() - self.start, 2)
        try:
            return {**json.loads(self.said), "seconds": seconds}
        except ValueError:
            return {"stopped": "timed out" if late else "crashed", "seconds": seconds}


@dataclass(frozen=True)
class Job:
    """Tasks of one week to be audited under one seed, with the machine's habits of that round."""

    course: Course
    week: Week
    tasks: tuple[str, ...]
    folder: Path
    kinds: frozenset[str]
    seed: int = 1
    most_mutants: int = 0
    workers: int = 1


def audit(job: Job) -> list[Audit]:
    """Judge every answer to these tasks; call it in a process of its own."""
    rows, habits = NUISANCES[(job.seed - 1) % len(NUISANCES)]
    os.environ.update(habits)
    time.tzset()
    sys.path.insert(0, str(job.course.root))  # where `source` is, with the oracles
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        set_up(job.week, job.seed, rows)
    return [_audit(job, Task(job.week, name)) for name in job.tasks]


def _audit(job: Job, task: Task) -> Audit:
    answers = answers_of(task, job.folder, set(job.kinds), job.most_mutants)
    with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
        names = task.namespace()
    points = {part.name: part.points for part in declared_parts(task.tests.source)} or {"all": 0.0}
    verdicts = list(judge(task, answers, names, job.workers))
    return Audit(str(task), points, verdicts, equivalent(job.course, task), job.seed)


# --- the command ---


def audit_command(
    names: list[str],
    variants: Path | None,
    kinds: list[str],
    *,
    seeds: int,
    most_mutants: int,
    workers: int,
    as_json: bool,
    report: Path | None,
) -> int:
    """Carry out `course audit`; 1 when the tests are wrong about an answer, or too many mutants survive.

    ``names`` are weeks, or one week and tasks of it. Of ``variants``, answers from outside the repository, only those
    are judged; else it is the bank with mutants.

    Raises
    ------
    CourseError
        for a task or a folder that does not exist
    """
    course = Course.find()
    folder = (variants or course.root / BANK).resolve()
    if not folder.is_dir():
        raise CourseError(f"{folder} is no folder.", "Its layout is weekN/TASK/right_NAME.py, wrong_…, overfit_….")
    if unknown := set(kinds) - set(KINDS):
        raise CourseError(f"There is no kind {', '.join(sorted(unknown))}.", f"Known are {', '.join(KINDS)}.")
    wanted = frozenset(kinds or (KINDS[:3] if variants else KINDS))
    tasks = chosen(course, names)
    if variants:
        tasks = [task for task in tasks if (folder / task.week.name / task.name).is_dir()]
    jobs = [
        Job(course, week, names, folder, wanted if seed == 1 else frozenset({"right"}), seed, most_mutants)
        for seed in range(1, seeds + 1)
        for week, names in grouped(tasks)
    ]
    audits = list(run_jobs(jobs, workers or os.cpu_count() or 1))
    audits.sort(key=lambda one: (one.task, one.seed))
    if as_json:
        print(json.dumps({"version": VERSION, "tasks": [asdict(one) for one in audits]}, indent=1))
    else:
        print_audits(audits)
    if report is not None:
        replace_file(report, accuracy(course, audits).encode())
    return int(not all(one.good for one in audits))


def chosen(course: Course, names: list[str]) -> list[Task]:
    """Return the tasks that were named: whole weeks, or tasks of the week before them.

    Raises
    ------
    CourseError
        for a name that is neither
    """
    found: list[Task] = []
    week: Week | None = None
    whole: list[Week] = [] if names else list(course.weeks.values())
    for name in names:
        if name in course.weeks:
            week = course.weeks[name]
            whole.append(week)
        elif week is not None and name in {task.name for task in tasks_of(week)}:
            whole = [one for one in whole if one != week]
            found.append(Task(week, name))
        else:
            known = f"weeks {', '.join(course.weeks)}" if week is None else f"tasks of {week.name}: "
            known += "" if week is None else ", ".join(task.name for task in tasks_of(week))
            raise CourseError(f"There is no {name!r}.", f"Known are {known}.")
    return [task for one in whole for task in tasks_of(one)] + found


def grouped(tasks: list[Task]) -> Iterator[tuple[Week, tuple[str, ...]]]:
    """Give tasks of one week together, a few at a time: its set-up cells run once for them."""
    for week in dict.fromkeys(task.week for task in tasks):
        names = [task.name for task in tasks if task.week == week]
        yield from ((week, tuple(names[place : place + TOGETHER])) for place in range(0, len(names), TOGETHER))


def run_jobs(jobs: list[Job], workers: int) -> Iterator[Audit]:
    """Audit tasks beside each other, with a progress bar; each in a process of its own, for set-up cells never mix."""
    if len(jobs) == 1:
        jobs, workers = [replace(jobs[0], workers=workers)], 1
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeElapsedColumn())
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _one_thread, max_tasks_per_child=1)
    with pool, Progress(*columns, console=stderr, transient=True) as progress:
        bar = progress.add_task("Tasks", total=sum(len(job.tasks) for job in jobs))
        for future in as_completed([pool.submit(audit, job) for job in jobs]):
            yield from future.result()
            progress.advance(bar, len(future.result()))


def _one_thread() -> None:
    """Give each process one thread: the answers are judged beside each other."""
    os.environ["OMP_NUM_THREADS"] = "1"


def print_audits(audits: list[Audit]) -> None:
    """Print a table of the tasks and, below it, each verdict that is wrong."""
    console = Console(highlight=False, soft_wrap=True)
    table = Table("task", "seed")
    for name in ("right", "wrong", "overfit", "mutants killed", "slowest"):
        table.add_column(name, justify="right")
    for one in audits:
        slowest = max((verdict.seconds for verdict in one.verdicts), default=0.0)
        counts = [f"{sum(v.right for v in one.of(kind))}/{len(one.of(kind))}" for kind in KINDS]
        table.add_row(one.task, f"{one.seed}", *counts, f"{slowest:.1f} s")
    console.print(table)
    for one in audits:
        for verdict in (*one.false, *one.survivors):
            console.print(f"[red]{one.task}[/] {escape(_said(verdict))}")
        if one.idle and one.of("wrong"):
            console.print(f"[yellow]{one.task}[/] parts that alone reject nothing: {', '.join(one.idle)}")
    wrong = sum(len(one.false) for one in audits)
    print(f"{wrong} wrong verdicts, {sum(len(one.survivors) for one in audits)} surviving mutants.")


def _said(verdict: Verdict) -> str:
    if verdict.accepted:
        return f"accepts {verdict.kind}: {verdict.name}"
    lost = [
        f"{name}: {text.splitlines()[0] if text else outcome}"
        for name, (outcome, text) in verdict.parts.items()
        if outcome != "passed"
    ]
    return f"rejects {verdict.kind}: {verdict.name}: {verdict.stopped} {'; '.join(lost)}"
