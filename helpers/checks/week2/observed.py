"""Watching a library at work: whether what a student's function returns comes from it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any
from unittest import mock

import numpy as np
import pandas as pd


def moved_by_featuretools(function: Callable[..., Any], flights: pd.DataFrame, asked: pd.DataFrame) -> list[str]:
    """Call an answer to `dfs_state` with Featuretools' numbers altered; return the columns in which a number stays.

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
    return [name for name in columns if _stays(honest[name], again[name])]


def _other(column: pd.Series) -> pd.Series:
    """Alter numbers: counts stay whole, and shares remain between 0 and 1."""
    if pd.api.types.is_integer_dtype(column.dtype) or column.max() > 1:
        return column + 3
    return column / 2 + 0.125


def _stays(left: Any, right: Any) -> bool:
    """Say whether a number is the same in both, for one question at least."""
    return bool(np.isclose(np.asarray(left, dtype=float), np.asarray(right, dtype=float)).any())
