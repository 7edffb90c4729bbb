"""Run a contender's commands and measure what they take: seconds, processor time of the whole machine, memory."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

from grader.engine.usage import fair_share

EVERY = 2.0  # seconds between two looks at the memory; one look takes some milliseconds
TICKS = os.sysconf("SC_CLK_TCK")
LOG = "bench.log"


class CommandFailed(Exception):
    """A contender failed; the message names its log."""


@dataclass(frozen=True)
class Measured:
    """Cost of a run.

    ``wall`` and ``cpu`` in seconds; ``cpu`` is what the whole machine was busy for, since a kernel that was killed
    is in no account. ``memory`` in MiB, the peak over the run: pages that processes share are counted once.
    ``commands`` is the part of it in the commands themselves, outside kernels and what started them.
    """

    wall: float
    cpu: float
    memory: float
    commands: float


def run(commands: list[list[str]], folder: Path, environment: Mapping[str, str]) -> Measured:
    """Run these commands at the same time, in ``folder``, until the last has ended.

    Raises
    ------
    CommandFailed
        when one of them fails
    """
    begun, busy = time.perf_counter(), busy_seconds()
    with (folder / LOG).open("wb") as log:
        started = [_start(command, folder, environment, log.fileno()) for command in commands]
        watch = Watch([process.pid for process in started])
        codes = [process.wait() for process in started]
    wall, cpu = time.perf_counter() - begun, busy_seconds() - busy
    watch.stop()
    if any(codes):
        raise CommandFailed(f"{commands[0][0]} ended with {codes}: see {folder / LOG}")
    return Measured(round(wall, 2), round(cpu, 2), *watch.peak)


def _start(command: list[str], folder: Path, environment: Mapping[str, str], log: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def busy_seconds() -> float:
    """Processor seconds that this machine has worked since it started."""
    fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    user, nice, system, _idle, _waiting, interrupts, soft, _stolen = (int(field) for field in fields)
    return (user + nice + system + interrupts + soft) / TICKS


def others(seconds: float = 2.0) -> float:
    """Measure the share of this machine that is busy now, from 0 to 1: a benchmark wants it to itself."""
    busy = busy_seconds()
    time.sleep(seconds)
    return round((busy_seconds() - busy) / seconds / (os.cpu_count() or 1), 2)


class Watch:
    """Looks at the memory of processes and all their descendants while they run."""

    def __init__(self, commands: list[int]) -> None:
        self.commands = commands
        self.peak = (0.0, 0.0)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop looking."""
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(EVERY):
            found = {pid: proportional_mib(pid) for pid in self._all()}
            own = sum(mib for pid, mib in found.items() if pid in self.commands)
            self.peak = max(self.peak, (round(sum(found.values()), 1), round(own, 1)))

    def _all(self) -> set[int]:
        found = set(self.commands)
        for pid in self.commands:
            try:
                found |= {child.pid for child in psutil.Process(pid).children(recursive=True)}
            except psutil.Error:  # it has just ended
                continue
        return found


def proportional_mib(pid: int) -> float:
    """Measure a process's memory (PSS): its own pages, and its share of those that it has in common with others."""
    return fair_share([Path(f"/proc/{pid}")]) / 2**20
