"""Databases that cost seconds to make: made once, kept as a template, and copied after.

A template is kept in the environment, beside the packages it belongs to, if `make setup` put it there (a sandbox sees
that folder, read-only), else in the user's cache.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from shutil import copyfile

from filelock import FileLock, Timeout
from platformdirs import user_cache_path

from helpers import work

COURSE = "ml-engineering-course"
LOCK_SECONDS = 300


def template(name: str, make: Callable[[Path], Path]) -> Path:
    """Find a template, or make it where one may write.

    It is made beside its place and moved there when it is whole, by one process at a time. Where no folder can be
    written, this process makes one for itself.

    Parameters
    ----------
    name
        of the file; it should hold the version of what made it, so that another version makes its own
    make
        makes the file in an empty folder; where it is there
    """
    known = next((folder / name for folder in _folders() if (folder / name).is_file()), None)
    for folder in _folders():
        try:
            return _make(folder, name, make if known is None else _copies(known))
        except (OSError, Timeout):
            continue
    return known or _make(work.new_private(), name, make)


def _copies(known: Path) -> Callable[[Path], Path]:
    """Copy a template, from the user's cache to the environment: a sandbox does not see the cache."""
    return lambda folder: Path(copyfile(known, folder / known.name))


def _folders() -> list[Path]:
    return [Path(sys.prefix) / "share" / COURSE, user_cache_path(COURSE)]


def _make(folder: Path, name: str, make: Callable[[Path], Path]) -> Path:
    """Make it in this folder, unless another process does so while this one waits for it."""
    made = folder / name
    if made.is_file():
        return made
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / f".{name}.lock", timeout=LOCK_SECONDS):
        if not made.is_file():
            with tempfile.TemporaryDirectory(dir=folder, prefix=".template-") as base:
                make(Path(base)).replace(made)
    return made
