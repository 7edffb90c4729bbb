"""Folders in /tmp for one run. One whose owner was killed is removed by the next run.

Each is held by a lock, which the system lets go when its owner ends, however that happens.
"""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree

ROOT = Path("/tmp")  # short: the path of a socket has room for 107 characters
NEW, HELD = "new-course-", "course-"
_locks: dict[Path, int] = {}


def make() -> Path:
    """Make a folder that is this process's, and remove those whose owners are gone."""
    sweep()
    draft = Path(tempfile.mkdtemp(prefix=NEW, dir=ROOT))
    lock = _try_lock(draft)
    folder = draft.rename(draft.with_name(draft.name.replace(NEW, HELD, 1)))  # seen by others once it is locked
    assert lock is not None
    _locks[folder] = lock
    return folder


def remove(folder: Path) -> None:
    """Remove such a folder and let its lock go."""
    rmtree(folder, ignore_errors=True)
    if folder in _locks:
        os.close(_locks.pop(folder))


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder that is removed at the end."""
    path = make()
    try:
        yield path
    finally:
        remove(path)


def sweep() -> None:
    """Remove the folders of this user that no process holds any more."""
    for path in ROOT.glob(f"{HELD}*"):
        with suppress(OSError):  # another process may be sweeping too
            if path.lstat().st_uid == os.getuid() and (lock := _try_lock(path)) is not None:
                rmtree(path, ignore_errors=True)
                os.close(lock)


def _try_lock(path: Path) -> int | None:
    """Hold a folder; None when another process does."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
