"""Checks of task `privacy`: class sizes, a k-anonymous release that is of use, and what it still gives away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, close, has_columns, require, returns


def sizes(function: Callable[..., Any], table: pd.DataFrame, quasi: Sequence[str], expected: Sequence[int]) -> None:
    """Compare, row by row, with how many rows each row shares its quasi-identifiers, itself included."""
    result = _sizes(function, table, quasi)
    where = "rows that agree in all columns; not known agrees with not known"
    close(result, list(expected), what="the size of a class", where=where)


def not_known(function: Callable[..., Any], table: pd.DataFrame, quasi: Sequence[str], expected: Sequence[int]) -> None:
    """Compare as `sizes` does, in a table with holes."""
    result = _sizes(function, table, quasi)
    require(
        not np.isnan(result).any(),
        "a person with something not known has no class",
        why="whoever left a field empty can be found by that very gap",
        where="`groupby(..., dropna=False)`: not known is a value like any other",
    )
    close(
        result,
        list(expected),
        what="the size of a class with something not known",
        why="whoever left a field empty can be found by that very gap",
        where="not known agrees with not known, and with nothing else, not with 0 either",
    )


def _sizes(function: Callable[..., Any], table: pd.DataFrame, quasi: Sequence[str]) -> np.ndarray:
    result = returns(call(function, table, list(quasi)), pd.Series, "class_sizes")
    require(result.index.equals(table.index), "the sizes have lost their rows", where="one number a row, same index")
    return result.to_numpy(dtype=float)


def _released(
    function: Callable[..., Any], table: pd.DataFrame, quasi: Sequence[str], secret: str, k: int
) -> pd.DataFrame:
    result = returns(call(function, table, list(quasi), secret, k), pd.DataFrame, "anonymise")
    has_columns(result, [*quasi, secret])
    known = bool(result.index.isin(table.index).all()) and result.index.is_unique
    require(known, "the rows are not those of the table", where="index as in `frame`, nobody twice")
    return result


def anonymous(function: Callable[..., Any], table: pd.DataFrame, quasi: Sequence[str], secret: str, k: int) -> None:
    """Check that a release is k-anonymous and still of use: few are left out, and every column says something."""
    result = _released(function, table, quasi, secret, k)
    _enough(len(result), len(table))
    classes = Counter(result[list(quasi)].astype(str).itertuples(index=False, name=None))
    _k_anonymous(min(classes.values()), k)
    for name in quasi:
        _says_something(result[name], table.loc[result.index, name])


def true(function: Callable[..., Any], table: pd.DataFrame, quasi: Sequence[str], secret: str, k: int) -> None:
    """Check that a release is minimal and true to the original: bands for values, the secret as it is."""
    result = _released(function, table, quasi, secret, k)
    _minimal(sorted(set(result.columns) - {*quasi, secret}))
    original = table.loc[result.index]
    where = "replace each value by a band of values, the same for everybody; the secret stays as it is"
    same = (result[secret] == original[secret]) | (result[secret].isna() & original[secret].isna())
    require(bool(same.all()), "the secret column was changed", where=where)
    for name in quasi:
        _true(result[name], original[name], where)
        _neighbouring(result[name], original[name])


def _neighbouring(released: pd.Series, original: pd.Series) -> None:
    """Require that a band holds values which lie next to each other."""
    labels = released.astype(str).to_numpy()[np.argsort(original.to_numpy(), kind="stable")]
    runs = 1 + int((labels[1:] != labels[:-1]).sum()) if len(labels) else 0
    require(
        runs == len(set(labels)),
        "a band holds values that are no neighbours",
        seen=f"column {original.name}: {len(set(labels))} labels in {runs} stretches of sorted values",
        why="whoever reads a band takes it for a range: low incomes and high ones under one label say nothing",
        where="cut the sorted values: `searchsorted`, `pd.cut`, `pd.qcut`, rounding",
    )


def _minimal(extra: Sequence[str]) -> None:
    require(
        not extra,
        "the release holds columns that nobody asked for",
        seen=f"{extra}",
        why="data minimisation (GDPR Article 5(1)(c)): what is not released cannot be linked",
        where="the quasi-identifiers and the secret, nothing else",
    )


def _enough(released: int, everybody: int) -> None:
    require(
        released >= 0.85 * everybody,
        "too many people were left out of the release",
        seen=f"{released} of {everybody}",
        why="whoever is rare is left out first, and then is missing from every study of fairness",
        where="coarser bands before suppression: fewer bands for income and loan until few rows fall out",
    )


def _k_anonymous(smallest: int, k: int) -> None:
    require(
        smallest >= k,
        "somebody shares their quasi-identifiers with fewer than k − 1 others",
        seen=f"smallest class {smallest}, k = {k}",
        why="a neighbour who knows these few facts knows which row it is",
        where="coarsen, count the classes of what is left, and leave out rows of classes below k: in that order",
    )


def _true(released: pd.Series, original: pd.Series, where: str) -> None:
    bands = released.astype(str).groupby(original.to_numpy()).nunique()
    require(
        bool((bands <= 1).all()),
        "one value became two different ones",
        seen=f"column {original.name}",
        why="a release must be coarser than the truth, and not untrue",
        where=where,
    )


def _says_something(released: pd.Series, original: pd.Series) -> None:
    require(
        original.nunique() < 2 or released.nunique() >= 2,
        "a column says nothing any more",
        seen=f"{original.name} has one value",
        why="a release of one value for everybody is anonymous, and useless",
        where="two bands at least",
    )


def learned(
    function: Callable[..., Any],
    released: pd.DataFrame,
    known: pd.DataFrame,
    quasi: Sequence[str],
    secret: str,
    expected: pd.DataFrame,
) -> None:
    """Compare what an outsider learns about each of ``known``.

    Parameters
    ----------
    expected : one row for each of ``known``: ``candidates``, the rows that fit, and ``secret``, NaN where they disagree
    """
    result = returns(call(function, released, known, list(quasi), secret), pd.DataFrame, "learned")
    has_columns(result, ["candidates", "secret"])
    require(result.index.equals(known.index), "the people have lost their rows", where="one row for each of `known`")
    for own, right in zip(result.to_dict("records"), expected.to_dict("records"), strict=True):
        where = "rows of `released` that agree in every quasi-identifier; 0 where there are none"
        close(float(own["candidates"]), float(right["candidates"]), what="the number of candidates", where=where)
        _known(own["secret"], right["secret"], int(right["candidates"]))


def _known(claimed: Any, secret: Any, candidates: int) -> None:
    agreed = not pd.isna(secret)
    require(
        agreed or pd.isna(claimed),
        "a secret is claimed to be learned though the rows that fit do not agree, or there are none",
        where="NaN where the candidates differ",
    )
    require(
        not agreed or claimed == secret,
        "a secret is not noticed: all rows that fit a person agree in it",
        seen=f"{candidates} candidates",
        why="k-anonymity hides which row is yours. Where all k rows say denied, nobody needs to know which",
        where="not only where there is a single candidate",
    )
