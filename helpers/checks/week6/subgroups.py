"""Checks of task `subgroups`: every subgroup is looked at, and the number of looks is paid for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, close, has_columns, require, returns

COLUMNS = ("people", "rate", "p_value", "claimed")
Rows = Mapping[frozenset[str], Sequence[Any]]


def table(
    function: Callable[..., Any],
    frame: pd.DataFrame,
    attributes: Sequence[str],
    harmed: str,
    depth: int,
    least: int,
    expected: Mapping[str, Sequence[Any]],
) -> None:
    """Compare the table of subgroups with what is expected.

    Parameters
    ----------
    expected : for each subgroup ("sex=f & age=old"): people, rate, p_value and claimed
    """
    result = call(function, frame, list(attributes), harmed, depth=depth, min_size=least)
    result = returns(result, pd.DataFrame, "worst_subgroups")
    has_columns(result, ["subgroup", *COLUMNS])
    rows = result[list(COLUMNS)].to_numpy(dtype=object).tolist()
    given, wanted = _by_name(result["subgroup"], rows), _by_name(expected, list(expected.values()))
    _all_there(given, wanted, len(result))
    for name, row in wanted.items():
        where = "k or more harmed among n drawn from everybody: hypergeom.sf(k − 1, N, K, n), or fisher_exact, greater"
        for what, mine, theirs in zip(COLUMNS[:3], row, given[name], strict=False):
            why = "among dozens of subgroups some look bad by chance: only the right probability tells which are not"
            close(theirs, mine, what=f"{what} of a subgroup", tolerance=1e-7, why=why, where=where)
    claimed, right = _claimed(given), _claimed(wanted)
    seen = f"{len(claimed)} claimed, {len(right)} stand after {len(wanted)} looks"
    _no_chance_finding(claimed - right, seen)
    _no_harm_unsaid(right - claimed, seen)
    order = result["p_value"].to_numpy(dtype=float)
    require(bool((np.diff(order) > -1e-12).all()), "the table is not sorted by p_value", where="smallest first")


def _by_name(names: Any, rows: Sequence[Sequence[Any]]) -> Rows:
    """Rows by subgroup; the order of the attributes in a name is free."""
    return {frozenset(str(name).split(" & ")): row for name, row in zip(names, rows, strict=True)}


def _claimed(rows: Rows) -> set[frozenset[str]]:
    return {name for name, row in rows.items() if bool(row[3])}


def _all_there(given: Rows, wanted: Rows, rows: int) -> None:
    missing, more = wanted.keys() - given.keys(), given.keys() - wanted.keys()
    require(
        not missing and not more and len(given) == rows,
        "the subgroups are not all that have enough people, each once",
        seen=f"{len(missing)} missing, {len(more)} too many, {rows - len(given)} twice; "
        f"e.g. {[' & '.join(sorted(name)) for name in [*missing, *more][:2]]}",
        why="the subgroup that nobody looks at is the one that is harmed",
        where="every combination of 1 to `depth` attributes, every combination of their values, min_size included",
    )


def _no_chance_finding(more: set[frozenset[str]], seen: str) -> None:
    require(
        not more,
        "a subgroup is claimed to be harmed, though among so many subgroups one looks like that by chance",
        seen=seen,
        why="whoever looks at 200 subgroups finds ten at the 5 % level, in any data",
        where="Bonferroni: p_value times the number of subgroups examined, at most 0.05",
    )


def _no_harm_unsaid(missing: set[frozenset[str]], seen: str) -> None:
    require(
        not missing,
        "a harmed subgroup is not claimed",
        seen=seen,
        where="claimed where p_value times the number of subgroups examined is at most 0.05, in table order or any",
    )
