"""Requirements on the environment, checked before anything is graded."""

from __future__ import annotations

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path

from grader.course import CourseError

PYTHON = (3, 11)
NEEDED = ("nbgrader", "alembic", "nbclient", "nbconvert", "ipykernel")
REMEDY = "Run `make setup` in the course folder, then `. .venv/bin/activate`."


def put_on_path() -> None:
    """Put the programs of this Python's environment first on PATH: nbgrader calls `alembic` by its name."""
    programs = str(Path(sys.executable).parent)
    found = os.environ.get("PATH", "").split(os.pathsep)
    if found[0] != programs:
        os.environ["PATH"] = os.pathsep.join([programs, *(folder for folder in found if folder)])


def prepare() -> None:
    """Make sure that nbgrader can work here.

    Raises
    ------
    CourseError
        for another Python than the course's, or an environment that is only half set up
    """
    if sys.version_info[:2] != PYTHON:
        wanted, found = (".".join(map(str, version)) for version in (PYTHON, sys.version_info[:2]))
        raise CourseError(f"This is Python {found}; the course is graded with {wanted}.", REMEDY)
    if missing := [name for name in NEEDED if not find_spec(name)]:
        raise CourseError(f"The environment is incomplete: {', '.join(missing)} cannot be imported.", REMEDY)
    put_on_path()
    # jsonschema imports this for one format of text that is not used here, and it takes a second to build its grammar.
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # for Python, "there is none"
    if not shutil.which("alembic"):
        raise CourseError("The program `alembic`, which nbgrader calls, is not on PATH.", REMEDY)
