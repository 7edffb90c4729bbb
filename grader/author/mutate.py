"""Mutants of an answer: each differs from it in one place, as a slip would.

The kinds are those of mutation testing (DeMillo, Lipton and Sayward, *Hints on Test Data Selection*, 1978):
comparisons, boundaries, arithmetic, constants, arguments, defaults; and what data work adds: a sort or a copy left out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

COMPARISONS: dict[type, Any] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
ARITHMETIC: dict[type, Any] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
LEFT_OUT = {"sort_values", "sort_index", "copy", "drop_duplicates", "fillna", "dropna", "reset_index", "strip", "clip"}
PASSED_THROUGH = {"sorted", "abs", "set", "reversed", "deepcopy"}
FEWEST_LINES = 3  # of a text that is an answer by itself
WORDS = {"left": "right", "right": "left", "first": "last", "last": "first", "mean": "median", "inner": "left"}


@dataclass(frozen=True)
class Mutant:
    """A changed answer, and what was changed: the line, its text before and after."""

    source: str
    line: int
    before: str
    after: str

    def __str__(self) -> str:
        """Return the change as a list of survivors shows it."""
        return f"line {self.line}: {self.before} → {self.after}"


def mutants(source: str) -> list[Mutant]:
    """Return every mutant of an answer, each once; none of a cell that is not plain Python."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []
    found = {one.source: one for one in _mutants(tree)}
    found.pop(ast.unparse(tree), None)
    return list(found.values())


def _mutants(tree: ast.Module) -> Iterator[Mutant]:
    skipped = _texts(tree)
    places = [node for node in ast.walk(tree) if node not in skipped]
    for place, node in enumerate(ast.walk(tree)):
        if node not in places or not hasattr(node, "lineno"):
            continue
        for changed in _changes(node):
            copy = deepcopy(tree)
            target = list(ast.walk(copy))[place]
            mutated = _Replace(target, changed).visit(copy)
            source = ast.unparse(ast.fix_missing_locations(mutated))
            yield Mutant(source, node.lineno, *_difference(node, changed))


def _difference(node: ast.AST, changed: ast.AST) -> tuple[str, str]:
    """Show what was changed: an expression, or the lines of a text that differ."""
    before, after = ast.unparse(node), ast.unparse(changed)
    if isinstance(node, ast.Constant) and isinstance(changed, ast.Constant) and "\n" in str(node.value):
        texts = [str(node.value), str(changed.value)]
        with suppress(SyntaxError):
            texts[0] = ast.unparse(ast.parse(texts[0]))  # as mutants of it are written
        lines = [text.splitlines() for text in texts]
        before, after = (
            " | ".join(line.strip() for line in ours if line not in others) for ours, others in (lines, lines[::-1])
        )
    return before[:120], after[:120]


class _Replace(ast.NodeTransformer):
    """Puts one node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return deepcopy(self.new) if node is self.old else self.generic_visit(node)


def _texts(tree: ast.Module) -> set[ast.AST]:
    """Return what says nothing about behaviour: docstrings, annotations, messages of errors."""
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise):
            skipped.update(ast.walk(node))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.update(ast.walk(node))
        for field in ("annotation", "returns"):
            if isinstance(note := getattr(node, field, None), ast.AST):
                skipped.update(ast.walk(note))
    return skipped


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Compare):
        for place, operator in enumerate(node.ops):
            compared = deepcopy(node)
            compared.ops[place] = COMPARISONS[type(operator)]()
            yield compared
    elif isinstance(node, ast.BinOp | ast.BoolOp) and type(node.op) in ARITHMETIC:
        combined = deepcopy(node)
        combined.op = ARITHMETIC[type(node.op)]()
        yield combined
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub | ast.Invert):
        yield deepcopy(node.operand)
    elif isinstance(node, ast.Constant):
        yield from map(ast.Constant, _constants(node.value))
    elif isinstance(node, ast.Call):
        yield from _calls(node)
    elif isinstance(node, ast.If | ast.IfExp):
        turned = deepcopy(node)
        turned.test = ast.UnaryOp(ast.Not(), turned.test)
        yield turned


def _constants(value: Any) -> list[Any]:
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    if isinstance(value, float):
        return [value * 1.5, 0.0] if value else [1.0]
    if isinstance(value, str) and value.count("\n") >= FEWEST_LINES:
        return [one.source for one in mutants(value)] or list(_without_a_line(value))
    return [WORDS[value]] if isinstance(value, str) and value in WORDS else []


def _without_a_line(text: str) -> Iterator[str]:
    """Leave out one line after the other, of a text that is no program: a Dockerfile, a manifest."""
    lines = text.splitlines(keepends=True)
    for place, line in enumerate(lines):
        if line.strip():
            yield "".join(lines[:place] + lines[place + 1 :])


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in LEFT_OUT and isinstance(node.func, ast.Attribute):
        yield node.func.value
    if name in PASSED_THROUGH and node.args:
        yield node.args[0]
    for place in range(len(node.keywords)):
        copy = deepcopy(node)
        del copy.keywords[place]
        yield copy
