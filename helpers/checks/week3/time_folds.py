"""Task ``time_folds``: folds that never look ahead, keep days whole and leave the gap out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, require, returns

Fold = tuple[np.ndarray, np.ndarray]


def folds(function: Callable[..., Any], times: pd.Series, n_folds: int, gap_days: int) -> None:
    """Check that folds never look ahead, keep days whole and leave the gap out, and nothing but the gap."""
    result = returns(call(function, times, n_folds, gap_days), list, "time_folds")
    require(
        len(result) == n_folds,
        "there must be one pair for each fold",
        seen=f"{len(result)} for {n_folds} folds",
        where="n_folds + 1 blocks: the first one only trains",
    )
    local = times.dt.tz_convert("America/New_York").dt.tz_localize(None).dt.floor("D")
    number = ((local - local.min()).dt.days).to_numpy()  # calendar days, those without flights included
    pairs = [_pair(pair, len(times)) for pair in result]
    for known, asked in pairs:
        _never_ahead(number[known], number[asked])
    _blocks(pairs, number, n_folds)
    for known, asked in pairs:
        _after_the_gap(number[known], number[asked], gap_days)
        _nothing_left_out(known, number, number[asked].min() - gap_days)


def _pair(pair: Any, n: int) -> Fold:
    pair = returns(pair, tuple, "a fold")
    require(len(pair) == 2, "a fold must be a pair: rows of training, rows of validation", seen=f"{len(pair)} parts")
    known, asked = (np.asarray(rows) for rows in pair)
    for rows in (known, asked):
        whole = rows.ndim == 1 and rows.dtype.kind in "iu" and rows.size > 0
        require(
            whole and rows.min() >= 0 and rows.max() < n and len(np.unique(rows)) == len(rows),
            "a fold's rows are not row positions, each once",
            seen=f"dtype {rows.dtype}, {rows.size} rows",
            why="scikit-learn takes positions: index labels point to other flights, or to none",
            where="`np.flatnonzero` of a mask gives positions",
        )
    return known, asked


def _never_ahead(known: np.ndarray, asked: np.ndarray) -> None:
    require(
        known.max() <= asked.min(),
        "a fold looks ahead: it trains on days after, or between, its validation days",
        why="it has seen the weather of the days around: shuffled folds score too well, as a random split does",
        where="no shuffling; blocks are runs of days in order of time; training first, then the gap, then validation",
    )
    require(
        known.max() < asked.min(),
        "a day stands on both sides of a fold",
        why="flights of one day share one storm",
        where="cut between days of New York, not between rows",
    )


def _blocks(pairs: Sequence[Fold], number: np.ndarray, n_folds: int) -> None:
    days = np.unique(number)
    blocks = [np.unique(number[asked]) for _, asked in pairs]
    rows = sum(len(asked) for _, asked in pairs)
    joined = np.concatenate(blocks)
    whole = all(len(asked) == np.isin(number, block).sum() for (_, asked), block in zip(pairs, blocks, strict=True))
    require(
        whole and rows == np.isin(number, joined).sum(),
        "a validation block does not hold all flights of its days, or two blocks share a day",
        why="a day that is cut in two is on both sides of an examination",
        where="cut between days of New York: sched_dep is in UTC, and late evenings are the next day there",
    )
    first = len(days) - len(joined)
    lengths = [first, *map(len, blocks)]
    require(
        np.array_equal(joined, days[first:]) and max(lengths) - min(lengths) <= 1,
        "the validation blocks are not n_folds of n_folds + 1 nearly equal runs of days, in order of time",
        seen=f"days a block: {lengths}",
        why="the last days are the ones most like tomorrow: no fold may leave them out",
        where="count days that have flights, not rows; the first block is for training only",
    )


def _after_the_gap(known: np.ndarray, asked: np.ndarray, gap_days: int) -> None:
    require(
        known.max() < asked.min() - gap_days,
        "a fold trains on days within the gap",
        seen=f"last training day {asked.min() - known.max()} days before validation begins, gap {gap_days}",
        why="the outcomes of those days are not all in when the model is trained",
        where="the gap is counted in days, not rows: with a gap of 2, the 2 days before validation are left out",
    )


def _nothing_left_out(known: np.ndarray, number: np.ndarray, gap: int) -> None:
    """Require every flight before the gap, which begins on day ``gap``, among the training rows."""
    unused = np.delete(number, known)
    require(
        (unused >= gap).all(),
        "a fold does not train on every earlier flight outside its gap",
        seen=f"{len(known)} training rows, {(unused < gap).sum()} more lie before the gap",
        why="rows that are left out are evidence that was paid for and thrown away",
        where="from the first day on; the gap is counted in days of New York: gap_days before validation, no more",
    )
