"""A student's work that is not a value: files that their code wrote, and code that they hand over as text.

In a student's own notebook both are simply here. In grading they are behind the sandbox's wall, and the grader puts its
way through it in place of ``bridge``; a test reads the same in both.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Protocol

from helpers.checks.core import require
from helpers.internal.folders import new_folder, write_folder

__all__ = [
    "artifacts",
    "beside",
    "hand_over",
    "in_new_process",
    "isolated",
    "new_folder",
    "read_folder",
    "require_small",
    "write_folder",
]

MOST_FILES, MOST_BYTES = 2_000, 50 << 20


class Bridge(Protocol):
    """The grader's way to the process in which a student's code runs."""

    def fetch(self, folder: str) -> Path:
        """Copy the files of the student's folder to this side; return the copy's path."""

    def hand_over(self, files: dict[str, bytes]) -> str:
        """Write files into a new folder on the student's side; return its path there."""

    def beside(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        """Call a function of `helpers` in the process in which the student's code runs."""

    def isolated(self, function: Callable[..., Any], arguments: tuple[Any, ...], options: dict[str, Any]) -> Any:
        """Call a function of `helpers` in a process in which no line of the student's notebook has run."""


bridge: Bridge | None = None


def artifacts(folder: str) -> Path:
    """Return the folder in which a test may read what a student's code left in ``folder`` (an absolute path).

    Its files are untrusted: read data formats only, and import, unpickle and run nothing of them.

    Raises
    ------
    CheckFailed
        when there is no such folder, or more in it than 2,000 files or 50 MiB, or a link
    """
    if bridge is not None:
        return bridge.fetch(folder)
    read_folder(folder, content=False)
    return Path(folder)


def hand_over(files: Mapping[str, bytes]) -> str:
    """Give a student's code files to work on; return the absolute path of their new folder, where that code runs.

    `artifacts` shows what becomes of them there. The folder is gone when the process ends.

    Raises
    ------
    ValueError
        when a file's name leads out of the folder
    """
    return bridge.hand_over(dict(files)) if bridge is not None else new_folder(files)


def beside(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function of ``helpers`` where a student's functions run, to see which library they ask.

    In grading that is their kernel, which their code can change: what comes back is no more than an answer's own word.
    """
    return bridge.beside(function, arguments) if bridge is not None else function(*arguments)


def isolated(function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """Call a function of ``helpers`` that runs what a student handed over as text: a DAG file, an inference script.

    In grading the call is made in a sandboxed process of its own, in which no line of the student's notebook has run
    and so none can have changed what the function does. Plain data in, plain data out; what it raises arrives without
    its words, so let it return what went wrong.
    """
    if bridge is not None:
        return bridge.isolated(function, arguments, options)
    return function(*arguments, **options)


def in_new_process(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call a function of ``helpers`` as `isolated` does, and in a student's own notebook too in a new process.

    For what must work without the notebook, a saved model say: a name that a cell gave does not exist there.

    Raises
    ------
    BrokenProcessPool
        when the new process ended before it answered
    """
    if bridge is not None:
        return bridge.isolated(function, arguments, {})
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def read_folder(folder: str, *, content: bool = True) -> dict[str, bytes]:
    """Read every file below a folder, by its path in it; without ``content`` only count, measure and name them."""
    root, found, size = Path(folder), dict[str, bytes](), 0
    where = "the path that your function returned, and whether what it wrote is there"
    require(root.is_dir(), "the folder that was to hold your files is not there", seen=folder, where=where)
    for path in _files(root):
        plain = path.is_file() and not path.is_symlink()
        require(plain, "something in your folder is no plain file", seen=str(path), where="links, pipes and sockets")
        size += path.stat().st_size
        require_small(len(found) + 1, size)
        found[path.relative_to(root).as_posix()] = path.read_bytes() if content else b""
    return found


def _files(root: Path) -> list[Path]:
    every = [Path(above, name) for above, folders, files in os.walk(root) for name in (*files, *_links(above, folders))]
    return sorted(every)


def _links(above: str, folders: list[str]) -> list[str]:
    """List links to folders, which `os.walk` does not enter and does not count among the files."""
    return [name for name in folders if Path(above, name).is_symlink()]


def require_small(files: int, size: int) -> None:
    """Require that a folder has a size that a person might have meant."""
    why = "an artifact that nobody can move or look at is of no use to the next week"
    require(files <= MOST_FILES, f"there are more than {MOST_FILES:,} files in your folder", why=why)
    require(size <= MOST_BYTES, f"the files in your folder are larger than {MOST_BYTES >> 20} MiB", why=why)
