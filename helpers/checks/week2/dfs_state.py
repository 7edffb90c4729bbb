"""Checks of task `dfs_state`: Featuretools' answers to questions of airport and instant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, require
from helpers.checks.week2.tables import of_features, same_features

COLUMNS = ("departed", "delay", "late")


def questions(flights: pd.DataFrame, size: int, seed: int) -> pd.DataFrame:
    """Make questions of airport and instant (UTC), in no order, none twice: Featuretools refuses that."""
    rng = np.random.default_rng(seed)
    first, last = flights["sched_dep"].min(), flights["sched_dep"].max()
    minutes = 180 + rng.choice(int((last - first).total_seconds() // 60) - 180, size, replace=False)
    cutoff = first + pd.to_timedelta(minutes, unit="min")
    return pd.DataFrame(
        {"origin": rng.choice(["EWR", "JFK", "LGA"], size), "cutoff": cutoff}, index=rng.permutation(size) + 9
    )


def in_range(function: Callable[..., Any], flights: pd.DataFrame, asked: pd.DataFrame) -> None:
    """Check that there is one answer for each question, and that counts and shares are possible ones."""
    state = of_features(call(function, flights, asked), asked, COLUMNS)
    require(
        bool(state["departed"].between(0, 200).all() and state["late"].dropna().between(0, 1).all()),
        "counts or shares are out of range",
        seen=str(state.describe().loc[["min", "max"]]),
        why="a window that holds the whole past says little of the last hours",
        where="a share lies between 0 and 1; three hours of one airport hold fewer than 200 departures: "
        "`training_window`",
    )


def same_answers(
    function: Callable[..., Any], flights: pd.DataFrame, asked: pd.DataFrame, *, expected: pd.DataFrame
) -> None:
    """Check the answers to all questions; ``expected`` has a row for each, with the same index."""
    got = of_features(call(function, flights, asked), asked, COLUMNS)
    same_features(got, expected.loc[asked.index], "Featuretools' answers")
