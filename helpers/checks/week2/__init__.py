"""Checks of week 2's tasks: a module for each task, by its name, and what several of them share."""

from helpers.checks.week2 import (
    dfs_state,
    encode,
    measure_lift,
    observed,
    pipeline,
    quality_report,
    recent_state,
    select_features,
    tables,
    weather_then,
)

__all__ = [
    "dfs_state",
    "encode",
    "measure_lift",
    "observed",
    "pipeline",
    "quality_report",
    "recent_state",
    "select_features",
    "tables",
    "weather_then",
]
