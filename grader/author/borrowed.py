"""Author's rule: no answer ships. What students can import, and what they are given, holds no answer to a task.

Two searches. Every callable of ``helpers`` is tried as the answer to every function that a task asks for, against the
task's whole test cell; and every sizeable piece of the author's answers is looked for in the text of ``helpers`` and of
the released notebooks.

Both run trusted code only: the repository's own.
"""

from __future__ import annotations

import ast
import inspect
import json
import os
import select
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from copy import deepcopy
from dataclasses import dataclass
from functools import cache, partial
from importlib import import_module
from multiprocessing.process import BaseProcess
from pathlib import Path
from pkgutil import walk_packages
from tempfile import TemporaryDirectory
from types import CodeType
from typing import Any
from unittest.mock import patch

import nbformat
import numpy as np
import pandas as pd

from grader.author.replay import Names, Task, require_all, run, tasks_of
from grader.course import Course, Week
from grader.parts import NAME

SIZE = 20  # nodes of a syntax tree: an expression of a line; smaller ones are common words
CALL_SECONDS, TEST_SECONDS = 2, 30  # of the processor
LONGER = 3  # times, by the clock
SKIPPED = ("helpers.airflow.serve", "helpers.containers")  # programs: they start servers when they are called


@dataclass(frozen=True)
class Borrowed:
    """An answer that ships: the task and function that it answers, and its place."""

    task: str
    function: str
    place: str
    way: str

    def __str__(self) -> str:
        """The finding in one line."""
        return f"{self.task}, `{self.function}`: {self.place} {self.way}"


# --- callables ---


@dataclass(frozen=True)
class Candidate:
    """A callable of ``helpers``, and how it is given the arguments: by ``place`` or by ``name``."""

    path: str
    function: Callable[..., Any]
    way: str

    def adapted(self, asked: Callable[..., Any]) -> Callable[..., Any]:
        """Return the callable with the signature of the function that is asked for."""
        signature, own = inspect.signature(asked), inspect.signature(self.function)
        most = _positions(own)

        def answer(*arguments: Any, **options: Any) -> Any:
            bound = signature.bind(*arguments, **options)
            bound.apply_defaults()
            if self.way == "by place":
                return self.function(*list(bound.arguments.values())[:most])
            return self.function(**{name: bound.arguments[name] for name in own.parameters if name in bound.arguments})

        answer.__name__ = asked.__name__
        return answer


@cache
def callables() -> dict[str, Callable[..., Any]]:
    """Return every function, class and method that ``helpers`` defines, private ones too, by its dotted path."""
    import helpers

    found: dict[str, Callable[..., Any]] = {}
    for info in walk_packages(helpers.__path__, "helpers."):
        if info.name not in SKIPPED and not info.name.endswith("__main__"):
            module = import_module(info.name)
            found |= dict(_defined(vars(module), info.name))
    return found


def _defined(names: dict[str, Any], module: str, prefix: str = "") -> Iterator[tuple[str, Callable[..., Any]]]:
    for name, value in names.items():
        inner = value.__func__ if isinstance(value, classmethod | staticmethod) else value
        inner = inspect.unwrap(inner) if callable(inner) else inner
        if getattr(inner, "__module__", None) != module or not (inspect.isfunction(inner) or inspect.isclass(inner)):
            continue
        path = f"{prefix or module}.{name}"
        yield path, inner
        if inspect.isclass(inner):
            yield from _defined(dict(vars(inner)), module, path)


def candidates(asked: Callable[..., Any]) -> list[Candidate]:
    """Return the callables of ``helpers`` that can take the arguments of the function that is asked for."""
    wanted = list(inspect.signature(asked).parameters)
    found = []
    for path, function in callables().items():
        try:
            own = inspect.signature(function)
        except (TypeError, ValueError):
            continue
        required = [p.name for p in own.parameters.values() if p.default is p.empty and p.kind not in _VARIABLE]
        if len(required) <= len(wanted) and (_positions(own) or not wanted):
            found.append(Candidate(path, function, "by place"))
        if {*required} <= {*wanted} and {*own.parameters} & {*wanted}:
            found.append(Candidate(path, function, "by name"))
    return found


_VARIABLE = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
_BY_PLACE = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def _positions(signature: inspect.Signature) -> int:
    """Return how many arguments it takes by place."""
    kinds = [parameter.kind for parameter in signature.parameters.values()]
    return 1_000 if inspect.Parameter.VAR_POSITIONAL in kinds else sum(kind in _BY_PLACE for kind in kinds)


class _FirstCall(BaseException):
    """Carries the arguments of the first call out of a test cell."""


class NotCalled(Exception):
    """No test calls the function: whatever stands in its place, they pass."""


