"""Task `upsert`: the newest message about a flight wins, in whatever order the days are run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from helpers.checks import call, close, hand_over, require, returns
from helpers.checks.week4.folders import contents, partitions, read_table
from helpers.checks.week4.messages import as_text
from helpers.checks.week4.processes import replaces, succeeds


def newest_wins(
    function: Callable[..., Any],
    clean: Mapping[str, pd.DataFrame],
    order: Sequence[str],
    flights: Mapping[str, pd.DataFrame],
    *,
    rows: bool = False,
) -> None:
    """Check that flights have their newest message after these days were run, one after another.

    Parameters
    ----------
    clean
        by day, the clean messages that came on it
    order
        the days to run
    flights
        by date, the flights that must be there in the end, one row each
    rows
        compare what the messages say, and not only which they are
    """
    folder = hand_over(partitions("clean", clean))
    for day in order:
        call(function, day, f"{folder}/lake")
    files = contents(folder)
    _only_dates(files, set(flights))
    got = {date: read_table(files[f"lake/flights/{date}.parquet"], "flights") for date in flights}
    _under_their_dates(got, flights)
    for date, wanted in flights.items():
        _same_flights(got[date], wanted, rows=rows)


def any_order(
    function: Callable[..., Any],
    clean: Mapping[str, pd.DataFrame],
    order: Sequence[str],
    flights: Mapping[str, pd.DataFrame],
) -> None:
    """Check the same with each run in a process of its own, and that the last one, run again, changes no byte."""
    files = partitions("clean", clean)
    for day in order:
        files |= succeeds(function, files, day, "./lake").lake
    for date, wanted in flights.items():
        _same_flights(read_table(files.get(f"lake/flights/{date}.parquet", b""), "flights"), wanted, rows=False)
    replaces(function, files, files, order[-1], "./lake")


def names_dates(
    function: Callable[..., Any], clean: Mapping[str, pd.DataFrame], dates: Mapping[str, Sequence[str]]
) -> None:
    """Check what is returned for each day: the dates, in order, on which the flights leave that it is about."""
    folder = hand_over(partitions("clean", clean))
    for day, expected in [*dates.items(), *dates.items()]:  # a retry builds the same dates' features
        changed = returns(call(function, day, f"{folder}/lake"), list, "upsert")
        _names_its_dates(changed, list(expected))


def _names_its_dates(changed: list[Any], expected: list[str]) -> None:
    require(
        sorted(map(str, changed)) == sorted(expected),
        "upsert does not return the dates whose flights the day's messages are about",
        seen=f"{changed}, expected {expected}",
        why="features are built again for these dates: one that is missing keeps yesterday's label for ever",
        where="the *scheduled* departure in New York's time, not the day on which the message came",
    )
    require(
        changed == expected,
        "upsert returns the right dates, but not as text in order",
        seen=f"{changed}, expected {expected}",
        why="each becomes a task: `2013-02-07` is a name that the next step understands",
        where='text such as "2013-02-07", sorted',
    )


def _only_dates(files: Mapping[str, bytes], dates: set[str]) -> None:
    names = [name for name in files if name.startswith("lake/flights/")]
    found = {name.rpartition("/")[2].removesuffix(".parquet") for name in names}
    require(
        found == dates,
        "there are partitions of flights for other dates than those on which the flights leave",
        seen=f"{sorted(found ^ dates)}",
        why="features look for the flights of a date in its own partition",
        where="New York's date of `sched_dep`: late in the evening it is tomorrow already in UTC",
    )


def _under_their_dates(got: Mapping[str, pd.DataFrame], flights: Mapping[str, pd.DataFrame]) -> None:
    stands = {int(flight): date for date, table in got.items() for flight in table["flight_id"]}
    right = {int(flight): date for date, table in flights.items() for flight in table["flight_id"]}
    wrong = [flight for flight, date in stands.items() if right.get(flight, date) != date]
    twice = sum(len(table) for table in got.values()) > len(stands)
    require(
        twice or not wrong,
        "flights stand under another date than the one on which they leave",
        seen=f"{len(wrong)} of {len(right)}",
        why="features look for the flights of a date in its own partition",
        where="New York's date of `sched_dep`: late in the evening it is tomorrow already in UTC",
    )


def _same_flights(got: pd.DataFrame, wanted: pd.DataFrame, *, rows: bool) -> None:
    require(
        got["flight_id"].is_unique,
        "a flight has more than one row",
        why="it counts twice in every rate, and its label is whichever row comes first",
        where="one row a flight: the message with the latest `updated`",
    )
    _no_others(set(got["flight_id"].astype(int)), set(wanted["flight_id"]))
    table = got.assign(flight_id=got["flight_id"].astype("int64")).set_index("flight_id").loc[wanted["flight_id"]]
    require(
        (table["updated"].to_numpy() == wanted["updated"].to_numpy()).all(),
        "a flight does not have its newest state: an older message has won",
        why="a late correction is the truth that the desk was told; a replay of an old day must not undo it",
        where="the greatest `updated` of all messages about the flight, whichever day brought it",
    )
    if rows:
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
    absent = [name for name in wanted.columns if name not in table.columns and name != "flight_id"]
    require(
        not absent,
        "flights lack a column",
        seen=f"missing: {absent}",
        why="features need what the board says, and next month's features need what nobody asks for today",
        where="all columns of clean",
    )
    for name in ("dep_delay", "arr_delay"):
        close(
            table[name].to_numpy(),
            wanted[name].to_numpy(),
            what=f"{name} of a flight",
            why="a delay that was corrected, or taken back, a day later goes on into labels as it was first reported",
            where="the newest message's, whole: values of different messages do not belong together",
        )
    others = [name for name in wanted.columns if name not in ("flight_id", "dep_delay", "arr_delay")]
    got, want = (as_text(one[others]).to_numpy() for one in (table, wanted))
    require(
        (got == want).all(),
        "a flight's row is not the row of its newest message",
        seen=lambda: f"{[name for place, name in enumerate(others) if (got[:, place] != want[:, place]).any()]}",
        why="a flight that is put together from two messages never was",
        where="the newest message's row, whole: what is missing in it stays missing",
    )
