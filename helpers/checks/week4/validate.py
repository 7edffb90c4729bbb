"""Task `validate`: what is wrong goes into quarantine, and too much of it stops the run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from helpers.checks import call, close, hand_over, require, returns
from helpers.checks.week4.folders import contents, nothing_else, partition, partitions, raises
from helpers.checks.week4.messages import as_text, rows

Validate = Callable[..., Any]
Wrong = Mapping[int, str]  # by a row's label, the columns that are wrong in it, with blanks between
INSTANTS = ("updated", "sched_dep")
NUMBERS = ("distance", "dep_delay", "arr_delay")
AS_SENT = "%Y-%m-%dT%H:%M:%SZ"


def splits(function: Validate, day: str, raw: pd.DataFrame, bad: Wrong) -> str:
    """Check that a raw partition is split: the rows ``bad`` into quarantine, all others into clean; its folder."""
    folder = hand_over(partitions("raw", {day: raw}))
    count = returns(call(function, day, f"{folder}/lake"), int, "validate")
    _in_quarantine(folder, day, raw, bad)
    _has_all(partition(folder, "clean", day), raw.drop(index=list(bad)))
    require(count == len(bad), "validate does not return the number of bad rows", seen=f"{count} of {len(bad)}")
    nothing_else(folder, {f"lake/{table}/{day}.parquet" for table in ("raw", "clean", "quarantine")}, "validate")
    return folder


def converts(function: Validate, day: str, raw: pd.DataFrame, bad: Wrong) -> None:
    """Check the kinds and the values of the clean partition's columns."""
    folder = hand_over(partitions("raw", {day: raw}))
    call(function, day, f"{folder}/lake")
    _clean(partition(folder, "clean", day), raw.drop(index=list(bad)))


def gives_reasons(function: Validate, day: str, raw: pd.DataFrame, bad: Wrong) -> None:
    """Check that the reason of each row in quarantine names the columns that are wrong in it, and no others."""
    folder = hand_over(partitions("raw", {day: raw}))
    call(function, day, f"{folder}/lake")
    held = _held(folder, day, raw)
    require("reason" in held.columns, "the quarantine has no column `reason`", where="all columns of raw, and `reason`")
    got, sent = rows(as_text(held[list(raw.columns)])), rows(as_text(raw))
    for row, columns in bad.items():
        found = held[got == sent.loc[row]]
        for column in columns.split():
            _is_held(found, column, raw[column].loc[row])
            _reason_names(found, column)


def stops(function: Validate, day: str, raw: pd.DataFrame, bad: Wrong) -> None:
    """Check that a raw partition with too many rows ``bad`` stops the run, and that they are in quarantine."""
    folder = hand_over(partitions("raw", {day: raw}))
    raises(
        function,
        (day, f"{folder}/lake"),
        "a day on which more than 5 % of the messages are bad",
        "does not stop the run",
        why="when so much is wrong, what looks right is wrong too, in ways that no rule knows",
        where="raise an error past the threshold, after the quarantine is written; do not catch it again",
    )
    _no_clean(folder, day)
    _in_quarantine(folder, day, raw, bad)


def refuses_columns(function: Validate, day: str, raw: pd.DataFrame, column: str) -> None:
    """Check that a day on which a column has another name stops the run."""
    folder = hand_over(partitions("raw", {day: raw.rename(columns={column: f"the_{column}"})}))
    raises(
        function,
        (day, f"{folder}/lake"),
        f"a day without the column {column}",
        "does not stop the run",
        why="every value of the old column is missing from that day on: the model goes on, without its label",
        where="a schema asks for its columns; in `failure_cases` such a failure has no index",
    )
    _no_clean(folder, day)


def _no_clean(folder: str, day: str) -> None:
    require(
        f"lake/clean/{day}.parquet" not in contents(folder),
        "the run was stopped, and a clean partition was written all the same",
        why="the next step, run by hand or after a retry, takes it for good",
        where="raise before the clean partition is written",
    )


# --- quarantine ---


def _held(folder: str, day: str, raw: pd.DataFrame) -> pd.DataFrame:
    held = partition(folder, "quarantine", day)
    missing = [name for name in raw.columns if name not in held.columns]
    require(
        not missing,
        "the quarantine lacks a column",
        seen=f"missing: {missing}",
        why="whoever looks at it in the morning needs the row as it was sent, and why it is there",
        where="all columns of raw, and `reason`",
    )
    return held


def _in_quarantine(folder: str, day: str, raw: pd.DataFrame, bad: Wrong) -> None:
    held = _held(folder, day, raw)
    got, sent = rows(as_text(held[list(raw.columns)])), rows(as_text(raw))
    for row, column in ((row, column) for row, columns in bad.items() for column in columns.split()):
        _is_held(held[got == sent.loc[row]], column, raw[column].loc[row])
    _nothing_good(held[~got.isin(sent.loc[list(bad)])])
    require(
        len(held) == len(bad),
        "a bad row stands in quarantine more than once",
        seen=f"{len(held)} rows, {len(bad)} are bad",
        why="whoever counts them by reason believes the feed to be worse than it is",
        where="one row for each bad message, with all its reasons in one text",
    )


