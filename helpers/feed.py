"""The year's flights as they would have arrived: small files, hour by hour, in a landing folder.

``day(date)`` gives one day's files; ``python -m helpers.feed LANDING`` is a process that writes them in accelerated
real time. Both are functions of the date, the seed and the faults alone: the same call gives the same bytes.

What is in a file
-----------------
``2013-02-07/flights-14.csv`` holds what became known on 7 February between 14:00 and 15:00 New York time, one row a
message, in the order of ``updated``. A message repeats all that is known of its flight; so of the messages about one
flight the one with the latest ``updated`` is true. ``status`` says what happened:

==========  ==================================================  ===============================================
status      known at                                            then filled in
==========  ==================================================  ===============================================
scheduled   0:00 of the day of departure                        the timetable's columns
departed    actual departure                                    dep_time, dep_delay, tailnum
arrived     actual arrival                                      arr_time, arr_delay, air_time
cancelled   scheduled departure                                 nothing
diverted    six hours after actual departure                    nothing: it has no arr_delay, and never will
==========  ==================================================  ===============================================

The last two are a convention: the table does not say when it was known. The actual arrival is the departure, the time
in the air, and the time on the ground that makes the minutes of the clock right, which is taken to be under an hour.
A flight that leaves before midnight and arrives after it is in the files of two days.

A day has a file for each hour in which something was heard, and last ``manifest.json``: rows and SHA-256 of each file
as it was sent. When the manifest is there, the day is complete.

Faults, each of which can be switched on
----------------------------------------
==============  ==================================================================================================
corrections     2 % of the arrivals come with a wrong delay first, and with the right one the next day at 6:00
duplicates      3 % of the messages are sent again two hours later, unchanged
empty           nothing is heard all day: one file without rows
truncated       one file ends in the middle of a row; the manifest says how long it was meant to be
schema          ``arr_delay`` is called ``arrival_delay``, and ``distance`` is in kilometres
bad_rows        1 % of the messages hold what cannot be: an unknown airport, a negative distance, a delay in words
bad_day         the same for 40 % of them
==============  ==================================================================================================
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import signal
import time
import zlib
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers.internal.files import write_whole

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

FAULTS = ("corrections", "duplicates", "empty", "truncated", "schema", "bad_rows", "bad_day")
FIRST, LAST = "2013-01-01", "2013-12-31"
MANIFEST = "manifest.json"
NEW_YORK = "America/New_York"
TIMETABLE = ["flight_id", "sched_dep", "sched_arr_time", "carrier", "flight", "origin", "dest", "distance"]
DEPARTURE, ARRIVAL = ["dep_time", "dep_delay", "tailnum"], ["arr_time", "arr_delay", "air_time"]
COLUMNS = ["updated", "status", *TIMETABLE, *DEPARTURE, *ARRIVAL]
WHOLE = ["dep_time", "dep_delay", *ARRIVAL]  # whole numbers, missing where not known
KILOMETRES = 1.609344


def day(date: str, seed: int = 0, faults: Collection[str] = ()) -> dict[str, bytes]:
    """Make the files that arrive on one day, New York time, by their path in the landing folder.

    Parameters
    ----------
    date
        a day of 2013, as ``2013-02-07``
    seed
        which rows meet a fault, and how
    faults
        some of FAULTS; ``corrections`` also sends what the day before owes, as if it had been on then

    Raises
    ------
    ValueError
        when the date is not in 2013 or a fault is unknown
    """
    import pandas as pd

    if unknown := set(faults) - set(FAULTS):
        raise ValueError(f"no such fault: {', '.join(sorted(unknown))}. There are: {', '.join(FAULTS)}")
    if not FIRST <= date <= LAST or len(date) != len(FIRST):
        raise ValueError(f"the feed has the days from {FIRST} to {LAST}, not {date!r}")
    start = pd.Timestamp(date, tz=NEW_YORK)
    messages = _messages_of(start)
    if "empty" in faults:
        messages = messages.iloc[:0]
    elif "corrections" in faults:
        messages = _with_corrections(messages, start, seed)
    if "duplicates" in faults:
        messages = _with_duplicates(messages, _random(seed, date, "duplicates"))
    texts = _texts(messages, faults, seed, date)
    files = _files(texts, messages["sent"], start)
    manifest = {name: {"rows": content.count(b"\n") - 1, "sha256": _digest(content)} for name, content in files.items()}
    if "truncated" in faults:
        files = _truncated(files, _random(seed, date, "truncated"))
    files[f"{date}/{MANIFEST}"] = json.dumps(manifest, indent=1).encode()
    return files


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _random(seed: int, date: str, what: str) -> np.random.Generator:
    """Random numbers that depend on nothing else, so that one fault does not change what another does."""
    import numpy as np

    return np.random.default_rng([seed, int(date.replace("-", "")), zlib.crc32(what.encode())])


# --- what became known when ---


@lru_cache(maxsize=8)
def _messages_of(start: pd.Timestamp) -> pd.DataFrame:
    """The messages of one day, in their order; ``sent`` is when each is sent, which a fault may change."""
    import pandas as pd

    end = start + pd.DateOffset(days=1)
    every = _messages_about(_flights_near(start, end))
    first, last = every["updated"].searchsorted([start, end])
    found = every.iloc[first:last].reset_index(drop=True)
    return found.assign(sent=found["updated"])


def _flights_near(start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """The flights of which something may have become known between two instants.

    The longest delay of the year is under 22 hours, the longest flight under 12, and no flight left an hour early.
    """
    import pandas as pd

    from helpers import data

    flights = data.flights()
    near = (flights["sched_dep"] >= start - pd.Timedelta(days=3)) & (flights["sched_dep"] < end + pd.Timedelta(days=1))
    return flights[near]


def _messages_about(flights: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    departed = flights["sched_dep"] + pd.to_timedelta(flights["dep_delay"], unit="min")
    flew, arrived = flights["dep_time"].notna(), flights["arr_delay"].notna()
    midnight = flights["sched_dep"].dt.tz_convert(NEW_YORK).dt.normalize().dt.tz_convert("UTC")
    kinds = [
        ("scheduled", flew | True, midnight, []),
        ("departed", flew, departed, DEPARTURE),
        ("arrived", arrived, departed + _gate_to_gate(flights), [*DEPARTURE, *ARRIVAL]),
        ("cancelled", ~flew, flights["sched_dep"], []),
        ("diverted", flew & ~arrived, departed + pd.Timedelta(hours=6), DEPARTURE),
    ]
    parts = [
        flights.loc[chosen, [*TIMETABLE, *known]].assign(status=status, updated=when[chosen])
        for status, chosen, when, known in kinds
    ]
    every = pd.concat(parts).reindex(columns=COLUMNS)
    every[["carrier", "origin", "dest", "tailnum"]] = every[["carrier", "origin", "dest", "tailnum"]].astype(object)
    # A flight's number in the table tells when it left: within a minute the order must not.
    return every.sort_values(["updated", "sched_dep", "carrier", "flight", "status"], ignore_index=True)


def _gate_to_gate(flights: pd.DataFrame) -> pd.Series:
    """From departure to arrival: the clocks tell the minutes but not, for their zones, the hours; the air time does."""
    import pandas as pd

    clock = {name: flights[name] // 100 * 60 + flights[name] % 100 for name in ("dep_time", "arr_time")}
    ground = (clock["arr_time"] - clock["dep_time"] - flights["air_time"]) % 60
    return pd.to_timedelta(flights["air_time"] + ground, unit="min")


# --- faults ---


def _with_corrections(messages: pd.DataFrame, start: pd.Timestamp, seed: int) -> pd.DataFrame:
    """Report some delays wrongly, and those of the day before rightly."""
    import pandas as pd

    def wrong(of: pd.DataFrame, date: str) -> tuple[pd.Index, Any]:
        random = _random(seed, date, "corrections")
        arrived = of.index[of["status"] == "arrived"]
        chosen = arrived[random.random(len(arrived)) < 0.02]
        return chosen, random.integers(20, 90, len(chosen)) * random.choice([-1, 1], len(chosen))

    chosen, minutes = wrong(messages, f"{start:%F}")
    messages = messages.copy()
    messages.loc[chosen, "arr_delay"] += minutes
    yesterday = start - pd.DateOffset(days=1)
    if f"{yesterday:%F}" < FIRST:
        return messages
    before = _messages_of(yesterday)
    owed = before.loc[wrong(before, f"{yesterday:%F}")[0]]
    six = start.replace(hour=6).tz_convert("UTC")
    return pd.concat([messages, owed.assign(updated=six, sent=six)]).sort_values("sent", kind="stable")


def _with_duplicates(messages: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Send some messages again, later on the same day."""
    import pandas as pd

    end = messages["sent"].max()
    again = messages[random.random(len(messages)) < 0.03]
    later = (again["sent"] + pd.Timedelta(hours=2)).clip(upper=end)
    return pd.concat([messages, again.assign(sent=later)]).sort_values("sent", kind="stable")


