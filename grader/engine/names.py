"""Names that a cell of a notebook binds and reads, found in its text."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from contextlib import suppress
from symtable import Symbol, SymbolTable, symtable
from threading import Lock

# Python 3.11 counts the depth of a tree that it builds once for all threads: two at a time, and one may end in a
# SystemError, "AST constructor recursion depth mismatch" (python/cpython, issue 106905).
ONE_AT_A_TIME = Lock()
BUILTINS = frozenset(dir(builtins))


# Lines that only IPython understands, and what they give a name to: %run, !ls, files = !ls, pd.DataFrame?
MAGIC = re.compile(r"^(?P<indent>\s*)(?P<names>[\w\s,]*=\s*)?(?:[%!].*|\?.*|[\w.]+\?\??\s*)$")
LONGEST = 200_000  # characters: Python takes seconds and a gigabyte to understand a million numbers typed in a cell
NOT_PYTHON = (SyntaxError, ValueError, RecursionError, MemoryError)


def parsed(source: str) -> ast.Module | None:
    """Parse a cell as the kernel runs it; None when it is not Python, or more of it than anybody writes."""
    python = _python(source)
    if python is None:
        return None
    with ONE_AT_A_TIME, suppress(*NOT_PYTHON):  # nested too deep
        return ast.parse(python)
    return None


def problem(source: str) -> str:
    """Say what is wrong with a cell's syntax, without running it; an empty string when nothing is found."""
    if _python(source) is not None or len(source) > LONGEST:
        return ""
    try:
        _compile(_without_magics(source) if any(map(MAGIC.match, source.splitlines())) else source)
    except SyntaxError as error:
        return f"{error.msg} (line {error.lineno})"
    except NOT_PYTHON as error:  # null bytes, nested too deep
        return str(error)
    return ""


def _python(source: str) -> str | None:
    """Return the cell as the kernel runs it, with magics and shell lines as calls; None when it cannot be run."""
    if len(source) > LONGEST:
        return None
    for read in (str, _without_magics):
        python = read(source)
        with suppress(*NOT_PYTHON):
            _compile(python)
            return python
    return None


def _compile(python: str) -> None:
    compile(python, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)


def _without_magics(source: str) -> str:
    """Put a call of IPython in the place of each line that only IPython understands.

    IPython's own way takes minutes for some hundred magics in a cell. What they do is not to be seen here either way.
    """
    first, *others = source.splitlines() or [""]
    first = "get_ipython()" if first.startswith("%%") else first  # a cell magic: what follows may be Python
    lines = [first, *others]
    return "\n".join(MAGIC.sub(r"\g<indent>\g<names>get_ipython()", line) for line in lines) + "\n"


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
    pending: list[SymbolTable] = []
    with suppress(*NOT_PYTHON):
        pending += [] if python is None else [symtable(python, "<cell>", "exec")]
    while pending:
        scope = pending.pop()
        pending += scope.get_children()
        yield from ((symbol, scope.get_type() == "module") for symbol in scope.get_symbols())
