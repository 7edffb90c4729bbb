"""Week 4's property checks. The visible and the hidden tests call the same ones, on different data.

What a student's functions leave behind is read as files: Parquet partitions and MLflow's database.
"""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from helpers import feed, lake, registry, work
from helpers.checks import (
    CheckFailed,
    NotAttempted,
    artifacts,
    bootstrap,
    call,
    close,
    hand_over,
    isolated,
    require,
    returns,
)
from helpers.checks.remote import new_folder, read_folder

NEW_YORK = "America/New_York"
Files = Mapping[str, bytes]
KEY = ["flight_id", "updated", "status"]


# --- what lies in a folder ---


def landed(days: Mapping[str, Files]) -> dict[str, bytes]:
    """The files of some days of the feed, where they land."""
    return {f"landing/{name}": content for files in days.values() for name, content in files.items()}


def parquet(frame: pd.DataFrame) -> bytes:
    """A table as the bytes of a Parquet file."""
    stream = io.BytesIO()
    frame.to_parquet(stream, index=False)
    return stream.getvalue()


def _bytes(folder: str) -> dict[str, bytes]:
    """Every file below a folder that a student's code works on, MLflow's apart."""
    place = artifacts(folder)
    found = {file.relative_to(place).as_posix(): file for file in sorted(place.rglob("*")) if file.is_file()}
    return {name: file.read_bytes() for name, file in found.items() if not name.startswith(("landing/", "mlflow/"))}


def _partition(folder: str, table: str, day: str) -> pd.DataFrame:
    content = _bytes(folder).get(f"lake/{table}/{day}.parquet")
    require(
        content is not None,
        f"there is no partition {table}/DAY.parquet for the day that was asked for",
        seen=lambda: f"files: {', '.join(_bytes(folder)) or 'none'}",
        why="the next step finds its input by the table's name and the logical date, and by nothing else",
        where="`lake.path(folder, table, day)`; is the date the argument, or one that stands in the code?",
    )
    return _table(content or b"", table)


def _table(content: bytes, table: str) -> pd.DataFrame:
    try:
        return pd.read_parquet(io.BytesIO(content))
    except (OSError, ValueError):
        failure = CheckFailed(
            f"a partition of {table} is no Parquet file, or half of one",
            why="the next step cannot read it, and nobody knows whether the day is complete",
            where="write beside the place, then rename: `lake.write` shows how",
        )
    raise failure


def _changes_nothing_twice(function: Callable[..., Any], arguments: tuple[Any, ...], folder: str, what: str) -> Any:
    """Call a step again: the same result, the same bytes."""
    before = _bytes(folder)
    result = call(function, *arguments)
    after = _bytes(folder)
    changed = [name for name in {*before, *after} if before.get(name) != after.get(name)]
    require(
        not changed,
        f"run twice for the same day, {what} leaves other files than run once",
        seen=lambda: f"changed: {', '.join(sorted(changed))}",
        why="every night something is retried, cleared or backfilled: rows that are appended again count twice in "
        "every mean and in training",
        where="replace the day's partition, do not append to it; sort rows so that their order is always the same",
    )
    return result


def _raises(function: Callable[..., Any], arguments: tuple[Any, ...], what: str, why: str, where: str) -> None:
    """Require an error of any ordinary kind."""
    try:
        call(function, *arguments)
    except NotAttempted:
        raise
    except CheckFailed as error:
        require("SystemExit" not in error.broke, error.broke, why=error.why)
        return
    raise CheckFailed(what, why=why, where=where)


# --- 1 ingest ---


def sent(files: Files) -> pd.DataFrame:
    """The different messages in a day's files, as text; a value that is not there is missing."""
    texts = [content for name, content in sorted(files.items()) if name.endswith(".csv")]
    every = pd.concat([pd.read_csv(io.BytesIO(text), dtype=str) for text in texts], ignore_index=True)
    return every.drop_duplicates(ignore_index=True)


def ingested(function: Callable[..., Any], day: str, files: Files, beside: Files | None = None) -> None:
    """Check that a day's messages are kept, each once, as they were sent, and that a second run changes nothing."""
    folder = hand_over({**landed({day: files}), **landed({"": beside or {}})})
    arguments = (day, f"{folder}/landing", f"{folder}/lake")
    rows = returns(call(function, *arguments), int, "ingest")
    raw, expected = _partition(folder, "raw", day), sent(files)
    _same_messages(raw, expected)
    require(
        rows == len(expected),
        "ingest does not return the number of rows that it wrote",
        seen=f"{rows}, written {len(raw)}",
        where="count after the duplicates are gone",
    )
    _only(folder, {f"lake/raw/{day}.parquet"}, "ingest")
    _changes_nothing_twice(function, arguments, folder, "ingest")


def _same_messages(raw: pd.DataFrame, expected: pd.DataFrame) -> None:
    missing = [name for name in expected.columns if name not in raw.columns]
    require(
        not missing,
        "a column of the files is not in the raw partition",
        seen=f"missing: {missing}",
        why="raw keeps what was sent; what to make of it is the next step's business",
    )
    got, want = (_as_text(table[list(expected.columns)]) for table in (raw, expected))
    require(
        len(raw) <= len(expected) or got.duplicated().sum() == 0,
        "some messages stand in the raw partition twice",
        seen=f"{len(raw):,} rows, of which {got.duplicated().sum():,} repeat another one",
        why="the feed sends messages again when it is not sure: a flight that counts twice bends every rate",
        where="rows that are equal in every column: `drop_duplicates`",
    )
    lost = ~_rows(want).isin(_rows(got))
    keys = [_rows(table[["flight_id", "status"]]) for table in (got, want)]
    altered = lost.any() and bool(keys[1][lost].isin(keys[0]).all())
    require(
        not altered,
        "values in the raw partition are not the text that was sent",
        seen=lambda: f"sent {want[lost].iloc[0].to_dict()}",
        why="read as numbers, 0517 becomes 517.0 and one bad word turns a whole column into objects: the evidence is "
        "gone before anybody looked at it",
        where="`pd.read_csv(..., dtype=str)`",
    )
    require(
        not lost.any(),
        "some messages that were sent are not in the raw partition",
        seen=f"{lost.sum():,} of {len(want):,}",
        why="what is lost here is lost for ever",
        where="every file of the manifest; only rows equal in *every* column are duplicates",
    )
    extra = ~_rows(got).isin(_rows(want))
    require(
        not extra.any(),
        "the raw partition holds messages that were not sent on this day",
        seen=f"{extra.sum():,} of {len(got):,}",
        why="a day that holds other days' rows cannot be run again by itself",
        where="the folder of the day, and what the manifest names in it",
    )


def _rows(table: pd.DataFrame) -> pd.Series:
    """Each row of a table of text as one piece of text."""
    return table.agg("\x1f".join, axis=1) if len(table) else pd.Series("", index=table.index, dtype=object)


def _as_text(table: pd.DataFrame) -> pd.DataFrame:
    return table.astype(object).where(table.notna(), "").astype(str)


def _only(folder: str, expected: set[str], what: str) -> None:
    extra = sorted(set(_bytes(folder)) - expected)
    require(
        not extra,
        f"{what} leaves files that are nobody's",
        seen=lambda: ", ".join(extra),
        why="a reader that takes every file of a folder takes these too, half-written ones among them",
        where="one partition, by `lake.path`; is a temporary file left behind?",
    )


def refuses_day(function: Callable[..., Any], day: str, files: Files, before: Files, what: str) -> None:
    """Check that an incomplete or damaged day raises an error and leaves the partition that was there."""
    folder = hand_over({**landed({day: files}), **before})
    kept = _bytes(folder)
    _raises(
        function,
        (day, f"{folder}/landing", f"{folder}/lake"),
        f"{what} is taken as if it were whole",
        "half a day looks like a quiet day: the model learns from it, and no message says so",
        "compare each file's SHA-256 (`hashlib.sha256`) with the manifest's before anything is written",
    )
    require(
        _bytes(folder) == kept,
        f"{what} was refused, and the lake was changed all the same",
        why="an error must leave the last good state",
        where="test everything first, then write",
    )


# --- 2 validate ---


def messages(day: str, seed: int, n: int = 60, faults: Sequence[str] = ()) -> pd.DataFrame:
    """Some of a day's messages as a raw partition holds them."""
    every = sent(feed.day(day, seed, faults))
    return every.sample(min(n, len(every)), random_state=seed).sort_index().reset_index(drop=True)


def validated(
    function: Callable[..., Any], day: str, raw: pd.DataFrame, bad: Mapping[int, str], most: float = 0.05
) -> None:
    """Check what becomes of a raw partition whose rows ``bad`` are wrong in the columns named, with blanks between.

    Up to ``most`` bad rows the run goes on without them; above it stops, and the rows are in quarantine all the same.
    """
    folder = hand_over({f"lake/raw/{day}.parquet": parquet(raw)})
    arguments = (day, f"{folder}/lake")
    too_many = len(bad) > most * len(raw)
    if too_many:
        _raises(
            function,
            arguments,
            "a day on which more than 5 % of the messages are bad does not stop the run",
            "when so much is wrong, what looks right is wrong too, in ways that no rule knows",
            "raise an error past the threshold, after the quarantine is written; do not catch it again",
        )
        _no_clean(folder, day)
        _quarantined(folder, day, raw, bad)
        return
    count = returns(call(function, *arguments), int, "validate")
    _quarantined(folder, day, raw, bad)
    _clean(_partition(folder, "clean", day), raw.drop(index=list(bad)))
    require(count == len(bad), "validate does not return the number of bad rows", seen=f"{count} of {len(bad)}")
    _only(folder, {f"lake/{table}/{day}.parquet" for table in ("raw", "clean", "quarantine")}, "validate")
    _changes_nothing_twice(function, arguments, folder, "validate")


