"""Calls of a student's functions: what they raise, and whether they leave their arguments alone."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from traceback import walk_tb
from types import FrameType
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks.core import CheckFailed, NotAttempted, Noted, require


def call(function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    """Call a student's function and return what it returns.

    Tables and arrays among the arguments (also inside lists, tuples and dictionaries) must come back unchanged. In a
    part of a task, one that does not is put right and noted: it costs the least of the parts that saw it.

    Raises
    ------
    NotAttempted
        when the function, or one that it calls, is still a stub
    CheckFailed
        when the function raises, exits or, outside a part, changes an argument in place
    """
    name = _name(function)
    require(
        callable(function),
        "what the check was given to call is not a function",
        seen=f"a {type(function).__name__}",
        where="does a later line give your function's name to something else?",
    )
    before = watch(args, kwargs)
    try:
        result = function(*args, **kwargs)
    except (Exception, SystemExit) as error:
        failure = _explain(name, error)
    else:
        here, there = changed(before), getattr(function, "changed_argument", "")
        if here[0] or there:
            result = _of_its_own(result)  # it may be the very table that is put right now
            _refuse_change(name, here if here[0] else (there, ""))
            _restore(before)
        return result
    # Raised out here so that the student's exception, which may quote hidden data, is not kept as its context.
    raise failure


def call_or_none(function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    """Call a student's function as `call` does; return None where it raises, for a check that says more of that.

    Raises
    ------
    NotAttempted
        when the function, or one that it calls, is still a stub
    """
    try:
        return call(function, *args, **kwargs)
    except NotAttempted:
        raise
    except CheckFailed:
        return None


def refuses(
    function: Callable[..., Any], arguments: tuple[Any, ...], what: str, *, instead: str, why: str, where: str
) -> None:
    """Require a ValueError where there is nothing to return.

    Parameters
    ----------
    what
        what was asked for: "AUC of no rows at all"
    instead
        what is wrong if the function returns: "is given as a number, though it does not exist"
    why, where
        as in `require`, if it returns
    """
    try:
        function(*arguments)
    except NotImplementedError:
        call(function, *arguments)  # says that it is a stub
        raise
    except ValueError:
        return
    except Exception as error:
        kind = type(error).__name__
    else:
        kind = ""
    require(kind, f"{what} {instead}", why=why, where=where)
    raise CheckFailed(
        f"{what} must raise ValueError, not {kind}",
        why="who calls this function waits for the error that its docstring names",
        where="test the input first, with `if` and `raise ValueError(...)`",
    )


def _name(function: object) -> str:
    inner = getattr(function, "func", function)  # functools.partial
    return str(getattr(inner, "__name__", None) or "your function")


def _explain(name: str, error: BaseException) -> CheckFailed:
    """Turn what a student's function raised into a failed check.

    In grading the function runs in another process: the exception then says itself whether it arose in the answer.
    """
    if hasattr(error, "in_answer"):
        return _explain_in_grading(name, error)
    frames = [frame for frame, _ in walk_tb(error.__traceback__)]
    lines = {id(frame): line for frame, line in walk_tb(error.__traceback__)}
    own = _students(frames)
    if isinstance(error, NotImplementedError) and (not own or own[-1] is frames[-1]):
        inner = own[-1].f_code.co_name if own else name
        return NotAttempted(name if inner.startswith("<") else inner)
    kind = type(error).__name__
    broke, why = _ending(name, error)
    where = f"line {lines[id(own[-1])]} of the cell that defines `{own[-1].f_code.co_name}`" if own else ""
    if isinstance(error, TypeError) and len(frames) == 1:  # the call itself failed
        where = "the parameters: the stub of the release shows their names and order"
    return CheckFailed(broke, seen=f"{kind}: {_message(error)}", why=why, where=where)


def _ending(name: str, error: BaseException) -> tuple[str, str]:
    """Describe the end of a function that did not return, and why that matters."""
    if isinstance(error, SystemExit):
        return f"`{name}` left the program (SystemExit)", "a service that calls it would stop with it"
    return f"`{name}` raised {type(error).__name__}", ""


def _students(frames: list[FrameType]) -> list[FrameType]:
    """Frames of cells of the notebook, without the cell that runs the check: its lines may be hidden."""
    outer: FrameType | None = sys._getframe(1)
    callers = set()
    while outer is not None:
        callers.add(outer.f_code.co_filename)
        outer = outer.f_back
    return [f for f in frames if f.f_globals.get("__name__") == "__main__" and f.f_code.co_filename not in callers]


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # an exception of the student's own may fail to print itself
        return "(its message cannot be shown)"


def _tables(args: Sequence[Any], kwargs: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every table and array among the arguments, with the argument's name."""
    named = [(f"argument {position}", value) for position, value in enumerate(args, start=1)]
    for label, value in named + [(f"argument `{key}`", value) for key, value in kwargs.items()]:
        yield from ((label, table) for table in _inside(value))


