"""The author's oracles: reference computations and hidden cases, which reach the examiner and no student.

They are modules below ``source/``: ``source/weekN/oracles.py`` of one week, ``source/oracles/`` of all. Where code is
trusted, a test cell imports them from the course folder; in the sandbox, which does not see that folder, the grader
sends the examiner their text.
"""

from __future__ import annotations

import sys
from importlib.abc import InspectLoader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType

ROOT, FILE, SHARED = "source", "oracles.py", "oracles"


def oracle_files(week: Path) -> dict[str, Path]:
    """Return the oracle modules of the week in the folder ``week``, and those that all weeks share, by module name."""
    shared = week.parent / SHARED
    files = {f"{ROOT}.{SHARED}.{path.stem}": path for path in sorted(shared.glob("*.py")) if path.stem != "__init__"}
    own = week / FILE
    return files | ({f"{ROOT}.{week.name}.{own.stem}": own} if own.is_file() else {})


def read_oracles(week: Path) -> dict[str, str]:
    """Return the text of each module of :func:`oracle_files`, by module name."""
    return {name: path.read_text(encoding="utf-8") for name, path in oracle_files(week).items()}


class OracleFinder(MetaPathFinder, InspectLoader):
    """Import modules from their texts; the packages that they lie in are empty."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.texts = texts
        parents = [name.split(".")[:-1] for name in texts]
        self.packages = {".".join(parts[:depth]) for parts in parents for depth in range(1, len(parts) + 1)}

    def find_spec(self, name: str, path: object = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Find a module by its full name; None for every other."""
        known = name in self.texts or name in self.packages
        return spec_from_loader(name, self, origin=f"<{name}>") if known else None

    def is_package(self, name: str) -> bool:
        """Return True if other modules lie in it."""
        return name in self.packages

    def get_source(self, name: str) -> str:
        """Return the module's text."""
        return self.texts.get(name, "")


def install(texts: dict[str, str]) -> None:
    """Let this process import the author's oracles, before anything else of these names."""
    sys.meta_path.insert(0, OracleFinder(texts))
