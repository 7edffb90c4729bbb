"""Checks of a student's work that say what broke, what was seen, why it matters and where to look.

A check passes silently or raises `CheckFailed`. What a hidden test may show and what it may not is decided by the
fields of that exception alone: values go into ``seen``, and `hidden` drops ``seen``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from numbers import Integral, Real
from traceback import walk_tb
from types import FrameType, TracebackType
from typing import Any, Self

import numpy as np
import pandas as pd

from helpers.checks.look_ahead import no_look_ahead
from helpers.checks.remote import artifacts, hand_over, in_new_process, isolated

__all__ = [
    "CheckFailed",
    "NotAttempted",
    "artifacts",
    "call",
    "close",
    "hand_over",
    "has_columns",
    "hidden",
    "in_new_process",
    "is_probability",
    "isolated",
    "no_look_ahead",
    "passed",
    "refuses",
    "require",
    "returns",
    "same_rows",
]

LONGEST = 600  # characters of `seen`: enough for a small table, too few to bury the message


class CheckFailed(AssertionError):
    """A property that does not hold, in words for the student.

    Parameters
    ----------
    broke
        one line: what is wrong. It is shown by hidden tests too, so it holds no value of the data
    seen
        the values that show it; hidden tests leave it out
    why
        what would go wrong at the desk because of it
    where
        the place to look at next
    """

    def __init__(self, broke: str, *, seen: str = "", why: str = "", where: str = "") -> None:
        super().__init__(broke)
        self.broke, self.why, self.where = broke, why, where
        self.seen = seen if len(seen) <= LONGEST else seen[:LONGEST] + " …"
        self.on_unseen_data = False

    def __str__(self) -> str:
        """The message, one line for each field that has something to say."""
        lines = [self.broke, "This was found on data that you have not seen." if self.on_unseen_data else ""]
        seen = self.seen.replace("\n", "\n  ")  # values cannot pass for the lines after them
        labelled = (("Seen", seen), ("Why it matters", self.why), ("Where to look", self.where))
        lines += [f"{label}: {text}" if text else "" for label, text in labelled]
        return "\n".join(line for line in lines if line)

    def _render_traceback_(self) -> list[str]:
        """What Jupyter shows in place of a traceback."""
        return str(self).splitlines()

    def hide(self) -> None:
        """Drop every value: the field that shows them, the exceptions behind this one and the frames."""
        self.seen, self.on_unseen_data = "", True
        self.__cause__ = self.__context__ = self.__traceback__ = None


class NotAttempted(CheckFailed):
    """The task's function is still the stub of the release."""

    def __init__(self, name: str) -> None:
        super().__init__(f"not attempted yet: `{name}` still holds the stub")

    def hide(self) -> None:
        """Say the same as in a visible test: a stub has seen no data."""
        super().hide()
        self.on_unseen_data = False


class hidden:
    """Context of hidden tests: a failed check names the property and why it matters, and shows no value.

    An error that is not a failed check comes from the test itself and passes through unchanged.
    """

    def __enter__(self) -> Self:
        """Open the context."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """Take the values out of a failed check on its way up."""
        if isinstance(error, CheckFailed):
            error.hide()


def require(
    condition: object, broke: str, *, seen: str | Callable[[], str] = "", why: str = "", where: str = ""
) -> None:
    """Fail the check unless ``condition`` is true.

    ``seen`` may be a function without arguments; it is called only when the check fails.
    """
    if not condition:
        raise CheckFailed(broke, seen=seen() if callable(seen) else seen, why=why, where=where)


def passed(text: str) -> None:
    """Tell the student what was found to hold."""
    print(f"✓ {text}")


# --- calling the student's functions ---


def call(function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    """Call a student's function and return what it returns.

    Tables and arrays among the arguments (also inside lists, tuples and dictionaries) must come back unchanged.

    Raises
    ------
    NotAttempted
        when the function, or one that it calls, is still a stub
    CheckFailed
        when the function raises, exits or changes an argument in place
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
        _require_unchanged(name, changed(before), getattr(function, "changed_argument", ""))
        return result
    # Raised out here so that the student's exception, which may quote hidden data, is not kept as its context.
    raise failure


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
        return _explain_from_afar(name, error)
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
    """How a function ended that did not return, and why that matters."""
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
    """Which argument is not what it was, and how it differs; two empty strings when all are the same."""
    for label, table, copy in before:
        if not _equal(table, copy):
            return label, _difference(copy, table)
    return "", ""


