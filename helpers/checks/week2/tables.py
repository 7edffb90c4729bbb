"""Checks of tables of features, row by row and column by column."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from helpers.checks import close, has_columns, returns, same_rows


def of_features(result: Any, rows: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """Check that a table has one row for each of ``rows``, and the columns; return those, in the order of ``rows``."""
    frame = returns(result, pd.DataFrame, "the table of features")
    has_columns(frame, columns)
    same_rows(rows, frame)
    return frame.loc[rows.index, list(columns)].astype(float)


def same_features(got: pd.DataFrame, expected: pd.DataFrame, what: str) -> None:
    """Check each feature of ``what``, one after the other."""
    for column in expected:
        close(
            got[column].to_numpy(dtype=float),
            expected[column].to_numpy(dtype=float),
            what=f"`{column}` of {what}",
            tolerance=1e-6,
            why="a feature that is slightly wrong raises no error: the model learns something else",
            where="the definition in the docstring; is each value with its own flight? The index is not sorted",
        )
