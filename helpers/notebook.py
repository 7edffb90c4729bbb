"""How the course's notebooks behave: what every first cell sets up, and errors shown without a traceback."""

from __future__ import annotations

import sys
from traceback import walk_tb
from types import TracebackType
from typing import Any


class PlainError(Exception):
    """Something a student can put right: a notebook shows the message alone, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return str(self).splitlines()


def setup() -> None:
    """Prepare a notebook: plots, tables, and one line in place of a traceback for a stub.

    May be called again at any time. Outside IPython only plots and tables are set.
    """
    import pandas as pd

    from helpers import plots

    plots.style()
    pd.options.display.max_columns, pd.options.display.max_rows, pd.options.display.precision = 30, 20, 4
    # Not imported here: where IPython runs, it is already there.
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell is not None:
        shell.set_custom_exc((NotImplementedError,), _show_stub)


def _show_stub(
    shell: Any,  # noqa: ANN401 (IPython is not imported for the sake of a type)
    kind: type[BaseException],
    error: BaseException,
    tb: TracebackType | None,
    tb_offset: int | None = None,
) -> None:
    """Show a stub's error in one line. It stays an error, so that graders and `Run all` stop at it."""
    frames = [frame for frame, _ in walk_tb(tb)]
    if not frames or frames[-1].f_globals.get("__name__") != "__main__":  # a library's, not a stub's
        shell._showtraceback(kind, error, shell.InteractiveTB.structured_traceback(kind, error, tb, tb_offset))
        return
    name = frames[-1].f_code.co_name
    line = "Not attempted yet: this cell still holds the stub."
    if not name.startswith("<"):
        line = f"Not attempted yet: `{name}`. Its cell still holds the stub."
    shell._showtraceback(kind, kind(line), [line])