def _texts(messages: pd.DataFrame, faults: Collection[str], seed: int, date: str) -> pd.DataFrame:
    """The messages as they are written."""
    whole = messages.drop(columns="sent").copy()
    for name in WHOLE:
        whole[name] = whole[name].astype("Int64")
    for name in ("updated", "sched_dep"):
        whole[name] = whole[name].dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    if "schema" in faults:
        whole["distance"] = (whole["distance"] * KILOMETRES).round(1)
    whole = whole.astype(object).reset_index(drop=True)  # a message sent twice has its number twice
    share = 0.4 if "bad_day" in faults else 0.01 if "bad_rows" in faults else 0.0
    _spoil(whole, share, _random(seed, date, "bad_rows"))
    return whole.rename(columns={"arr_delay": "arrival_delay"}) if "schema" in faults else whole


def _spoil(messages: pd.DataFrame, share: float, random: np.random.Generator) -> None:
    """Put what cannot be into a share of the rows; at least one, if a share is asked for."""
    if not share or messages.empty:
        return
    rows = random.permutation(len(messages))[: max(1, round(share * len(messages)))]
    wrong = [("origin", "XXX"), ("distance", -1), ("sched_dep", "soon"), ("carrier", None), ("dep_delay", "two hours")]
    for row, kind in zip(rows, random.integers(len(wrong), size=len(rows)), strict=True):
        name, value = wrong[kind]
        messages.loc[messages.index[row], name] = value