def _is_held(found: pd.DataFrame, column: str, value: Any) -> None:
    require(
        len(found),
        f"a row whose {column} cannot be is not in quarantine",
        seen=f"{column} = {value!r}",
        why="it goes on into features and training as if it were true",
        where=f"the rule for {column} in the table above; a missing value breaks it too, unless it may be missing",
    )


def _reason_names(found: pd.DataFrame, column: str) -> None:
    reasons = found["reason"].astype(str)
    require(
        reasons.str.contains(column).all(),
        "a reason in quarantine does not name the column that is wrong",
        seen=f"{reasons.iloc[0]!r}",
        why="without the column somebody has to guess, for each of hundreds of rows",
        where="`failure_cases` of pandera's SchemaErrors has column, check and index of each failure; a row may "
        "have several",
    )


def _nothing_good(extra: pd.DataFrame) -> None:
    require(
        extra.empty,
        "a good row is in quarantine",
        seen=lambda: f"{len(extra)} of them, for the reason {extra.get('reason', extra.iloc[:, 0]).iloc[0]!r}",
        why="every flight that is set aside for nothing is missing from the features of those around it",
        where="a delay may be negative, and missing as long as nothing is known; a rule must match the whole value",
    )


# --- clean ---


def _clean(clean: pd.DataFrame, good: pd.DataFrame) -> None:
    """Compare the clean partition with the good rows as they were sent."""
    _has_all(clean, good)
    lost = [name for name in good.columns if name not in clean.columns]
    require(
        not lost,
        "the clean partition lacks a column",
        seen=f"missing: {lost}",
        why="a column that nobody has judged is none the worse for it: what it holds is asked for later",
        where="the good rows with all their columns, those without a rule too",
    )
    _converted(clean)
    got, want = (_sorted(table) for table in (clean, good))
    for name in good.columns:
        if name in INSTANTS:
            _same_instants(got[name], want[name])
        elif name in NUMBERS:
            _same_numbers(got[name], want[name])
        elif name != "flight_id":
            _same_text(got[[name]], want[[name]])


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    """Sort messages; the feed writes instants so that their order as text is their order in time."""
    return table.assign(flight_id=table["flight_id"].astype("int64")).sort_values(["flight_id", "updated", "status"])


def _has_all(clean: pd.DataFrame, good: pd.DataFrame) -> None:
    require("flight_id" in clean.columns, "the clean partition lacks the column flight_id")
    require(
        len(clean) == len(good) and sorted(clean["flight_id"].astype(str)) == sorted(good["flight_id"]),
        "the clean partition does not hold the good rows, each once",
        seen=f"{len(clean)} rows, {len(good)} are good",
        why="a bad row that stays poisons what is built on it; a good one that goes is missing",
        where="the rows that no failure case names, by their index",
    )


def _converted(clean: pd.DataFrame) -> None:
    text = [name for name in INSTANTS if "UTC" not in str(clean[name].dtype)]
    text += [name for name in NUMBERS if not pd.api.types.is_float_dtype(clean[name])]
    text += [name for name in ("flight_id",) if not pd.api.types.is_integer_dtype(clean[name])]
    require(
        not text,
        "clean columns are not what the docstring says: instants in UTC, floats, and a whole number",
        seen=f"{text}",
        why="compared as text, 9 comes after 10, and tomorrow's clock change shifts an hour",
        where="`pd.to_datetime(..., utc=True)`, `astype(float)` and, for the flight's number, `astype('int64')`",
    )


def _same_instants(got: pd.Series, want: pd.Series) -> None:
    require(
        (got.dt.tz_convert("UTC").dt.strftime(AS_SENT).to_numpy() == want.to_numpy()).all(),
        f"{got.name} in the clean partition is another instant than the one that was sent",
        why="five hours more or less put a flight on another date, and let an old message look new",
        where="the Z at the end says UTC: `pd.to_datetime(..., utc=True)`, and no other time zone",
    )


def _same_numbers(got: pd.Series, want: pd.Series) -> None:
    close(
        got.to_numpy(),
        pd.to_numeric(want).to_numpy(float),
        what=f"clean {got.name}",
        why="validation judges rows; a good one must come out as it was sent",
        where="the good rows, converted and not changed: a delay that is not known yet stays missing",
    )


def _same_text(got: pd.DataFrame, want: pd.DataFrame) -> None:
    require(
        (as_text(got).to_numpy() == as_text(want).to_numpy()).all(),
        f"{got.columns[0]} in the clean partition is not the text that was sent",
        why="validation judges rows; a good one must come out as it was sent",
        where="the good rows, converted in six columns and untouched in the others",
    )
