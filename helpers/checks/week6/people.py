"""What several of week 6's checks share: tables of people made from counts; groups, intervals and verdicts compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import require, returns


def from_counts(counts: Mapping[tuple[Any, ...], tuple[int, int]], names: Sequence[str], outcome: str) -> pd.DataFrame:
    """Make a table of people, one row each, from how many there are.

    Parameters
    ----------
    counts : for each combination of values, how many people have it, and how many of these have the outcome
    names : the columns of the values
    outcome : the column that is 1 for those who have the outcome, and 0 for the others
    """
    rows = [(*values, int(number < k)) for values, (n, k) in counts.items() for number in range(n)]
    return pd.DataFrame(rows, columns=[*names, outcome])


def dictionary(result: Any, names: str) -> dict[str, Any]:
    """Require a dictionary with these keys (words in one text), and return it."""
    result = returns(result, dict, "the result")
    missing = [name for name in names.split() if name not in result]
    require(not missing, f"the dictionary has no {', '.join(missing)}", where="the docstring names its keys")
    return dict(result)


def all_groups(result: pd.DataFrame, names: Sequence[Any]) -> None:
    """Require that the index of a table holds these groups and no other."""
    _none_missing([name for name in names if name not in result.index])
    more = [name for name in result.index if name not in list(names)]
    require(not more, "the table has a row that is no group", seen=f"{more}", where="the groups are the index")


def _none_missing(missing: Sequence[Any]) -> None:
    require(
        not missing,
        "a group is missing from the table",
        seen=f"no row for {list(missing)}",
        why="who is left out of the table is left out of the decision: silence reads as no problem",
        where="the groups in the index; a categorical knows groups without rows (`observed=False`, or `reindex`)",
    )


def near(ends: Any, expected: Any, broke: str, *, why: str = "", where: str = "", slack: float = 0.1) -> None:
    """Require an interval near another: its ends may differ by ``slack``, times the width of the other."""
    (low, high), (left, right) = (np.asarray(pair, dtype=float) for pair in (ends, expected))
    size = max(right - left, 1e-9)
    close_enough = max(abs(low - left), abs(high - right)) <= slack * size + 1e-9
    seen = f"[{low:.3f}, {high:.3f}], expected about [{left:.3f}, {right:.3f}]"
    require(close_enough, broke, seen=seen, why=why, where=where)


def follows(verdict: Any, interval: Mapping[str, Any], at: float, words: tuple[str, str, str], where: str) -> None:
    """Require the verdict that an interval allows.

    Parameters
    ----------
    interval : with ``low`` and ``high``
    at : the number that matters
    words : the verdict where the interval lies below that number, holds it, lies above it
    """
    word = words[int(interval["low"] > at) + int(interval["high"] >= at)]
    require(
        verdict == word,
        "the verdict is not what the interval says",
        seen=f"{verdict!r}, and the interval says {word!r}",
        why="readers take the word and not the numbers beside it",
        where=where,
    )
