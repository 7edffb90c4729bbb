"""Checks of `submission`: the file reads back as what was given, and bad input is refused."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import CheckFailed, call, close, has_columns, refuses, require

ID, TARGET = "id", "dep_delayed_15min"


def reads_back(function: Callable[..., Any], ids: pd.Series, probabilities: np.ndarray) -> None:
    """Check that a submission can be read back as exactly the ids and probabilities given."""
    text = call(function, ids, probabilities)
    require(isinstance(text, str), "return the file's content as text", seen=type(text).__name__)
    read = _table(text)
    require(
        len(read) == len(ids), "the file must have one row for each id", seen=f"{len(read)} rows for {len(ids)} ids"
    )
    _same_ids(text, read, ids)
    given = pd.Series(np.asarray(probabilities, dtype=float), index=np.asarray(ids))
    close(
        read[TARGET].to_numpy(dtype=float),
        given.loc[read[ID]].to_numpy(),
        what="the probability of each id in the file",
        tolerance=1e-4,
        why="another flight's probability, or a rounded one, ranks the flights wrongly",
        where="pandas matches a Series by its index; were the ids sorted alone? "
        "Are they probabilities, with four digits or more?",
    )


def _table(text: str) -> pd.DataFrame:
    """Read the file; require its two columns and no other."""
    try:
        read = pd.read_csv(io.StringIO(text))
    except (ValueError, pd.errors.ParserError) as error:
        raise CheckFailed("the text is not a CSV file", seen=str(error)) from None
    require(
        not {ID, TARGET}.isdisjoint(read.columns),
        "the first line of the file must be the header",
        seen=repr(text.partition("\n")[0][:80]),
        why="the competition reads the columns by name",
        where=f'the first line is "{ID},{TARGET}", with a comma',
    )
    has_columns(read, [ID, TARGET])
    extra = [str(column) for column in read.columns if column not in (ID, TARGET)]
    require(
        not extra,
        "the file has a column too many",
        seen=", ".join(extra),
        why="the competition refuses the file, and a try is lost",
        where="pandas writes its index as a nameless first column unless told not to",
    )
    return read


def _same_ids(text: str, read: pd.DataFrame, ids: pd.Series) -> None:
    require(set(read[ID]) == set(ids), "the ids in the file are not the ids given")
    written = set(pd.read_csv(io.StringIO(text), dtype={ID: str})[ID].str.strip())
    require(
        written == set(map(str, ids)),
        "the ids in the file are not written as they were given",
        seen=f"{sorted(written)[:3]} for {sorted(map(str, ids))[:3]}",
        why="the competition looks ids up by what is written: 12.0 is not 12",
        where="an array that holds ids and probabilities together turns the ids into decimal numbers",
    )


def refused(function: Callable[..., Any], cases: Mapping[str, Sequence[tuple[pd.Series, np.ndarray]]]) -> None:
    """Check that bad input, by what is wrong with it in words, ends in a ValueError each time."""
    for what, inputs in cases.items():
        for arguments in inputs:
            refuses(
                function,
                arguments,
                what,
                instead="is not refused",
                why="a competition refuses the file, or worse, takes it: bad input must stop where it is made",
                where="the docstring's section Raises",
            )


def ends_allowed(function: Callable[..., Any], ids: pd.Series, probabilities: np.ndarray) -> None:
    """Check that 0 and 1 themselves are taken."""
    text = call(function, ids, probabilities)
    require(isinstance(text, str), "return the file's content as text", seen=type(text).__name__)
