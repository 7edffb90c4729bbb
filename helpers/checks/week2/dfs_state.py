"""Checks of task `dfs_state`: Featuretools' answers to questions of airport and instant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import beside, call, require, returns
from helpers.checks.week2 import observed
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


def by_hand(answers: Sequence[tuple[str, str, float, float, float]], index: list[int] | None = None) -> Any:
    """Make questions of origin and clock (UTC, 1 May 2013) with their answers, in the order of the clock.

    Returns
    -------
    the questions, and the answers: departed, delay, late
    """
    frame = pd.DataFrame(answers, columns=["origin", "cutoff", *COLUMNS], index=index)
    frame["cutoff"] = pd.to_datetime("2013-05-01 " + frame["cutoff"], utc=True)
    return frame[["origin", "cutoff"]], frame[list(COLUMNS)].astype(float)


def same_answers(
    function: Callable[..., Any], flights: pd.DataFrame, asked: pd.DataFrame, expected: pd.DataFrame, *columns: str
) -> None:
    """Check some columns of the answers to all questions; ``expected`` has a row for each, with the same index."""
    wanted = list(columns or COLUMNS)
    got = of_features(call(function, flights, asked), asked, wanted)
    same_features(got, expected.loc[asked.index, wanted], "Featuretools' answers")


def through_the_change(
    function: Callable[..., Any], flights: pd.DataFrame, asked: pd.DataFrame, expected: pd.DataFrame
) -> None:
    """Check the departures of windows in which the clock is changed."""
    got = of_features(call(function, flights, asked), asked, ["departed"])
    require(
        got["departed"].tolist() == expected["departed"].tolist(),
        "in a night when the clock changes, the window does not hold three hours",
        seen=f"{got['departed'].tolist()} departures, expected {expected['departed'].tolist()}",
        why="twice a year the board would count the departures of two hours, or of four",
        where="take the instants in UTC and drop the zone of those: New York's clock skips an hour, or shows one twice",
    )


def of_this_table(function: Callable[..., Any], *tables: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]) -> None:
    """Check the answers to the same questions about one table after the other."""
    for flights, asked, expected in tables:
        got = of_features(call(function, flights, asked), asked, ["delay"])
        require(
            bool(np.allclose(got["delay"], expected["delay"])),
            "asked about another table of flights, the function gives answers that are not of this table",
            why="the desk would see the board of another day",
            where="what does your function keep from one call to the next? Build the EntitySet of the flights given",
        )


def made_by_featuretools(function: Callable[..., Any], flights: pd.DataFrame, asked: pd.DataFrame) -> None:
    """Check that all three columns follow what `featuretools.dfs` calculates."""
    of_features(call(function, flights, asked), asked, COLUMNS)
    still = beside(observed.moved_by_featuretools, function, flights, asked)
    still = [name for name in COLUMNS if name in returns(still, list, "what Featuretools was seen to do")]
    require(
        not still,
        f"{' and '.join(f'`{name}`' for name in still)} did not come from `featuretools.dfs`",
        why="the point of this task is what Featuretools does for you, and what it costs",
        where="the count, the mean and your own primitive are columns of the matrix that `featuretools.dfs` returns",
    )
