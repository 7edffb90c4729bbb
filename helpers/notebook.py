"""How the course's notebooks behave: what every first cell sets up, and errors shown without a traceback."""

from __future__ import annotations

import sys
import warnings
from traceback import walk_tb
from types import TracebackType
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
    """What to show in place of a traceback; nothing where the traceback says more."""
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