def _truncated(files: dict[str, bytes], random: np.random.Generator) -> dict[str, bytes]:
    """Cut one file in the middle of its last row, and lose the rows before it from a point on."""
    full = [name for name, content in files.items() if content.count(b"\n") > 2]
    if not full:
        return files
    name = full[random.integers(len(full))]
    lines = files[name].splitlines(keepends=True)
    kept = int(random.integers(1, len(lines) - 1))
    return {**files, name: b"".join(lines[:kept]) + lines[kept][: len(lines[kept]) // 2]}


# --- files ---


def _files(texts: pd.DataFrame, sent: pd.Series, start: pd.Timestamp) -> dict[str, bytes]:
    """One file for each hour in which something was sent; the hour that November repeats is one file."""
    hours = sent.dt.tz_convert(NEW_YORK).dt.hour.to_numpy()
    names = {hour: f"{start:%F}/flights-{hour:02d}.csv" for hour in sorted(set(hours)) or [0]}
    return {name: _csv(texts[hours == hour]) for hour, name in names.items()}


def _csv(rows: pd.DataFrame) -> bytes:
    text = io.StringIO()
    rows.to_csv(text, index=False, lineterminator="\n")
    return text.getvalue().encode()


# --- the process ---


def replay(
    landing: Path, days: Sequence[str], speed: float, seed: int = 0, faults: Sequence[str] = ()
) -> Iterator[Path]:
    """Write the files of these days as their hours end, ``speed`` seconds of the year in one second; yield each path.

    A fault is a name, on every day, or ``name=2013-02-07``: from that date on for ``schema``, on it alone for others.
    A file appears whole: it is written beside its place and moved there. One that is there already is left alone.
    """
    began = time.monotonic()
    for number, date in enumerate(days):
        for name, content in day(date, seed, _on(date, faults)).items():
            hour = 24 if name.endswith(MANIFEST) else int(name[-6:-4]) + 1
            due = began + (number * 24 + hour) * 3_600 / speed
            time.sleep(max(0.0, due - time.monotonic()))
            path = landing / name
            if not path.exists():
                write_whole(path, content)
            yield path


def _on(date: str, faults: Sequence[str]) -> list[str]:
    """The faults that are on on this date."""
    found = []
    for fault in faults:
        name, _, when = fault.partition("=")
        if not when or when == date or (name == "schema" and when <= date):
            found.append(name)
    return found


def _main() -> None:
    import pandas as pd

    parser = argparse.ArgumentParser(
        prog="python -m helpers.feed", description="Replay the year's flights as files, in accelerated real time."
    )
    parser.add_argument("landing", type=Path, help="the folder in which files appear")
    parser.add_argument("--start", default="2013-02-01", help="the first day (default: %(default)s)")
    parser.add_argument("--days", type=int, default=7, help="how many days (default: %(default)s)")
    parser.add_argument("--speed", type=float, default=1_440, help="seconds of 2013 in a second (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="which rows meet a fault (default: %(default)s)")
    parser.add_argument("--fault", action="append", default=[], help=f"one of {', '.join(FAULTS)}; or NAME=DATE")
    asked = parser.parse_args()
    if unknown := {fault.partition("=")[0] for fault in asked.fault} - {*FAULTS}:
        parser.error(f"no such fault: {', '.join(sorted(unknown))}. There are: {', '.join(FAULTS)}")
    if asked.speed <= 0 or asked.days < 1:
        parser.error("--speed and --days must be positive")
    days = [f"{date:%F}" for date in pd.date_range(asked.start, periods=asked.days)]
    if days[0] < FIRST or days[-1] > LAST:
        parser.error(f"the feed has the days from {FIRST} to {LAST}, not {days[0]} to {days[-1]}")
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell may have told a background process to ignore the first
        signal.signal(number, signal.default_int_handler)
    try:
        for path in replay(asked.landing, days, asked.speed, asked.seed, asked.fault):
            print(path.relative_to(asked.landing), flush=True)
    except KeyboardInterrupt:
        print("The feed has stopped.")


if __name__ == "__main__":
    _main()
