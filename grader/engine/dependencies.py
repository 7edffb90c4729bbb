"""Cell dependencies: the author's cells without which a student's code does not find the names it reads.

Marks depend on set-up cells, the student's cells and the tests. The author's demonstrations are run in grading only
when something that the student wrote reads a name that they bind. Where that cannot be told from the text, all are run.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from grader.engine.names import LONGEST, bound, parsed, used
from grader.engine.oracles import ROOT as ORACLES
from grader.engine.oracles import read_oracles

# Code that uses these can reach any name without writing it.
DYNAMIC = {"globals", "locals", "vars", "eval", "exec", "get_ipython", "__import__", "__builtins__", "compile", "dir"}


def dependencies(students: Iterable[str], authors: dict[int, str]) -> set[int]:
    """Return which of the author's cells must run for the student's cells.

    Parameters
    ----------
    students
        sources of the cells that the student wrote
    authors
        sources of the author's cells that could be left out, by index in the notebook

    Returns
    -------
    the indices of those that bind a name which a student's cell reads, and of those that these in turn read from
    """
    students = list(students)
    wanted = set().union(*map(used, students))
    if wanted & DYNAMIC or any(map(_imports_all, students)) or any(len(source) > LONGEST for source in students):
        return set(authors)
    binds = {index: bound(source) for index, source in authors.items()}
    chosen: set[int] = set()
    while more := {index for index, names in binds.items() if index not in chosen and names & wanted}:
        chosen |= more
        wanted |= set().union(*(used(authors[index]) for index in more))
    return chosen


def _imports_all(source: str) -> bool:
    tree = parsed(source)
    return tree is not None and any(isinstance(n, ast.ImportFrom) and n.names[0].name == "*" for n in ast.walk(tree))


# --- modules ---


def imported(notebook: Mapping[str, Any]) -> list[str]:
    """List every module that a notebook's code imports, at any depth, in the order in which it does."""
    return imports(parsed("".join(cell["source"])) for cell in notebook["cells"] if cell["cell_type"] == "code")


def imports(trees: Iterable[ast.Module | None]) -> list[str]:
    """List every module that these texts import, at any depth, in the order in which they do."""
    nodes = [node for tree in trees if tree for node in ast.walk(tree)]
    names: list[str] = []
    for node in nodes:
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:  # what is imported may itself be a module
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return list(dict.fromkeys(names))


def imported_by(notebooks: Iterable[Path]) -> list[str]:
    """List every module that these notebooks and the oracles beside them import, without the oracles themselves.

    A notebook that cannot be read is passed over: the step that grades with it reports the problem. They are read as
    JSON: nbformat takes a second to import.
    """
    names: list[str] = []
    for path in notebooks:
        with suppress(OSError, ValueError, KeyError, TypeError):
            names += imported(json.loads(path.read_bytes()))
            names += imports(map(parsed, read_oracles(path.parent).values()))
    return [name for name in dict.fromkeys(names) if name.split(".")[0] != ORACLES]