def _require_unchanged(name: str, here: tuple[str, str], afar: str) -> None:
    label, difference = here if here[0] else (afar, "")
    require(
        not label,
        f"`{name}` changed its input in place ({label})",
        seen=difference,
        why="whoever called it goes on with that table: what they compute next, or a second run of the cell, "
        "gives another result",
        where="work on a copy (`frame = frame.copy()`), or use methods that return a new object (`assign`)",
    )


def _explain_from_afar(name: str, error: Any) -> CheckFailed:
    if getattr(error, "from_stub", False):
        return NotAttempted(name)
    call_failed = not error.in_answer and isinstance(error, TypeError)
    if call_failed:
        where = "the parameters: the stub of the release shows their names and order"
    else:
        where = "run the check yourself: it shows the error. If it passes there, call the function with another seed "
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


# --- properties that many weeks ask for ---


def returns(value: Any, kind: type, what: str) -> Any:
    """Require that ``value`` can be used as ``kind``, and return it as that.

    ``np.ndarray`` takes anything array-like, ``float`` and ``int`` take numbers of any library, ``tuple`` and ``list``
    take each other, ``dict`` takes any mapping; every other type is asked for with `isinstance`.
    """
    require(value is not None, f"{what} is None", why="nothing can be computed with it", where="is there a `return`?")
    require(
        _usable_as(value, kind),
        f"{what} should be {_WORDS.get(kind) or _article(kind.__name__)}",
        seen=_article(type(value).__name__),
        why="the code that uses it counts on what the docstring promises",
        where="the docstring of the stub says what to return",
    )
    return _CONVERT.get(kind, lambda same: same)(value)


_WORDS = {np.ndarray: "an array", float: "a number", int: "a whole number", str: "text"}
_CONVERT: dict[type, Callable[[Any], Any]] = {
    np.ndarray: np.asarray,
    float: lambda value: float(np.asarray(value).item()),
    int: lambda value: int(np.asarray(value).item()),
    tuple: tuple,
    list: list,
}


def _usable_as(value: Any, kind: type) -> bool:
    if kind is np.ndarray:
        return not isinstance(value, str | bytes | Mapping) and np.ndim(value) > 0
    if kind in (float, int):
        scalar = value.item() if isinstance(value, np.ndarray | np.generic) and value.size == 1 else value
        return isinstance(scalar, Integral if kind is int else Real) and not isinstance(scalar, bool)
    wider: dict[type, tuple[type, ...]] = {tuple: (tuple, list), list: (list, tuple), dict: (Mapping,)}
    return isinstance(value, wider.get(kind, (kind,)))


def _article(word: str) -> str:
    return f"{'an' if word[0].lower() in 'aeiou' else 'a'} {word}"


def has_columns(frame: pd.DataFrame, columns: Iterable[str]) -> None:
    """Require that a table has these columns; more are welcome."""
    frame = returns(frame, pd.DataFrame, "the table")
    missing = [name for name in columns if name not in frame.columns]
    require(
        not missing,
        f"the table has no column {', '.join(map(repr, missing))}",
        seen=lambda: f"columns {', '.join(map(repr, frame.columns))}",
        why="what is built on this table finds its columns by name",
        where="spelling and capitals; a column that became the index (`reset_index` brings it back)",
    )


def same_rows(before: pd.DataFrame | pd.Series, after: pd.DataFrame | pd.Series) -> None:
    """Require that no row was gained, lost or doubled, going by the index. The order is free."""
    require(
        isinstance(after, pd.DataFrame | pd.Series),
        "the result has no index, so its rows cannot be matched with those of the input",
        seen=_article(type(after).__name__),
        where="return a DataFrame or a Series",
    )
    had, has = before.index.value_counts(), after.index.value_counts()
    lost, gained = had.index.difference(has.index), has.index.difference(had.index)
    counts = has.reindex(had.index).fillna(0)
    doubled, thinned = had.index[counts > had], had.index[(counts < had) & (counts > 0)]
    where = "a merge with several matches doubles rows; `dropna`, an inner merge or a filter loses them"
    if len(before) == len(after) and len(lost):
        where = "`reset_index`, or a merge, which numbers the rows anew: put the input's index back"
    found = {"lost": lost, "gained": gained, "doubled": doubled, "partly lost": thinned}
    found = {word: labels for word, labels in found.items() if len(labels)}
    require(
        not found,
        f"the rows of the result are not those of the input: some were {' and some '.join(found)}",
        seen=lambda: "; ".join(f"{len(labels):,} {word}, e.g. index {labels[0]!r}" for word, labels in found.items()),
        why="a flight that is missing or counted twice bends every rate computed from here on, without an error",
        where=where,
    )