def first_call(task: Task, function: str, names: Names) -> Call | None:
    """Return the arguments that the test cell gives to a function first; None when that cannot be seen.

    Raises
    ------
    NotCalled
        when the test cell runs to its end without it
    """
    asked = names[function]

    def record(*arguments: Any, **options: Any) -> Any:
        raise _FirstCall(arguments, options)

    record.__signature__ = inspect.signature(asked)  # type: ignore[attr-defined]
    record.__name__ = function
    try:
        require_all(task.test(dict(names) | {function: record}))
    except _FirstCall as call:
        return call.args
    except Exception:  # it wants something first that the stand-in does not give
        return None
    raise NotCalled


def answers(task: Task) -> Iterator[Borrowed]:
    """Try every callable of ``helpers`` as each function that a task asks for; yield those that pass its tests."""
    names = _quietly(task.namespace)
    run(task.solution, task.name, names)
    for function in task.functions:
        try:
            found = passing(task, function, candidates(names[function]), names)
        except NotCalled:
            continue
        for candidate in found:
            yield Borrowed(str(task), function, candidate.path, f"passes its tests ({candidate.way})")


def passing(task: Task, function: str, tried: list[Candidate], names: Names) -> list[Candidate]:
    """Return those candidates that pass the whole test cell in the place of a function.

    All are tried in one process, which is cheap; one that ends this process is no answer, and one that passes there
    must do so again in a process of its own, which no candidate before it has changed.
    """
    call = _quietly(first_call, task, function, names)
    hits: list[Candidate] = []
    rest = tried
    while rest:
        done = _in_child(partial(_try_all, task, function, rest, names, call))
        hits += [rest[place] for place, passed in done if passed]
        rest = rest[len(done) + 1 :]
    again = [(one, partial(_try_all, task, function, [one], names, None)) for one in hits]
    return [one for one, alone in again if _in_child(alone) == [(0, True)]]


def _try_all(
    task: Task, function: str, tried: list[Candidate], names: Names, call: Call | None, write: Callable[[Any], None]
) -> None:
    """Try each candidate with one call first, the cheap test: does it give the kind of value that the answer gives?"""
    asked, wanted = names[function], None
    if call:
        with suppress(Exception):  # the answer itself may take longer than that
            wanted = _kind(_one_call(asked, call))
    tests = compile(task.tests.source, "<tests>", "exec")
    for place, candidate in enumerate(tried):
        answer = candidate.adapted(asked)
        try:
            with _no_programs():
                passed = wanted is None or call is None or _kind(_one_call(answer, call)) == wanted
            if passed:
                write((place, None))  # this may take longer
                _within(TEST_SECONDS, _pass, tests, dict(names) | {function: answer})
        except BaseException:
            passed = False
        write((place, passed))


def _pass(tests: CodeType, names: Names) -> None:
    """Run a test cell; raise what it found wrong."""
    exec(tests, names)
    require_all(names.get(NAME))


def _one_call(function: Callable[..., Any], call: Call) -> Any:
    arguments, options = deepcopy(call)
    return _within(CALL_SECONDS, function, *arguments, **options)


def _refuse(*_: object, **__: object) -> None:
    raise PermissionError("no program is started here")


@contextmanager
def _no_programs() -> Iterator[None]:
    """Refuse to start other processes: a scheduler or a server that starts is no answer, and takes seconds."""
    with (
        patch.object(subprocess.Popen, "_execute_child", _refuse),
        patch.object(BaseProcess, "start", _refuse),
        patch.object(os, "fork", _refuse),
    ):
        yield


