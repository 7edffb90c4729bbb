"""Which of the author's cells a run must not leave out, so that a student's code finds the names it uses.

Marks depend on set-up cells, the student's cells and the tests. The author's demonstrations are run in grading only
when something that the student wrote uses a name that they bind. Where that cannot be told from the text, all are run.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from symtable import SymbolTable, symtable
from typing import Any

from grader.engine.oracles import ROOT as ORACLES
from grader.engine.oracles import read_oracles

# Code that uses these can reach any name without writing it.
DYNAMIC = {"globals", "locals", "vars", "eval", "exec", "get_ipython", "__import__", "__builtins__", "compile", "dir"}


def parsed(source: str) -> ast.Module | None:
    """The cell's syntax tree; None when it is not Python."""
    python = _python(source)
    return None if python is None else ast.parse(python)


def _python(source: str) -> str | None:
    """The cell as the kernel runs it: magics and shell lines are calls then. None when it cannot be run."""
    for read in (str, _without_magics):
        try:
            python = read(source)
            compile(python, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        return python
    return None


def _without_magics(source: str) -> str:
    from IPython.core.inputtransformer2 import TransformerManager  # slow to import, and seldom needed

    return TransformerManager().transform_cell(source)


def used(source: str) -> set[str]:
    """Every global name that a cell reads, also within functions; a function's own variables are not."""
    python = _python(source)
    return set() if python is None else _globals_read(symtable(python, "<cell>", "exec"))


def _globals_read(scope: SymbolTable) -> set[str]:
    symbols = [symbol for symbol in scope.get_symbols() if symbol.is_referenced()]
    top = scope.get_type() == "module"
    names = {symbol.get_name() for symbol in symbols if top or symbol.is_global()}
    return names.union(*map(_globals_read, scope.get_children()))


def bound(source: str) -> set[str]:
    """The names that a cell binds at its top level, and those it declares global."""
    tree = parsed(source)
    return set() if tree is None else _bound_by(tree.body) | _globals(tree)


def _bound_by(nodes: Iterable[ast.AST]) -> set[str]:
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.alias):
            names.add((node.asname or node.name).split(".")[0])
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store | ast.Del):
            names.add(node.id)
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs | ast.MatchStar) and node.name:
            names |= {node.name} | _bound_by(ast.iter_child_nodes(node))
        elif isinstance(node, ast.MatchMapping) and node.rest:
            names |= {node.rest} | _bound_by(ast.iter_child_nodes(node))
        elif not isinstance(node, ast.Lambda):
            names |= _bound_by(ast.iter_child_nodes(node))
    return names


def _globals(tree: ast.Module) -> set[str]:
    return {name for node in ast.walk(tree) if isinstance(node, ast.Global) for name in node.names}


def imported(notebook: Mapping[str, Any]) -> list[str]:
    """Every module that a notebook's code imports, at any depth, in the order in which it does."""
    return imports(parsed("".join(cell["source"])) for cell in notebook["cells"] if cell["cell_type"] == "code")


def imports(trees: Iterable[ast.Module | None]) -> list[str]:
    """Every module that these texts import, at any depth, in the order in which they do."""
    nodes = [node for tree in trees if tree for node in ast.walk(tree)]
    names: list[str] = []
    for node in nodes:
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:  # what is imported may itself be a module
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return list(dict.fromkeys(names))


def imported_by(notebooks: Iterable[Path]) -> list[str]:
    """Every module that these notebooks and the oracles beside them import, without the oracles themselves.

    A notebook that cannot be read is passed over: who grades with it says what is wrong. They are read as what they
    are, JSON: nbformat takes a second to import.
    """
    names: list[str] = []
    for path in notebooks:
        with suppress(OSError, ValueError, KeyError, TypeError):
            names += imported(json.loads(path.read_bytes()))
            names += imports(map(parsed, read_oracles(path.parent).values()))
    return [name for name in dict.fromkeys(names) if name.split(".")[0] != ORACLES]


def needed(students: Iterable[str], authors: dict[int, str]) -> set[int]:
    """Which of the author's cells must run for the student's cells.

    Parameters
    ----------
    students
        sources of the cells that the student wrote
    authors
        sources of the author's cells that could be left out, by place in the notebook

    Returns
    -------
    the places of those that bind a name which a student's cell reads, and of those that these in turn read from
    """
    wanted = set().union(*map(used, students))
    if wanted & DYNAMIC or any(_star_import(source) for source in students):
        return set(authors)
    binds = {place: bound(source) for place, source in authors.items()}
    chosen: set[int] = set()
    while more := {place for place, names in binds.items() if place not in chosen and names & wanted}:
        chosen |= more
        wanted |= set().union(*(used(authors[place]) for place in more))
    return chosen


def _star_import(source: str) -> bool:
    tree = parsed(source)
    return tree is not None and any(isinstance(n, ast.ImportFrom) and n.names[0].name == "*" for n in ast.walk(tree))
