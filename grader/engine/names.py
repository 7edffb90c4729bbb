"""Names that a cell of a notebook binds and reads, found in its text."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from symtable import Symbol, symtable
from threading import Lock

# Python 3.11 counts the depth of a tree that it builds once for all threads: two at a time, and one may end in a
# SystemError, "AST constructor recursion depth mismatch" (python/cpython, issue 106905).
ONE_AT_A_TIME = Lock()
BUILTINS = frozenset(dir(builtins))


def parsed(source: str) -> ast.Module | None:
    """Parse a cell as the kernel runs it; None when it is not Python."""
    python = _python(source)
    if python is None:
        return None
    with ONE_AT_A_TIME:
        return ast.parse(python)


def _python(source: str) -> str | None:
    """Return the cell as the kernel runs it, with magics and shell lines as calls; None when it cannot be run."""
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
    """Return every global name that a cell reads, also within functions; a function's own variables are not."""
    read = [one for one in _symbols(source) if one[0].is_referenced()]
    return {symbol.get_name() for symbol, top in read if top or symbol.is_global()}


def bound(source: str) -> set[str]:
    """Return the names that a cell binds at its top level, or anywhere as global."""
    bind = [one for one in _symbols(source) if one[0].is_assigned() or one[0].is_imported()]
    return {symbol.get_name() for symbol, top in bind if top or symbol.is_declared_global()}


def free(source: str) -> set[str]:
    """Return the names that a cell reads and that neither it nor Python itself binds."""
    return used(source) - bound(source) - BUILTINS


def _symbols(source: str) -> Iterator[tuple[Symbol, bool]]:
    """Give the symbols of a cell and of all scopes within it, and for each whether it is the cell's own."""
    python = _python(source)
    pending = [] if python is None else [symtable(python, "<cell>", "exec")]
    while pending:
        scope = pending.pop()
        pending += scope.get_children()
        yield from ((symbol, scope.get_type() == "module") for symbol in scope.get_symbols())
