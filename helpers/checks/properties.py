"""Properties that many weeks ask of what a student's function returns: type, columns, rows, numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks.core import CheckFailed, require


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
