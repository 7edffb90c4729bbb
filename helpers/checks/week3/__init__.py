"""Checks of week 3, one module a task: each compares a student's result with what is expected and says what broke."""

from helpers.checks.week3 import (
    calibration,
    fold_scores,
    metrics,
    nested,
    register,
    saving,
    searches,
    threshold,
    time_folds,
)
from helpers.checks.week3.cases import Asked, legal

__all__ = [
    "Asked",
    "calibration",
    "fold_scores",
    "legal",
    "metrics",
    "nested",
    "register",
    "saving",
    "searches",
    "threshold",
    "time_folds",
]