def _no_clean(folder: str, day: str) -> None:
    require(
        f"lake/clean/{day}.parquet" not in _bytes(folder),
        "the run was stopped, and a clean partition was written all the same",
        why="the next step, run by hand or after a retry, takes it for good",
        where="raise before the clean partition is written",
    )


def _quarantined(folder: str, day: str, raw: pd.DataFrame, bad: Mapping[int, str]) -> None:
    held = _partition(folder, "quarantine", day)
    missing = [name for name in [*raw.columns, "reason"] if name not in held.columns]
    require(
        not missing,
        "the quarantine lacks a column",
        seen=f"missing: {missing}",
        why="whoever looks at it in the morning needs the row as it was sent, and why it is there",
        where="all columns of raw, and `reason`",
    )
    got, sent_rows = _rows(_as_text(held[list(raw.columns)])), _rows(_as_text(raw))
    for row, column in ((row, column) for row, columns in bad.items() for column in columns.split()):
        require(
            sent_rows.loc[row] in set(got),
            f"a row whose {column} cannot be is not in quarantine",
            seen=f"{column} = {raw[column].loc[row]!r}",
            why="it goes on into features and training as if it were true",
            where=f"the rule for {column} in the table above; a missing value breaks it too, unless it may be missing",
        )
        reasons = held.loc[got == sent_rows.loc[row], "reason"]
        require(
            reasons.astype(str).str.contains(column).all(),
            "a reason in quarantine does not name the column that is wrong",
            seen=f"{reasons.astype(str).iloc[0]!r}",
            why="without the column somebody has to guess, for each of hundreds of rows",
            where="`failure_cases` of pandera's SchemaErrors has column, check and index of each failure; a row may "
            "have several",
        )
    extra = ~got.isin(sent_rows.loc[list(bad)])
    require(
        not extra.any(),
        "a good row is in quarantine",
        seen=lambda: f"{extra.sum()} of them, for the reason {held.loc[extra, 'reason'].iloc[0]!r}",
        why="every flight that is set aside for nothing is missing from the features of those around it",
        where="a delay may be negative, and missing as long as nothing is known; a rule must match the whole value",
    )


def _clean(clean: pd.DataFrame, good: pd.DataFrame) -> None:
    missing = [name for name in good.columns if name not in clean.columns]
    require(
        not missing,
        "the clean partition lacks a column",
        seen=f"missing: {missing}",
        why="a column that nobody has judged is none the worse for it: what it holds is asked for later",
        where="the good rows with all their columns, those without a rule too",
    )
    require(
        len(clean) == len(good) and set(clean["flight_id"].astype(str)) == set(good["flight_id"]),
        "the clean partition does not hold the good rows, each once",
        seen=f"{len(clean)} rows, {len(good)} are good",
        why="a bad row that stays poisons what is built on it; a good one that goes is missing",
        where="the rows that no failure case names, by their index",
    )
    instants = [name for name in ("updated", "sched_dep") if "UTC" not in str(clean[name].dtype)]
    numbers = [
        name
        for name in ("flight_id", "distance", "dep_delay", "arr_delay")
        if not pd.api.types.is_numeric_dtype(clean[name])
    ]
    require(
        not instants and not numbers,
        "clean columns still hold text",
        seen=f"{[*instants, *numbers]}",
        why="compared as text, 9 comes after 10, and tomorrow's clock change shifts an hour",
        where="`pd.to_datetime(..., utc=True)`, `astype(float)` and, for the flight's number, `astype('int64')`",
    )
    by = ["flight_id", "updated", "status"]
    matched = clean.assign(flight_id=clean["flight_id"].astype("int64")).sort_values(by)
    known = {name: pd.to_datetime(good[name], utc=True) for name in ("updated", "sched_dep")}
    wanted = good.assign(**known, flight_id=good["flight_id"].astype("int64")).sort_values(by)
    for name in known:
        require(
            (matched[name].dt.tz_convert("UTC").to_numpy() == wanted[name].to_numpy()).all(),
            f"{name} in the clean partition is another instant than the one that was sent",
            why="five hours more or less put a flight on another date, and let an old message look new",
            where="the Z at the end says UTC: `pd.to_datetime(..., utc=True)`, and no other time zone",
        )
    for name in sorted({*good.columns} - {*known, "flight_id", "distance", "dep_delay", "arr_delay"}):
        require(
            (_as_text(matched[[name]]).to_numpy() == _as_text(wanted[[name]]).to_numpy()).all(),
            f"{name} in the clean partition is not the text that was sent",
            why="validation judges rows; a good one must come out as it was sent",
            where="the good rows, converted in six columns and untouched in the others",
        )
    for name in ("distance", "dep_delay", "arr_delay"):
        close(
            matched[name].to_numpy(),
            wanted[name].astype(float).to_numpy(),
            what=f"clean {name}",
            why="validation judges rows; a good one must come out as it was sent",
            where="the good rows, converted and not changed: a delay that is not known yet stays missing",
        )


def refuses_schema(function: Callable[..., Any], day: str, raw: pd.DataFrame) -> None:
    """Check that a day whose columns have changed stops the run."""
    folder = hand_over({f"lake/raw/{day}.parquet": parquet(raw)})
    _raises(
        function,
        (day, f"{folder}/lake"),
        "a day on which a column has another name does not stop the run",
        "every value of the old column is missing from that day on: the model goes on, without its label",
        "a schema asks for its columns; in `failure_cases` such a failure has no index",
    )
    _no_clean(folder, day)


# --- 3 upsert ---


def _clean_files(day: str, clean: pd.DataFrame) -> dict[str, bytes]:
    return {f"lake/clean/{day}.parquet": parquet(clean)}


def typed(raw: pd.DataFrame) -> pd.DataFrame:
    """Raw messages without a fault, as a clean partition holds them."""
    instants = {name: pd.to_datetime(raw[name], utc=True) for name in ("updated", "sched_dep")}
    numbers = {name: raw[name].astype(float) for name in ("distance", "dep_delay", "arr_delay")}
    return raw.assign(**instants, **numbers, flight_id=raw["flight_id"].astype("int64"))


def upserted(function: Callable[..., Any], days: Mapping[str, pd.DataFrame], order: Sequence[str]) -> None:
    """Check that flights have their newest state, in whatever order, and however often, the days are run."""
    folder = hand_over({name: file for day, clean in days.items() for name, file in _clean_files(day, clean).items()})
    for day in order:
        changed = returns(call(function, day, f"{folder}/lake"), list, "upsert")
        expected = sorted(set(_dates(days[day])))
        require(
            sorted(map(str, changed)) == expected,
            "upsert does not return the dates whose flights the day tells about",
            seen=f"{sorted(map(str, changed))}, expected {expected}",
            why="features are built again for these dates: one that is missing keeps yesterday's label for ever",
            where="the *scheduled* departure in New York's time, not the day on which the message came",
        )
    every = pd.concat(days[day] for day in dict.fromkeys(order))
    newest = every.sort_values(["flight_id", "updated"], kind="stable").drop_duplicates("flight_id", keep="last")
    for date, wanted in newest.groupby(_dates(newest)):
        _same_flights(_partition(folder, "flights", str(date)), wanted)
    _only_dates(folder, set(_dates(newest)))
    _changes_nothing_twice(function, (order[-1], f"{folder}/lake"), folder, "upsert")


def _dates(flights: pd.DataFrame) -> pd.Series:
    places, days = pd.factorize(flights["sched_dep"].dt.tz_convert(NEW_YORK).dt.tz_localize(None).dt.normalize())
    return pd.Series(days.strftime("%Y-%m-%d")[places], flights.index, name="sched_dep")  # a day is written once


