"""Task `upsert`: the newest message about a flight wins, in whatever order the days are run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from helpers.checks import call, close, hand_over, require, returns
from helpers.checks.week4.folders import contents, partition, partitions, same_when_run_again


def newest_wins(
    function: Callable[..., Any],
    clean: Mapping[str, pd.DataFrame],
    order: Sequence[str],
    dates: Mapping[str, Sequence[str]],
    flights: Mapping[str, pd.DataFrame],
) -> None:
    """Check that flights have their newest state, in whatever order, and however often, the days are run.

    Parameters
    ----------
    clean
        by day, the clean messages that came on it
    order
        the days to run, one after another
    dates
        by day, the dates, in order, on which the flights leave that its messages are about
    flights
        by date, the flights that must be there in the end, one row each
    """
    folder = hand_over(partitions("clean", clean))
    for day in order:
        changed = returns(call(function, day, f"{folder}/lake"), list, "upsert")
        _names_its_dates(sorted(map(str, changed)), list(dates[day]))
    for date, wanted in flights.items():
        _same_flights(partition(folder, "flights", date), wanted)
    _only_dates(folder, set(flights))
    same_when_run_again(function, (order[-1], f"{folder}/lake"), folder, "upsert")


def _names_its_dates(changed: list[str], expected: list[str]) -> None:
    require(
        changed == expected,
        "upsert does not return the dates whose flights the day's messages are about",
        seen=f"{changed}, expected {expected}",
        why="features are built again for these dates: one that is missing keeps yesterday's label for ever",
        where="the *scheduled* departure in New York's time, not the day on which the message came",
    )


def _only_dates(folder: str, dates: set[str]) -> None:
    files = [name for name in contents(folder) if name.startswith("lake/flights/")]
    found = {name.rpartition("/")[2].removesuffix(".parquet") for name in files}
    require(
        found == dates,
        "there are partitions of flights for other dates than those on which the flights leave",
        seen=f"{sorted(found ^ dates)}",
        why="features look for the flights of a date in its own partition",
        where="New York's date of `sched_dep`: late in the evening it is tomorrow already in UTC",
    )


def _same_flights(got: pd.DataFrame, wanted: pd.DataFrame) -> None:
    require(
        got["flight_id"].is_unique,
        "a flight has more than one row",
        why="it counts twice in every rate, and its label is whichever row comes first",
        where="one row a flight: the message with the latest `updated`",
    )
    _no_others(set(got["flight_id"].astype(int)), set(wanted["flight_id"]))
    absent = [name for name in wanted.columns if name not in got.columns]
    require(
        not absent,
        "flights lack a column",
        seen=f"missing: {absent}",
        why="features need what the board says, and next month's features need what nobody asks for today",
        where="all columns of clean",
    )
    table = got.assign(flight_id=got["flight_id"].astype("int64")).set_index("flight_id").loc[wanted["flight_id"]]
    _same_message(table, wanted)


def _no_others(got: set[int], wanted: set[int]) -> None:
    require(
        not wanted - got,
        "flights of an earlier run are gone from a partition",
        seen=f"{len(wanted - got)} of {len(wanted)}",
        why="messages that come after midnight must be added to yesterday's flights, not put in their place",
        where="read the partition that is there, add the news, keep the newest, write",
    )
    require(
        not got - wanted,
        "a partition of flights holds flights of another date",
        seen=f"{len(got - wanted)} of {len(got)}",
        why="a flight that stands under two dates counts twice, and only one of them is brought up to date",
        where="into a date's partition go those of the news that leave on that date, and no others",
    )


def _same_message(table: pd.DataFrame, wanted: pd.DataFrame) -> None:
    require(
        (table["updated"].to_numpy() == wanted["updated"].to_numpy()).all(),
        "a flight does not have its newest state: an older message has won",
        why="a late correction is the truth that the desk was told; a replay of an old day must not undo it",
        where="the greatest `updated` of all messages about the flight, whichever day brought it",
    )
    require(
        (table["status"].astype(str).to_numpy() == wanted["status"].astype(str).to_numpy()).all(),
        "status of a flight is not what its newest message says",
        why="a flight that is put together from two messages never was",
        where="the newest message's row, whole",
    )
    for name in ("dep_delay", "arr_delay"):
        close(
            table[name].to_numpy(),
            wanted[name].to_numpy(),
            what=f"{name} of a flight",
            why="a delay that was corrected, or taken back, a day later goes on into labels as it was first reported",
            where="the newest message's, whole: values of different messages do not belong together",
        )
