"""The student's own artifacts, which one week makes and a later one uses: feature tables, models, a registry."""

from __future__ import annotations

import atexit
import os
import re
import tempfile
from functools import cache
from pathlib import Path
from shutil import rmtree

FOLDER = "COURSE_WORK"  # environment variable: another folder than work/ beside the weeks' folders
RUN_BY_NBGRADER = "NBGRADER_EXECUTION"
PREFIX = "work-of-course-"  # of a private folder; grading sweeps those in /tmp that begin with "course-"


def path(*parts: str) -> Path:
    """Path of an artifact, which need not exist yet: ``path("week2", "features.parquet")``. The folder above it exists.

    It is in ``work/`` beside the folders of the weeks, so that every week finds it, or in the folder that the
    environment variable COURSE_WORK names. In a run by nbgrader it is in an empty folder that the run has for itself:
    a mark must not depend on what was left behind by an earlier one.

    Raises
    ------
    ValueError
        when the name leads out of that folder
    OSError
        when the folder cannot be made (read-only place, full disk)
    """
    root = folder()
    wanted = root.joinpath(*parts)
    if not parts or ".." in wanted.parts or not wanted.is_relative_to(root):
        raise ValueError(f"{'/'.join(parts)!r} is no path below {root}: give names such as 'week2', 'features.parquet'")
    wanted.parent.mkdir(parents=True, exist_ok=True)
    return wanted


def folder() -> Path:
    """The folder that holds the artifacts of all weeks."""
    if chosen := os.environ.get(FOLDER):
        return Path(chosen).expanduser().absolute()
    if RUN_BY_NBGRADER in os.environ:
        return _private()
    here = Path.cwd()
    return (here.parent if re.fullmatch(r"week\d+", here.name) else here) / "work"


@cache
def _private() -> Path:
    return new_private()


def contents(folder: Path) -> dict[str, bytes]:
    """The files below a folder, by their paths in it (with slashes)."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def new_private() -> Path:
    """Make a private folder that is gone when this process ends."""
    folder = tempfile.mkdtemp(prefix=PREFIX)
    atexit.register(rmtree, folder, ignore_errors=True)
    return Path(folder)