def _within(seconds: float, function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """Call a function and interrupt it when its time is up: the processor's, or longer by the clock."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, (LONGER - 1) * seconds)
    try:
        return function(*arguments, **options)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)


def _kind(value: Any) -> Any:
    """Return what a test can tell a value by before it looks into it: tests take each other's kinds for no more."""
    if value is None or isinstance(value, str | bytes | bool):
        return type(value)
    if isinstance(value, pd.DataFrame):
        return "table"
    if isinstance(value, Mapping):
        return "dictionary"
    if np.ndim(value) == 0 and np.isscalar(value):
        return "number"
    try:
        return "sequence", len(value)
    except TypeError:
        return "object"


Call = tuple[tuple[Any, ...], dict[str, Any]]


def _quietly(function: Callable[..., Any], *arguments: Any) -> Any:
    with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        return function(*arguments)


def _interrupted(*_: object) -> None:
    raise TimeoutError


def _in_child(work: Callable[[Callable[[Any], None]], None]) -> list[tuple[int, bool]]:
    """Run ``work`` in a forked process without output; return what it wrote until it ended, or was ended.

    It is ended when it stays silent: a candidate may wait for ever, and no signal wakes every wait.
    """
    reader, writer = os.pipe()
    scratch = TemporaryDirectory(prefix="borrowed-", ignore_cleanup_errors=True)
    child = os.fork()
    if child == 0:
        os.close(reader)
        os.chdir(scratch.name)  # a candidate may take its arguments for names of files
        with suppress(BaseException), os.fdopen(writer, "wb", buffering=0) as pipe:
            os.setsid()
            nothing = os.open(os.devnull, os.O_RDWR)
            for place in (0, 1, 2):
                os.dup2(nothing, place)
            for number in (signal.SIGALRM, signal.SIGPROF):
                signal.signal(number, _interrupted)
            _quietly(work, lambda line: pipe.write(json.dumps(line).encode() + b"\n"))
        os._exit(0)
    os.close(writer)
    found: dict[int, bool] = {}
    patience, said = CALL_SECONDS, b""
    while select.select([reader], [], [], LONGER * patience)[0] and (part := os.read(reader, 1 << 16)):
        *lines, said = (said + part).split(b"\n")
        for place, passed in map(json.loads, lines):
            patience = TEST_SECONDS if passed is None else CALL_SECONDS
            if passed is not None:
                found[place] = passed
    os.close(reader)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # what it started, too
    os.waitpid(child, 0)
    scratch.cleanup()
    return list(found.items())


# --- text ---


def copies(course: Course, week: Week) -> Iterator[Borrowed]:
    """Look for sizeable pieces of the author's answers in what ships; yield each answer's largest copy in a file."""
    shipped = dict(_shipped(course))
    for task in tasks_of(week):
        solution = ast.parse(task.solution)
        given = {text for _, text, _ in _pieces(ast.parse(task.stub))}
        own = {text: size for size, text, _ in _pieces(solution) if text not in given}
        for file, pieces in shipped.items():
            common = [(own[text], line, text) for text, line in pieces.items() if text in own]
            if common:
                size, line, _ = max(common)
                way = f"holds a piece of the answer ({size} nodes of its syntax tree)"
                yield Borrowed(str(task), task.name, f"{file}:{line}", way)


def _shipped(course: Course) -> Iterator[tuple[str, dict[str, int]]]:
    """Every file that students get, with its pieces and their lines."""
    for path in sorted((course.root / "helpers").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        yield str(path.relative_to(course.root)), {text: line for _, text, line in _pieces(tree)}
    for path in sorted((course.root / "release").glob("*/*.ipynb")):
        code = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
        found = {text: line for source in code for _, text, line in _pieces(ast.parse(source))}
        yield str(path.relative_to(course.root)), found


def _pieces(tree: ast.AST) -> Iterator[tuple[int, str, int]]:
    """Size, normalised text and line of every statement and expression of at least SIZE nodes, docstrings apart."""
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt | ast.expr):
            plain = _without_docstrings(deepcopy(node))
            size = sum(not isinstance(inner, ast.expr_context) for inner in ast.walk(plain))
            if size >= SIZE:
                yield size, _normalised(plain), node.lineno


def _without_docstrings(node: ast.AST) -> ast.AST:
    for inner in ast.walk(node):
        body = getattr(inner, "body", None)
        if isinstance(body, list) and isinstance(inner, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(inner):
            inner.body = body[1:]
    return node


def _normalised(node: ast.AST) -> str:
    """Write a tree with its variables numbered in order; attributes, keywords and constants stay."""
    numbers: Counter[str] = Counter()

    def number(name: str) -> str:
        numbers.setdefault(name, len(numbers))
        return f"v{numbers[name]}"

    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            inner.id = number(inner.id)
        elif isinstance(inner, ast.arg):
            inner.arg, inner.annotation = number(inner.arg), None
        elif isinstance(inner, ast.FunctionDef):
            inner.name, inner.returns = number(inner.name), None
    return ast.dump(node)


# --- the rule ---


def borrowed(course: Course, week: Week, only: list[str] | None = None) -> Iterator[Borrowed]:
    """Yield every answer to a task of this week that ships (of the tasks named ``only``, where any is)."""
    os.environ.setdefault("NBGRADER_EXECUTION", "autograde")  # keep nothing of what is tried
    sys.path.insert(0, str(course.root))
    yield from (one for one in copies(course, week) if not only or one.task.partition("/")[2] in only)
    for task in tasks_of(week):
        if not only or task.name in only:
            yield from answers(task)


if __name__ == "__main__":
    os.environ.update({"OMP_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1"})  # a fork knows one thread only
    course = Course.find()
    found = list(borrowed(course, course.weeks[sys.argv[1]], sys.argv[2:]))
    print(*found, f"{len(found)} answers ship", sep="\n")
    sys.exit(bool(found))