def is_probability(values: Any, n: int, *, varied: bool = False) -> np.ndarray:
    """Require ``n`` probabilities, finite and between 0 and 1; return them as an array of floats, shape (n,).

    With ``varied`` they must not all be the same.
    """
    array = _floats(values)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    two = "that looks like all of `predict_proba`: take the column of the late class, `[:, 1]`"
    require(
        array.shape == (n,),
        "there should be one probability for each row",
        seen=f"shape {array.shape} for {n:,} rows",
        why="each flight needs its own number",
        where=two if array.shape == (n, 2) else "is a row dropped, or are two tables mixed up?",
    )
    bad = ~np.isfinite(array)
    outside = ~bad & ((array < 0) | (array > 1))
    _require_none(bad, array, "are missing or infinite", "missing features; a division by zero; log of zero")
    _require_none(
        outside,
        array,
        "lie outside 0 and 1",
        "raw scores (log odds) still need the logistic function; a factor or a shift leads out of the range",
    )
    require(
        not varied or n < 2 or np.ptp(array) > 0,
        "all probabilities are the same",
        seen=lambda: f"{array[0]:.4g} for each of {n:,} rows",
        why="a model that says the same of every flight ranks none",
        where="do the features reach the model? Did early stopping keep no tree at all?",
    )
    return array


def _require_none(wrong: np.ndarray, array: np.ndarray, words: str, where: str) -> None:
    require(
        not wrong.any(),
        f"some probabilities {words}",
        seen=lambda: f"{wrong.sum():,} of {wrong.size:,}, the first at row {wrong.argmax()}: {array[wrong.argmax()]}",
        why="log loss, calibration and the desk's cost of a decision have no meaning for them",
        where=where,
    )


def _floats(values: Any) -> np.ndarray:
    try:
        return np.asarray(values, dtype=float)
    except (TypeError, ValueError):
        failure = CheckFailed(
            "there should be numbers here",
            seen=f"{_article(type(values).__name__)}: {str(values)[:80]}",
            why="nothing can be computed with anything else",
            where="labels such as 'Y' in place of probabilities; missing values as None; rows of unequal length",
        )
    raise failure


def close(actual: Any, expected: Any, *, what: str, tolerance: float = 1e-9, why: str = "", where: str = "") -> None:
    """Require equal numbers: shape first, then missing values, then the worst difference.

    Numbers may differ by ``tolerance``, times the expected size where that is above 1. Two Series with the same
    labels are matched by label; everything else by position.
    """
    if isinstance(actual, pd.Series) and isinstance(expected, pd.Series) and _same_labels(actual, expected):
        actual = actual.reindex(expected.index)
    got, want = _floats(actual), _floats(expected)
    require(
        got.size == want.size and np.squeeze(got).shape == np.squeeze(want).shape,
        f"{what} has the wrong shape",
        seen=f"{got.shape}, expected {want.shape}",
        why=why,
        where=where or "a sum or mean over the wrong axis, or over none",
    )
    got, want = np.atleast_1d(got.reshape(want.shape)), np.atleast_1d(want)
    _no_other_missing(got, want, what, why, where)
    _no_other_values(got, want, what, tolerance, why, where)


def _same_labels(actual: pd.Series, expected: pd.Series) -> bool:
    return actual.index.is_unique and len(actual) == len(expected) and bool(actual.index.isin(expected.index).all())


def _no_other_missing(got: np.ndarray, want: np.ndarray, what: str, why: str, where: str) -> None:
    missing = np.isnan(got) != np.isnan(want)
    require(
        not missing.any(),
        f"{what} is missing (NaN) where it should not be, or the other way round",
        seen=lambda: f"{missing.sum():,} of {missing.size:,}, the first at {_position(missing)}",
        why=why,
        where=where or "log of zero, a division by zero, or rows matched by the wrong labels",
    )


def _no_other_values(got: np.ndarray, want: np.ndarray, what: str, tolerance: float, why: str, where: str) -> None:
    with np.errstate(invalid="ignore"):
        excess = np.abs(got - want) / np.maximum(1.0, np.abs(want))
    excess[(got == want) | (np.isnan(got) & np.isnan(want))] = 0.0  # equal infinities differ by NaN
    excess = np.nan_to_num(excess, nan=np.inf)
    worst = excess == excess.max() if excess.size else excess.astype(bool)
    require(
        not (excess > tolerance).any(),
        f"{what} is not what it should be",
        seen=lambda: (
            f"{got[worst][0]:.10g}, expected {want[worst][0]:.10g}"
            + (f" at {_position(worst)}; {(excess > tolerance).sum():,} of {got.size:,} differ" if got.size > 1 else "")
        ),
        why=why,
        where=where,
    )


def _position(mask: np.ndarray) -> str:
    index = tuple(int(i) for i in np.argwhere(mask)[0])
    return f"position {index[0] if len(index) == 1 else index}"
