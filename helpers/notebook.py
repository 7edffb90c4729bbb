"""Behaviour of the course's notebooks: what every first cell sets up, and errors shown without a traceback."""

from __future__ import annotations

import ast
import linecache
import sys
import warnings
from collections.abc import Callable, Iterable, Mapping
from inspect import unwrap
from traceback import walk_tb
from types import FunctionType, ModuleType, TracebackType
from typing import Any


class PlainError(Exception):
    """Something a student can put right: a notebook shows the message alone, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


def setup() -> None:
    """Prepare a notebook: plots, tables, and a line in place of a traceback for a stub and for a value not made yet.

    May be called again at any time. Outside IPython only plots and tables are set.
    """
    import pandas as pd

    from helpers import plots

    plots.style()
    # `to_timedelta` rounds memory that it never filled where a value is NaN; what it gives there is NaT all the same.
    warnings.filterwarnings(
        "ignore", "(overflow|invalid value) encountered in multiply", module="numpy._core.fromnumeric"
    )
    pd.options.display.max_columns, pd.options.display.max_rows, pd.options.display.precision = 30, 20, 4
    # Not imported here: where IPython runs, it is already there.
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is not None:
        shell.set_custom_exc((NotImplementedError, NameError), _show)


def _show(
    shell: Any,
    kind: type[BaseException],
    error: BaseException,
    tb: TracebackType | None,
    tb_offset: int | None = None,
) -> None:
    """Show what needs no traceback in a line or two. It stays an error, so that graders and `Run all` stop at it."""
    lines = _in_a_line(kind, error, tb)
    if lines and kind is not NameError:
        error = kind(lines[0])
    lines = lines or shell.InteractiveTB.structured_traceback(kind, error, tb, tb_offset)
    shell._showtraceback(kind, error, lines)


def _in_a_line(kind: type[BaseException], error: BaseException, tb: TracebackType | None) -> list[str]:
    """Return what to show in place of a traceback; nothing where the traceback says more."""
    frames = [frame for frame, _ in walk_tb(tb)]
    if not frames or frames[-1].f_globals.get("__name__") != "__main__":  # a library's error
        return []
    name = frames[-1].f_code.co_name
    if issubclass(kind, NotImplementedError):
        return [_stub(name)]
    return _no_value(error) if name.startswith("<") else []  # in a function, the line matters


def _stub(name: str) -> str:
    if name.startswith("<"):
        return "Not attempted yet: this cell still holds the stub."
    return f"Not attempted yet: `{name}`. Its cell still holds the stub."


def _no_value(error: BaseException) -> list[str]:
    """Lines for a name that no cell has made so far, most often because a task before it is not done."""
    remedy = "If a cell above makes it, run that one first. If that one stops, it says what is missing."
    return [f"NameError: {error}", remedy]


# --- a module from cells ---


def module(*functions: Callable[..., Any]) -> str:
    """Return the text of a Python module with these functions of the notebook and all that they need.

    Of each cell that defines one of them it holds the functions, classes and imports, and the assignments whose names a
    function uses; of other cells what those build on; and an import, or the value, for every other name. What else a
    cell does, such as a trial call, is left out.

    Raises
    ------
    ValueError
        when a function was not defined in a cell of this notebook
    """
    known = unwrap(functions[0]).__globals__
    cells: dict[str, list[ast.stmt]] = {}
    waiting = [unwrap(function) for function in functions]
    while waiting:
        file = waiting.pop().__code__.co_filename
        if file not in cells:
            cells[file] = _definitions(file)
            waiting += [value for name in _used(cells[file]) if _is_own(value := known.get(name))]
    body = [statement for kept in reversed(cells.values()) for statement in kept]
    head = _given(_used(body) - _bound(body), known)
    return "\n".join(["from __future__ import annotations", *head, *(ast.unparse(one) for one in body)]) + "\n"


def _definitions(file: str) -> list[ast.stmt]:
    """Return what a cell defines that its functions may need."""
    source = "".join(linecache.getlines(file))
    if not source:
        raise ValueError("only functions that a cell of this notebook defines can become a module")
    statements = ast.parse(source).body
    lasting = ast.FunctionDef | ast.ClassDef | ast.Import | ast.ImportFrom
    used = _used(one for one in statements if isinstance(one, ast.FunctionDef | ast.ClassDef))
    needed = [one for one in statements if isinstance(one, ast.Assign | ast.AnnAssign) and _bound([one]) & used]
    return [one for one in statements if isinstance(one, lasting) or one in needed]


def _used(statements: Iterable[ast.stmt]) -> set[str]:
    return {node.id for one in statements for node in ast.walk(one) if isinstance(node, ast.Name)}


def _bound(statements: Iterable[ast.stmt]) -> set[str]:
    """The names that statements bind, outside functions."""
    names = set()
    for one in statements:
        if isinstance(one, ast.FunctionDef | ast.ClassDef):
            names.add(one.name)
        elif isinstance(one, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).partition(".")[0] for alias in one.names}
        else:
            targets = one.targets if isinstance(one, ast.Assign) else [one.target]  # type: ignore[attr-defined]
            names |= {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}
    return names


def _is_own(value: object) -> bool:
    return isinstance(value, FunctionType) and value.__module__ == "__main__"


def _given(names: set[str], known: Mapping[str, Any]) -> list[str]:
    """Lines that give a module the names which earlier cells of the notebook have imported or set."""
    lines = []
    for name in sorted(names & known.keys()):
        value = known[name]
        home = getattr(value, "__module__", None)
        if isinstance(value, ModuleType):
            lines.append(f"import {value.__name__} as {name}")
        elif isinstance(home, str) and home != "__main__" and hasattr(value, "__name__"):
            lines.append(f"from {home} import {value.__name__} as {name}")
        elif _is_literal(value):
            lines.append(f"{name} = {value!r}")
    return lines


def _is_literal(value: object) -> bool:
    try:
        return bool(ast.literal_eval(repr(value)) == value)
    except (ValueError, SyntaxError):
        return False