def _inside(value: Any) -> Iterator[Any]:
    if isinstance(value, pd.DataFrame | pd.Series | np.ndarray):
        yield value
    elif isinstance(value, Mapping | list | tuple):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _inside(item)


Watched = list[tuple[str, Any, Any]]


def watch(args: Sequence[Any], kwargs: Mapping[str, Any]) -> Watched:
    """Copy every table and array among the arguments, to see later whether a call changed one."""
    return [(label, table, table.copy()) for label, table in _tables(args, kwargs)]


def changed(before: Watched) -> tuple[str, str]:
    """Name an argument that is not what it was, and how it differs; two empty strings when all are the same."""
    for label, table, copy in before:
        if not _equal(table, copy):
            return label, _difference(copy, table)
    return "", ""


def _refuse_change(name: str, change: tuple[str, str]) -> None:
    """Raise that an argument was changed in place, or note it where a part of a task made the call."""
    label, difference = change
    failure = CheckFailed(
        f"`{name}` changed its input in place ({label})",
        seen=difference,
        why="whoever called it goes on with that table: what they compute next, or a second run of the cell, "
        "gives another result",
        where="work on a copy (`frame = frame.copy()`), or use methods that return a new object (`assign`)",
    )
    if Noted.kept is None:
        raise failure
    Noted.kept.append(failure)


def _of_its_own(value: Any) -> Any:
    """Copy the tables and arrays in what a function returns."""
    if isinstance(value, pd.DataFrame | pd.Series | np.ndarray):
        return value.copy()
    if type(value) is dict:
        return {key: _of_its_own(item) for key, item in value.items()}
    return type(value)(map(_of_its_own, value)) if type(value) in (list, tuple) else value


def _restore(before: Watched) -> None:
    """Make tables and arrays what they were."""
    for _, table, copy in before:
        if isinstance(table, np.ndarray):
            table[...] = copy
        else:  # pandas has no public way: all that it keeps of a table is in its attributes
            table.__dict__.update(copy.__dict__)


def _explain_in_grading(name: str, error: Any) -> CheckFailed:
    if getattr(error, "from_stub", False):
        return NotAttempted(name)
    call_failed = not error.in_answer and isinstance(error, TypeError)
    if call_failed:
        where = "the parameters: the stub of the release shows their names and order"
    else:
        where = f"{error.meaning}. " if getattr(error, "meaning", "") else ""
        where += "Run the check yourself: it shows the error. If it passes there, call the function with another seed "
        where += "or day, a single row, an empty table, missing values"
    broke, why = _ending(name, error)
    return CheckFailed(broke, why=why, where=where)


def _equal(left: Any, right: Any) -> bool:
    if not isinstance(left, np.ndarray):
        return bool(left.equals(right))
    if left.shape != right.shape or left.dtype != right.dtype:
        return False
    if left.dtype.kind in "biufcmM":  # pandas says the same, and takes ten times as long for a few numbers
        return bool(np.array_equal(left, right, equal_nan=True))
    return pd.Series(left.ravel()).equals(pd.Series(right.ravel()))  # NaN equals NaN there


def _difference(before: Any, after: Any) -> str:
    if before.shape != after.shape and not isinstance(before, pd.DataFrame):
        return f"shape before {before.shape}, after {after.shape}"
    if not isinstance(before, pd.DataFrame):
        other = pd.Series(np.ravel(before)).ne(pd.Series(np.ravel(after)))
        return f"{other.sum():,} of {other.size:,} values changed"
    if before.shape[0] != after.shape[0]:
        return f"{before.shape[0]:,} rows before, {after.shape[0]:,} after"
    if not before.index.equals(after.index):
        return "the index changed"
    gained = [f"new column {c!r}" for c in after.columns.difference(before.columns)]
    lost = [f"column {c!r} gone" for c in before.columns.difference(after.columns)]
    common = before.columns.intersection(after.columns)
    changed = [f"column {c!r} changed" for c in common.unique() if not before[c].equals(after[c])]
    return ", ".join(gained + lost + changed) or "the order of columns changed"
