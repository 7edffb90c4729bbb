# %% [markdown]
# # Week 4 · Pipelines
#
# ## The desk's question: how does it stay right every day with nobody watching?
#
# Week 3 left a champion. It was trained once, by you, in a notebook, on a table that somebody had cleaned. From tomorrow on the flights come as
# files, a few minutes late, some of them twice, some of them wrong, and corrected the day after. The desk wants a model that was trained on what
# is true *now*. You want to sleep.
#
# So the notebook has to become a **pipeline**: steps that a scheduler runs every night, that may fail at any point, be run again by anybody, and
# leave the same result as if nothing had happened. That last clause is the week.
#
# **When you are done you can**
#
# - write a step that can be killed at any instant and run again: *idempotent* and *atomic*,
# - put bad rows aside with a reason, and stop when there are too many of them,
# - let late corrections win, in whatever order the days are run,
# - retrain on a sliding window, and let a machine decide between challenger and champion, on evidence,
# - write a DAG for Airflow that waits for data without blocking anybody, and try it with injected crashes,
# - say when the world has changed, at a rate of false alarms that you have chosen.
#
# **Time:** 6 to 8 hours. A full run takes about a minute, most of it in Airflow.
#
# **Why now:** in week 3 you wrote down what "better" means. A pipeline is where a machine applies that every night. Next week the model goes to
# users, and whatever this week leaves in the registry is what they get. You need week 2's rule of prediction time and week 3's interval by days.

# %% [markdown]
# ## How to work in this notebook
#
# As in the weeks before: fill in a cell, run its check, ask `helpers.hint("week4.ingest")` when stuck. The checks do not read your code. They hand it
# folders, run it, crash it, run it again, and read the files that it leaves.
#
# | task | points | |
# |---|---|---|
# | `ingest` | 10 | one day, whole or not at all |
# | `validate` | 10 | what is wrong goes into quarantine |
# | `upsert` | 9 | the newest message wins |
# | `features` | 10 | the board, at prediction time |
# | `train` | 10 | a window that slides |
# | `promote` | 12 | challenger against champion, and the way back |
# | `dag_file` | 11 | what the scheduler must know |
# | `whole` | 8 | run it, crash it, run it again |
# | `drift` | 8 | when the world changes |
# | `runbook` | 12 | for the engineer who is called at night, marked by hand |
#
# **Points.** A check has parts, each with its points and the sentence of the task that it stands for. One that fails does not stop the
# next; a few count only where the core of the task holds, and say so. Some parts are looked at in grading only.
# A function leaves the tables and arrays that it is given as they are.

# %% nbgrader={"grade_id": "parameters"} tags=["parameters"]
SEED = 0
SAMPLE_ROWS = 30_000  # rows of the reference features in the pictures of drift
DAYS = 2  # days of February that the last demonstration runs

# %% nbgrader={"grade_id": "airflow"}
from helpers import airflow

airflow.warm()  # Airflow starts in the background: section 7 is the first to need it

# %% nbgrader={"grade_id": "setup"} tags=["setup"]
import hashlib
import json
import warnings
from pathlib import Path

import matplotlib.pyplot as plt
import mlflow
import numpy as np
import pandas as pd
import pandera.pandas as pa

import helpers
from helpers import checkpoints, checks, data, feed, lake, models, notebook, plots, registry, work
from helpers.checks import week4

notebook.setup()
warnings.filterwarnings("ignore", "overflow encountered", RuntimeWarning)  # pandas, comparing rows of many columns
NEW_YORK = "America/New_York"

# %% [markdown]
# ## 1 · One day, whole or not at all
#
# The airlines' feed writes into a *landing* folder: `landing/2013-02-07/flights-14.csv` holds what became known on 7 February between 14:00 and 15:00,
# one message a row. `helpers.feed` replays the year. Let a day arrive, and look at it.

