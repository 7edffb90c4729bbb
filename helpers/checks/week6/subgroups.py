"""Checks of task `subgroups`: every subgroup is looked at, and the number of looks is paid for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, close, has_columns, require, returns

COLUMNS = ("people", "rate", "p_value", "claimed")
Rows = Mapping[frozenset[str], Sequence[Any]]


def _asked(
    function: Callable[..., Any], frame: pd.DataFrame, attributes: Sequence[str], harmed: str, depth: int, least: int
) -> pd.DataFrame:
    result = call(function, frame, list(attributes), harmed, depth=depth, min_size=least)
    table = returns(result, pd.DataFrame, "worst_subgroups")
    has_columns(table, ["subgroup", *COLUMNS])
    return table


def _rows(table: pd.DataFrame) -> Rows:
    return _by_name(table["subgroup"], table[list(COLUMNS)].to_numpy(dtype=object).tolist())


def _pairs(
    function: Callable[..., Any], asked: Sequence[Any], expected: Mapping[str, Sequence[Any]]
) -> tuple[pd.DataFrame, Rows, Rows]:
    """Ask; return the table, and its rows and the expected ones by subgroup."""
    table = _asked(function, *asked)
    given, wanted = _rows(table), _by_name(expected, list(expected.values()))
    _all_there(given, wanted, len(table))
    return table, given, wanted


def looked_at(function: Callable[..., Any], *asked: Any) -> None:
    """Check that every subgroup is there, once, with its people and its rate.

    Parameters
    ----------
    asked : frame, attributes, harmed, depth, min_size; and, for each subgroup ("sex=f & age=old"): people, rate,
        p_value and claimed
    """
    _, given, wanted = _pairs(function, asked[:-1], asked[-1])
    for name, row in wanted.items():
        for what, theirs, right in zip(COLUMNS[:2], given[name], row, strict=False):
            where = "people of the subgroup; rate: harmed among them"
            close(theirs, right, what=f"{what} of a subgroup", tolerance=1e-7, where=where)


def p_values(function: Callable[..., Any], *asked: Any) -> None:
    """Compare the p-value of each subgroup that is there; parameters as in `looked_at`."""
    given, wanted = _rows(_asked(function, *asked[:-1])), _by_name(asked[-1], list(asked[-1].values()))
    both = [name for name in wanted if name in given]
    require(both, "none of the subgroups is in the table", where='"sex=f & age=old", as the docstring writes it')
    for name in both:
        where = "k or more harmed among n drawn from everybody: hypergeom.sf(k − 1, N, K, n), or fisher_exact, greater"
        why = "among dozens of subgroups some look bad by chance: only the right probability tells which are not"
        right = wanted[name][2]
        close(given[name][2], right, what="p_value of a subgroup", tolerance=1e-7, why=why, where=where)
        require(
            right == 0 or 0.999 < float(given[name][2]) / right < 1.001,
            "a tiny p_value of a subgroup is wrong by far, though not by much on the scale of 1",
            where="`sf`, the survival function: 1 − cdf loses all digits where chance explains nothing",
        )


def claims(function: Callable[..., Any], *asked: Any) -> None:
    """Check which subgroups are claimed to be harmed; parameters as in `looked_at`."""
    _, given, wanted = _pairs(function, asked[:-1], asked[-1])
    claimed, right = _claimed(given), _claimed(wanted)
    seen = f"{len(claimed)} claimed, {len(right)} stand after {len(wanted)} looks"
    _no_chance_finding(claimed - right, seen)
    _no_harm_unsaid(right - claimed, seen)


def ordered(function: Callable[..., Any], *asked: Any) -> None:
    """Check the order of the rows, and of the attributes in a name; parameters as in `looked_at`."""
    table = _asked(function, *asked[:-1])
    order = table["p_value"].to_numpy(dtype=float)
    require(
        bool((np.diff(order) > -1e-12).all()),
        "the table is not sorted by p_value",
        why="the notebook reads the first rows, and they are to be the worst",
        where="smallest first",
    )
    wrong = sorted(set(map(str, table["subgroup"])) - set(asked[-1]))
    require(
        not wrong,
        "the name of a subgroup is not written as the docstring writes it",
        seen=f"{wrong[:2]}",
        why="what is merged with this table finds its rows by name",
        where='"sex=f & age=old": attributes in the order given, " & " between them',
    )


def large_enough(function: Callable[..., Any], *asked: Any) -> None:
    """Check that the subgroups are those with at least ``min_size`` people; parameters as in `looked_at`."""
    least, table = asked[4], _asked(function, *asked[:-1])
    sizes = table["people"].to_numpy(dtype=float)
    require(
        not (sizes < least).any(),
        "a subgroup with fewer than min_size people is in the table",
        why="each look has a price: those that cannot show anything only make the others harder to see",
        where="`>= min_size`",
    )
    require(
        len(table) == len(asked[-1]),
        "a subgroup that has just min_size people, or more, is missing",
        seen=f"{len(table)} rows, expected {len(asked[-1])}",
        where="at least min_size: this size included",
    )
    claimed, right = _claimed(_rows(table)), {frozenset(n.split(" & ")) for n, row in asked[-1].items() if row[3]}
    require(
        claimed == right,
        "subgroups that are too small for the table are counted as looks",
        where="Bonferroni: times the number of rows of the table",
    )


def defaults(function: Callable[..., Any], frame: pd.DataFrame, attributes: Sequence[str], harmed: str) -> None:
    """Check that depth is 2 and min_size 30 where they are not given."""
    short = returns(call(function, frame, list(attributes), harmed), pd.DataFrame, "worst_subgroups")
    long = _asked(function, frame, attributes, harmed, 2, 30)
    require(
        sorted(map(str, short["subgroup"])) == sorted(map(str, long["subgroup"])),
        "without depth and min_size the subgroups are not those of depth 2 and 30 people",
        where="the defaults in the signature",
    )


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
