"""Parts of a test cell, read from its text: `mark.part(name, points, clause, after=…)`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from grader.engine.names import parsed

NAME = "mark"  # a test cell's name for what it found
BEGIN, END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"


@dataclass(frozen=True)
class Declared:
    """A part as the author wrote it down; ``hidden`` says that students do not see that it is there."""

    name: str
    points: float
    clause: str
    hidden: bool
    after: tuple[str, ...]
    line: int


def declared_parts(source: str) -> list[Declared]:
    """Return the parts of a test cell, in order; none for a cell that is worth all or nothing.

    Raises
    ------
    ValueError
        when a part's name, points, clause or needs are not plain values
    """
    tree = parsed(source)
    hidden = _hidden_lines(source)
    return [] if tree is None else [_declared(call, hidden) for call in _calls(tree)]


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    """Give the calls of ``mark.part`` that open a block at the cell's top level."""
    for node in tree.body:
        for item in node.items if isinstance(node, ast.With) else []:
            call = item.context_expr
            if isinstance(call, ast.Call) and ast.unparse(call.func) == f"{NAME}.part":
                yield call


def _declared(call: ast.Call, hidden: set[int]) -> Declared:
    values = [ast.literal_eval(value) for value in call.args]
    options = {option.arg: ast.literal_eval(option.value) for option in call.keywords}
    name, points, clause = (*values, *(options[key] for key in ("points", "clause") if key in options))
    return Declared(name, float(points), clause, call.lineno in hidden, tuple(options.get("after", ())), call.lineno)


def _hidden_lines(source: str) -> set[int]:
    lines, inside = set[int](), False
    for number, line in enumerate(source.splitlines(), start=1):
        inside = (inside or BEGIN in line) and END not in line
        if inside:
            lines.add(number)
    return lines
