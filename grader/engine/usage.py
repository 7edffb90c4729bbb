"""Limits on what several processes use together, as all of one submission: the system's own limit each alone."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from grader.engine.sandbox import Limits

EVERY = 0.1  # seconds from one look to the next
SOCKET = 512 << 10  # bytes that the system may hold for one: twice net.core.wmem_default, and something for itself


def excess(limits: Limits) -> str:
    """Name the limit that the processes shown in /proc exceed together; an empty string if there is none.

    The number of processes has to be looked at too: the system sets root no limit there.
    """
    found = [path for path in Path("/proc").iterdir() if path.name.isdigit()]
    if len(found) > limits.processes:
        return "processes"
    threads, pages = map(sum, zip(*_threads_and_pages(found), strict=True)) if found else (0, 0)
    if threads > limits.processes:
        return "processes"
    most = (limits.together << 20) - SOCKET * sockets()
    # Resident pages count what forks share once for each of them; the fair share takes longer to find out.
    return "memory" if pages * resource.getpagesize() > most and fair_share(found) > most else ""


def sockets() -> int:
    """Return how many sockets there are in the network namespace of process 1, open or on their way elsewhere."""
    with suppress(OSError):  # it has just ended
        return int(Path("/proc/1/net/sockstat").read_text(encoding="ascii").split()[2])  # "sockets: used 12"
    return 0


def _threads_and_pages(processes: list[Path]) -> Iterator[tuple[int, int]]:
    yield 0, 0
    for process in processes:
        with suppress(OSError):  # it has just ended
            fields = (process / "stat").read_bytes().rpartition(b")")[2].split()
            yield int(fields[17]), int(fields[21])


def fair_share(processes: list[Path]) -> int:
    """Return the bytes in memory, of which each shared page counts once altogether."""
    total = 0
    for process in processes:
        with suppress(OSError):
            lines = (process / "smaps_rollup").read_bytes().splitlines()
            total += sum(int(line.split()[1]) for line in lines if line.startswith(b"Pss:"))
    return total << 10
