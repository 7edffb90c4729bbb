"""Watching a library at work: whether what a student's function returns comes from it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any
from unittest import mock

import numpy as np
import pandas as pd


def moved_by_featuretools(function: Callable[..., Any], flights: pd.DataFrame, asked: pd.DataFrame) -> list[str]:
    """Call an answer to `dfs_state` with Featuretools' numbers altered; return the columns that stay as they were.

    An answer that stops over the altered numbers has used them.
    """
    columns = ("departed", "delay", "late")
    __import__("featuretools")
    module = sys.modules["featuretools.synthesis.dfs"]
    honest, calculate = function(flights, asked), module.calculate_feature_matrix

    def altered(*arguments: Any, **options: Any) -> Any:
        matrix = calculate(*arguments, **options)
        numbers = matrix.select_dtypes("number").columns
        return matrix.assign(**{name: _other(matrix[name]) for name in numbers})

    with mock.patch.object(module, "calculate_feature_matrix", altered):
        try:
            again = function(flights, asked)
        except Exception:
            return []
    return [name for name in columns if _equal(honest[name], again[name])]


def _other(column: pd.Series) -> pd.Series:
    """Alter numbers: counts stay whole, and shares remain between 0 and 1."""
    if pd.api.types.is_integer_dtype(column.dtype) or column.max() > 1:
        return column + 3
    return column / 2 + 0.125


def _equal(left: Any, right: Any) -> bool:
    return bool(np.allclose(np.asarray(left, dtype=float), np.asarray(right, dtype=float), equal_nan=True))