def _only_dates(folder: str, dates: set[str]) -> None:
    names = {
        name.split("/")[-1].removesuffix(".parquet") for name in _bytes(folder) if name.startswith("lake/flights/")
    }
    require(
        names == dates,
        "there are partitions of flights for other dates than those on which the flights leave",
        seen=f"{sorted(names ^ dates)}",
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
    missing = set(wanted["flight_id"]) - set(got["flight_id"].astype(int))
    require(
        not missing,
        "flights of an earlier run are gone from a partition",
        seen=f"{len(missing)} of {len(wanted)}",
        why="messages that come after midnight must be added to yesterday's flights, not put in their place",
        where="read the partition that is there, add the news, keep the newest, write",
    )
    extra = set(got["flight_id"].astype(int)) - set(wanted["flight_id"])
    require(
        not extra,
        "a partition of flights holds flights of another date",
        seen=f"{len(extra)} of {len(got)}",
        why="a flight that stands under two dates counts twice, and only one of them is brought up to date",
        where="into a date's partition go those of the news that leave on that date, and no others",
    )
    absent = [name for name in wanted.columns if name not in got.columns]
    require(
        not absent,
        "flights lack a column",
        seen=f"missing: {absent}",
        why="features need what the board says, and next month's features need what nobody asks for today",
        where="all columns of clean",
    )
    table = got.assign(flight_id=got["flight_id"].astype("int64")).set_index("flight_id").loc[wanted["flight_id"]]
    late = (table["updated"].to_numpy() != wanted["updated"].to_numpy()).any()
    require(
        not late,
        "a flight does not have its newest state: an older message has won",
        why="a late correction is the truth that the desk was told; a replay of an old day must not undo it",
        where="the greatest `updated` of all messages about the flight, whichever day brought it",
    )
    status = (table["status"].astype(str).to_numpy() == wanted["status"].astype(str).to_numpy()).all()
    require(
        status,
        "status of a flight is not what its newest message says",
        why="a flight that is put together from two messages never was",
        where="the newest message's row, whole",
    )
    for name in ("dep_delay", "arr_delay"):
        close(
            table[name].to_numpy(),
            wanted[name].to_numpy(),
            what=f"{name} of a flight",
            why="a delay that was corrected, or taken back, a day later goes on into labels as it was first told",
            where="the newest message's, whole: values of different messages do not belong together",
        )


# --- 4 features ---


def lake_of(flights: pd.DataFrame) -> dict[str, bytes]:
    """Partitions of flights by New York date, from a table with the columns of the feed."""
    return {f"lake/flights/{date}.parquet": parquet(part) for date, part in flights.groupby(_dates(flights))}


def featured(function: Callable[..., Any], day: str, flights: pd.DataFrame, expected: pd.DataFrame) -> None:
    """Check a day's partition of features against values worked out by hand, and that a second run changes nothing."""
    folder = hand_over(lake_of(flights))
    arguments = (day, f"{folder}/lake")
    rows = returns(call(function, *arguments), int, "features")
    table = _partition(folder, "features", day)
    absent = [name for name in [*lake.KEYS, *lake.FEATURES] if name not in table.columns]
    require(not absent, "the partition lacks a column", seen=f"missing: {absent}", where="the table in the text above")
    own = set(flights.loc[_dates(flights) == day, "flight_id"])
    require(
        set(table["flight_id"]) == own and len(table) == len(own) == rows,
        "the partition does not hold the day's flights, each once",
        seen=f"{len(table)} rows, {len(own)} flights, {rows} returned",
        why="yesterday's flights are needed to compute today's state, but their features have a partition of their own",
        where="read two days, build, keep one; cancelled flights stay, with `late` missing",
    )
    table = table.set_index("flight_id").loc[expected.index]
    for name in expected.columns:
        where = "known at prediction time, two hours before departure; the two hours before it; the same origin"
        why = "training would learn from a board that nobody could have read at that moment"
        if name == "late":
            where = "15 minutes or more; missing where there is no arrival delay: a cancelled flight is not punctual"
            why = "every metric of the week is about this column"
        close(table[name].astype(float).to_numpy(), expected[name].to_numpy(float), what=name, why=why, where=where)
    _changes_nothing_twice(function, arguments, folder, "features")


def flights_of(last: str, n_days: int, seed: int) -> pd.DataFrame:
    """Flights of the days up to ``last`` as raw tables have them, half of them drawn, indexed by ``flight_id``."""
    from helpers import data

    flights = data.flights().set_index("flight_id")
    chosen = flights[_dates(flights).isin(lake.days_before(last, n_days - 1))]
    return chosen.sample(frac=0.5, random_state=seed).sort_values("sched_dep", kind="stable")


def board(build: Callable[..., Any], flights: pd.DataFrame) -> None:
    """Check the state of the airport against a count, flight by flight, on real days."""
    got = returns(call(build, flights), pd.DataFrame, "build_features")
    _own_columns(got, flights)
    left = flights["sched_dep"] + pd.to_timedelta(flights["dep_delay"], unit="min")
    two = pd.Timedelta(hours=2)
    airport = flights["origin"].astype(str)
    for row in flights.index[:: max(1, len(flights) // 40)]:
        cut, here = flights["sched_dep"].loc[row] - two, airport == airport.loc[row]
        gone = here & (left > cut - two) & (left <= cut)
        due = here & (flights["sched_dep"] > cut - two) & (flights["sched_dep"] <= cut) & ~(left <= cut)
        mean = flights.loc[gone, "dep_delay"].mean()
        for name, value in {"origin_departed": gone.sum(), "origin_delay": mean, "origin_waiting": due.sum()}.items():
            where = "departed in (prediction time − 2 h, prediction time]; waiting: due in it and not gone at its end"
            why = "training would learn from a board that nobody could have read at that moment"
            close(float(got[name].loc[row]), float(value), what=name, tolerance=1e-6, why=why, where=where)


def _own_columns(got: pd.DataFrame, flights: pd.DataFrame) -> None:
    """The features that are each flight's own. When the clock is changed, minutes may be counted in two ways."""
    got, local = got.loc[flights.index], flights["sched_dep"].dt.tz_convert(NEW_YORK)
    clock = local.dt.hour * 60 + local.dt.minute
    alike = ((local - local.dt.normalize()).dt.total_seconds() / 60 == clock).to_numpy()
    wanted = {"departs": clock.where(alike), "weekday": local.dt.dayofweek, "distance": flights["distance"]}
    for name, values in wanted.items():
        close(
            got[name].astype(float).where(alike | (name != "departs")).to_numpy(),
            values.to_numpy(float),
            what=name,
            why="an evening flight that is filed under another day or hour teaches a rule that nobody flies by",
            where="New York's time, not UTC: minutes after midnight, Monday is 0; the distance as it is",
        )
    for name in ("carrier", "origin", "dest"):
        require(
            (got[name].astype(str).to_numpy() == flights[name].astype(str).to_numpy()).all(),
            f"{name} is not what the flights say",
            why="the model looks its categories up by their names",
            where="the flight's own, as it is; is each row still with its index?",
        )


# --- 5 train ---


def history(last: str, n_days: int, seed: int, per_day: int = 60) -> dict[str, pd.DataFrame]:
    """Made-up partitions of features, by day: lateness depends on the state of the airport, and on the day a little."""
    rng = np.random.default_rng(seed)
    return {day: _made_up(day, place, rng, per_day) for place, day in enumerate(lake.days_before(last, n_days - 1))}


def _made_up(day: str, place: int, rng: np.random.Generator, n: int) -> pd.DataFrame:
    delay = rng.normal(10.0, 20.0, n).round(1)
    late = (rng.random(n) < 1 / (1 + np.exp(1.5 - delay / 12))).astype(float)
    late[rng.random(n) < 0.05] = np.nan
    noon = pd.Timestamp(f"{day} 12:00", tz=NEW_YORK).tz_convert("UTC")
    return pd.DataFrame(
        {
            "flight_id": np.arange(n, dtype="int64") + 10_000 * place,
            "sched_dep": noon + pd.to_timedelta(rng.integers(-300, 500, n), unit="min"),
            "late": late,
            "departs": rng.integers(400, 1_200, n),
            "weekday": pd.Timestamp(day).dayofweek,
            "distance": rng.integers(100, 2_500, n).astype(float),
            "carrier": rng.choice(["UA", "B6", "DL"], n),
            "origin": rng.choice(["EWR", "JFK", "LGA"], n),
            "dest": rng.choice(["BOS", "ORD", "LAX", "ATL"], n),
            "origin_departed": rng.integers(0, 40, n).astype(float),
            "origin_delay": delay,
            "origin_waiting": rng.integers(0, 20, n).astype(float),
        }
    )


def feature_files(days: Mapping[str, pd.DataFrame]) -> dict[str, bytes]:
    """Partitions of features as files."""
    return {f"lake/features/{day}.parquet": parquet(table) for day, table in days.items()}


def _turned(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(late=1 - table["late"])


def trained(
    train: Callable[..., Any],
    day: str,
    seed: int,
    window: int,
    holdout: int,
    *,
    earlier: bool = False,
) -> None:
    """Check which days a model was trained on, by turning their labels round, and that a day has one version.

    With ``earlier`` also that the day before, run afterwards as in a backfill, gets a version of its own.
    """
    days = history(day, window + holdout + 2, seed)
    asked = registry.plain(days[day][list(lake.FEATURES)])
    names = list(days)
    first, last = names[2], names[-1 - holdout]
    noted: dict[str, str] = {}
    labelled = sum(int(days[name]["late"].notna().sum()) for name in names[2:-holdout])

    def fitted(other: Mapping[str, pd.DataFrame], again: bool = False) -> np.ndarray:
        folder = hand_over(feature_files({**days, **other}))
        arguments = (day, f"{folder}/lake", f"{folder}/mlflow", window, holdout)
        version = _version(call(train, *arguments))
        if again:
            noted.update(Registry.read(folder).params_of(version))
            _one_version(train, arguments, folder, version)
            if earlier:
                _own_version(train, (lake.days_before(day, 1)[0], *arguments[1:]), version)
        return _loaded(f"{folder}/mlflow", version, asked)

    plain = fitted({}, again=True)
    outside = {name: _turned(days[name]) for name in (names[-holdout], names[1])}
    if not np.allclose(fitted(outside), plain):
        held_out = not np.allclose(fitted({names[-holdout]: outside[names[-holdout]]}), plain)
        require(
            not held_out,
            "the model was trained on a day of the holdout, on which it will be judged",
            why="a challenger that has seen the days of its examination beats every champion, "
            "and nothing in production",
            where="the window ends `holdout` days before the logical date's end: `lake.days_before(day, first, last)`",
        )
        require(
            held_out,
            "the model was trained on a day before its window",
            why="a window that slides forgets: a winter's rules do not hold in July",
            where="`window` days, the last of them `holdout` days before the logical date",
        )
    for name in {first, last}:
        require(
            not np.allclose(fitted({name: _turned(days[name])}), plain),
            "a day of the window has no influence on the model",
            why="the newest days tell most, and the oldest is a day as well",
            where="`window` days, the last of them `holdout` days before the logical date: count them on your fingers",
        )
    _params(noted, day, first, last, labelled)  # last: a wrong window is better told by what it does


def _loaded(folder: str, version: int, asked: pd.DataFrame) -> np.ndarray:
    """What the version says, loaded from the registry's files as next week's service will load it."""
    found = isolated(scores, read_folder(str(artifacts(folder))), version, asked)
    require(
        isinstance(found, list),
        "the version that was registered cannot be loaded from the registry's files",
        seen=str(found),
        why="next week's service loads it, without this notebook",
        where="log the pipeline with `mlflow.sklearn.log_model`, and register `logged.model_uri`",
    )
    return np.asarray(found, dtype=float)


def scores(files: Mapping[str, bytes], version: int, asked: pd.DataFrame) -> list[float] | str:
    """The probabilities of late by a version of the registry in these files; in words why there are none.

    To be called with `isolated`: it loads a student's model.
    """
    try:
        return [float(one) for one in registry.score(new_folder(files), version, asked)]
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:200]}"


def _version(value: Any) -> int:
    version = returns(value, int, "train")
    require(version > 0, "train returns no version, though every day of the window is there", seen=f"{version}")
    return version


def _params(params: Mapping[str, str], day: str, first: str, last: str, rows: int) -> None:
    require(
        params.get("day") == day and params.get("rows", "").isdigit(),
        "the version's run does not say which day it was trained for, and on how many rows",
        seen=f"{params}",
        why="in three months somebody asks what this model knew",
        where="`mlflow.log_params` with `day`, `first`, `last` and `rows`, in the run in which the model is logged",
    )
    require(
        params.get("first", "")[:10] == first and params.get("last", "")[:10] == last,
        "the run's `first` and `last` are not the first and the last days of the window",
        seen=f"{params.get('first')} to {params.get('last')}, expected {first} to {last}",
        why="whoever asks whether a model has seen a day, and may be judged on it, believes these two",
        where="the days that were read for training; the holdout is not among them",
    )
    require(
        float(params["rows"]) == rows,
        "the run's `rows` is not the number of rows with a label in the window",
        seen=f"{params['rows']}, expected {rows}",
        why="a flight that never arrived has no label: counted as punctual, it teaches that cancelled is on time",
        where="`dropna(subset=['late'])` before fitting, and the rows counted after it",
    )


def _own_version(train: Callable[..., Any], arguments: tuple[Any, ...], version: int) -> None:
    other = _version(call(train, *arguments))
    require(
        other != version,
        "another day gets the version that was made for this one",
        why="after its first night the pipeline would never train again, and every run would be green",
        where="look for a version whose tag `day` is *this* day; that there is one is not enough",
    )


def _one_version(train: Callable[..., Any], arguments: tuple[Any, ...], folder: str, version: int) -> None:
    found = Registry.read(folder)
    again = _version(call(train, *arguments))
    require(
        again == version and len(Registry.read(folder).versions) == len(found.versions),
        "run twice for the same day, train registers a second version",
        seen=f"versions {version} and {again}",
        why="a retry would fill the registry with twins, and nobody could tell which of them was judged",
        where="look for a version of this day first (a tag tells), and return it",
    )


def too_early(train: Callable[..., Any], day: str, seed: int, lost: int | None = None) -> None:
    """Check that no model is trained while days of the window are missing: the first, or the one ``lost`` days ago."""
    days = history(day, 6 if lost is None else 9, seed)
    if lost is not None:
        del days[lake.days_before(day, lost)[0]]
    folder = hand_over(feature_files(days))
    version = returns(call(train, day, f"{folder}/lake", f"{folder}/mlflow", 5, 2), int, "train")
    require(
        version == 0,
        "a model is trained although a day of its window is missing",
        why="in its first weeks, or after a lost day, the pipeline would crown a model that has seen next to nothing",
        where="compare all the days that you need with `lake.days(lake, 'features')`, and return 0",
    )


class Registry:
    """MLflow's database as it lies in a folder, read without MLflow."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self.tables = tables

    @classmethod
    def read(cls, folder: str) -> Registry:
        """Read ``mlflow/mlflow.db`` below a folder that a student's code works on."""
        return cls.of(artifacts(folder) / "mlflow" / registry.DATABASE)

    @classmethod
    def of(cls, database: Path) -> Registry:
        """Read a database."""
        require(
            database.is_file(),
            "there is no registry in the folder",
            why="what is logged elsewhere, nobody finds",
            where="`registry.connect(folder)` first, with the folder that the function was given",
        )
        wanted = ("params", "registered_model_aliases", "model_versions", "model_version_tags")
        with closing(sqlite3.connect(database)) as connection:
            return cls({name: pd.read_sql(f"SELECT * FROM {name}", connection) for name in wanted})  # noqa: S608

    @property
    def versions(self) -> list[int]:
        """The versions of the registered model."""
        return sorted(self.tables["model_versions"].query("name == @registry.MODEL")["version"].astype(int))

    @property
    def aliases(self) -> dict[str, int]:
        """Which version bears which alias."""
        own = self.tables["registered_model_aliases"].query("name == @registry.MODEL")
        return dict(zip(own["alias"], own["version"].astype(int), strict=True))

    def params_of(self, version: int) -> dict[str, str]:
        """The parameters of the run that made a version."""
        own = self.tables["model_versions"].query("name == @registry.MODEL and version == @version")
        params = self.tables["params"]
        params = params[params["run_uuid"].isin(own["run_id"])]
        return dict(zip(params["key"], params["value"], strict=True))

    def of_day(self, day: str) -> list[int]:
        """The versions whose run was for this day."""
        return [version for version in self.versions if self.params_of(version).get("day") == day]


# --- 6 promote ---


def losses(
    n_days: int, per_day: int, gain: float, noise: float, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Losses of two models on the same flights, the second better by ``gain`` a flight, give or take a day's luck."""
    rng = np.random.default_rng(seed)
    day = np.repeat(np.arange(n_days), per_day)
    champion = rng.exponential(0.5, len(day))
    luck = rng.normal(0.0, noise, n_days)[day] + rng.normal(0.0, 0.05, len(day))
    return champion, champion - gain + luck, day


def decision(value: Any) -> dict[str, Any]:
    """A decision with its four entries."""
    result = returns(value, dict, "decide")
    absent = [name for name in ("gain", "low", "high", "promote") if name not in result]
    require(not absent, "the decision lacks an entry", seen=f"missing: {absent}")
    numbers = {name: float(result[name]) for name in ("gain", "low", "high")}
    return {**numbers, "promote": bool(result["promote"])}


def decides(decide: Callable[..., Any], seed: int, rounds: int) -> None:
    """Check that a worse challenger never wins, an equal one seldom, and a clearly better one always."""
    one = losses(14, 40, 0.02, 0.01, seed)
    found = decision(call(decide, *one, seed))
    close(found["gain"], float(np.mean(one[0] - one[1])), what="the gain", where="champion's loss minus challenger's")
    require(
        found["low"] <= found["gain"] <= found["high"],
        "the gain lies outside its own interval",
        why="the interval then speaks of another number than the one that the decision is about",
        where="draw days, sum losses and flights, divide; percentiles 2.5 and 97.5",
    )
    require(
        decision(call(decide, *one, seed)) == found,
        "called twice with the same losses and seed, decide decides differently",
        why="a retry would promote what was refused an hour ago, and nobody could say why",
        where="`np.random.default_rng(seed)`, made in the function",
    )
    _by_days(decide, seed)
    _uneven(decide, seed)
    for place in range(rounds):
        worse = losses(14, 30, -0.01, 0.005, seed + place)
        require(
            not decision(call(decide, *worse, seed + place))["promote"],
            "a challenger that is worse on every count was promoted",
            why="the desk would get a worse model every night, and each would look like progress",
            where="the sign: gain is the champion's loss minus the challenger's; promote on the interval's lower end",
        )
    equal = [losses(14, 30, 0.0, 0.05, seed + k) for k in range(rounds)]
    judged = [decision(call(decide, *tables, seed + k)) for k, tables in enumerate(equal)]
    won = float(np.mean([one["promote"] for one in judged]))
    require(
        won <= 0.2,
        "a challenger that is no better is promoted too often",
        seen=f"{won:.0%} of {rounds} tries",
        why="every promotion costs somebody's trust and a deployment; a coin is no evidence",
        where="promote when the whole interval lies above zero, not when the mean does",
    )
    _as_wide(judged, equal, seed)
    for place in range(3):
        better = losses(14, 60, 0.05, 0.02, seed + place)
        require(
            decision(call(decide, *better, seed + place))["promote"],
            "a challenger that is clearly better was not promoted",
            why="a pipeline that never promotes keeps January's model until December",
            where="the interval's lower end, and its sign",
        )


def _by_days(decide: Callable[..., Any], seed: int) -> None:
    """Flights of one day share its weather: an interval that draws flights is too narrow."""
    day_luck = losses(7, 300, 0.0, 0.2, seed + 5)
    found = decision(call(decide, *day_luck, seed))
    table = pd.DataFrame({"gain": day_luck[0] - day_luck[1], "day": day_luck[2]})
    spread = float(table.groupby("day")["gain"].mean().std(ddof=1) / np.sqrt(7))
    require(
        found["high"] - found["low"] > 2 * spread,
        "the interval is far too narrow: flights were drawn, not days",
        why="one storm is one event, however many flights it delays",
        where="group by day first; draw days with replacement",
    )


def _as_wide(judged: Sequence[Mapping[str, Any]], tables: Sequence[Any], seed: int) -> None:
    """On average over many decisions an interval is as wide as the bootstrap's, though each has its luck."""
    rng = np.random.default_rng(seed)
    widths = []
    for champion, challenger, day in tables:
        low, high = bootstrap.mean(champion - challenger, day, 1_000, rng)
        widths.append(high - low)
    ratio = float(np.mean([(one["high"] - one["low"]) / width for one, width in zip(judged, widths, strict=True)]))
    require(
        0.9 < ratio < 1.12,
        "the interval is not as wide as one of 95 %",
        seen=f"on average {ratio:.2f} times as wide",
        why="too narrow, and luck is promoted more often than you said; too wide, and better models wait for weeks",
        where="percentiles 2.5 and 97.5 of the draws' means",
    )


def _uneven(decide: Callable[..., Any], seed: int) -> None:
    """Days with many flights, on which the challenger gains, among days with few, in no order, under their names."""
    rng = np.random.default_rng(seed + 6)
    sizes = rng.permutation([250] * 6 + [20] * 8)
    gains = np.where(sizes > 100, 0.1, -0.05)
    place = rng.permutation(np.repeat(np.arange(14), sizes))
    champion = rng.exponential(0.5, len(place))
    challenger = champion - gains[place] - rng.normal(0.0, 0.02, len(place))
    names = np.array([f"2013-03-{number:02d}" for number in rng.permutation(np.arange(1, 15))])
    found = decision(call(decide, champion, challenger, names[place], seed))
    what, why = (
        "the gain, on days with many and days with few flights,",
        "passengers are many on the days with many flights",
    )
    close(found["gain"], float(np.mean(champion - challenger)), what=what, why=why, where="a mean over flights")
    require(
        found["low"] <= found["gain"] <= found["high"],
        "on days with many and days with few flights the gain lies outside its own interval",
        why="a mean of daily means is another number: a holiday with twenty flights would count like a Friday",
        where="draw days; for each draw the sum of their losses by the sum of their flights",
    )


def two_models(aliases: Mapping[str, int] | None = None) -> dict[str, bytes]:
    """The files of a registry whose version 1 knows a rate only, and 2 and 3 look at the board; with these aliases."""
    import mlflow

    folder = registry.connect(new_folder(_models()))
    for alias, version in (aliases or {}).items():
        mlflow.MlflowClient().set_registered_model_alias(registry.MODEL, alias, str(version))
    return {f"mlflow/{name}": content for name, content in work.contents(folder).items()}


@cache
def _rate_and_board() -> tuple[Any, Any]:
    """Two fitted models: one that knows how many are late, and one that looks at the origin's delay."""
    from sklearn.compose import make_column_transformer
    from sklearn.dummy import DummyClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    known = pd.concat(history("2013-02-01", 5, 4).values()).dropna(subset=["late"])
    X, y = registry.plain(known[list(lake.FEATURES)]), known["late"].astype(int)
    board = make_pipeline(make_column_transformer(("passthrough", ["origin_delay"])), LogisticRegression())
    return DummyClassifier(strategy="prior").fit(X, y), board.fit(X, y)


@cache
def _models() -> dict[str, bytes]:
    """Log both models as `train` does, and register them, without an alias."""
    import mlflow

    X = registry.plain(history("2013-02-01", 1, 4)["2013-02-01"][list(lake.FEATURES)])
    place = registry.connect(work.new_private())
    client = mlflow.MlflowClient()
    client.create_registered_model(registry.MODEL)
    logged = []
    for model in _rate_and_board():
        with mlflow.start_run():
            logged.append(
                mlflow.sklearn.log_model(
                    model, name="model", pip_requirements=registry.requirements(),
                    signature=mlflow.models.infer_signature(X, model.predict_proba(X)),
                    serialization_format="cloudpickle", pyfunc_predict_fn="predict_proba",
                )
            )  # fmt: skip
    for one in (logged[0], logged[1], logged[1]):
        client.create_model_version(registry.MODEL, one.model_uri, one.run_id)
    return work.contents(place)


def examined(evaluate: Callable[..., Any], day: str, seed: int) -> None:
    """Check on which flights, and of which two models, `evaluate` judges.

    With two days of holdout the percentiles of the bootstrap are the two days' own means, whatever is drawn.
    """
    days = history(day, 9, seed)
    first = returns(call(evaluate, *_asked(days, {}, day), 3, 2), dict, "evaluate")
    require(
        bool(first["promote"]),
        "without a champion, `evaluate` does not let the first model through",
        why="a pipeline that never has a first champion never has a second one",
        where="no alias `champion`: `promote` is true",
    )
    same = decision(call(evaluate, *_asked(days, {"champion": 3}, day), 3, 2))
    require(
        not same["promote"] and same["gain"] == 0,
        "a version that is champion already is judged against itself, and does not end with gain 0 and no promotion",
        why="a replay after the promotion would write the new champion into `previous`",
        where="compare the version with the alias before anything is scored",
    )
    found = decision(call(evaluate, *_asked(days, {"champion": 1}, day), 3, 2))
    _judged(found, [days[name] for name in lake.days_before(day, 1)], 1, 3)


def _asked(days: Mapping[str, pd.DataFrame], aliases: Mapping[str, int], day: str) -> tuple[str, str, str]:
    folder = hand_over({**feature_files(days), **two_models(aliases)})
    return day, f"{folder}/lake", f"{folder}/mlflow"


def _judged(found: Mapping[str, Any], days: Sequence[pd.DataFrame], champion: int, challenger: int) -> None:
    gains = [_losses_of(champion, table) - _losses_of(challenger, table) for table in days]
    close(
        found["gain"],
        float(np.concatenate(gains).mean()),
        what="the gain that `evaluate` finds",
        tolerance=1e-6,
        why="the champion is judged on flights that it has learnt from, or by the losses of another model",
        where="the last `holdout` days, `day` among them; flights with a label only; the version that bears the alias "
        "`champion`, then the challenger",
    )
    means = [float(one.mean()) for one in gains]
    close(
        [found["low"], found["high"]],
        [min(means), max(means)],
        what="the interval that `evaluate` finds",
        tolerance=1e-6,
        why="cut at UTC's midnight or at each flight, a storm counts as several pieces of evidence",
        where="hand `decide` the day of each flight: New York's date of `sched_dep`",
    )
    require(
        found["promote"] == (min(means) > 0),
        "`evaluate` does not pass on what `decide` says",
        why="the verdict is the interval's, and nobody else's",
        where="return the decision as it is",
    )


def _losses_of(version: int, table: pd.DataFrame) -> np.ndarray:
    known = table.dropna(subset=["late"])
    p = _rate_and_board()[version > 1].predict_proba(registry.plain(known[list(lake.FEATURES)]))[:, 1]
    losses: np.ndarray = -np.log(np.where(known["late"] == 1, p, 1 - p))
    return losses


def promoted(promote: Callable[..., Any], rollback: Callable[..., Any], folder: str) -> None:
    """Check aliases through a short history: refusals, promotions, a replay, and the way back; three versions."""
    place = f"{folder}/mlflow"
    yes, no = ({"gain": 0.2, "low": low, "high": 0.3, "promote": low > 0} for low in (0.1, -0.1))
    alone = {"gain": 0.0, "low": 0.0, "high": 0.0, "promote": True}  # as `evaluate` says it of the first
    steps: list[tuple[int, dict[str, Any], int, dict[str, int], str]] = [
        (1, no, 0, {}, "a decision against the first model"),
        (1, alone, 1, {"champion": 1}, "the first champion"),
        (2, no, 1, {"champion": 1}, "a challenger with a gain and no evidence"),
        (3, yes, 3, {"champion": 3, "previous": 1}, "a challenger that won"),
        (3, yes, 3, {"champion": 3, "previous": 1}, "the same promotion, run a second time"),
        (1, no, 3, {"champion": 3, "previous": 1}, "a challenger that did not win"),
        (2, yes, 2, {"champion": 2, "previous": 3}, "a second challenger that won"),
    ]
    for version, verdict, champion, aliases, what in steps:
        found = returns(call(promote, place, version, verdict), int, "promote")
        _aliases(folder, aliases, what)
        require(found == champion, f"after {what}, promote does not return the champion's version", seen=f"{found}")
    found = returns(call(rollback, place), int, "rollback")
    require(found == 3, "rollback does not return the version that is champion again", seen=f"{found}")
    now = Registry.read(folder).aliases
    require(
        now.get("champion") == 3,
        "after a rollback the champion is not the one before",
        seen=f"{now}",
        why="at three in the morning nobody wants to find out which version that was",
        where="`previous` says which; move `champion` there",
    )


def no_way_back(rollback: Callable[..., Any], folder: str) -> None:
    """Check that a rollback without a previous champion says so."""
    _raises(
        rollback,
        (f"{folder}/mlflow",),
        "a rollback without a previous champion raises no error",
        "whoever rolls back must know whether it happened",
        "no alias `previous`: `raise ValueError(...)`",
    )


def _aliases(folder: str, expected: Mapping[str, int], what: str) -> None:
    found = Registry.read(folder).aliases
    require(
        found.get("champion") == expected.get("champion"),
        f"after {what}, `champion` is on the wrong version",
        seen=f"{found}, expected {dict(expected)}",
        why="services ask for the alias: whatever it names is what passengers get",
        where="the decision's `promote` alone moves the alias",
    )
    require(
        found.get("previous") == expected.get("previous"),
        f"after {what}, `previous` does not name the champion before",
        seen=f"{found}, expected {dict(expected)}",
        why="without it there is no way back; a retry that overwrites it with the champion itself has lost it",
        where="set `previous` only when the champion really changes",
    )


def registry_of(versions: int) -> dict[str, bytes]:
    """The files of a registry with so many versions, for `promote`: names without models."""
    import mlflow

    place = registry.connect(work.new_private())
    client = mlflow.MlflowClient()
    client.create_registered_model(registry.MODEL)
    for number in range(versions):
        client.create_model_version(registry.MODEL, f"file:///nowhere/{number}")
    return {f"mlflow/{registry.DATABASE}": (place / registry.DATABASE).read_bytes()}


# --- 7 the DAG file ---

STEPS = ("ingest", "validate", "upsert", "features", "train", "evaluate", "promote")
# In place of the student's own steps, so that the DAG is judged by itself: each notes that it was called, and does what
# the day's plan says.
STAND_IN = """
import json
import os
from pathlib import Path

ROOT = Path(os.environ["COURSE_WORK"])


def _note(step, **told):
    places = {name: os.path.relpath(told[name], ROOT) for name in ("landing", "lake", "folder") if name in told}
    with (ROOT / "calls.jsonl").open("a") as stream:
        stream.write(json.dumps({"step": step, **told, **places}) + "\\n")


def _plan(day):
    place = ROOT / "landing" / day / "manifest.json"
    return json.loads(place.read_text()) if place.exists() else {"changed": [], "version": 0}


def ingest(day, landing, lake):
    _note("ingest", day=day, landing=landing, lake=lake)
    return 1


def validate(day, lake):
    _note("validate", day=day, lake=lake)
    if _plan(day).get("bad"):
        raise ValueError("more than 5 % of the messages are bad")
    return 0


def upsert(day, lake):
    _note("upsert", day=day, lake=lake)
    return _plan(day)["changed"]


def features(day, lake):
    _note("features", day=day, lake=lake)
    once = ROOT / "landing" / f"fails-once-{day}"
    if once.exists():
        once.unlink()
        raise RuntimeError("the disk was busy")
    return 1


def train(day, lake, folder, window=28, holdout=7):
    _note("train", day=day, lake=lake, folder=folder, window=window, holdout=holdout)
    return _plan(day)["version"]


def evaluate(day, lake, folder, version, holdout=7):
    _note("evaluate", day=day, lake=lake, folder=folder, version=version, holdout=holdout)
    return {"gain": float(version), "low": 0.0, "high": 1.0, "promote": True}


def promote(folder, version, decision):
    _note("promote", folder=folder, version=version, decision=decision)
    return version
"""


def plan(day: str, changed: Sequence[str], version: int = 1, *, bad: bool = False) -> dict[str, bytes]:
    """A day that has landed, for the stand-in steps: what they will say."""
    content = json.dumps({"changed": list(changed), "version": version, "bad": bad}).encode()
    return {f"landing/{day}/manifest.json": content}


def run_dag(
    text: Any,
    dates: Sequence[str],
    arrivals: Mapping[str, Files],
    conf: Mapping[str, Any] | None = None,
    modules: Mapping[str, str] | None = None,
    **options: Any,
) -> dict[str, Any]:
    """Run a DAG file where no line of the notebook has run; its runs, once the file itself is sound."""
    from helpers import airflow

    told = isolated(
        airflow.run,
        returns(text, str, "the DAG file"),
        list(dates),
        dict(conf or {}),
        arrivals={date: dict(files) for date, files in arrivals.items()},
        modules=dict(modules or {"steps.py": STAND_IN}),
        **{"limit": 30.0, **options},
    )
    require(
        not told["problem"],
        f"Airflow cannot use the file: {_fault_of_file(told['problem'])}",
        seen=told["problem"],
        why="a file that cannot be imported takes its DAG off the schedule, and no run fails, for there is none",
        where="run this check yourself, and it shows the line; the last line must call the DAG's function",
    )
    require(
        "flight_delays" in told["dags"],
        "the file defines no DAG named flight_delays",
        seen=f"it defines {', '.join(told['dags'])}",
        where="the name of the function under `@dag`, or `dag_id`",
    )
    return told


def _fault_of_file(problem: str) -> str:
    """What is wrong with a DAG file, in the course's own words: those of the file may tell hidden data."""
    from helpers import airflow

    known = {
        airflow.NOT_CALLED: airflow.NOT_CALLED,
        airflow.IMPORTS_LONG: "it takes too long to import",
        airflow.ENDS: "it ends the process that imports it",
    }
    return next((words for sign, words in known.items() if sign in problem), "it cannot be imported")


def schedule(told: Mapping[str, Any]) -> None:
    """Check what the scheduler would do with the DAG."""
    dag = told["dags"]["flight_delays"]
    require(
        dag["timetable"] not in ("NullTimetable", "OnceTimetable", "ContinuousTimetable") and dag["start"],
        "the DAG has no daily schedule, or no start date",
        why="it would run when somebody remembers to press the button",
        where="`schedule=CronDataIntervalTimetable(...)` and `start_date=` in `@dag`",
    )
    cron = dag["schedule"].split()  # the name of a class where it is not given as cron
    require(
        len(cron) != 5 or (cron[0].isdigit() and cron[1].isdigit() and set(cron[2:]) <= {"*", "*/1"}),
        "the DAG does not run once a day, every day",
        seen=dag["schedule"],
        why="each day's files need a run of their own: a day without one is a hole in the window",
        where="`CronDataIntervalTimetable('0 0 * * *', timezone='America/New_York')`: minute, hour, then three stars",
    )
    require(
        dag["catchup"],
        "after an outage the days in between would be left out (catchup is off)",
        why="this pipeline's days are its data: a day that was not run is a hole in the window",
        where="`catchup=True` in `@dag`; in Airflow 3 it is off unless you say so",
    )
    require(
        dag["max_active_runs"] == 1,
        "several days may run at the same time",
        seen=f"max_active_runs is {dag['max_active_runs']}",
        why="two days write yesterday's flights at once, and one of them is lost; a challenger meets a champion that "
        "is just being changed",
        where="`max_active_runs=1` in `@dag`",
    )


def calls(run: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the stand-in steps have noted so far; a line of anybody else's is none of theirs."""
    lines = run["files"].get("calls.jsonl", b"").decode().splitlines()
    return [note for note in map(json.loads, lines) if note["step"] in STEPS]


def ran(run: Mapping[str, Any], noted: Sequence[Mapping[str, Any]], changed: Sequence[str], version: int) -> None:
    """Check that a run called each step, in order, once, with the run's own day and the folders of the work folder."""
    day = run["date"]
    _finished(run)
    names = [call["step"] for call in noted]
    wanted = ["ingest", "validate", "upsert", *["features"] * len(changed)]
    wanted += (["train", "evaluate", "promote"] if version else ["train"]) if changed else []
    for one in noted:
        own = one["step"] in ("features", "promote") or one["day"] == day
        require(
            own,
            f"`{one['step']}` was given another day than the run's",
            seen=f"the run of {day} called it with {one.get('day')}",
            why="a backfill of February would write today's partition, and a retry tomorrow another one",
            where="`ds` among the task's parameters; no date in the code, and no clock",
        )
    _in_place(noted)
    if not changed:  # whether training goes on is the author's choice
        names = [name for name in names if name in ("ingest", "validate", "upsert", "features")]
    left_out = [name for name in wanted if names.count(name) < wanted.count(name)]
    require(
        not left_out,
        f"a run did not call `{left_out[0] if left_out else ''}` as often as it must",
        seen=f"called: {', '.join(names)}",
        why="a step that is left out goes unnoticed: everything is green",
        where="is the task called in the DAG's function? Is `features` expanded over what `upsert` returns?",
    )
    too_many = [name for name in names if names.count(name) > wanted.count(name)]
    what = "although there was no version to judge" if not version else "more often than it must be"
    require(
        not too_many,
        f"a run called `{too_many[0] if too_many else ''}` {what}",
        seen=f"called: {', '.join(names)}",
        why="without a new model there is nothing to judge: version 0 does not exist",
        where="`@task.short_circuit` skips what comes after a task that returns 0",
    )
    _in_order(names, noted, changed, version)


def configured(noted: Sequence[Mapping[str, Any]], conf: Mapping[str, int]) -> None:
    """Check that the run's configuration, or what stands for it, reaches training and its examination."""
    own = {one["step"]: one for one in noted}
    right = own["train"]["window"] == conf["window"] and own["train"]["holdout"] == conf["holdout"]
    require(
        right and own["evaluate"]["holdout"] == conf["holdout"],
        "`window` and `holdout` (28 and 7 if the run does not say) do not reach `train` and `evaluate`",
        why="a window that training and examination do not agree on lets a model be judged on what it has seen",
        where="`dag_run.conf.get('window', 28)`; `dag_run` among the task's parameters",
    )


def _finished(run: Mapping[str, Any]) -> None:
    waiting = [
        entry["task"] for entry in run["tasks"] if entry["state"] in ("up_for_reschedule", "deferred", "running")
    ]
    require(
        run["state"] != "killed",
        "the run waits for ever although the day's manifest has arrived",
        seen=f"{run['problem']}; waiting: {', '.join(waiting)}",
        why="a sensor that waits for what only a later task of its own run makes blocks its own producer",
        where="wait for what comes from outside, landing/DAY/manifest.json of the run's day",
    )
    failed = [entry["task"] for entry in run["tasks"] if entry["state"] == "failed"]
    require(
        run["state"] == "success",
        f"a run failed that must succeed{_own_step(failed)}",
        seen=lambda: next(
            (f"{entry['task']}: {entry['log'][-400:]}" for entry in run["tasks"] if entry["state"] == "failed"),
            run["problem"],
        ),
        where="the task's log in `run.task(NAME)['log']`, after `airflow.run_dag` in a cell of your own",
    )


def _own_step(failed: Sequence[str]) -> str:
    """The first failed task by name, if it bears a step's: other names are a student's own words."""
    return next((f": `{name}` failed" for name in failed if name in STEPS), "")


def _in_place(noted: Sequence[Mapping[str, Any]]) -> None:
    for one in noted:
        for argument, place in (("landing", "landing"), ("lake", "lake"), ("folder", "mlflow")):
            require(
                one.get(argument, place) == place,
                f"`{one['step']}` was given a folder that is not {place}/ of the work folder",
                seen=f"{one.get(argument)}",
                why="what is written outside the run's folder is not there on the next machine, nor in a second try",
                where="`work.folder() / 'lake'`, and likewise `landing` and `mlflow`",
            )


def _in_order(names: list[str], noted: Sequence[Mapping[str, Any]], changed: Sequence[str], version: int) -> None:
    ranks = [STEPS.index(name) for name in names]
    require(
        ranks == sorted(ranks),
        "the steps do not run one after the other",
        seen=f"called: {', '.join(names)}",
        why="a step that does not wait for the one before reads yesterday's files, and nobody notices",
        where="`a >> b`, or a result handed on, says that b waits for a",
    )
    days = sorted(one["day"] for one in noted if one["step"] == "features")
    require(
        days == sorted(changed),
        "features are not built for the dates that `upsert` returned",
        seen=f"{days}, changed: {sorted(changed)}",
        why="a late correction changes yesterday's label: built for today alone, training never sees it",
        where="`features.expand(day=upsert_result)`",
    )
    if changed and version:
        judged = {one["step"]: one for one in noted}
        right = judged["evaluate"]["version"] == version == judged["promote"]["version"]
        require(
            right and judged["promote"]["decision"]["gain"] == version,
            "the version that was trained, and its decision, do not reach `evaluate` and `promote`",
            why="the model that is promoted must be the one that was judged",
            where="hand on what the tasks return: `promote(version, evaluate(version))`",
        )


def stays_inside(run: Mapping[str, Any]) -> None:
    """Check that nothing was written outside the run's folder."""
    require(
        not run["strays"],
        "a task writes outside the run's folder",
        seen=", ".join(run["strays"][:5]),
        why="on the next machine, or in a second try, it is not there; two runs overwrite each other's",
        where="paths below `work.folder()`; no relative path, no home folder",
    )


def waits(text: Any, date: str, modules: Mapping[str, str] | None = None) -> None:
    """Check that a run waits while its day is still arriving, and holds no worker while it does."""
    before = lake.days_before(date, 1)[0]
    arriving = {f"landing/{date}/flights-00.csv": b"updated\n", f"landing/{before}/manifest.json": b"{}"}
    for seconds in (4.0, 30.0):  # a busy machine may take longer to start the run
        told = run_dag(text, [date], {date: arriving}, modules=modules, dag_id="flight_delays", limit=seconds)
        run = told["runs"][0]
        if any(entry["state"] != "not started" for entry in run["tasks"]):
            break
    require(
        not calls(run) and run["state"] == "killed",
        "the run goes on although the day's data have not arrived, or not all of them",
        seen=f"{run['state']}; called: {', '.join(call['step'] for call in calls(run)) or 'nothing'}",
        why="the clock says that a day is over; whether its files are there, only a look can tell",
        where="a sensor on landing/DAY/manifest.json, which comes last, before `ingest`",
    )
    ways = {task["waits"] for task in told["dags"]["flight_delays"]["tasks"].values()} - {""}
    who = "the sensor" if ways else "a task that is no sensor waits: it"
    require(
        ways and "poke" not in ways,
        f"{who} keeps a worker busy while it waits",
        why="a handful of waiting days fills every slot: the feed's own tasks, for which they wait, cannot start",
        where="`mode='reschedule'` gives the slot back between two looks; so does a deferrable sensor",
    )


def retried(text: Any, date: str, told: Mapping[str, Any]) -> None:
    """Check that every task survives one failure, and that a failed day of features costs no other."""
    tasks = told["dags"]["flight_delays"]["tasks"]
    others = [
        name for name, task in tasks.items() if task["operator"] not in ("PythonSensor", "DecoratedSensorOperator")
    ]
    faults = {name: "fail before" for name in others if not tasks[name]["mapped"]}
    changed = sorted({*lake.days_before(date, 2)})
    files = {**plan(date, changed, 4), f"landing/fails-once-{changed[1]}": b""}
    run = run_dag(text, [date], {date: files}, faults=faults, dag_id="flight_delays")["runs"][0]
    failed = [entry["task"] for entry in run["tasks"] if entry["state"] == "failed"]
    require(
        run["state"] == "success",
        f"a task that fails once is not tried again{_own_step(failed)}",
        seen=f"{run['state']}; failed: {', '.join(failed) or 'none'}",
        why="a network that hiccups at three in the morning must not wake anybody",
        where="`default_args={'retries': 2, ...}` in `@dag`",
    )
    noted = [call["day"] for call in calls(run) if call["step"] == "features"]
    again = [day for day in changed if noted.count(day) > 1 and day != changed[1]]
    require(
        not again,
        "when one date's features fail, the other dates are built again as well",
        seen=f"called for {', '.join(noted)}",
        why="each date is a piece of work of its own: mapped, it fails, is retried and is seen by itself",
        where="one task instance for each date: `features.expand(day=...)`",
    )


def stops(run: Mapping[str, Any], noted: Sequence[Mapping[str, Any]]) -> None:
    """Check that a day which validation refuses ends there."""
    names = {call["step"] for call in noted}
    require(
        not names & {"upsert", "features", "train", "evaluate", "promote"},
        "the run goes on after validation has refused the day: its error was swallowed",
        seen=f"called: {', '.join(sorted(names))}",
        why="everything downstream is built on rows that are known to be wrong",
        where="no `try` around the step, and no trigger rule that accepts a failure",
    )
    require(
        run["state"] == "failed",
        "a run whose validation failed is green",
        seen=run["state"],
        why="nobody looks at a green run",
        where="let the error through: Airflow turns it into a failed task",
    )


# --- 8 the whole ---

SMALL = {"window": 2, "holdout": 1}  # days, so that a few days of the feed suffice
ATOMIC = """
from airflow.sdk import dag, task
from helpers import work


@dag(schedule=None)
def flight_delays():
    for name in ("ingest", "validate", "upsert", "features"):

        @task(task_id=name)
        def step(name=name, dag_run=None):
            import steps

            root = work.folder()
            places = [str(root / "landing")] if name == "ingest" else []
            getattr(steps, name)(dag_run.conf["day"], *places, str(root / "lake"))

        step()


flight_delays()
"""


def texts(files: Any) -> tuple[str, dict[str, str]]:
    """The DAG file, and the modules beside it."""
    files = returns(files, dict, "pipeline_files")
    for name in ("flight_delays.py", "steps.py"):
        require(
            isinstance(files.get(name), str) and files[name].strip(),
            f"there is no {name} among the files",
            seen=f"{sorted(map(str, files))}",
            where='{"flight_delays.py": text, "steps.py": text}',
        )
    return files["flight_delays.py"], {name: text for name, text in files.items() if name != "flight_delays.py"}


def whole(files: Any, days: Sequence[str], seed: int) -> list[dict[str, Any]]:
    """Run the student's own DAG on consecutive days of the feed, the last one twice, and read what it leaves."""
    dag, modules = texts(files)
    sent_files = {day: landed({day: feed.day(day, seed, ["corrections", "duplicates", "bad_rows"])}) for day in days}
    dates = [*days, days[-1]]
    told = run_dag(dag, dates, sent_files, SMALL, modules, dag_id="flight_delays", limit=120.0)
    runs: list[dict[str, Any]] = told["runs"]
    for run in runs:
        _finished(run)
        stays_inside(run)
    last, again = runs[-2:]
    _same_lake(last, again, "run twice for the same day, the pipeline leaves other partitions than run once")
    _corrected(last, days)
    before, after = (_registry(run) for run in (last, again))
    require(
        after.versions == before.versions and after.of_day(days[-1]),
        "run twice for the same day, the pipeline registers a second version, or none at all",
        seen=f"versions {before.versions}, then {after.versions}",
        where="`train` looks for the day's version before it makes one; is every step in steps.py the one you wrote?",
    )
    require("champion" in after.aliases, "after several days there is no champion", where="`promote`, and its decision")
    return runs


def _lake(run: Mapping[str, Any]) -> dict[str, bytes]:
    return {name: content for name, content in run["files"].items() if name.startswith("lake/")}


def _same_lake(one: Mapping[str, Any], other: Mapping[str, Any], what: str) -> None:
    left, right = _lake(one), _lake(other)
    different = sorted(name for name in {*left, *right} if left.get(name) != right.get(name))
    require(
        not different,
        what,
        seen=", ".join(different[:5]),
        why="nobody can say any more which of the two is the truth",
        where="partitions that are replaced whole, by rename; no append, no clock, no leftover file",
    )


def _corrected(run: Mapping[str, Any], days: Sequence[str]) -> None:
    """The features of the last days but one have the labels of the newest messages."""
    content = _lake(run)
    clean = pd.concat(_table(content[name], "clean") for name in sorted(content) if name.startswith("lake/clean/"))
    newest = clean.sort_values(["flight_id", "updated"], kind="stable").drop_duplicates("flight_id", keep="last")
    newest = newest.assign(flight_id=newest["flight_id"].astype("int64")).set_index("flight_id")
    name = f"lake/features/{days[-2]}.parquet"
    require(name in content, "a day has no features", why="training asks for every day of its window")
    table = _table(content[name], "features").set_index("flight_id")
    delay = newest["arr_delay"].reindex(table.index)
    expected = (delay >= 15).astype(float).where(delay.notna())
    close(
        table["late"].to_numpy(float),
        expected.to_numpy(float),
        what="the label of a day whose corrections came the day after",
        why="the correction arrived, and training still sees the wrong delay",
        where="features of every date that `upsert` returns, yesterday's too",
    )


def _registry(run: Mapping[str, Any]) -> Registry:
    import tempfile

    name = f"mlflow/{registry.DATABASE}"
    require(name in run["files"], "the pipeline leaves no registry in mlflow/", where="`work.folder() / 'mlflow'`")
    with tempfile.TemporaryDirectory(prefix=work.PREFIX) as folder:
        place = Path(folder, registry.DATABASE)
        place.write_bytes(run["files"][name])
        return Registry.of(place)


def survives(
    files: Any, runs: Sequence[Mapping[str, Any]], days: Sequence[str], seed: int, crash: Sequence[str]
) -> None:
    """Crash the last day's run after some of its tasks, one after another; what is left in the end must be the same."""
    dag, modules = texts(files)
    day, before = days[-1], runs[-3]
    kept = {name: content for name, content in before["files"].items() if not name.startswith("mlflow/")}
    arrivals = {day: landed({day: feed.day(day, seed, ["corrections", "duplicates", "bad_rows"])})}
    faults = dict.fromkeys(crash, "crash after")
    told = run_dag(
        dag, [day] * (len(crash) + 1), arrivals, SMALL, modules,
        files=kept, faults=faults, dag_id="flight_delays", limit=120.0,
    )  # fmt: skip
    last = told["runs"][-1]
    _finished(last)
    _same_lake(runs[-2], last, "after crashes between tasks, and new tries, the lake is not what it is without them")
    found = _registry(last).of_day(day)
    require(
        len(found) == 1,
        "after crashes between tasks the registry does not hold exactly one version for the day",
        seen=f"{len(found)}",
        why="a crash may come after the work is done and before it is noted: the next try finds the work there",
        where="`train` looks for the day's version first; a tag is set when the version is made, not later",
    )


def half_written(files: Any, run: Mapping[str, Any], day: str, seed: int) -> None:
    """Let the disk be full in every step that writes the lake: what was there must still be there, whole."""
    _, modules = texts(files)
    kept = {name: content for name, content in run["files"].items() if name.startswith("lake/")}
    arrivals = {day: landed({day: feed.day(day, seed, ["corrections", "duplicates", "bad_rows"])})}
    faults = dict.fromkeys(("ingest", "validate", "upsert", "features"), "disk full")
    told = run_dag(ATOMIC, [day], arrivals, {"day": day}, modules, files=kept, faults=faults)
    after = _lake(told["runs"][0])
    damaged = sorted(name for name, content in kept.items() if after.get(name) != content)
    require(
        not damaged,
        "on a full disk a good partition was damaged: it is not written atomically",
        seen=", ".join(damaged),
        why="a reader, or the next try, meets half a file under the right name",
        where="write beside the place and rename when it is whole: `lake.write`",
    )


# --- 9 drift ---


def stable(function: Callable[..., Any], seed: int) -> None:
    """Compare a population stability index with its definition, on numbers, holes and constants."""
    rng = np.random.default_rng(seed)
    cases = [
        ("two draws of the same numbers", rng.normal(size=900), rng.normal(size=300)),
        ("a shift", rng.normal(size=900), rng.normal(1.0, 1.0, 300)),
        ("values beyond all that was seen", rng.normal(size=500), rng.normal(20.0, 1.0, 200)),
        ("holes", np.where(rng.random(800) < 0.1, np.nan, rng.normal(size=800)), np.full(150, np.nan)),
        ("few different values", rng.integers(0, 3, 700).astype(float), rng.integers(1, 4, 90).astype(float)),
        ("a constant", np.zeros(300), np.r_[np.zeros(30), np.ones(30)]),
    ]
    for what, expected, actual in cases:
        value = returns(call(function, expected, actual), float, "psi")
        close(
            value,
            _psi(expected, actual),
            what=f"the index for {what}",
            tolerance=1e-9,
            why="a threshold belongs to its index: by another definition the same alarm rings on other days",
            where="edges from the reference alone; open outer bins; missing is a bin; half a flight in every bin",
        )

    _, expected, actual = cases[1]
    for bins in (4, 25):
        close(
            returns(call(function, expected, actual, bins), float, "psi"),
            _psi(expected, actual, bins),
            what="the index for another number of bins",
            tolerance=1e-9,
            why="on a day with few flights ten bins are too many: whoever asks for four must not get ten",
            where="`bins` in place of the ten, wherever the edges are made",
        )


def _psi(expected: np.ndarray, actual: np.ndarray, bins: int = 10) -> float:
    known = expected[~np.isnan(expected)]
    edges = np.unique(np.quantile(known, np.linspace(0, 1, bins + 1)[1:-1]))

    def shares(values: np.ndarray) -> np.ndarray:
        there = values[~np.isnan(values)]
        place = np.searchsorted(edges, there, side="right")
        counts = np.append(np.bincount(place, minlength=len(edges) + 1), len(values) - len(there)) + 0.5
        return counts / counts.sum()

    p, q = shares(expected), shares(actual)
    return float(np.sum((q - p) * np.log(q / p)))


def alarms(function: Callable[..., Any], seed: int) -> None:
    """Check an alarm rule: as low a threshold as the promised rate of false alarms on calm days allows."""
    rng = np.random.default_rng(seed)
    for n, rate in ((200, 0.05), (365, 0.01), (50, 0.0)):
        calm = rng.exponential(0.1, n).round(3)
        line = returns(call(function, calm, rate), float, "alert_threshold")
        false = float(np.mean(calm > line))
        require(
            false <= rate,
            "on calm days there are more false alarms than promised",
            seen=f"{false:.2%} of {n} days, promised {rate:.0%}",
            why="after the third false alarm nobody gets up any more",
            where="an alarm is a score *above* the threshold",
        )
        lower = calm[calm < line]
        require(
            line <= calm.max() and (not len(lower) or np.mean(calm > lower.max()) > rate),
            "the threshold is higher than the promised rate of false alarms asks for",
            seen=f"{line:.3f}: {false:.2%} of calm days above it, {rate:.0%} are allowed",
            why="each step higher misses a storm",
            where="the lowest of the calm days' scores that at most that share of them exceeds",
        )
