"""Task ``time_folds``: folds that never look ahead, keep days whole and leave the gap out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, require, returns

Fold = tuple[np.ndarray, np.ndarray]


def folds(function: Callable[..., Any], times: pd.Series, n_folds: int, gap_days: int) -> None:
    """Check everything: that folds never look ahead, keep days whole and leave the gap out, and nothing but the gap."""
    pairs, number = _made(function, times, n_folds, gap_days)
    _never_ahead(pairs, number)
    _blocks(pairs, number)
    _the_gap(pairs, number, gap_days)


def ahead(function: Callable[..., Any], times: pd.Series, n_folds: int, gap_days: int) -> None:
    """Check that no fold trains on a day after one that it validates on, and that folds come in order of time."""
    _never_ahead(*_made(function, times, n_folds, gap_days))


def blocks(function: Callable[..., Any], times: pd.Series, n_folds: int, gap_days: int) -> None:
    """Check that validation blocks are whole days, all but the first block of nearly equal ones, in order."""
    _blocks(*_made(function, times, n_folds, gap_days))


def gap(function: Callable[..., Any], times: pd.Series, n_folds: int, gap_days: int) -> None:
    """Check that each fold trains on every flight before its gap, and on none within it."""
    _the_gap(*_made(function, times, n_folds, gap_days), gap_days)


def _made(function: Callable[..., Any], times: pd.Series, n_folds: int, gap_days: int) -> tuple[list[Fold], np.ndarray]:
    """Return the folds as positions, and the number of each flight's day in New York, days without flights counted."""
    result = returns(call(function, times, n_folds, gap_days), list, "time_folds")
    require(
        len(result) == n_folds,
        "there must be one pair for each fold",
        seen=f"{len(result)} for {n_folds} folds",
        where="n_folds + 1 blocks: the first one only trains",
    )
    local = times.dt.tz_convert("America/New_York").dt.tz_localize(None).dt.floor("D")
    return [_pair(pair, len(times)) for pair in result], (local - local.min()).dt.days.to_numpy()


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


def _never_ahead(pairs: Sequence[Fold], number: np.ndarray) -> None:
    for known, asked in pairs:
        require(
            number[known].max() <= number[asked].min(),
            "a fold looks ahead: it trains on days after, or between, its validation days",
            why="it has seen the weather of the days around: shuffled folds score too well, as a random split does",
            where="blocks are runs of days in order of time; first training, then the gap, then validation",
        )
    begins = [number[asked].min() for _, asked in pairs]
    require(
        begins == sorted(begins),
        "the folds are not in order of time, earliest first",
        why="whoever plots the scores by fold reads them as a course of time",
        where="go through the blocks in order of their days",
    )


def _blocks(pairs: Sequence[Fold], number: np.ndarray) -> None:
    days = np.unique(number)
    blocks = [np.unique(number[asked]) for _, asked in pairs]
    joined = np.concatenate(blocks)
    whole = all(len(asked) == np.isin(number, block).sum() for (_, asked), block in zip(pairs, blocks, strict=True))
    require(
        whole and len(joined) == len(np.unique(joined)),
        "a validation block does not hold all flights of its days, or two blocks share a day",
        why="a day that is cut in two is on both sides of an examination",
        where="cut between days of New York: sched_dep is in UTC, and late evenings are the next day there",
    )
    first = len(days) - len(joined)
    lengths = [first, *map(len, blocks)]
    require(
        np.array_equal(joined, days[first:]),
        "the validation blocks are not the last n_folds of n_folds + 1 runs of days, in order of time",
        seen=f"days a block: {lengths}",
        why="the last days are the ones most like tomorrow: no fold may leave them out",
        where="the first block is for training only; the last block ends with the last day",
    )
    require(
        max(lengths) - min(lengths) <= 1,
        "the lengths of the blocks differ by more than one day",
        seen=f"days a block: {lengths}",
        why="a fold of few days has a score of much luck, and it counts as much as the others",
        where="count days that have flights, not rows and not weeks; the first block, which only trains, is as long",
    )


def _the_gap(pairs: Sequence[Fold], number: np.ndarray, gap_days: int) -> None:
    for known, asked in pairs:
        _after_the_gap(number[known], number[asked], gap_days)
        _nothing_left_out(known, number, number[asked].min() - gap_days)


def _after_the_gap(known: np.ndarray, asked: np.ndarray, gap_days: int) -> None:
    require(
        known.max() < asked.min() - gap_days,
        "a fold trains on days within the gap, or on one that it validates on",
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
