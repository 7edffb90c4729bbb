"""What several of week 6's checks share: tables of people made from counts; groups, intervals and verdicts compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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


def of_ninety_five(shifts: Sequence[tuple[float, float]], what: str, most: float = 0.025) -> None:
    """Check over several intervals that the ends are the 2.5th and the 97.5th percentile, none nearer or farther.

    Parameters
    ----------
    shifts : how far the low and the high end lie from the right ones, in widths of the interval
    what : how the interval comes about
    most : what their means may be. The mean of five ends that stray by 0.0095 each strays by 0.0042; ends of a 90 %
        interval are shifted by 0.08, and the 3.75th percentile by 0.046
    """
    low, high = np.mean(np.asarray(shifts, dtype=float), axis=0)
    require(
        max(abs(low), abs(high)) <= most,
        f"over several intervals the ends are not the 2.5th and 97.5th percentile, {what}",
        seen=f"low ends are shifted by {low:+.3f} and high ends by {high:+.3f} of the width",
        why="who reads 95 % relies on it: a narrower interval calls chance a finding, a wider one never says anything",
        where="2.5 % of the draws lie below the interval and 2.5 % above",
    )


def by_seed(ends: Callable[..., tuple[float, ...]], draws: str, default: int) -> None:
    """Check that an interval comes from as many draws as asked for, and that its seed makes it repeatable.

    Parameters
    ----------
    ends : takes options by name, gives the ends of the interval
    draws : the option that says how many draws
    default : their number where it is not given; the seed is 0 then
    """
    many = {seed: ends(**{draws: 40}, seed=seed) for seed in (3, 4)}
    require(
        many[3] != many[4],
        "another seed gives the same interval: the argument `seed` does not reach the draws",
        why="whether a finding hangs on luck is seen by drawing anew",
        where="`np.random.default_rng(seed)`",
    )
    require(
        ends(**{draws: 40}, seed=3) == many[3],
        "the same seed gives another interval",
        why="a finding about people that nobody can reproduce is worth nothing before a court or a colleague",
        where="make one random generator from `seed`, inside the function",
    )
    low, high = ends(**{draws: 1}, seed=3)
    require(
        abs(high - low) <= 1e-12,
        f"the interval is not made of {draws} draws: of a single draw both ends are that draw",
        seen=f"{draws}=1 gives [{low:.4f}, {high:.4f}]",
        why="whoever asks for more draws wants a steadier interval",
        where=f"the argument `{draws}`, and no number in its place",
    )
    require(
        ends() == ends(**{draws: default}, seed=0),
        f"without {draws} and seed the interval is not that of the defaults in the signature",
        why="two people who leave them out must get the same",
        where=f"`{draws}: int = {default}, seed: int = 0`",
    )