# %% nbgrader={"grade_id": "look"}
DAY = "2013-02-07"
landing, my_lake = str(work.path("week4", "landing")), str(work.path("week4", "lake"))
for name, content in feed.day(DAY, SEED, ["corrections", "duplicates", "bad_rows"]).items():
    path = Path(landing, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
print(json.dumps(json.loads(Path(landing, DAY, "manifest.json").read_text()), indent=1)[:220], "…")
pd.read_csv(Path(landing, DAY, "flights-14.csv"), dtype=str).tail(6)

# %% [markdown]
# A flight is reported three times: when the day begins (`scheduled`), when it has left, when it has arrived; each message repeats all that is known.
# Last comes `manifest.json`, with the rows and the SHA-256 of each file **as it was sent**. When it is there, the day is complete. It names the files; what else lies
# in the folder is not the day's. On a day on which nothing is heard, a file has its header and no row.
#
# Every step of this week reads and writes partitions of a *lake*, one Parquet file a table and day: `lake/raw/2013-02-07.parquet`. Two rules:
#
# - **Idempotent**: $f(f(x)) = f(x)$. A step run twice leaves the same bytes as run once. So it *replaces* its partition and never appends to it; and
#   the day is an argument, not what the clock says.
# - **Atomic**: a partition is there, whole, or it is not there. A process may be killed in the middle of a write. A *rename* within one file system
#   happens at once or not at all: so write to another name in the same folder, then `Path.replace`.
#
# | you might | and then |
# |---|---|
# | append to a file | a retry doubles the day |
# | write to the final name | a reader meets half a day |
# | let pandas guess types | `0517` becomes `517.0`, and one bad word turns a column into objects |
# | trust the file's length | a file that was cut off looks like a quiet evening |
#
# **Task `ingest`.** Bring one day from landing into `raw`: as text, each message once, and only if every file is what the manifest promises.


# %% nbgrader={"grade_id": "ingest", "solution": true}
def ingest(day: str, landing: str, lake_folder: str) -> int:
    """Bring the messages of one day into ``lake_folder/raw/DAY.parquet``, whole or not at all.

    Parameters
    ----------
    day : the logical date, "2013-02-07"
    landing : folder; ``landing/DAY/manifest.json`` maps each file's path below ``landing`` to ``rows`` and ``sha256``
    lake_folder : folder of the lake; ``lake.path(lake_folder, "raw", day)`` is the partition's path

    Returns
    -------
    the number of rows written: messages as they were sent, every column as text, without those that are equal in every
    column. An empty cell is a missing value, or empty text; no cell holds a word such as ``NA`` that pandas takes for missing.
    A day without a message has all columns and no row

    Raises
    ------
    FileNotFoundError
        when the manifest, or a file that it names, is not there
    ValueError
        when a file is not the one that was sent. The partition that was there before is then left as it was
    """
    ### BEGIN SOLUTION
    manifest = json.loads(Path(landing, day, "manifest.json").read_text())
    parts = []
    for name, promised in sorted(manifest.items()):
        path = Path(landing, name)
        if hashlib.sha256(path.read_bytes()).hexdigest() != promised["sha256"]:
            raise ValueError(f"{name} is not what the manifest promises: it was cut off or changed on its way")
        parts.append(pd.read_csv(path, dtype=str))
    messages = pd.concat(parts, ignore_index=True).drop_duplicates(ignore_index=True)
    target = lake.path(lake_folder, "raw", day)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    try:
        messages.to_parquet(part, index=False)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return len(messages)
    ### END SOLUTION


# %% nbgrader={"grade_id": "ingest_test", "points": 10} long="three messages, and a day that is good, bad or not there"
mark = checks.Mark(10)
columns = ["flight_id", "updated", "status", "dep_time"]
messages = pd.DataFrame(
    [
        ("81", "2013-02-07T10:17:00Z", "departed", "0517"),
        ("82", "2013-02-07T10:31:00Z", "cancelled", None),
        ("81", "2013-02-07T12:40:00Z", "arrived", "0517"),
    ],
    columns=columns,
)
two_files = {"flights-05.csv": messages.loc[:1], "flights-07.csv": messages.loc[2:]}
files = week4.messages.delivered("2013-02-07", {name: rows.to_csv(index=False) for name, rows in two_files.items()})
with mark.part("messages", 4, "Bring the messages of one day into `lake_folder/raw/DAY.parquet`; return their number."):
    week4.ingest.kept(ingest, "2013-02-07", files, messages[columns[:3]])
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        beside = feed.day("2013-02-08", SEED)
        for day, sent in oracles.ingest_deliveries(SEED):
            week4.ingest.kept(ingest, day, sent, oracles.ingest_messages(sent)[oracles.PLAIN], beside)
    ### END HIDDEN TESTS
with mark.part("once", 1, "… without those that are equal in every column."):
    two_files["flights-07.csv"] = messages.loc[[0, 2]]  # the first is sent twice
    sent = week4.messages.delivered("2013-02-07", {name: rows.to_csv(index=False) for name, rows in two_files.items()})
    week4.ingest.kept(ingest, "2013-02-07", sent, messages[columns[:3]])
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        day, sent = oracles.ingest_again(SEED)
        week4.ingest.kept(ingest, day, sent, oracles.ingest_messages(sent)[oracles.PLAIN])
        day, sent, expected = oracles.ingest_twins()
        week4.ingest.kept(ingest, day, sent, expected[[*columns[:3], "dep_delay"]])
    ### END HIDDEN TESTS
with mark.part("text", 1, "messages as they were sent, every column as text", after=("messages",)):
    week4.ingest.as_text_was_sent(ingest, "2013-02-07", files, messages)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        for day, sent in oracles.ingest_deliveries(SEED):
            week4.ingest.as_text_was_sent(ingest, day, sent, oracles.ingest_messages(sent))
    ### END HIDDEN TESTS
with mark.part(
    "refused",
    1.5,
    "ValueError when a file is not the one that was sent. The partition stays as it was.",
    after=("messages",),
):
    week4.ingest.refuses(
        ingest,
        "2013-02-08",
        feed.day("2013-02-08", SEED, ["truncated"]),
        messages,
        "a day with a file that was cut off",
    )
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        day, sent = oracles.ingest_deliveries(SEED)[0]
        for what, damaged in oracles.ingest_damages(day, sent).items():
            week4.ingest.refuses(ingest, day, damaged, messages, what)
    ### END HIDDEN TESTS
### BEGIN HIDDEN TESTS
with mark.part("not there", 0.5, "a file or the manifest is not there", after=("messages",)), mark.hidden():
    from source.week4 import oracles

    day, sent = oracles.ingest_deliveries(SEED)[0]
    for what, damaged in oracles.ingest_gaps(day, sent).items():
        week4.ingest.refuses(ingest, day, damaged, messages, what, FileNotFoundError)
with mark.part("files", 0.5, "only what the manifest names; a quiet day too", after=("messages",)), mark.hidden():
    from source.week4 import oracles

    for case in oracles.ingest_elsewhere():
        day, sent, beside, expected = case
        week4.ingest.kept(ingest, day, sent, expected, beside)
with mark.part("again", 0.5, "run twice leaves what run once leaves", after=("messages",)), mark.hidden():
    from source.week4 import oracles

    (day, sent), arguments = oracles.ingest_again(SEED), ("./landing", "./lake")
    landed = [week4.folders.landed(one) for one in (feed.day(day, SEED + 7, ["bad_day"]), sent)]
    week4.processes.replaces(ingest, *landed, day, *arguments)
with mark.part("atomic", 1, "a partition is whole or not there", after=("messages",)), mark.hidden():
    there = {**week4.folders.landed(files), **week4.folders.partitions("raw", {"2013-02-07": messages[:1]})}
    week4.processes.whole_or_not(ingest, there, "2013-02-07", "./landing", "./lake")
### END HIDDEN TESTS
mark

# %% [markdown]
# From here on `lake.write(folder, table, day, frame)` does what you have just written, `lake.read(folder, table, days)` reads partitions one below the
# other, `lake.days(folder, table)` says which there are, and `lake.days_before(day, 2)` names the day and the two before it.

# %% [markdown]
# ## 2 · What is wrong goes into quarantine
#
# The third trap of this course, on a schedule: nobody looks at tonight's rows. So the pipeline must. A **schema** says what every column may hold. A row
# that breaks it is not dropped, for then nobody would ever learn of it, and not kept, for then it would be believed. It goes into **quarantine**, as it
# was sent, with the reason. And when too much is wrong, the rest is not right either: *stop*.
#
# | column | must be | may be missing |
# |---|---|---|
# | `flight_id` | digits | |
# | `updated`, `sched_dep` | an instant such as `2013-02-07T19:05:00Z` | |
# | `status` | `scheduled`, `departed`, `arrived`, `cancelled` or `diverted` | |
# | `carrier` | two capitals or digits | |
# | `origin` | `EWR`, `JFK` or `LGA` | |
# | `dest` | three capitals | |
# | `distance` | a whole number above zero | |
# | `dep_delay`, `arr_delay` | a whole number, negative ones too | yes |
#
# All of raw is text, so each rule is a regular expression that must match the *whole* value. `-0500` is a whole number; and a date that does not exist, such as
# 30 February, is never sent. **pandera** says such things in one schema,
# and with `validate(..., lazy=True)` collects every failure instead of stopping at the first: `SchemaErrors.failure_cases` has `column`, `check` and
# `index` of each. A column that is not there has a failure without an index: that is not a bad row but another feed, and stops the run at once.
#
# **Task `validate`.** Split a raw partition into `clean` and `quarantine`, or stop.


# %% nbgrader={"grade_id": "validate", "solution": true}
def validate(day: str, lake_folder: str) -> int:
    """Split ``raw`` of one day into ``clean`` and ``quarantine``.

    ``quarantine`` has the columns of raw and ``reason``, text that names each column that is wrong. ``clean`` has the good
    rows: ``updated`` and ``sched_dep`` as instants in UTC, ``distance``, ``dep_delay`` and ``arr_delay`` as floats,
    ``flight_id`` as a whole number, the others as they are.

    Returns
    -------
    the number of rows in quarantine

    Raises
    ------
    ValueError
        when a column of the table above is missing, or when more than 5 % of the rows are bad: these are then in
        quarantine, and no clean partition is written (one of an earlier run may stay)
    """
    ### BEGIN SOLUTION
    raw = lake.read(lake_folder, "raw", [day]).astype(object)
    bad = pd.Series("", index=raw.index)
    try:
        pa.DataFrameSchema({name: _column(name, rule) for name, rule in RULES.items()}).validate(raw, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        if cases["index"].isna().any():
            raise ValueError(f"{day}: the feed has changed: {cases.to_dict('records')}") from None
        for row, found in cases.groupby("index"):
            bad[row] = "; ".join(f"{case.column}: {case.check}" for case in found.itertuples())
    wrong = bad != ""
    lake.write(lake_folder, "quarantine", day, raw[wrong].assign(reason=bad[wrong]))
    if wrong.mean() > MOST_BAD:
        raise ValueError(f"{day}: {wrong.mean():.0%} of the messages are bad, more than {MOST_BAD:.0%}")
    good = raw[~wrong]
    instants = {name: pd.to_datetime(good[name], utc=True) for name in ("updated", "sched_dep")}
    numbers = {name: good[name].astype(float) for name in ("distance", "dep_delay", "arr_delay")}
    lake.write(
        lake_folder, "clean", day, good.assign(**instants, **numbers, flight_id=good["flight_id"].astype("int64"))
    )
    return int(wrong.sum())


MOST_BAD = 0.05
INSTANT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
RULES = {
    "flight_id": r"\d+", "updated": INSTANT, "sched_dep": INSTANT, "carrier": "[A-Z0-9]{2}", "origin": "EWR|JFK|LGA",
    "status": "scheduled|departed|arrived|cancelled|diverted", "dest": "[A-Z]{3}", "distance": r"0*[1-9]\d*",
    "dep_delay": r"-?\d+", "arr_delay": r"-?\d+",
}  # fmt: skip


def _column(name, rule):
    return pa.Column(checks=pa.Check.str_matches(f"^(?:{rule})$"), nullable=name.endswith("_delay"))
    ### END SOLUTION


# %% nbgrader={"grade_id": "validate_test", "points": 10} long="a good hour, spoilt in one way for each clause"
mark = checks.Mark(10)
hour = feed.day("2013-02-07", SEED)["2013-02-07/flights-14.csv"].decode().splitlines()
raw = pd.DataFrame([line.split(",") for line in hour[1:]], columns=hour[0].split(","))
raw = raw[raw["status"] == "arrived"].head(60).reset_index(drop=True)
raw = raw.assign(dep_delay=raw["dep_delay"].str.strip("-"), arr_delay=raw["arr_delay"].str.strip("-"))
some = raw.copy()
some.loc[4, "dep_delay"], some.loc[9, "origin"] = "two hours", "PHL"
bad = {4: "dep_delay", 9: "origin"}
with mark.part("split", 4, "Split `raw` of one day into `clean` and `quarantine`; return the number of rows there."):
    week4.validate.splits(validate, "2013-02-07", some, bad)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        week4.validate.splits(validate, *oracles.validate_plainly(SEED))
    ### END HIDDEN TESTS
with mark.part("clean", 1, "instants in UTC, floats, `flight_id` a whole number, the others as they are"):
    week4.validate.converts(validate, "2013-02-07", some, bad)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        week4.validate.converts(validate, *oracles.validate_plainly(SEED))
        good = oracles.validate_messages("2013-12-31", SEED, everyday=False)
        week4.validate.converts(validate, "2013-12-31", good.assign(gate="B 12"), {})
    ### END HIDDEN TESTS
with mark.part("rules", 1, "each rule is a regular expression that must match the *whole* value", after=("split",)):
    odd = raw.assign(origin=["JFK4", "EWR or LGA", *raw["origin"][2:]])
    week4.validate.splits(validate, "2013-02-07", odd, {0: "origin", 1: "origin"})
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        for case in oracles.validate_in_part(SEED):
            week4.validate.splits(validate, *case)
    ### END HIDDEN TESTS
with mark.part("reason", 1, "`reason`, text that names each column that is wrong", after=("split",)):
    week4.validate.gives_reasons(validate, "2013-02-07", some, bad)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        week4.validate.gives_reasons(validate, *oracles.validate_several(SEED))
    ### END HIDDEN TESTS
with mark.part(
    "stops",
    1,
    "ValueError when more than 5 % of the rows are bad; no clean partition",
    after=("split",),
):
    many = raw.assign(carrier=["?"] * 12 + list(raw["carrier"][12:]))
    week4.validate.stops(validate, "2013-02-07", many, dict.fromkeys(range(12), "carrier"))
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        for case in oracles.validate_stops(SEED):
            week4.validate.stops(validate, *case)
        for case in oracles.validate_on_the_line(SEED):
            week4.validate.splits(validate, *case)
    ### END HIDDEN TESTS
with mark.part("columns", 0.5, "ValueError when a column of the table above is missing", after=("split",)):
    week4.validate.refuses_columns(validate, "2013-02-07", raw, "arr_delay")
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        for column in (*oracles.NEEDED, "dep_delay"):
            week4.validate.refuses_columns(validate, "2013-02-08", raw, column)
    ### END HIDDEN TESTS
### BEGIN HIDDEN TESTS
with mark.part("missing", 0.5, "the two delays may be missing", after=("split",)), mark.hidden():
    from source.week4 import oracles

    for case in oracles.validate_missing(SEED):
        week4.validate.splits(validate, *case)
with mark.part("again", 1, "replaced, whole or not at all", after=("split",)), mark.hidden():
    day, other = "2013-02-07", raw.iloc[::-1].head(50)
    one, two = (week4.folders.partitions("raw", {day: table}) for table in (some, other))
    week4.processes.replaces(validate, one, two, day, "./lake")
    there = {
        **one,
        **week4.folders.partitions("clean", {day: other}),
        **week4.folders.partitions("quarantine", {day: other}),
    }
    week4.processes.whole_or_not(validate, there, day, "./lake")
### END HIDDEN TESTS
mark

# %% nbgrader={"grade_id": "quarantine"}
ingest(DAY, landing, my_lake)
print(f"{validate(DAY, my_lake)} messages of {DAY} are in quarantine. The first of them:")
lake.read(my_lake, "quarantine", [DAY])[["flight_id", "origin", "sched_dep", "distance", "dep_delay", "reason"]].head(5)

# %% [markdown]
# ## 3 · The newest message wins
#
# `clean/2013-02-07` holds *messages that came on* that day. The desk thinks in *flights that leave on* a day. A flight that left at 22:00 arrives after
# midnight: its arrival is reported tomorrow. And a delay that was reported wrongly is corrected tomorrow at six. So each day's messages change the flights of
# two dates, sometimes three.
#
# Take the newest of all messages about a flight, by `updated`, whichever day brought it. "The newest" is a maximum, and a maximum does not care for order:
#
# $$ \max(\max(a, b), c) = \max(a, \max(c, b)) . $$
#
# That is what makes a *backfill* safe: Monday run again after Wednesday must not bring Monday's mistakes back. "What came last" has no such property.
#
# **Task `upsert`.** Merge one day's clean messages into `flights`, partitioned by New York's date of *scheduled departure*, one row a flight.


# %% nbgrader={"grade_id": "upsert", "solution": true}
def upsert(day: str, lake_folder: str) -> list[str]:
    """Merge ``clean`` of one day into the partitions of ``flights``: columns of clean, one row a flight, the newest message.

    Days may be run in any order, and more than once. Messages about a flight with one ``updated`` are equal.

    Returns
    -------
    the dates (text, in order) on which the flights leave that the day's messages are about: each has been brought up to date
    """
    ### BEGIN SOLUTION
    news = lake.read(lake_folder, "clean", [day])
    dates = news["sched_dep"].dt.tz_convert(NEW_YORK).dt.strftime("%Y-%m-%d")
    for date, messages in news.groupby(dates):
        known = [lake.read(lake_folder, "flights", [date])] if date in lake.days(lake_folder, "flights") else []
        every = pd.concat([*known, messages]).sort_values(["flight_id", "updated"], kind="stable")
        lake.write(lake_folder, "flights", date, every.drop_duplicates("flight_id", keep="last"))
    return sorted(set(dates))
    ### END SOLUTION


# %% nbgrader={"grade_id": "upsert_test", "points": 9} long="six messages about four flights, one a line"
mark = checks.Mark(9)
news = [
    (4, "2013-02-07T18:00Z", "2013-02-07T13:00Z", "arrived", 0, -3),
    (1, "2013-02-07T20:00Z", "2013-02-07T15:00Z", "arrived", 3, 40),
    (2, "2013-02-08T03:31Z", "2013-02-08T03:30Z", "departed", 1, None),  # at half past ten, New York's time
    (2, "2013-02-08T06:10Z", "2013-02-08T03:30Z", "arrived", 1, 5),  # after midnight
    (1, "2013-02-08T11:00Z", "2013-02-07T15:00Z", "arrived", 3, 12),  # a correction
    (3, "2013-02-08T20:00Z", "2013-02-08T20:00Z", "cancelled", None, None),
]
clean = pd.DataFrame(news, columns=["flight_id", "updated", "sched_dep", "status", "dep_delay", "arr_delay"])
clean = clean.astype(dict.fromkeys(["updated", "sched_dep"], "datetime64[ns, UTC]"))
days = {"2013-02-07": clean.loc[:2], "2013-02-08": clean.loc[3:]}
flights = {"2013-02-07": clean.loc[[4, 3, 0]], "2013-02-08": clean.loc[[5]]}  # the newest message about each
by_day = {day: rows[rows["flight_id"] != 2] for day, rows in days.items()}  # without the one of the evening
by_date = {date: rows[rows["flight_id"] != 2] for date, rows in flights.items()}
with mark.part("newest", 4, "Merge one day's clean messages into `flights`: one row a flight, the newest message."):
    week4.upsert.newest_wins(upsert, by_day, list(by_day), by_date)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        week4.upsert.newest_wins(upsert, *oracles.upsert_by_day(SEED))
    ### END HIDDEN TESTS
with mark.part("dates", 1, "the dates (text, in order) on which the flights leave that the day's messages are about"):
    week4.upsert.names_dates(upsert, by_day, {"2013-02-07": ["2013-02-07"], "2013-02-08": ["2013-02-07", "2013-02-08"]})
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        quiet = oracles.upsert_quiet(SEED)
        noon = {day: rows[rows["sched_dep"].dt.hour.between(12, 23)] for day, rows in quiet.items()}
        week4.upsert.names_dates(upsert, noon, oracles.upsert_dates(noon))
    ### END HIDDEN TESTS
with mark.part("New York", 1, "partitioned by New York's date of *scheduled departure*", after=("newest",)):
    week4.upsert.newest_wins(upsert, days, list(days), flights)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        week4.upsert.newest_wins(upsert, *oracles.upsert_evening(SEED))
        week4.upsert.newest_wins(upsert, *oracles.upsert_summer())
    ### END HIDDEN TESTS
with mark.part("order", 1.5, "Days may be run in any order, and more than once.", after=("newest",)):
    for order in (list(by_day)[::-1], [*by_day, "2013-02-07"]):
        week4.upsert.newest_wins(upsert, by_day, order, by_date)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        week4.upsert.any_order(upsert, *oracles.upsert_shuffled(SEED))
    ### END HIDDEN TESTS
with mark.part("row", 1, "columns of clean, … the newest message", after=("newest",)):
    week4.upsert.newest_wins(upsert, by_day, list(by_day), by_date, rows=True)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        week4.upsert.newest_wins(upsert, *oracles.upsert_patchy(SEED), rows=True)
    ### END HIDDEN TESTS
### BEGIN HIDDEN TESTS
with mark.part("atomic", 0.5, "a partition is whole or not there", after=("newest",)), mark.hidden():
    there = {
        **week4.folders.partitions("clean", by_day),
        **week4.folders.partitions("flights", {"2013-02-07": clean[1:2]}),
    }
    week4.processes.whole_or_not(upsert, there, "2013-02-08", "./lake")
### END HIDDEN TESTS
mark

# %% [markdown]
# ## 4 · The board, at prediction time
#
# Week 2's rule holds here as well: two hours before departure, and nothing from after that. It is easier to break than ever. The pipeline builds features
# *after* the day is over, from a table in which every story has ended. That a value is in the lake says nothing about when it was known.
#
# | feature | is |
# |---|---|
# | `departs`, `weekday` | time of day by the clock, in minutes (60 × hour + minute), and day of the week (Monday is 0) of `sched_dep`, New York's time |
# | `distance`, `carrier`, `origin`, `dest` | as they are |
# | `origin_departed` | flights of the same origin that left in the two hours up to prediction time $t$: actual departure in $(t - 2\text{h}, t]$ |
# | `origin_delay` | mean `dep_delay` of these, in minutes; NaN where there are none |
# | `origin_waiting` | flights of the same origin that were *due* in $(t - 2\text{h}, t]$ and had not left at $t$, cancelled ones among them |
#
# The actual departure is `sched_dep` plus `dep_delay` minutes. A partition also has `flight_id`, `sched_dep` and the label `late`: 1 where the arrival delay
# is 15 minutes or more, 0 where it is less, NaN where there is none.
#
# **Task `features`.** Build features from a table of flights, and write one date's partition from the flights of two dates.


# %% nbgrader={"grade_id": "features", "solution": true}
def build_features(flights: pd.DataFrame) -> pd.DataFrame:
    """Give the nine features in the table above for each row of ``flights``, with its index (which has no repeats).

    Of a table without a row they are nine columns without a row.

    ``flights`` has ``sched_dep`` (UTC), ``dep_delay`` (minutes, NaN: has not left), ``origin``, ``dest``, ``carrier``, ``distance``.
    """
    ### BEGIN SOLUTION
    local = flights["sched_dep"].dt.tz_convert(NEW_YORK)
    table = flights[["distance", "carrier", "origin", "dest"]].assign(
        departs=local.dt.hour * 60 + local.dt.minute, weekday=local.dt.dayofweek
    )
    due = ((flights["sched_dep"] - pd.Timestamp(0, tz="UTC")).dt.total_seconds() / 60).to_numpy()
    delay = flights["dep_delay"].to_numpy(dtype=float)
    state = np.full((len(flights), 3), np.nan)
    for here in flights.groupby(flights["origin"].astype(str)).indices.values():
        cut, left = due[here][:, None] - 120, due[here] + delay[here]
        gone = (left <= cut) & (left > cut - 120)
        waiting = (due[here] <= cut) & (due[here] > cut - 120) & ~(left <= cut)
        count = gone.sum(axis=1)
        total = gone @ np.nan_to_num(delay[here])
        state[here] = np.column_stack(
            [count, np.where(count > 0, total / np.maximum(count, 1), np.nan), waiting.sum(axis=1)]
        )
    return table.assign(**dict(zip(lake.BOARD, state.T)))
    ### END SOLUTION


def features(day: str, lake_folder: str) -> int:
    """Write ``features`` of the flights that leave on ``day``, from ``flights`` of that day and the day before.

    Returns
    -------
    the number of rows: every flight of the day, the cancelled ones too
    """
    ### BEGIN SOLUTION
    flights = lake.read(lake_folder, "flights", lake.days_before(day, 1))
    late = (flights["arr_delay"] >= 15).astype(float).where(flights["arr_delay"].notna())
    table = flights[["flight_id", "sched_dep"]].assign(late=late).join(build_features(flights))
    own = flights["sched_dep"].dt.tz_convert(NEW_YORK).dt.strftime("%Y-%m-%d") == day
    lake.write(lake_folder, "features", day, table[own])
    return int(own.sum())
    ### END SOLUTION


# %% nbgrader={"grade_id": "features_test", "points": 10} long="a small airport, flight by flight, then the probe on real days"
mark = checks.Mark(10)
at = pd.Timestamp("2013-05-02 00:00", tz=NEW_YORK).tz_convert("UTC")
rows = [  # minutes after midnight, dep_delay, arr_delay, origin
    (-60, 30, 40, "JFK"), (-30, 161, 160, "JFK"), (5, 0, -5, "LGA"), (9, np.nan, np.nan, "JFK"),
    (121, 0, 14, "JFK"), (130, 0, 15, "JFK"), (260, 5, np.nan, "JFK"), (261, 5, 3, "LGA"),
]  # fmt: skip
few = pd.DataFrame(rows, columns=["minute", "dep_delay", "arr_delay", "origin"]).assign(flight_id=np.arange(8))
few = few.assign(sched_dep=at + pd.to_timedelta(few["minute"], unit="min"), carrier="UA", dest="BOS", distance=500.0)
table, few = few.set_index("flight_id"), few.drop(columns="minute")
own, board = table.loc[2:].assign(departs=table["minute"], weekday=3), table.loc[2:]
board = board.assign(origin_departed=[0, 0, 1, 1, 3, 0], origin_waiting=[0, 0, 1, 2, 0, 0])
board["origin_delay"] = [np.nan, np.nan, 30, 30, 161 / 3, np.nan]
two_days = {"2013-05-01": few[:2], "2013-05-02": few[2:]}
with mark.part("own", 2, "`departs`, `weekday`: New York's time; `distance`, `carrier`, `origin`, `dest`: as they are"):
    names = ["departs", "weekday", "distance", "carrier", "origin", "dest"]
    week4.features.built(build_features, table, {name: own[name] for name in names})
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        for date in ("2013-07-22", "2013-11-03"):
            some = oracles.features_flights(date, SEED + 5).reset_index()
            week4.features.built(build_features, some, oracles.features_own(some))
    ### END HIDDEN TESTS
with mark.part(
    "board", 3, "flights of the same origin that left, or were due and had not left, in the two hours up to $t$"
):
    week4.features.built(build_features, table, {name: board[name] for name in lake.BOARD})
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        some = oracles.features_between("2013-07-22", SEED + 6).reset_index()
        week4.features.built(build_features, some, oracles.features_counted(some))
    ### END HIDDEN TESTS
with mark.part("edges", 1, "in $(t - 2\\text{h}, t]$: $t$ belongs to it, two hours before does not", after=("board",)):
    on_edge = table[:3].assign(
        origin="JFK", dep_delay=[0, 0, np.nan], sched_dep=at + pd.to_timedelta([0, 120, 240], unit="min")
    )
    expected = pd.DataFrame({"origin_departed": [0, 1, 1], "origin_waiting": [0, 0, 0]}, index=on_edge.index)
    week4.features.built(build_features, on_edge, {str(name): expected[name] for name in expected})
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        for date in ("2013-07-22", "2013-11-03"):
            some = oracles.features_flights(date, SEED + 5).reset_index()
            week4.features.built(build_features, some, oracles.features_counted(some))
    ### END HIDDEN TESTS
with mark.part("look-ahead", 1, "two hours before departure, and nothing from after that", after=("board",)):
    some = data.flights()
    some = some[some["sched_dep"].between("2013-02-07T05:00Z", "2013-02-09T04:59Z")].sample(
        frac=0.5, random_state=SEED, ignore_index=True
    )
    checks.no_look_ahead(build_features, {"flights": some}, some["sched_dep"] - pd.Timedelta("2h"), seed=SEED)
with mark.part(
    "partition", 1.5, "`features` of the flights that leave on `day`, from that day and the day before; their number"
):
    week4.features.written(features, "2013-05-02", two_days)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        backwards = {"2013-05-01": few[1::-1], "2013-05-02": few[:1:-1], "2013-05-03": few[:1]}
        week4.features.looks_back(features, "2013-05-02", backwards, board[list(lake.BOARD)])
    ### END HIDDEN TESTS
with mark.part(
    "label", 0.5, "`late`: 1 where the arrival delay is 15 minutes or more, 0 where it is less, NaN where there is none"
):
    week4.features.labelled(features, "2013-05-02", two_days, pd.Series([0, np.nan, 0, 1, np.nan, 0], range(2, 8)))
### BEGIN HIDDEN TESTS
with mark.part("any table", 0.5, "each row, with its index", after=("board",)), mark.hidden():
    from source.week4 import oracles

    for some in oracles.features_odd(SEED):
        week4.features.built(build_features, some, oracles.features_expected(some))
    week4.features.without_flights(build_features, some)
with mark.part("again", 0.5, "replaced, whole or not at all", after=("partition",)), mark.hidden():
    day, changed = "2013-05-02", {"2013-05-01": few[:1], "2013-05-02": few[3:]}
    one, two = (week4.folders.partitions("flights", part) for part in (two_days, changed))
    week4.processes.replaces(features, one, two, day, "./lake")
    there = {**one, **week4.folders.partitions("features", {day: few})}
    week4.processes.whole_or_not(features, there, day, "./lake")
### END HIDDEN TESTS
mark

# %% [markdown]
# ## 5 · A window that slides
#
# Train on the last four weeks: long enough to learn, short enough to forget the winter. But not up to the last day. The newest days are the only ones that
# neither the new model nor the old one has seen, so they are the only fair examination. Keep a **holdout**:
#
# $$ \text{window } (w = 28 \text{ days}):\; D - h - w + 1, \dots, D - h \qquad \text{holdout } (h = 7 \text{ days}):\; D - h + 1, \dots, D $$
#
# The champion was trained on an earlier day's window, which ended earlier still. So it has not seen the holdout either.
#
# One MLflow run a training, and one *version* a day. Idempotent here means: whoever trains for 7 March a second time gets the version that is there.
# A version's **tag** can say which day it belongs to; set it in the call that makes the version, for a crash may come between two calls.
# `mlflow.sklearn.log_model` without a name to register only logs; `MlflowClient().create_model_version(name, source, run_id, tags=...)`
# registers what was logged (`logged.model_uri`, `logged.run_id`).
#
# **Task `train`.** Train `models.pipeline("lightgbm", 0, n_estimators=60, num_leaves=15)` on `registry.plain` of the nine features, rows without a label left
# out, and register it as `registry.MODEL`.


# %% nbgrader={"grade_id": "train", "solution": true}
def train(day: str, lake_folder: str, folder: str, window: int = 28, holdout: int = 7) -> int:
    """Train on the window that belongs to ``day``, and register the model, once a day.

    The run has the parameters ``day``, ``first``, ``last`` (days of the window) and ``rows``.

    Parameters
    ----------
    day : the logical date, the last day of the holdout
    lake_folder : folder of the lake, whose ``features`` are read
    folder : absolute path of the registry, for ``registry.connect``
    window, holdout : days, as in the formula

    Returns
    -------
    the version; 0 where a day of the window has no partition (what is there stays there). Days of the holdout may be missing
    """
    ### BEGIN SOLUTION
    registry.connect(folder)
    client = mlflow.MlflowClient()
    for version in client.search_model_versions(f"name = '{registry.MODEL}'"):
        if version.tags.get("day") == day:
            return int(version.version)
    days = lake.days_before(day, holdout + window - 1, holdout)
    if not set(days) <= set(lake.days(lake_folder, "features")):
        return 0
    known = lake.read(lake_folder, "features", days).dropna(subset=["late"])
    X, y = registry.plain(known[list(lake.FEATURES)]), known["late"].astype(int)
    model = models.pipeline("lightgbm", 0, n_estimators=60, num_leaves=15).fit(X, y)
    with mlflow.start_run(run_name=day):
        mlflow.log_params({"day": day, "first": days[0], "last": days[-1], "rows": len(X)})
        logged = mlflow.sklearn.log_model(
            model, name="model", input_example=X.head(3), pip_requirements=registry.requirements(),
            signature=mlflow.models.infer_signature(X, model.predict_proba(X)),
            serialization_format="cloudpickle", pyfunc_predict_fn="predict_proba",
        )  # fmt: skip
    if not client.search_registered_models(f"name = '{registry.MODEL}'"):
        client.create_registered_model(registry.MODEL)
    made = client.create_model_version(registry.MODEL, logged.model_uri, logged.run_id, tags={"day": day})
    return int(made.version)
    ### END SOLUTION


# %% nbgrader={"grade_id": "train_test", "points": 10} long="one call for each clause"
mark = checks.Mark(10)
days = week4.history.days("2013-03-07", 7, SEED)
window = ["2013-03-03", "2013-03-04", "2013-03-05"]  # three days; the two after them are the holdout
with mark.part("window", 3.5, "Train on the window that belongs to `day`: it ends `holdout` days before."):
    week4.train.learns_from(train, "2013-03-07", days, window, holdout=2)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        unlabelled = oracles.train_days("2013-07-03", SEED + 9, 8)
        week4.train.learns_from(train, "2013-07-03", unlabelled, lake.days_before("2013-07-03", 2, 1), holdout=1)
    ### END HIDDEN TESTS
with mark.part("registered", 1.5, "… and register the model as `registry.MODEL`; return the version."):
    week4.train.registers(train, "2013-03-07", days, window=3, holdout=2)
with mark.part(
    "says",
    1,
    "The run has `day`, `first`, `last` (days of the window) and `rows`.",
    after=("registered",),
):
    week4.train.says(train, "2013-03-07", days, window, holdout=2)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        unlabelled = oracles.train_days("2013-07-03", SEED + 9, 8)
        week4.train.says(train, "2013-07-03", unlabelled, lake.days_before("2013-07-03", 5, 1), holdout=1)
        holes = oracles.train_days("2013-07-03", SEED + 13, 5, holes=True)
        week4.train.says(train, "2013-07-03", holes, lake.days_before("2013-07-03", 3, 1), holdout=1)
    ### END HIDDEN TESTS
with mark.part("once", 1, "Whoever trains a second time gets the version that is there.", after=("registered",)):
    week4.train.once_a_day(train, "2013-03-07", days, window=3, holdout=2, other="2013-03-06")
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        more = week4.history.days("2013-05-07", 5, SEED + 1)
        week4.train.once_a_day(train, "2013-05-06", more, window=2, holdout=1, other="2013-05-07", fresh=True)
    ### END HIDDEN TESTS
with mark.part("too early", 1, "0 where a day of the window has no partition", after=("registered",)):
    week4.train.too_early(train, "2013-03-07", week4.history.days("2013-03-07", 6, SEED), window=5, holdout=2)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        for lost in ("2013-08-27", "2013-08-29", "2013-08-31"):
            gap = oracles.train_days("2013-09-02", SEED + 10, 9, [lost])
            week4.train.too_early(train, "2013-09-02", gap, window=5, holdout=2)
        few = oracles.train_days("2013-09-02", SEED + 10, 6, ["2013-09-01"])
        week4.train.needs_no_more(train, "2013-09-02", few, window=2, holdout=2)
    ### END HIDDEN TESTS
with mark.part(
    "model", 1, 'Train `models.pipeline("lightgbm", 0, n_estimators=60, num_leaves=15)` on the nine features.'
):
    week4.train.is_the_model(train, "2013-03-07", days, window=3, holdout=2)
### BEGIN HIDDEN TESTS
with mark.part("crash", 1, "a crash may come between two calls", after=("once",)), mark.hidden():
    more = week4.history.days("2013-05-07", 3, SEED + 2)
    week4.train.survives(train, "2013-05-07", more, window=2, holdout=1)
### END HIDDEN TESTS
mark

# %% [markdown]
# ## 6 · Challenger against champion
#
# Every night makes a new model. Most nights it is neither better nor worse, only different. If the mean decides, a coin decides, and the desk gets another model
# every other night. Week 3 has the answer: the gain in log loss a flight, champion minus challenger, on the holdout, with an **interval by days**. Promote
# when the *whole* interval lies above zero. When it does not, keep what you have: the burden of proof is the challenger's.
#
# Promotion moves the alias `champion`, and writes down who was champion before as the alias `previous`: that is the way back. Mind the replay. If the
# same promotion is run a second time, the champion of the moment *is* the new one, and whoever writes that into `previous` has burnt the bridge. And mind the
# crash: it may come between two calls, and the next run must still end with both aliases where they belong.
#
# **Task `promote`.** Decide, examine, promote, and go back.


# %% nbgrader={"grade_id": "promote", "solution": true} long="one decision and its three consequences"
def decide(champion, challenger, day, seed: int = 0, n_boot: int = 1_000) -> dict:
    """Say whether a challenger is better, by a bootstrap over days.

    Parameters
    ----------
    champion, challenger : log loss of each flight by each model, shape (n,), the same flights in the same order
    day : the day of each flight, shape (n,)

    Returns
    -------
    ``gain`` (mean of champion minus challenger over flights), ``low`` and ``high`` (percentiles 2.5 and 97.5 over ``n_boot``
    draws of as many days with replacement), ``promote`` (bool: the whole interval is above zero)
    """
    ### BEGIN SOLUTION
    table = pd.DataFrame({"gain": np.asarray(champion) - np.asarray(challenger), "day": np.asarray(day)})
    days = table.groupby("day")["gain"].agg(["sum", "count"]).to_numpy()
    drawn = days[np.random.default_rng(seed).integers(0, len(days), (n_boot, len(days)))].sum(axis=1)
    low, high = np.percentile(drawn[:, 0] / drawn[:, 1], [2.5, 97.5])
    return {"gain": float(table["gain"].mean()), "low": float(low), "high": float(high), "promote": bool(low > 0)}
    ### END SOLUTION


def evaluate(day: str, lake_folder: str, folder: str, version: int, holdout: int = 7) -> dict:
    """Decide between ``version`` and the champion on the ``holdout`` days up to ``day``; without a champion, "promote" is true.

    ``registry.score(folder, version, X)`` gives a version's probabilities of late. A version that is champion already has
    gain 0 and is not promoted. Each day of the holdout has a partition of ``features``.
    """
    ### BEGIN SOLUTION
    champion = _aliases(folder).get("champion")
    if champion in (None, version):
        return {"gain": 0.0, "low": 0.0, "high": 0.0, "promote": champion is None}
    known = lake.read(lake_folder, "features", lake.days_before(day, holdout - 1)).dropna(subset=["late"])
    X, y = registry.plain(known[list(lake.FEATURES)]), known["late"].to_numpy()
    chances = [registry.score(folder, one, X) for one in (champion, version)]
    losses = [-np.log(np.where(y == 1, p, 1 - p)) for p in chances]
    return decide(losses[0], losses[1], known["sched_dep"].dt.tz_convert(NEW_YORK).dt.strftime("%Y-%m-%d"))
    ### END SOLUTION


def promote(folder: str, version: int, decision: dict) -> int:
    """Move the alias ``champion`` to ``version`` if the decision says so, and ``previous`` to the champion before, if there was one.

    Returns
    -------
    the champion's version afterwards; 0 where there is none
    """
    ### BEGIN SOLUTION
    champion = _aliases(folder).get("champion", 0)
    if not decision["promote"] or champion == version:
        return champion
    client = mlflow.MlflowClient()
    if champion:
        client.set_registered_model_alias(registry.MODEL, "previous", champion)
    client.set_registered_model_alias(registry.MODEL, "champion", version)
    return version
    ### END SOLUTION


def rollback(folder: str) -> int:
    """Make the previous champion champion again; its version. ValueError where there is none.

    What the alias ``previous`` says afterwards is up to you.
    """
    ### BEGIN SOLUTION
    previous = _aliases(folder).get("previous")
    if previous is None:
        raise ValueError("there is no previous champion to go back to")
    client = mlflow.MlflowClient()
    client.set_registered_model_alias(registry.MODEL, "champion", previous)
    client.delete_registered_model_alias(registry.MODEL, "previous")
    return previous


def _aliases(folder):
    registry.connect(folder)
    found = mlflow.MlflowClient().search_registered_models(f"name = '{registry.MODEL}'")
    return {name: int(version) for name, version in found[0].aliases.items()} if found else {}
    ### END SOLUTION


# %% nbgrader={"grade_id": "promote_test", "points": 12} long="two decisions worked out by hand, and a history of seven"
mark = checks.Mark(12)
losses, step = np.full(7, 0.7), np.repeat([0.1, 0.3], [4, 3])  # seven flights of two days
day = np.repeat(["2013-03-06", "2013-03-07"], [4, 3])
equal = [week4.promote.losses(14, 30, 0.0, 0.05, SEED + k) for k in range(30)]
with mark.part("gain", 1, "`gain` (mean of champion minus challenger over flights)"):
    week4.promote.gains(decide, (losses, losses - step, day), 1.3 / 7)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        week4.promote.gains(decide, *oracles.promote_uneven(SEED + 1_000))
    ### END HIDDEN TESTS
with mark.part("interval", 2, "`low` and `high` (percentiles 2.5 and 97.5 over `n_boot` draws of as many days)"):
    week4.promote.spans(decide, (losses, losses - step, day), 0.1, 0.3)
    many_flights = np.repeat([True, False], [6, 8])  # days with 250 flights, and with 20
    sizes, gains = np.where(many_flights, 250, 20), np.where(many_flights, 0.1, -0.05)
    uneven = (np.full(1_660, 0.7), 0.7 - np.repeat(gains, sizes), np.repeat(np.arange(14), sizes))
    week4.promote.weighs_flights(decide, uneven, gain=142 / 1_660, seed=SEED)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        seed = SEED + 1_000
        luck, least = oracles.promote_days_of_luck(seed)
        week4.promote.draws_days(decide, luck, least, seed)
        week4.promote.weighs_flights(decide, *oracles.promote_uneven(seed), seed)
        for case, low, high in oracles.promote_few(seed):
            week4.promote.spans(decide, case, low, high)
        even = oracles.promote_losses(0.0, 0.05, seed, 60)
        week4.promote.as_wide(decide, even, seed, oracles.promote_widths(even, seed))
        week4.promote.draws(decide, luck, seed)
    ### END HIDDEN TESTS
with mark.part("verdict", 1.5, "`promote` (bool: the whole interval is above zero)"):
    week4.promote.verdict(decide, (losses, losses - step, day), True, "a challenger that is better on both days")
    week4.promote.verdict(decide, (losses, losses + step, day), False, "a challenger that is worse on both days")
    week4.promote.seldom_by_luck(decide, equal, SEED)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        for case in oracles.promote_line(SEED):
            week4.promote.verdict(decide, *case)
        week4.promote.agrees(decide, oracles.promote_losses(0.025, 0.05, SEED + 1_000, 60), SEED)
    ### END HIDDEN TESTS
with mark.part("repeats", 0.5, "A retry decides the same: all that is drawn follows from `seed`.", after=("interval",)):
    week4.promote.repeats(decide, equal[0], SEED)
no, yes = ({"gain": 0.2, "low": low, "high": 0.3, "promote": low > 0} for low in (-0.1, 0.1))
alone = {"gain": 0.0, "low": 0.0, "high": 0.0, "promote": True}  # what `evaluate` says of the first
steps = [  # what comes, its version and decision, and the aliases afterwards
    ("a decision against the first model", 1, no, {}),
    ("the first champion", 1, alone, {"champion": 1}),
    ("a challenger with a gain and no evidence", 2, no, {"champion": 1}),
    ("a challenger that won", 3, yes, {"champion": 3, "previous": 1}),
    ("the same promotion, run a second time", 3, yes, {"champion": 3, "previous": 1}),
    ("a challenger that did not win", 1, no, {"champion": 3, "previous": 1}),
    ("a second challenger that won", 2, yes, {"champion": 2, "previous": 3}),
]
with mark.part(
    "champion", 1.5, "Move the alias `champion` to `version` if the decision says so; return the champion's version."
):
    week4.promote.moves(promote, checks.hand_over(week4.promote.registry_of(3)), steps)
with mark.part(
    "previous", 1, "… and `previous` to the champion before, if there was one. Mind the replay.", after=("champion",)
):
    week4.promote.moves(promote, checks.hand_over(week4.promote.registry_of(3)), steps, previous=True)
with mark.part(
    "rollback", 1, "Make the previous champion champion again; its version. ValueError where there is none."
):
    going = {"champion": 2, "previous": 3}
    week4.promote.goes_back(rollback, checks.hand_over(week4.promote.registry_of(3, going)), version=3)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        for there in ({}, {"champion": 1}):
            week4.promote.no_way_back(rollback, checks.hand_over(week4.promote.registry_of(2, there)))
    ### END HIDDEN TESTS
### BEGIN HIDDEN TESTS
with mark.part("evaluate", 2, "on the `holdout` days up to `day`"), mark.hidden():
    from source.week4 import oracles

    date = "2013-03-07"
    for rival, one, there in ((1, 3, {"champion": 1}), (3, 1, {"champion": 3, "previous": 1})):
        expected = oracles.promote_evaluated(date, SEED + 12, rival, one)
        asked = (oracles.promote_files(date, SEED + 12, there), date, one, 2)
        week4.promote.examined(evaluate, decide, *asked, expected, there)
with mark.part("without a rival", 1, "without a champion, or champion already"), mark.hidden():
    from source.week4 import oracles

    date = "2013-03-07"
    week4.promote.lets_the_first_through(evaluate, oracles.promote_files(date, SEED + 12, {}), date, 3, 2)
    week4.promote.knows_the_champion(evaluate, oracles.promote_files(date, SEED + 12, {"champion": 3}), date, 3, 2)
with mark.part("crash", 0.5, "a crash may come between two calls", after=("previous",)), mark.hidden():
    there = week4.promote.registry_of(3, {"champion": 1})
    week4.promote.survives(promote, there, 3, {"champion": 3, "previous": 1})
### END HIDDEN TESTS
mark

# %% [markdown]
# ## 7 · What the scheduler must know
#
# **Airflow** reads Python files that define *DAGs*, directed acyclic graphs of tasks. Its scheduler starts a run for every day, its workers run the tasks, and its
# database remembers what happened. `make airflow` shows it with its web interface. Here you run your file with `helpers.airflow`: the same Airflow, without the wait.
#
# ```python
# import pendulum
# from airflow.sdk import CronDataIntervalTimetable, dag, task
#
# @dag(schedule=CronDataIntervalTimetable("0 0 * * *", timezone="America/New_York"), start_date=pendulum.datetime(2013, 1, 1, tz="America/New_York"))
# def flight_delays():
#     @task
#     def first(ds=None):            # ds is the run's logical date, "2013-02-07"
#         return ["a", "b"]
#
#     @task
#     def second(word): ...
#
#     second.expand(word=first())    # mapped: one task instance for each word, made when the run knows how many there are
#
# flight_delays()                    # without this line there is no DAG
# ```
#
# - The **logical date** is the day that a run is *about*. The run for 7 February starts when 7 February is over. It may also start in June, in a backfill. So no
#   clock and no date in the code, ever.
#   A schedule of `"@daily"` would start it when 7 February *begins*, and in UTC: the day that must be over is New York's.
# - That the day is over does not say that its files are there. A **sensor** looks: `@task.sensor(mode="reschedule", poke_interval=60)`. In the mode `poke` it
#   would keep a worker for hours; waiting days then fill every slot, and the task that they wait for cannot start. It waits a whole day at least (`timeout`), and
#   then it fails: with `soft_fail` the day would be skipped, and nobody would know.
# - `retries` for the hiccup, `catchup=True` for the days of an outage (off by default in Airflow 3), `max_active_runs=1` because consecutive days share partitions.
# - `@task.short_circuit` skips all that comes after when it returns something false: no version, nothing to judge.
# - The file is parsed every few seconds. Keep it light: import what is heavy inside the tasks. Your steps will lie beside it, in `steps.py`.
#
# The steps, and what they return:
#
# | call | returns |
# |---|---|
# | `steps.ingest(day, landing, lake)`, `steps.validate(day, lake)` | a count |
# | `steps.upsert(day, lake)` | the dates that changed |
# | `steps.features(day, lake)`, once for each of these dates, each a task instance of its own | a count |
# | `steps.train(day, lake, folder, window, holdout)` | a version, or 0 |
# | `steps.evaluate(day, lake, folder, version, holdout)` | a decision |
# | `steps.promote(folder, version, decision)` | a version |
#
# **Task `dag_file`.** Write the file: the DAG `flight_delays`, which waits for the day's manifest and then runs the steps, in this order. Folders are `landing`, `lake` and
# `mlflow` below `work.folder()` (from `helpers`). `window` and `holdout` come from the run's configuration (`dag_run.conf`), 28 and 7 where it does not say.


# %% nbgrader={"grade_id": "dag_file", "solution": true} long="a whole DAG file"
def dag_file() -> str:
    """Give the text of ``dags/flight_delays.py``: a file for Airflow that defines the DAG ``flight_delays``."""
    ### BEGIN SOLUTION
    return """
from datetime import timedelta

import pendulum
from airflow.sdk import CronDataIntervalTimetable, dag, task

from helpers import work

NEW_YORK = "America/New_York"
LANDING, LAKE, MODELS = (str(work.folder() / name) for name in ("landing", "lake", "mlflow"))


@dag(
    schedule=CronDataIntervalTimetable("0 0 * * *", timezone=NEW_YORK),
    start_date=pendulum.datetime(2013, 1, 1, tz=NEW_YORK),
    catchup=True,
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=5)},
)
def flight_delays():
    @task.sensor(mode="reschedule", poke_interval=60, timeout=24 * 3600)
    def arrived(ds=None):
        from pathlib import Path

        return Path(LANDING, ds, "manifest.json").exists()

    @task
    def ingest(ds=None):
        import steps

        return steps.ingest(ds, LANDING, LAKE)

    @task
    def validate(ds=None):
        import steps

        return steps.validate(ds, LAKE)

    @task
    def upsert(ds=None):
        import steps

        return steps.upsert(ds, LAKE)

    @task
    def features(day):
        import steps

        return steps.features(day, LAKE)

    @task.short_circuit
    def train(ds=None, dag_run=None):
        import steps

        return steps.train(ds, LAKE, MODELS, dag_run.conf.get("window", 28), dag_run.conf.get("holdout", 7))

    @task
    def evaluate(version, ds=None, dag_run=None):
        import steps

        return steps.evaluate(ds, LAKE, MODELS, version, dag_run.conf.get("holdout", 7))

    @task
    def promote(version, decision):
        import steps

        return steps.promote(MODELS, version, decision)

    changed, version = upsert(), train()
    arrived() >> ingest() >> validate() >> changed
    features.expand(day=changed) >> version
    promote(version, evaluate(version))


flight_delays()
"""
    ### END SOLUTION


# %% nbgrader={"grade_id": "dag_file_test", "points": 11} long="one run, and what it says about each clause"
mark = checks.Mark(11)
trial, two = week4.dag_file.Trial(dag_file), ["2013-02-06", "2013-02-07"]
arrivals = {"2013-02-07": week4.dag_file.plan("2013-02-07", two, 3)}
with mark.part("steps", 3.5, "… runs the steps, in this order, and hands on what they return"):
    week4.dag_file.ran(*trial.noted(arrivals)[0])
with mark.part("dates", 1, "`steps.features(day, lake)`, once for each of these dates"):
    week4.dag_file.each_date(*trial.noted(arrivals)[0], two)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        others, conf = oracles.dag_file_days(SEED), {"window": 11, "holdout": 3}
        for (run, noted), changed in zip(trial.noted(others, conf), oracles.dag_file_changed(others)):
            week4.dag_file.each_date(run, noted, changed)
    ### END HIDDEN TESTS
with mark.part("day", 1, "The **logical date** is the day that a run is *about*. No clock and no date in the code."):
    week4.dag_file.on_its_day(*trial.noted(arrivals)[0])
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        for run, noted in trial.noted(oracles.dag_file_days(SEED), {"window": 11, "holdout": 3})[:3]:
            week4.dag_file.on_its_day(run, noted)
    ### END HIDDEN TESTS
with mark.part("folders", 0.5, "Folders are `landing`, `lake` and `mlflow` below `work.folder()`.", after=("steps",)):
    week4.dag_file.own_folders(*trial.noted(arrivals)[0])
with mark.part(
    "conf",
    1,
    "`window` and `holdout` come from the run's configuration, 28 and 7 where it does not say.",
    after=("steps",),
):
    week4.dag_file.configured(trial.noted(arrivals)[0][1], {"window": 28, "holdout": 7})
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        conf = {"window": 11, "holdout": 3}
        week4.dag_file.configured(trial.noted(oracles.dag_file_days(SEED), conf)[0][1], conf)
        date = "2013-06-13"
        half = trial.noted({date: week4.dag_file.plan(date, [date], 2)}, {"holdout": 3})
        week4.dag_file.configured(half[0][1], {"window": 28, "holdout": 3})
    ### END HIDDEN TESTS
with mark.part(
    "schedule",
    1,
    "a run for every day, when it is over in New York; `catchup=True`, `max_active_runs=1`",
    after=("steps",),
):
    week4.dag_file.schedule(trial.outcome(arrivals))
    week4.dag_file.after_the_day(trial.noted(arrivals)[0][1], "2013-02-07")
### BEGIN HIDDEN TESTS
with mark.part("nothing to judge", 0.5, "no version, nothing to judge", after=("steps",)), mark.hidden():
    from source.week4 import oracles

    week4.dag_file.without_a_version(*trial.noted(oracles.dag_file_days(SEED), {"window": 11, "holdout": 3})[1])
with mark.part("refused", 0.5, "a refused day ends there, failed", after=("steps",)), mark.hidden():
    from source.week4 import oracles

    week4.dag_file.stops(*trial.noted(oracles.dag_file_days(SEED), {"window": 11, "holdout": 3})[3])
with mark.part("light", 0.5, "import what is heavy inside the tasks", after=("steps",)), mark.hidden():
    week4.dag_file.light(trial.text)
with mark.part("waits", 0.5, "waits a day at least, blocks nobody", after=("steps",)), mark.hidden():
    week4.dag_file.waits(trial.text, "2013-06-11")
    week4.dag_file.waits_long(trial.noted(arrivals)[0][1])
with mark.part("retries", 1, "`retries`; each date is mapped", after=("steps",)), mark.hidden():
    again = week4.dag_file.retried(trial.text, "2013-06-12", trial.outcome(arrivals))
    week4.dag_file.by_themselves(again, "2013-06-11")
### END HIDDEN TESTS
mark

# %% [markdown]
# ## 8 · Run it, crash it, run it again
#
# A task's function lives in your notebook; Airflow wants files. `notebook.module(ingest, validate, ...)` gives the text of a Python module with these functions and all
# that they use: other functions of yours, imports, constants. A trial call in the same cell is left out.
#
# **Task `whole`.** Put the two files together. The check compares `steps.py` with your functions, step by step, whether these are right or not. It calls the steps that write the
# lake, in order, without Airflow. Then it runs *your* DAG with *your* steps on days of the feed, the last one twice; crashes it after each of several
# tasks and runs it again; fills the disk up in the middle of a write, and runs the day again; and reads what is there afterwards. The DAG's runs need all the tasks above, the rest does not.


# %% nbgrader={"grade_id": "whole", "solution": true}
def pipeline_files() -> dict[str, str]:
    """Give the texts of "flight_delays.py", the DAG file, and "steps.py", a module with the seven steps."""
    ### BEGIN SOLUTION
    steps = notebook.module(ingest, validate, upsert, features, train, evaluate, promote)
    return {"flight_delays.py": dag_file(), "steps.py": steps}
    ### END SOLUTION


# %% nbgrader={"grade_id": "whole_test", "points": 8} long="two files, looked at from several sides" needs=["ingest", "validate", "upsert", "features", "train", "promote", "dag_file"]
mark = checks.Mark(8)
days = ["2013-02-07", "2013-02-08"]
arrivals = {day: feed.day(day, SEED, ["corrections", "duplicates", "bad_rows"]) for day in days}
trial = week4.whole.Trial(pipeline_files, [*days, days[1]], arrivals)
steps = (ingest, validate, upsert, features, train, evaluate, promote)
with mark.part("files", 1, 'The texts of "flight_delays.py" and "steps.py", a module with the seven steps.'):
    week4.whole.holds_steps(trial.modules)
with mark.part("same", 1.5, "… *your* steps: the functions of this notebook, right or wrong"):
    sent = week4.folders.landed(arrivals[days[0]])
    calls = [("ingest", (days[0], "./landing", "./lake")), ("validate", (days[0], "./lake"))]
    week4.whole.as_in_the_notebook(trial.modules, steps, calls, sent)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        week4.whole.as_in_the_notebook(trial.modules, steps, *oracles.whole_calls(SEED))
    ### END HIDDEN TESTS
with mark.part("lake", 1.5, "The steps that write the lake, called in order, day by day, leave each day's features."):
    week4.whole.night_by_night(trial.modules, arrivals)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        week4.whole.night_by_night(trial.modules, oracles.whole_arrivals(SEED))
    ### END HIDDEN TESTS
with mark.part("runs", 1.5, "*your* DAG with *your* steps on days of the feed"):
    trial.runs()
with mark.part("corrected", 1, "Late corrections win: features of every date that has changed are built again."):
    runs = trial.runs()
    news = week4.whole.partition(runs[1], "clean", days[1])
    six = pd.Timestamp(f"{days[1]} 06:00", tz=NEW_YORK)  # when the 7th's wrong delays are corrected
    morning = news[(news["updated"] == six) & (news["status"] == "arrived")].set_index("flight_id")
    week4.whole.corrected(runs[1], days[0], expected=morning["arr_delay"] >= 15)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        clean = [week4.whole.partition(runs[1], "clean", day) for day in days]
        week4.whole.corrected(runs[1], days[0], oracles.whole_labels(clean))
    ### END HIDDEN TESTS
with mark.part("again", 0.5, "the last one twice: the same partitions, one version a day", after=("runs",)):
    week4.whole.same_partitions(trial.runs())
    week4.whole.one_version_a_day(trial.runs())
### BEGIN HIDDEN TESTS
with mark.part("crash", 0.5, "crashed after tasks, and run again", after=("runs",)), mark.hidden():
    runs = trial.runs()
    tasks = [entry["task"] for entry in runs[0]["tasks"]]
    crash = sorted({"upsert", "train", "promote"} & set(tasks)) or tasks[1:4]
    week4.whole.survives(trial.files, runs, {days[1]: arrivals[days[1]]}, crash)
with mark.part("full disk", 0.5, "the disk is full in the middle of a write", after=("lake",)), mark.hidden():
    there = week4.whole.night_by_night(trial.modules, arrivals)["files"]
    week4.whole.not_half_written(trial.modules, there, {days[1]: arrivals[days[1]]})
### END HIDDEN TESTS
mark

# %% [markdown]
# Now for yourself. The files go to `dags/` beside this notebook, where `make airflow` looks for them too, and some days run as they would have in February 2013.

# %% nbgrader={"grade_id": "files"}
Path("dags").mkdir(exist_ok=True)
for name, text in pipeline_files().items():
    Path("dags", name).write_text(text)
dates = [f"{date:%F}" for date in pd.date_range(DAY, periods=DAYS)]
for date in dates:
    for name, content in feed.day(date, SEED, ["corrections", "duplicates", "bad_rows"]).items():
        work.path("landing", *name.split("/")).write_bytes(content)
results = airflow.backfill("dags/flight_delays.py", dates, {"window": 2, "holdout": 1})
print(results[-1])

# %% [markdown]
# Break it. Name a wrong folder in `dag_file`, run the two cells again, and read `results[-1].task("ingest")["log"]`. You will read many such logs at worse times of day.
#
# And watch it live, on its schedule. In one terminal, in the course's folder, `make airflow` starts the real scheduler and its web interface (<http://127.0.0.1:8080>). In
# another, `.venv/bin/python -m helpers.feed student/work/landing --start 2013-01-01` lets the first week of 2013 arrive, a day a minute. Each run waits in `arrived` until its manifest lies there.

# %% nbgrader={"grade_id": "seconds"}
seconds = pd.DataFrame([{"date": r.date, "task": t["task"], "seconds": t["seconds"]} for r in results for t in r.tasks])
table = seconds.groupby(["task", "date"], sort=False)["seconds"].sum().unstack("date")
axes = table.plot.barh(stacked=True, title="Where the night goes", xlabel="seconds", ylabel="", color=plots.COLOURS)
axes.invert_yaxis()
plt.show()

# %% [markdown]
# What do such nights buy? The author's two files ran all of 2013 like this, unattended, with corrections, duplicates and bad rows on every day; none of the 365 runs
# failed. Each day was scored by the model that was champion that morning, and by the first champion, as if nobody had ever retrained it.

# %% nbgrader={"grade_id": "year_unattended"}
replayed = checkpoints.year()
plots.champions(replayed, title="A year unattended: area under the ROC curve, day by day")
plt.show()
gain = (replayed["champion"] - replayed["first"]).to_numpy()
drawn = np.random.default_rng(SEED).choice(gain, (2_000, len(gain))).mean(axis=1)
low, high = np.percentile(drawn, [2.5, 97.5])
print(f"{len(replayed)} mornings, {replayed['version'].nunique()} champions.")
print(f"What retraining gained: {gain.mean():.3f} (95 % by days: {low:.3f} to {high:.3f})")

# %% [markdown]
# On eleven nights of twelve there was no evidence, so nothing happened. And the gain comes and goes: most in August and September, for a model that had seen nothing but
# January; next to nothing in October and December. Nobody could have known in February which months would pay.

# %% [markdown]
# ## 9 · When the world changes
#
# A pipeline can be green and wrong: every task succeeds, on data that no longer look like those it was built for. The **population stability index** compares the
# distribution of a feature today, $q$, with that of a reference, $p$, bin by bin:
#
# $$ \text{PSI} = \sum_k (q_k - p_k) \log \frac{q_k}{p_k} . $$
#
# It is zero when nothing has moved, and the same in both directions. Bins are cut at the **deciles of the reference** (the nine inner edges, equal ones only
# once; a value *on* an edge belongs to the bin above); the outer bins are open, so that what was never seen has a bin; and *missing* is a bin of its own, for a
# sensor that falls silent is drift as well. To every bin's count add half a flight, so that an empty one has a logarithm.
#
# Textbooks say "0.1 is suspicious, 0.25 is drift". Those numbers know nothing about your feature and your sample size. Ask another question: *how often may I be woken
# for nothing?* Take days that were calm, and set the threshold so that the share of them above it is at most that.
#
# **Task `drift`.** Write the index, and the threshold.


# %% nbgrader={"grade_id": "drift", "solution": true}
def psi(reference, today, bins: int = 10) -> float:
    """Give the population stability index of ``today`` against ``reference``: numbers, NaN where missing, as defined above."""
    ### BEGIN SOLUTION
    reference, today = np.asarray(reference, dtype=float), np.asarray(today, dtype=float)
    edges = np.unique(np.nanquantile(reference, np.arange(1, bins) / bins))

    def shares(values):
        missing = np.isnan(values)
        bin_of = np.searchsorted(edges, values[~missing], side="right")
        counts = np.append(np.bincount(bin_of, minlength=len(edges) + 1), missing.sum()) + 0.5
        return counts / counts.sum()

    p, q = shares(reference), shares(today)
    return float(np.sum((q - p) * np.log(q / p)))
    ### END SOLUTION


def alert_threshold(calm, rate: float) -> float:
    """Give the lowest score among ``calm`` (scores of calm days, shape (n,)) that at most the share ``rate`` of them exceeds.

    ``rate`` is 0 or more, and below 1.
    """
    ### BEGIN SOLUTION
    return float(min(line for line in np.unique(calm) if np.mean(np.asarray(calm) > line) <= rate))
    ### END SOLUTION


# %% nbgrader={"grade_id": "drift_test", "points": 8} long="worked out by hand, clause by clause"
mark = checks.Mark(8)
ln, many = np.log, np.arange(1_000.0)  # a tenth of them in each bin
skewed = np.r_[np.arange(0, 100, 2 / 3), many[100:900], np.arange(900, 1_000, 2)]  # 15 % and 5 % in the outer bins
with mark.part("index", 2.5, "PSI = sum of (q − p) log(q / p) over bins that are cut at the deciles of the reference"):
    week4.drift.index(psi, [("more in the first bin and less in the last", many, skewed, 0.05 * ln(3))])
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        for seed in range(SEED + 300, SEED + 303):
            week4.drift.index(psi, oracles.drift_cases(seed)["plain"])
    ### END HIDDEN TESTS
with mark.part("beyond", 0.5, "the outer bins are open, so that what was never seen has a bin", after=("index",)):
    far = np.where(skewed < 100, -7, np.where(skewed >= 900, 5_000, skewed))
    week4.drift.index(psi, [("values beyond all that was seen", many, far, 0.05 * ln(3))], "beyond")
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        week4.drift.index(psi, oracles.drift_cases(SEED + 300)["beyond"], "beyond")
    ### END HIDDEN TESTS
with mark.part("edges", 1, "equal edges only once; a value *on* an edge belongs to the bin above", after=("index",)):
    few, today = np.repeat([-1, 0], [50, 950]), np.repeat([-1, 0], [500, 500])  # one edge, at 0
    week4.drift.index(psi, [("two values", few, today, 0.45 * ln(19))], "edges")
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        week4.drift.index(psi, oracles.drift_cases(SEED + 300)["edges"], "edges")
    ### END HIDDEN TESTS
with mark.part("missing", 0.5, "*missing* is a bin of its own", after=("index",)):
    holes = [np.where(many % 10 < tenths, np.nan, many) for tenths in (1, 3)]
    week4.drift.index(psi, [("holes", *holes, 0.2 * ln(3) + 0.2 * ln(9 / 7))], "missing")
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        week4.drift.index(psi, oracles.drift_cases(SEED + 300)["missing"], "missing")
    ### END HIDDEN TESTS
with mark.part("half", 0.5, "To every bin's count add half a flight: to that of *missing*, too.", after=("index",)):
    ten = range(10)  # one flight in each bin, and half a flight more: 1.5 of 15.5
    week4.drift.index(psi, [("ten flights", ten, [0, 0, 1, 2, 3, 4, 5, 6, 7, 8], ln(5) / 15.5)], "half")
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        for cases in oracles.drift_cases(SEED + 304).values():
            week4.drift.index(psi, cases, "half")
    ### END HIDDEN TESTS
with mark.part("bins", 0.5, "`bins` says how many bins there are.", after=("index",)):
    week4.drift.other_bins(psi, many, skewed, {2: 0.05 * ln(0.55 / 0.45)})
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        week4.drift.other_bins(psi, *oracles.drift_bins(SEED + 300))
    ### END HIDDEN TESTS
calm = np.random.default_rng(SEED).exponential(0.1, 200).round(3)
with mark.part("promise", 1.5, "Give a score that at most the share `rate` of calm days exceeds."):
    for rate in (0.05, 0.01, 0.0):
        week4.drift.keeps_promise(alert_threshold, calm, rate)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        for scores, rate in oracles.drift_calm(SEED + 301):
            week4.drift.keeps_promise(alert_threshold, scores, rate)
    ### END HIDDEN TESTS
with mark.part("lowest", 1, "… the lowest score among `calm`", after=("promise",)):
    for rate in (0.05, 0.01, 0.0):
        week4.drift.lowest(alert_threshold, calm, rate)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week4 import oracles

        for scores, rate in oracles.drift_calm(SEED + 301):
            week4.drift.lowest(alert_threshold, scores, rate)
    ### END HIDDEN TESTS
mark

# %% [markdown]
# The year, feature by feature: each day against the whole year, so that a season is not drift. (A pipeline in its first year does not have that table. In its second
# it does.)

# %% nbgrader={"grade_id": "year"}
table = checkpoints.features()
table = table.sample(min(len(table), 4 * SAMPLE_ROWS), random_state=SEED)
reference = table.sample(5_000, random_state=SEED)
by_day = dict(tuple(table.groupby(table["sched_dep"].dt.tz_convert(NEW_YORK).dt.strftime("%Y-%m-%d"))))
board = ["origin_waiting", "carrier_waiting", "carrier_delay", "dest_delay"]
watched = [*board, "visib", "wind_speed", "temp"]
rows = {
    day: {name: psi(reference[name], rows[name]) for name in watched} | {"late": rows["late"].mean()}
    for day, rows in by_day.items()
}
drift = pd.DataFrame(rows).T.sort_index()
drift.index = pd.to_datetime(drift.index)

# %% nbgrader={"grade_id": "picture"}
figure, axes = plt.subplots(figsize=(11, 3.6))
colours = np.log10(drift[watched].T.clip(0.03, 5))
image = axes.imshow(colours, aspect="auto", cmap="magma_r", interpolation="nearest")
at = {day: k for k, day in enumerate(drift.index.strftime("%d %b"))}
marked = ["09 Feb", "08 Mar", "01 Jul", "23 Jul", "31 Dec"]
for day in marked:
    axes.annotate(day, (at[day], -0.6), fontsize=8, ha="center", annotation_clip=False)
axes.set_xticks(
    [at[f"01 {m}"] for m in ("Jan", "Mar", "May", "Jul", "Sep", "Nov")], ["Jan", "Mar", "May", "Jul", "Sep", "Nov"]
)
axes.set_yticks(range(len(watched)), watched)
axes.grid(visible=False)
axes.set_title("Population stability index by feature and day of 2013\n")
figure.colorbar(image, label="log10 PSI")
plt.show()

# %% [markdown]
# The blizzard stands in every row of the board on 9 February, its second day, and so do the storms of 1 and 23 July. Wind and temperature move every week: one day's weather is
# never like a year's. A rule that watched them would ring every other day, and their textbook threshold was passed in January. So the rule below watches the board. Calm
# are, in hindsight, the days on which fewer flights than usual were late.

# %% nbgrader={"grade_id": "alarm_days"}
score_of_day = drift[board].mean(axis=1)
calm = score_of_day[drift["late"] < drift["late"].median()]
line = alert_threshold(calm, 0.02)
axes = score_of_day.plot(
    figsize=(11, 3), title="One score a day, and the line that 2 % of calm days cross", linewidth=1.2
)
axes.axhline(line, color=plots.COLOURS[1], linewidth=1.2)
for day in score_of_day[score_of_day > line].nlargest(9).index:
    axes.annotate(f"{day:%d %b}", (day, score_of_day[day]), fontsize=8, ha="center", va="bottom")
plt.show()

# %% nbgrader={"grade_id": "price_of_alarms"}
above = score_of_day > line
tuesdays = above[pd.DatetimeIndex(above.index).dayofweek == 1]
print(
    f"{above.sum()} alarms in {len(above)} days; {above[calm.index].sum()} of {len(calm)} calm days; {tuesdays.sum()} of {len(tuesdays)} Tuesdays."
)
print(
    f"On days with an alarm {drift['late'][above].mean():.0%} of the flights were late, on the others {drift['late'][~above].mean():.0%}."
)

# %% [markdown]
# ## 10 · The runbook
#
# Write the runbook (300 to 450 words) for **the engineer who is on call** and has never seen this pipeline. The telephone says: *flight_delays, run of 9 February, failed.* It is
# three in the morning. The runbook must
#
# 1. begin with what to look at first, and how to tell within five minutes whether passengers are affected (the champion still answers!) (3 points);
# 2. for each of three alarms (a day that validation stopped; a sensor that has waited a whole day; a drift alarm) say what it means, what to check, what to do, and what
#    never to do (4 points);
# 3. say how to run a day again and how to backfill a week, and why that is safe here (2 points);
# 4. say when and how to roll the champion back, and how to see that it worked (2 points);
# 5. say when to wake somebody else, and whom (1 point).

# %% [markdown] nbgrader={"grade_id": "runbook", "points": 12}
# ### BEGIN SOLUTION
# *Rubric and a full answer. Mark each point by itself.*
#
# 1. **First look (3).** Where (run, task, log) 1; users affected or not, and how one sees it 1; at the top, in order, without theory 1.
# 2. **Three alarms (4).** Meaning and check for each: 1 each. Something never to do, with the reason (raising the threshold, clearing quarantine, marking success): 1.
# 3. **Again and backfill (2).** A command or a click that works 1; why it is safe: partitions replaced, newest message wins, one version a day 1.
# 4. **Rollback (2).** When (champion harms, not "training failed") 1; the way, and the check afterwards 1.
# 5. **Escalation (1).** A condition and a role. "If in doubt": 0.
#
# > **First.** Open the run, the red task, the end of its log. A failed run changes no model: yesterday's champion still answers. Check one prediction. If it answers,
# > nobody is harmed tonight, and you have until the desk opens at five.
# > **validate is red.** More than 5 % of the messages break a rule, or a column has gone. Read `quarantine/DAY`, count by reason. One column only: the feed has changed; write to
# > its owner, leave the day. Many columns: the transfer was damaged; ask for it again, then clear the task. Never raise the threshold at night, and never mark the task as success: the
# > bad rows would be in every model for five weeks.
# > **arrived has waited for a day.** No manifest. Look whether the folder is growing. If it is, wait. If not, call the feed's owner. The runs behind it wait too, in order, and catch up by
# > themselves. Never write a manifest yourself.
# > **Drift.** The world has changed, or a sensor has. Look at the feature's picture: a storm is real; a constant or a hole is a fault. For a storm do nothing. The model was wrong before in
# > storms, and the desk knows.
# > **Run again.** Clear the failed task in the interface, or `airflow backfill create --dag-id flight_delays --from-date … --to-date …`. Safe at any time: each step replaces its day, the newest
# > message wins in any order, and a day has one model version.
# > **Rollback.** Only when a new champion does harm: alarms doubled or halved since the promotion. `rollback(folder)`; then see that `champion` names the version before, and ask for one prediction.
# > **Wake** the ML engineer on duty when the champion does not answer, or when two days in a row are red.
# ### END SOLUTION

# %% [markdown]
# ## What to take with you
#
# - A step is right when it can be killed at any instant and run again by somebody who knows nothing.
# - Replace, do not append. Rename, do not overwrite. The day is an argument.
# - Quarantine is a mailbox that somebody must read. A threshold is where you stop believing the rest.
# - The burden of proof is the challenger's.
# - An alarm has a price. Choose the rate of false ones before you choose the threshold.
# - **Next week** the champion meets its users. What you have learnt about crashing and going back will be needed at once.
#
# ### Reading
#
# - Airflow's documentation, *Best Practices* and *Dynamic Task Mapping*. Read the first before your first DAG, the second when a loop tempts you.
# - Kleppmann, *Designing Data-Intensive Applications* (2017), chapters 10 and 11. Why replaying is the best repair there is.
# - Breck and others, *The ML Test Score: A Rubric for ML Production Readiness* (IEEE Big Data 2017). Score your own pipeline, and be humble.
# - Sculley and others, *Hidden Technical Debt in Machine Learning Systems* (NIPS 2015). For the boxes that are larger than the model.
# - Beyer and others, *Site Reliability Engineering* (2016), *Being On-Call* and *Practical Alerting*. Free to read online; use it for the runbook.
# - pandera's documentation, *Lazy Validation*. For the day when one failure at a time is too slow.
# - Siddiqi, *Credit Risk Scorecards* (2006). Where the stability index and its rules of thumb come from.
