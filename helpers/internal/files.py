"""Write files whole or not at all: beside their place first, and moved there by a rename."""

from __future__ import annotations

import fcntl
import glob
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

SUFFIX = ".part"  # of what is being written


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a path to write to; what was written there replaces ``path`` when the block ends without an error.

    Whoever reads ``path`` sees the old content or the new. After an error the old file is untouched. Missing folders
    are made. The path to write to is a hidden file beside ``path``, empty at first; one that a killed process left is
    removed by the next to write the same file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(path)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}{SUFFIX}")
    descriptor = os.open(draft, os.O_CREAT | os.O_RDWR, 0o666)
    try:
        _lock(descriptor)
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
        os.close(descriptor)


def write_whole(path: Path, content: bytes) -> None:
    """Replace the content of a file, or make it, whole or not at all.

    Raises
    ------
    OSError
        when the folder cannot be written to or the disk is full; the old file is then untouched
    """
    with replacing(path) as draft:
        draft.write_bytes(content)


def _sweep(path: Path) -> None:
    """Remove drafts of this file that no process holds any more."""
    for draft in path.parent.glob(f".{glob.escape(path.name)}.*{SUFFIX}"):
        with suppress(OSError):  # another process may be sweeping too
            descriptor = os.open(draft, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                if _lock(descriptor):
                    draft.unlink()
            finally:
                os.close(descriptor)


def _lock(descriptor: int) -> bool:
    """Hold a file until it is closed; False when another process holds it, or the file system knows no locks."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
