"""Task `ingest`: one day of the feed, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from helpers.checks import call, hand_over, require, returns
from helpers.checks.week4.folders import (
    Files,
    contents,
    landed,
    nothing_else,
    partition,
    partitions,
    raises,
)
from helpers.checks.week4.messages import as_text, rows

Ingest = Callable[..., Any]


def kept(function: Ingest, day: str, files: Files, expected: pd.DataFrame, beside: Files | None = None) -> pd.DataFrame:
    """Check that a day's messages are kept, each once, and give the partition as it was written.

    Parameters
    ----------
    files
        the day's files of the feed
    expected
        the messages that must be in raw, as text; only columns that it has are compared
    beside
        files that are not the day's, which must be left alone
    """
    folder = hand_over({**landed(files), **landed(beside or {})})
    arguments = (day, f"{folder}/landing", f"{folder}/lake")
    count = returns(call(function, *arguments), int, "ingest")
    raw = partition(folder, "raw", day)
    _same_messages(raw, expected)
    require(
        count == len(expected),
        "ingest does not return the number of rows that it wrote",
        seen=f"{count}, written {len(raw)}",
        where="count after the duplicates are gone",
    )
    nothing_else(folder, {f"lake/raw/{day}.parquet"}, "ingest")
    return raw


def as_text_was_sent(function: Ingest, day: str, files: Files, expected: pd.DataFrame) -> None:
    """Check that every column holds the text that was sent, and a missing value where there was none."""
    raw = kept(function, day, files, expected)
    other = [name for name in expected.columns if not _is_text(raw[name])]
    require(
        not other,
        "a column of the raw partition is not text",
        seen=f"{other}",
        why="which digits mean a number is decided by rules, in the next step; here it would be decided by a guess",
        where="`pd.read_csv(..., dtype=str)`",
    )
    filled = [
        name for name in expected.columns if raw[name].replace("", None).isna().sum() != expected[name].isna().sum()
    ]
    require(
        not filled,
        "what was empty in the files is a word in the raw partition",
        seen=f"{filled}",
        why="the next step asks whether a value is missing, and `nan` is not",
        where="leave a missing value missing: `astype(str)` makes words of it",
    )


def _is_text(column: pd.Series) -> bool:
    known = column.dropna()
    return bool(known.map(lambda value: isinstance(value, str)).all())


def refuses(
    function: Ingest,
    day: str,
    files: Files,
    before: pd.DataFrame,
    what: str,
    kind: type[Exception] = ValueError,
) -> None:
    """Check that an incomplete or damaged day raises an error and leaves the partition ``before`` as it was."""
    folder = hand_over({**landed(files), **partitions("raw", {day: before})})
    good = contents(folder)
    raises(
        function,
        (day, f"{folder}/landing", f"{folder}/lake"),
        what,
        "is taken as if it were whole",
        kind=kind,
        why="half a day looks like a quiet day: the model learns from it, and no message says so",
        where="compare each file's SHA-256 (`hashlib.sha256`) with the manifest's before anything is written",
    )
    require(
        contents(folder) == good,
        f"{what} was refused, and the lake was changed all the same",
        why="an error must leave the last good state",
        where="test everything first, then write",
    )


def _same_messages(raw: pd.DataFrame, expected: pd.DataFrame) -> None:
    missing = [name for name in expected.columns if name not in raw.columns]
    require(
        not missing,
        "a column of the files is not in the raw partition",
        seen=f"missing: {missing}",
        why="raw keeps what was sent; what to make of it is the next step's business",
    )
    got, want = (as_text(table[list(expected.columns)]) for table in (raw, expected))
    _each_once(got, want)
    _as_sent(got, want)
    extra = ~rows(got).isin(rows(want))
    require(
        not extra.any(),
        "the raw partition holds messages that were not sent on this day",
        seen=f"{extra.sum():,} of {len(got):,}",
        why="a day that holds other days' rows cannot be run again by itself",
        where="the folder of the day, and what the manifest names in it",
    )


def _each_once(got: pd.DataFrame, want: pd.DataFrame) -> None:
    again = got.duplicated().sum()
    require(
        len(got) <= len(want) or again == 0,
        "some messages stand in the raw partition twice",
        seen=f"{len(got):,} rows, of which {again:,} repeat another one",
        why="the feed sends messages again when it is not sure: a flight that counts twice bends every rate",
        where="rows that are equal in every column: `drop_duplicates`",
    )


def _as_sent(got: pd.DataFrame, want: pd.DataFrame) -> None:
    lost = ~rows(want).isin(rows(got))
    keys = [rows(table[["flight_id", "status"]]) for table in (got, want)]
    altered = lost.any() and bool(keys[1][lost].isin(keys[0]).all())
    require(
        not altered,
        "values in the raw partition are not the text that was sent",
        seen=lambda: f"sent {want[lost].iloc[0].to_dict()}",
        why="read as numbers, 0517 becomes 517.0 and one bad word turns a whole column into objects: the evidence is "
        "gone before anybody looked at it",
        where="`pd.read_csv(..., dtype=str)`",
    )
    require(
        not lost.any(),
        "some messages that were sent are not in the raw partition",
        seen=f"{lost.sum():,} of {len(want):,}",
        why="what is lost here is lost for ever",
        where="every file of the manifest; only rows equal in *every* column are duplicates",
    )
