# %% [markdown]
# # Week 2 · Features
#
# ## The desk's question: what did we know at prediction time, and what of it helps?
#
# Week 1's model reads the timetable. The people at the desk read more: they look out of the window, and they see which flights
# should have left by now and have not. Can a model look out of the window too?
#
# It can, and this is where most models that work in a notebook and fail in production are made. The table of flights was written down
# *afterwards*. It knows how every story ended. The desk stands at **prediction time, two hours before scheduled departure**, and knows
# only what had happened by then. This week every feature has to answer one question: *who knew that, and when?*
#
# **When you are done you can**
#
# - find the faults of real tables and count them before you join anything,
# - join and aggregate *as of* an instant, without gaining or losing a row,
# - prove with a probe that no feature looks ahead,
# - do the same in Featuretools, and say what that cost,
# - encode categories without letting a label leak into its own feature,
# - put it all in one pipeline that is saved, loaded and served,
# - say what the new features are worth on months that nobody has seen.
#
# **Time:** 5 to 8 hours. A full run takes about a minute.
#
# **Why now:** week 1 gave you an honest yardstick. Before you tune (week 3) you need something worth tuning: data decide more than
# settings do. You need pandas: groups, merges and time stamps.

# %% [markdown]
# ## How to work in this notebook
#
# As in week 1: fill in a cell, run its check, read what it says. `helpers.hint("week2.weather_then")` gives a nudge, the next call the
# approach, the third nearly everything. Hints cost nothing. When all is done, run **Kernel → Restart Kernel and Run All Cells**, then
# **Validate**.
#
# | task | points | |
# |---|---|---|
# | `quality_report` | 8 | what is wrong with the data? |
# | `weather_then` | 13 | the sky as it was known |
# | `recent_state` | 15 | what the desk sees on the board |
# | `dfs_state` | 11 | the same with Featuretools |
# | `encode` | 11 | a label must not meet itself |
# | `pipeline` | 13 | one object from row to probability |
# | `select_features` | 8 | a budget |
# | `measure_lift` | 9 | was it worth it? |
# | `interview` | 12 | notes of a talk with the shift manager, marked by hand |
#
# **Points.** A check has parts, each with its points and the sentence of the task that it stands for. One that fails does not stop the
# next; a few count only where the core of the task holds, and say so. Some parts are looked at in grading only.
# A function leaves the tables and arrays that it is given as they are.

# %% nbgrader={"grade_id": "parameters"} tags=["parameters"]
SEED = 0
SAMPLE_ROWS = 30_000  # training rows; validation and test get a third of that each

# %% nbgrader={"grade_id": "setup"} tags=["setup"]
import functools
import json
import time
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn import ensemble, feature_selection, inspection
from sklearn.metrics import roc_auc_score

import helpers
from helpers import checks, data, features, notebook, plots, work
from helpers.checks import week2
from helpers.progress import progress

notebook.setup()
warnings.filterwarnings("ignore", module="woodwork|featuretools")  # they warn of pandas' future, again and again

# %% nbgrader={"grade_id": "load"} tags=["setup"]
flights = data.flights().sort_values(["sched_dep", "flight_id"]).set_index("flight_id")
weather, planes, airports = data.weather(), data.planes(), data.airports()
print(
    f"{len(flights):,} flights, {len(weather):,} hours of weather, {len(planes):,} planes, {len(airports):,} airports."
)

# %% [markdown]
# One thing was done for you here, and you should know why. The original table is sorted by *actual* departure within each day,
# cancelled flights last. A row's number tells how late it left. So the table is put in the order of the schedule, and `flight_id`
# stays a name and never becomes a feature.

# %% [markdown]
# ## 1 · What is wrong with the data?
#
# Nothing was planted in these tables. They are as the offices of the government wrote them, and they have holes. A join
# hides a hole: the row is gone, or there are two of it, or a column is empty, and no message says so. **The third trap of
# this course is to ignore the quality of the data.** The cure is dull: count first, join second.
#
# - A *weather* hour is named in two ways: in UTC (`time_hour`) and by New York's clock (`year`, `month`, `day`, `hour`). On 3
#   November the clock was put back, and one clock hour happened twice.
# - `tailnum` names the aircraft. Some are not in the register, and some flights have no `tailnum` at all. Ask yourself which ones.
# - `dest` should be in the table of airports under `faa`.
# - No wind on this coast blows at 200 miles an hour.
#
# **Task `quality_report`.** Count seven faults.


# %% nbgrader={"grade_id": "quality_report", "solution": true}
def quality_report(
    flights: pd.DataFrame, weather: pd.DataFrame, planes: pd.DataFrame, airports: pd.DataFrame
) -> dict[str, int]:
    """Count what is wrong in the raw tables.

    Parameters
    ----------
    flights : ``origin``, ``dest``, ``tailnum`` (may be missing), ``time_hour`` (UTC)
    weather : ``origin``, ``year``, ``month``, ``day``, ``hour`` (New York's clock), ``time_hour`` (UTC), ``wind_speed`` (mph)
    planes : ``tailnum``
    airports : ``faa``

    Returns
    -------
    dictionary of whole numbers:
    ``hours_missing``, different pairs of origin and ``time_hour`` that have a flight and no weather;
    ``flights_without_weather``, flights in those hours;
    ``clock_hours_twice``, different clock hours of an airport that have more than one row of weather;
    ``impossible_wind``, rows of weather with more than 200 mph;
    ``tailnum_missing``, flights without a tail number;
    ``flights_without_plane``, flights with a tail number that is not among the planes;
    ``flights_without_airport``, flights to a destination that is not among the airports
    """
    ### BEGIN SOLUTION
    known = pd.MultiIndex.from_frame(weather[["origin", "time_hour"]].astype({"origin": str}))
    hours = pd.MultiIndex.from_frame(flights[["origin", "time_hour"]].astype({"origin": str}))
    lacking = ~hours.isin(known)
    clock = weather.astype({"origin": str}).groupby(["origin", "year", "month", "day", "hour"]).size()
    has_tail = flights["tailnum"].notna()
    return {
        "hours_missing": len(hours[lacking].unique()),
        "flights_without_weather": int(lacking.sum()),
        "clock_hours_twice": int((clock > 1).sum()),
        "impossible_wind": int((weather["wind_speed"] > 200).sum()),
        "tailnum_missing": int((~has_tail).sum()),
        "flights_without_plane": int((has_tail & ~flights["tailnum"].isin(planes["tailnum"])).sum()),
        "flights_without_airport": int((~flights["dest"].isin(airports["faa"])).sum()),
    }
    ### END SOLUTION


# %% nbgrader={"grade_id": "quality_report_test", "points": 8} long="a small world of four tables, written out"
mark = checks.Mark(8)
noon = pd.Timestamp("2013-05-01 12:00", tz="UTC")
few = pd.DataFrame(
    {
        "origin": ["JFK", "JFK", "LGA", "EWR"],
        "dest": ["BOS", "SJU", "SJU", "XXX"],
        "tailnum": ["N1", "N2", None, "N9"],
        "time_hour": [noon, noon, noon, noon],
    }
)
sky = pd.DataFrame(
    {
        "origin": ["LGA", "EWR", "EWR"],
        "year": 2013,
        "month": 5,
        "day": 1,
        "hour": [8, 8, 8],
        "wind_speed": [5, 999.0, np.nan],
    }
)
sky["time_hour"] = [noon, noon, noon + pd.Timedelta("1h")]
small = {"flights": few, "weather": sky, "planes": pd.DataFrame({"tailnum": ["N1", "N9"]})}
small["airports"] = pd.DataFrame({"faa": ["BOS", "JFK"]})
with mark.part(
    "pairs", 1, "`hours_missing`: different pairs of origin and `time_hour` that have a flight and no weather."
):
    week2.quality_report.counts(quality_report, small, hours_missing=1)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        for tables, expected in oracles.quality_report_worlds(SEED, "hours_missing"):
            week2.quality_report.counts(quality_report, tables, **expected)
    ### END HIDDEN TESTS
with mark.part("weather", 1.5, "`flights_without_weather`: flights in those hours."):
    week2.quality_report.counts(quality_report, small, flights_without_weather=2)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        for tables, expected in oracles.quality_report_worlds(SEED, "flights_without_weather"):
            week2.quality_report.counts(quality_report, tables, **expected)
    ### END HIDDEN TESTS
with mark.part(
    "clock", 1.5, "`clock_hours_twice`: different clock hours of an airport that have more than one row of weather."
):
    week2.quality_report.counts(quality_report, small, clock_hours_twice=1)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        for tables, expected in oracles.quality_report_worlds(SEED, "clock_hours_twice"):
            week2.quality_report.counts(quality_report, tables, **expected)
    ### END HIDDEN TESTS
with mark.part("wind", 1, "`impossible_wind`: rows of weather with more than 200 mph (`wind_speed`)."):
    week2.quality_report.counts(quality_report, small, impossible_wind=1)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        for tables, expected in oracles.quality_report_worlds(SEED, "impossible_wind"):
            week2.quality_report.counts(quality_report, tables, **expected)
    ### END HIDDEN TESTS
with mark.part("tails", 1, "`tailnum_missing`: flights without a tail number."):
    week2.quality_report.counts(quality_report, small, tailnum_missing=1)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        for tables, expected in oracles.quality_report_worlds(SEED, "tailnum_missing"):
            week2.quality_report.counts(quality_report, tables, **expected)
    ### END HIDDEN TESTS
with mark.part("planes", 1, "`flights_without_plane`: flights with a tail number that is not among the planes."):
    week2.quality_report.counts(quality_report, small, flights_without_plane=1)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        for tables, expected in oracles.quality_report_worlds(SEED, "flights_without_plane"):
            week2.quality_report.counts(quality_report, tables, **expected)
    ### END HIDDEN TESTS
with mark.part("airports", 1, "`flights_without_airport`: flights to a destination that is not among the airports."):
    week2.quality_report.counts(quality_report, small, flights_without_airport=3)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        for tables, expected in oracles.quality_report_worlds(SEED, "flights_without_airport"):
            week2.quality_report.counts(quality_report, tables, **expected)
    ### END HIDDEN TESTS
mark

# %% nbgrader={"grade_id": "faults"}
report = quality_report(flights, weather, planes, airports)
of = {"clock_hours_twice": len(weather), "impossible_wind": len(weather)}
of["hours_missing"] = len(flights[["origin", "time_hour"]].drop_duplicates())
table = pd.DataFrame({"rows": report, "of": {name: of.get(name, len(flights)) for name in report}})
cancelled = flights.loc[flights["tailnum"].isna(), "dep_time"].isna().mean()
print(f"Of the flights without a tail number, {cancelled:.0%} were cancelled.")
table

# %% [markdown]
# Read the line above the table twice. `tailnum` is missing *only* for cancelled flights (not for all of them): no flight that took off
# lacks it, so it was written down when the story was over, at least for some. A feature "tail number missing" means *cancelled*, every
# time, and at prediction time it does not exist. A hole can leak as well as a value. This is why the notebook leaves the aircraft alone
# from here on; the airports without a row (San Juan and a few others) and the missing weather stay, as *missing*, and are never dropped.

# %% [markdown]
# ## 2 · The sky as it was known
#
# A row of weather is the record of one hour. We count it as known **when its hour is over**: the row `11:00` may be used from 12:00 on.
# That is careful rather than exact, for we cannot see when a record was published. Where you do not know, choose the later time.
#
# So for a flight at 14:05 (prediction time 12:05) the newest row is `11:00`, five minutes old. If that row is
# missing, the one before will do, but not yesterday's: a record counts for three hours from the end of its hour, both ends included. Older, it says nothing about the sky.
#
# | you might join on | and then |
# |---|---|
# | the hour of departure | you know the weather two hours before anybody else |
# | New York's clock | on 3 November rows double, or match the wrong hour |
# | an inner join | the flights without weather are gone, and with them 31 December |
# | the nearest hour | half of the time you look ahead |
#
# **Task `weather_then`.** Give each flight the weather that was known at its prediction time.


# %% nbgrader={"grade_id": "weather_then", "solution": true}
def weather_then(flights: pd.DataFrame, weather: pd.DataFrame) -> pd.DataFrame:
    """Join the newest weather whose hour was over at prediction time, two hours before ``sched_dep``.

    Parameters
    ----------
    flights : ``origin``, ``sched_dep`` (UTC), in any order, any index without repeats
    weather : ``origin``, ``time_hour`` (UTC, the beginning of the hour), and the eight columns below; in any order

    Returns
    -------
    DataFrame with the index of ``flights``: ``temp``, ``dewp``, ``humid``, ``wind_speed``, ``wind_gust``, ``precip``,
    ``pressure``, ``visib``, where wind and gust of more than 200 mph are missing (NaN), and ``weather_age``, the hours
    from the end of the record's hour to prediction time, 0 to 3. All nine are NaN where no record is that new. What is
    missing in that record is missing: no older one fills it
    """
    ### BEGIN SOLUTION
    columns = ["temp", "dewp", "humid", "wind_speed", "wind_gust", "precip", "pressure", "visib"]
    sky = weather[["origin", *columns]].astype({"origin": str})
    sky[["wind_speed", "wind_gust"]] = sky[["wind_speed", "wind_gust"]].where(lambda wind: wind <= 200)
    sky["known"] = weather["time_hour"] + pd.Timedelta(hours=1)
    asked = pd.DataFrame({"origin": flights["origin"].astype(str), "cut": flights["sched_dep"] - pd.Timedelta(hours=2)})
    asked["place"] = np.arange(len(asked))
    joined = pd.merge_asof(
        asked.sort_values("cut"), sky.sort_values("known"), left_on="cut", right_on="known", by="origin",
        tolerance=pd.Timedelta(hours=3),
    ).sort_values("place")  # fmt: skip
    joined["weather_age"] = (joined["cut"] - joined["known"]).dt.total_seconds() / 3600
    return joined[[*columns, "weather_age"]].set_axis(flights.index)
    ### END SOLUTION


# %% nbgrader={"grade_id": "weather_then_test", "points": 13} long="what is asked of two airports, case by case"
mark = checks.Mark(13)
hours = week2.weather_then.sky(
    "2013-05-01", origins=["JFK", "LGA"], gone=[("JFK", 15), ("LGA", 8), ("LGA", 9), ("LGA", 10), ("LGA", 11)]
)
interior = [  # what, origin, prediction time (UTC), the hour of the record that was known
    ("has its prediction time five minutes after an hour's end", "JFK", "12:05", 11),
    ("has its prediction time a minute before an hour ends", "LGA", "13:59", 12),
]
with mark.part(
    "newest", 5, "Join the newest weather whose hour was over at prediction time, two hours before `sched_dep`."
):
    week2.weather_then.records(weather_then, hours, interior)
    some = data.flights().query("month == 7 and 8 <= day <= 10").sort_values("sched_dep", ignore_index=True)
    tables = {"flights": some, "weather": data.weather().query("month == 7 and 7 <= day <= 11")}
    checks.no_look_ahead(weather_then, tables, features.prediction_time(some), seed=SEED)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        for near, sky, expected in oracles.weather_then_interior(SEED, tidy=True):
            week2.weather_then.same_weather(weather_then, near, sky, expected, week2.weather_then.WEATHER)
        checks.no_look_ahead(weather_then, tables, features.prediction_time(some), instants=5, seed=SEED + 50)
    ### END HIDDEN TESTS
with mark.part(
    "hour_over",
    1,
    "The row `11:00` may be used from 12:00 on: at that very instant its hour is over.",
    after=("newest",),
):
    ends = [("has its prediction time when an hour ends", "LGA", "06:00", 5)]
    week2.weather_then.records(weather_then, hours, ends, columns=["temp"])
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        week2.weather_then.records(weather_then, hours, oracles.WEATHER_THEN_FULL_HOURS, columns=["temp"])
    ### END HIDDEN TESTS
with mark.part("age", 2, "`weather_age`, the hours from the end of the record's hour to prediction time."):
    week2.weather_then.records(weather_then, hours, interior, columns=week2.weather_then.AGE)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        for near, sky, expected in oracles.weather_then_interior(SEED, tidy=True):
            week2.weather_then.same_weather(weather_then, near, sky, expected, week2.weather_then.AGE)
    ### END HIDDEN TESTS
with mark.part(
    "three_hours",
    2,
    "If that row is missing, the one before will do; a record counts for three hours. All nine are NaN where no record "
    "is that new.",
):
    gaps = [
        ("lacks the newest record and must take the one before", "JFK", "16:20", 14),
        ("has no record of the last three hours", "LGA", "11:30", None),
    ]
    week2.weather_then.records(weather_then, hours, gaps, columns=["temp"])
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        week2.weather_then.records(weather_then, hours, oracles.WEATHER_THEN_GAPS, columns=["temp"])
        near, sky, expected = oracles.weather_then_dark(SEED)
        week2.weather_then.same_weather(weather_then, near, sky, expected["temp"].to_frame(), ["temp"])
        week2.weather_then.all_missing(weather_then, near, sky, expected["temp"].isna())
        elsewhere = near.assign(origin="TEB").iloc[:50]
        week2.weather_then.all_missing(weather_then, elsewhere, sky, pd.Series(True, elsewhere.index))
    ### END HIDDEN TESTS
### BEGIN HIDDEN TESTS
with mark.part("three_exactly", 1, "Three hours, both ends included.", after=("three_hours",)), mark.hidden():
    from source.week2 import oracles

    week2.weather_then.records(weather_then, hours, oracles.WEATHER_THEN_EDGES, columns=["temp"])
### END HIDDEN TESTS
with mark.part("winds", 1, "Wind and gust of more than 200 mph are missing (NaN): those numbers, and no others."):
    week2.weather_then.winds(weather_then, 1_048.0, 1_206.0)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        for speed, gust in ((30.0, 1_206.0), (1_048.0, 35.0), (200.0, 200.0), (200.5, 199.5)):
            week2.weather_then.winds(weather_then, speed, gust)
    ### END HIDDEN TESTS
with mark.part("rows", 1, "Flights in any order, any index without repeats; the result has the index of `flights`."):
    mixed = hours.sample(frac=1, random_state=SEED)
    week2.weather_then.records(weather_then, mixed, interior, columns=["temp"], mixed=True)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        for near, sky, expected in oracles.weather_then_interior(SEED, tidy=False):
            for rows in (near, near.iloc[:1]):
                week2.weather_then.same_weather(weather_then, rows, sky, expected, ["temp"])
    ### END HIDDEN TESTS
mark

# %% [markdown]
# The probe `checks.no_look_ahead` is the week's most useful tool, so look at what it does. It picks an instant. Everything that nobody
# could know by then is rewritten: the delays of flights that had not left, the weather of hours that were not over. Then it builds your
# features again. For flights whose prediction time was before the instant **nothing may change**. Here it meets the tempting join, on
# the hour of departure:


# %% nbgrader={"grade_id": "caught"}
def tempting(flights: pd.DataFrame, weather: pd.DataFrame) -> pd.DataFrame:
    sky = weather.set_index(["origin", "time_hour"])["visib"]
    keys = pd.MultiIndex.from_frame(flights[["origin", "time_hour"]])
    return pd.DataFrame({"visib": sky.reindex(keys).to_numpy()}, index=flights.index)


two_days = flights[(flights["month"] == 7) & flights["day"].between(22, 23)]
july = {"flights": two_days, "weather": weather[weather["month"] == 7]}
try:
    checks.no_look_ahead(tempting, july, features.prediction_time(two_days))
except checks.CheckFailed as found:
    print(found)

# %% [markdown]
# ## 3 · What the desk sees on the board
#
# A late airport makes late flights. Queues for the runway, crews that are not there, gates that are not free: all of it shows on the
# board before it reaches *your* flight. What may be read from the board at prediction time $c$?
#
# - A flight **has left** when its actual departure $d$ = `sched_dep` + `dep_delay` is not after $c$. Then its delay is known, and only then.
# - A flight that should have left and has not **is waiting**. Its delay is not known yet, but *that* it waits is news. A cancelled
#   flight looks just the same: this table does not say when it was cancelled. So we count it as waiting, which is what the
#   board shows in either case, and use no other news of cancellations.
#
# `dep_time` is a clock reading of New York and `arr_time` one of the destination: an instant cannot be made of them without the date and
# the time zone. `sched_dep` + `dep_delay` is safe.
#
# A window of $h$ hours holds what happened in $(c - h, c]$: after its beginning, up to $c$ itself.

# %% [markdown]
# **Task `recent_state`.** For each flight, describe the last hours of its group (its airport, say) as they stood at its prediction
# time. There are 336,776 flights: comparing each with each takes all day. Sorted times and `np.searchsorted`, or
# cumulative sums joined as of $c$ and as of $c - h$, take a second.


# %% nbgrader={"grade_id": "recent_state", "solution": true}
def recent_state(flights: pd.DataFrame, by: list[str], hours: int) -> pd.DataFrame:
    """Describe the last ``hours`` of each flight's group at its prediction time c, two hours before ``sched_dep``.

    Parameters
    ----------
    flights : ``sched_dep`` (UTC), ``dep_delay`` (minutes, NaN if it never left) and the columns ``by``; in any order
    by : columns that name the group, e.g. ["origin", "carrier"]
    hours : length of the window (c - hours, c]

    Returns
    -------
    DataFrame with the index of ``flights``:
    ``departed``, how many flights of the group actually left within the window;
    ``delay``, the mean ``dep_delay`` of those, NaN where there are none;
    ``waiting``, how many of the group were scheduled within the window and had not left by c
    """
    ### BEGIN SOLUTION
    minute = (flights["sched_dep"] - pd.Timestamp("2013-01-01", tz="UTC")).dt.total_seconds().to_numpy() / 60
    delay, window = flights["dep_delay"].to_numpy(dtype=float), 60 * hours
    left = np.where(np.isnan(delay), np.inf, minute + delay)
    result = np.full((len(flights), 3), np.nan)

    def until(instants: np.ndarray, asked: np.ndarray) -> np.ndarray:
        return np.searchsorted(np.sort(instants), asked, side="right")

    for rows in flights.groupby(by, observed=True, sort=False).indices.values():
        scheduled, gone, cut = minute[rows], left[rows], minute[rows] - 120
        order = np.argsort(gone, kind="stable")
        total = np.concatenate([[0.0], np.nancumsum(delay[rows][order])])
        first, last = until(gone, cut - window), until(gone, cut)
        due = until(scheduled, cut) - until(scheduled, cut - window)
        done = until(np.maximum(scheduled, gone), cut) - until(np.maximum(scheduled + window, gone), cut)
        departed = last - first
        mean = np.divide(total[last] - total[first], departed, out=np.full(len(rows), np.nan), where=departed > 0)
        result[rows] = np.column_stack([departed, mean, due - done])
    return pd.DataFrame(result, index=flights.index, columns=["departed", "delay", "waiting"])
    ### END SOLUTION


# %% nbgrader={"grade_id": "recent_state_test", "points": 15} long="what one other flight adds to each number of the board"
mark = checks.Mark(15)
storm = data.flights().query("month == 7 and 22 <= day <= 24").sort_values("sched_dep", ignore_index=True)
of_airports = {"by": ["origin"], "hours": 3, "seed": SEED}
with mark.part("departed", 4, "`departed`, how many flights of the group actually left within the window."):
    cases = [  # what the other flight did, seen at 12:00 over three hours: scheduled, delay, and what it adds
        ("left within the window", "10:00", 10.0, 1),
        ("left before the window", "08:00", 5.0, 0),
        ("was scheduled before the window and left within it", "08:30", 60.0, 1),
        ("should have left and left after prediction time", "11:30", 90.0, 0),
        ("was cancelled", "11:00", np.nan, 0),
        ("left early, before its schedule", "12:05", -7.0, 1),
    ]
    week2.recent_state.board(recent_state, cases, "departed")
    week2.recent_state.keeps_promise(recent_state, storm, "departed", **of_airports)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        week2.recent_state.board(recent_state, oracles.RECENT_STATE_GONE, "departed")
        for case in oracles.recent_state_interior(storm, SEED, "departed"):
            week2.recent_state.same_state(recent_state, *case)
    ### END HIDDEN TESTS
with mark.part("delay", 2.5, "`delay`, the mean `dep_delay` of those, NaN where there are none."):
    cases = [
        ("left late", "10:00", 10.0, 10.0),
        ("left early", "12:05", -7.0, -7.0),
        ("left before", "07:00", 5.0, np.nan),
    ]
    week2.recent_state.board(recent_state, cases, "delay")
    week2.recent_state.keeps_promise(recent_state, storm, "delay", **of_airports)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        for case in oracles.recent_state_interior(storm, SEED, "delay"):
            week2.recent_state.same_state(recent_state, *case)
    ### END HIDDEN TESTS
with mark.part(
    "waiting", 4, "`waiting`, how many of the group were scheduled within the window and had not left by c."
):
    cases = [
        ("should have left and left after prediction time", "11:30", 90.0, 1),
        ("was cancelled", "11:00", np.nan, 1),
        ("left within the window", "10:00", 10.0, 0),
        ("should have left before the window, and was cancelled", "08:30", np.nan, 0),
    ]
    week2.recent_state.board(recent_state, cases, "waiting")
    week2.recent_state.keeps_promise(recent_state, storm, "waiting", **of_airports)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        week2.recent_state.board(recent_state, oracles.RECENT_STATE_WAITING, "waiting")
        for case in oracles.recent_state_interior(storm, SEED, "waiting"):
            week2.recent_state.same_state(recent_state, *case)
    ### END HIDDEN TESTS
with mark.part(
    "ends", 2, "The window is (c - h, c]: after its beginning, up to c itself.", after=("departed", "waiting")
):
    week2.recent_state.board(recent_state, [("left at prediction time itself", "11:45", 15.0, 1)], "departed")
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        for column, edges in oracles.RECENT_STATE_ENDS:
            week2.recent_state.board(recent_state, edges, column)
    ### END HIDDEN TESTS
with mark.part("groups", 1.5, '`by`: columns that name the group, e.g. `["origin", "carrier"]`.', after=("departed",)):
    cases = [("left within the window", "10:00", 10.0, 2)]
    week2.recent_state.board(recent_state, cases, "departed", by="carrier")
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        names = oracles.recent_state_names(SEED)
        for by, length in ((["origin", "carrier"], 30), (["carrier"], 9), (["origin", "dest"], 1), (["hour"], 4)):
            week2.recent_state.groups_apart(recent_state, names, by, length)
    ### END HIDDEN TESTS
with mark.part("rows", 1, "Flights in any order; the result has the index of `flights`.", after=("departed",)):
    week2.recent_state.any_order(recent_state, storm.iloc[::6], ["origin"], 3, seed=SEED)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        worlds = oracles.recent_state_flights(storm, SEED)
        for some, (by, length) in zip(worlds, oracles.RECENT_STATE_GROUPS, strict=True):
            week2.recent_state.any_order(recent_state, some, by, length, seed=SEED + length)
    ### END HIDDEN TESTS
mark

# %% [markdown]
# Now all features of the year, one table. The timetable gives one more, and it is known months ahead: how many departures are scheduled
# from the same airport within half an hour of this one.


# %% nbgrader={"grade_id": "build"}
def crowding(flights: pd.DataFrame) -> pd.Series:
    minute = (flights["sched_dep"] - flights["sched_dep"].min()).dt.total_seconds() / 60
    result = pd.Series(0, index=flights.index, dtype="float32")
    for _, group in minute.groupby(flights["origin"], observed=True):
        ordered = np.sort(group)
        result[group.index] = np.searchsorted(ordered, group + 30, "right") - np.searchsorted(ordered, group - 30)
    return result


# %% nbgrader={"grade_id": "build_all"}
WINDOWS = {"origin": (["origin"], 3), "carrier": (["origin", "carrier"], 3), "dest": (["dest"], 6)}
pieces = [features.schedule_features(flights), weather_then(flights, weather)]
for name, (by, hours) in progress(WINDOWS.items(), "windows"):
    pieces.append(recent_state(flights, by, hours).add_prefix(f"{name}_"))
pieces.append(crowding(flights).rename("origin_scheduled"))
everything = pd.concat(pieces, axis=1)
BASE, EXTRA = ([str(name) for piece in part for name in pd.DataFrame(piece)] for part in (pieces[:1], pieces[1:]))
table = everything.assign(sched_dep=flights["sched_dep"], late=flights["arr_delay"] >= 15)
table = table[flights["arr_delay"].notna()]
print(f"{len(table):,} flights that arrived, {len(BASE)} features of week 1 and {len(EXTRA)} new ones.")

# %% nbgrader={"grade_id": "board_seen"}
fig, axes = plt.subplots(1, 3, figsize=(11, 3.4), sharey=True)
for axis, column in zip(axes, ["origin_delay", "origin_waiting", "visib"], strict=True):
    miles = [-1, 1, 3, 5, 7, 9, 10]  # ten is the most that is reported, and most hours have it
    bins = pd.cut(table[column], miles) if column == "visib" else pd.qcut(table[column], 12, duplicates="drop")
    groups = table.groupby(bins, observed=True)
    axis.plot(groups[column].mean(), groups["late"].mean(), marker="o")
    axis.set(xlabel=column)
axes[0].yaxis.set_major_formatter("{x:.0%}")
axes[0].set_title("Share of late flights, by what was known two hours before")
plt.show()

# %% [markdown]
# ## 4 · The same with Featuretools
#
# Writing such features by hand is slow and easy to get wrong. *Deep Feature Synthesis* (Kanter and Veeramachaneni, 2015) makes them from a
# description: which tables there are, how they are related, at which time a row became known (the *time index*), and at which time each
# question is asked (the *cutoff time*). Then it stacks aggregations (*primitives*) along the relationships.
#
# It keeps the promise of point-in-time features only if you tell it the truth. Here a departure becomes known **when it happens**: the
# time index is the actual departure, not the scheduled one. A flight that never left is never known.
#
# | ours | Featuretools |
# |---|---|
# | prediction time $c$ | `cutoff_time`, a frame with one row a question |
# | the window $(c-h, c]$ | `training_window` |
# | "left by $c$" | the `time_index` of the departures |
# | share of late departures | a primitive of your own: a subclass of `AggregationPrimitive` |
#
# Featuretools works through the cutoff times one by one. That is why we ask it about a few hundred instants and not a third of a
# million. Featuretools and Woodwork want times without a zone: take UTC and drop the zone.

# %% [markdown]
# **Task `dfs_state`.** Build an `EntitySet` of departures and origins and let `featuretools.dfs` answer for (origin, instant) pairs.
# Counting, the mean and your own primitive, the share of departures 15 minutes late or more, are enough.


# %% nbgrader={"grade_id": "dfs_state", "solution": true} long="a world, a primitive and its answers are one idea"
def dfs_state(flights: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    """Describe the last three hours of airports at given instants, made by `featuretools.dfs`.

    Parameters
    ----------
    flights : ``origin``, ``sched_dep`` (UTC), ``dep_delay`` (minutes, NaN if it never left)
    asked : ``origin`` (one of those in flights) and ``cutoff`` (UTC), one row a question, none asked twice; any index
        without repeats

    Returns
    -------
    DataFrame with the index of ``asked``: ``departed`` (departures in (cutoff - 3 h, cutoff]), ``delay`` (their mean
    ``dep_delay``) and ``late`` (the share of them with ``dep_delay`` >= 15); the last two NaN where there are none
    """
    ### BEGIN SOLUTION
    import featuretools
    from featuretools.primitives import AggregationPrimitive
    from woodwork.column_schema import ColumnSchema

    class ShareLate(AggregationPrimitive):
        name = "share_late"
        input_types = [ColumnSchema(semantic_tags={"numeric"})]  # noqa: RUF012
        return_type = ColumnSchema(semantic_tags={"numeric"})

        def get_function(self):
            return lambda delays: (delays >= 15).mean() if len(delays) else np.nan

    gone = flights.dropna(subset=["dep_delay"])
    left = (gone["sched_dep"] + pd.to_timedelta(gone["dep_delay"], unit="min")).dt.tz_localize(None)
    departures = pd.DataFrame({"origin": gone["origin"].astype(str), "left": left, "delay": gone["dep_delay"]})
    world = featuretools.EntitySet("airports")
    world.add_dataframe(
        departures.reset_index(drop=True).rename_axis("id").reset_index(), "departures", "id", time_index="left"
    )
    world.add_dataframe(pd.DataFrame({"origin": flights["origin"].astype(str).unique()}), "origins", "origin")
    world.add_relationship("origins", "origin", "departures", "origin")
    questions = pd.DataFrame(
        {
            "origin": asked["origin"].astype(str),
            "time": asked["cutoff"].dt.tz_localize(None),
            "row": np.arange(len(asked)),
        }
    )
    answers, _ = featuretools.dfs(
        entityset=world, target_dataframe_name="origins", cutoff_time=questions, training_window="3 hours",
        agg_primitives=["count", "mean", ShareLate], trans_primitives=[], max_depth=1,
    )  # fmt: skip
    answers = answers.set_index("row").sort_index().set_axis(asked.index)
    names = {"COUNT(departures)": "departed", "MEAN(departures.delay)": "delay", "SHARE_LATE(departures.delay)": "late"}
    return answers.rename(columns=names)[list(names.values())].astype(float)
    ### END SOLUTION


# %% nbgrader={"grade_id": "dfs_state_test", "points": 11} long="five departures and their questions, written out"
mark = checks.Mark(11)
times = ["09:00", "09:30", "11:00", "11:20", "10:00"]
five = pd.DataFrame({"origin": ["JFK", "JFK", "JFK", "JFK", "LGA"], "dep_delay": [0, 40, 14, np.nan, 15]})
five["sched_dep"] = pd.to_datetime([f"2013-05-01 {clock}" for clock in times], utc=True)
worked = [  # origin and instant; departed, their mean delay and the share of late ones
    ("LGA", "10:20", 1, 15.0, 1.0),  # 15 minutes are late
    ("JFK", "11:13", 2, 20.0, 0.5),  # the third is scheduled and leaves at 11:14
    ("JFK", "12:01", 2, 27.0, 0.5),  # 09:00 is no more in the window, the fourth never left
]
days = data.flights().query("month == 7 and 21 <= day <= 23").sort_values("sched_dep", ignore_index=True)
with mark.part(
    "departed", 3, "`departed`: departures in (cutoff - 3 h, cutoff]; a departure becomes known when it happens."
):
    week2.dfs_state.same_answers(dfs_state, five, *week2.dfs_state.by_hand(worked), "departed")
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        week2.dfs_state.same_answers(dfs_state, days, *oracles.dfs_state_clear(days, SEED), "departed")
    ### END HIDDEN TESTS
with mark.part("delay", 1.5, "`delay`: their mean `dep_delay`."):
    week2.dfs_state.same_answers(dfs_state, five, *week2.dfs_state.by_hand(worked), "delay")
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        week2.dfs_state.same_answers(dfs_state, days, *oracles.dfs_state_clear(days, SEED + 1), "delay")
    ### END HIDDEN TESTS
with mark.part("late", 1.5, "`late`: the share of them with `dep_delay` >= 15."):
    week2.dfs_state.same_answers(dfs_state, five, *week2.dfs_state.by_hand(worked), "late")
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        week2.dfs_state.same_answers(dfs_state, days, *oracles.dfs_state_clear(days, SEED + 2), "late")
    ### END HIDDEN TESTS
with mark.part("none", 1, "No departure in the window: `departed` is 0, and the last two are NaN."):
    nothing = [("LGA", "09:00", 0, np.nan, np.nan), ("JFK", "20:00", 0, np.nan, np.nan)]
    week2.dfs_state.same_answers(dfs_state, five, *week2.dfs_state.by_hand(nothing))
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        week2.dfs_state.same_answers(dfs_state, *oracles.dfs_state_quiet(days))
    ### END HIDDEN TESTS
with mark.part("ends", 1.5, "The window is (cutoff - 3 h, cutoff].", after=("departed",)):
    ends = [
        ("LGA", "10:15", 1, 15.0, 1.0),
        ("JFK", "12:00", 2, 27.0, 0.5),
    ]  # left this very minute; and three hours ago
    week2.dfs_state.same_answers(dfs_state, five, *week2.dfs_state.by_hand(ends), "departed")
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        week2.dfs_state.same_answers(dfs_state, days, *oracles.dfs_state_ends(days), "departed")
        for night in oracles.dfs_state_changes(SEED):
            week2.dfs_state.through_the_change(dfs_state, *night)
    ### END HIDDEN TESTS
with mark.part("featuretools", 1.5, "Let `featuretools.dfs` answer: the count, the mean and your own primitive."):
    week2.dfs_state.made_by_featuretools(dfs_state, five, week2.dfs_state.by_hand(worked)[0])
with mark.part(
    "rows", 1, "One row a question about `flights`, in any order, with the index of `asked`.", after=("departed",)
):
    asked, answers = week2.dfs_state.by_hand([*worked[::2], worked[1]], index=[8, 3, 5])
    week2.dfs_state.same_answers(dfs_state, five, asked, answers, "departed")
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        asked, answers = oracles.dfs_state_clear(days, SEED + 3)
        mixed = asked.sample(frac=1, random_state=SEED).rename(index="question {}".format)
        week2.dfs_state.same_answers(
            dfs_state,
            days.sample(frac=1, random_state=SEED),
            mixed,
            answers.rename(index="question {}".format),
            "departed",
        )
        week2.dfs_state.of_this_table(dfs_state, *oracles.dfs_state_another(five))
    ### END HIDDEN TESTS
mark

# %% nbgrader={"grade_id": "price"}
week_of_storms = flights[(flights["month"] == 7) & flights["day"].between(20, 26)]
asked = week2.dfs_state.questions(week_of_storms, 100, SEED)
begin = time.perf_counter()
by_dfs = dfs_state(week_of_storms, asked)
seconds = time.perf_counter() - begin
begin = time.perf_counter()
recent_state(flights, ["origin"], 3)
by_hand = time.perf_counter() - begin
print(
    f"Featuretools: {seconds:.1f} s for {len(asked)} questions, so {seconds / len(asked) * len(flights) / 60:.0f} minutes for the year."
)
print(f"By hand: {by_hand:.1f} s for all {len(flights):,} flights.")

# %% [markdown]
# What did you buy? Featuretools asks you to say *when each row became known*, and then it cannot forget: that is worth a lot in a team.
# It costs tens of milliseconds a question where `searchsorted` costs about a microsecond. Use it to explore which features are worth having, and write those that survive
# by hand.

# %% [markdown]
# ## 5 · A label must not meet itself
#
# The flights that arrived went to 104 destinations. *Target encoding* replaces each by the share of late flights that went there, shrunk to the overall
# rate as in week 1's rule of thumb. It has one trap. If a row's own label is part of the share, the feature knows the answer
# a little: for a category with a single flight, completely. The cure: split the training rows into folds, and encode each fold
# with the labels of the *other* folds:
#
# $$ \text{enc}(i) = \frac{\text{late}_{k}^{-f(i)} + m \cdot \text{rate}^{-f(i)}}{\text{flights}_{k}^{-f(i)} + m} $$
#
# for a row $i$ of category $k$ and fold $f(i)$: $\text{flights}_k$ are the rows of its category and $\text{late}_k$ the late ones among
# them, rate is the share of late ones among all rows, and $m$ says how many rows' worth the rate weighs; the superscript says "without the rows of that fold", the overall rate included.
#
# **Task `encode`.** Out-of-fold target encoding.


# %% nbgrader={"grade_id": "encode", "solution": true}
def encode(category: pd.Series, late: pd.Series, fold: np.ndarray, m: float = 20.0) -> np.ndarray:
    """Encode each row by the shrunken rate of its category over the rows of other folds.

    Parameters
    ----------
    category : the category of each row, of any dtype; may be missing
    late : bool, one a row, in the same order, whatever the index of either
    fold : number of the fold of each row, shape (n,); at least two different ones
    m : weight of the overall rate, in rows; 0 or more, and above 0 where a category may be new

    Returns
    -------
    array of shape (n,). A category that is missing, or that no other fold has, gets the overall rate of the other folds.
    """
    ### BEGIN SOLUTION
    table = pd.DataFrame({"category": np.asarray(category, dtype=object), "late": np.asarray(late, dtype=float)})
    encoded = np.empty(len(table))
    for number in np.unique(fold):
        inside = np.asarray(fold) == number
        others = table[~inside]
        rate = others["late"].mean()
        sums = others.groupby("category")["late"].agg(["sum", "count"])
        rates = (sums["sum"] + m * rate) / (sums["count"] + m)
        encoded[inside] = table.loc[inside, "category"].map(rates).fillna(rate)
    return encoded
    ### END SOLUTION


# %% nbgrader={"grade_id": "encode_test", "points": 11} long="six rows and their codes, written out"
mark = checks.Mark(11)
known = pd.Series(["a", "a", "b", "a", "b", "b"])
was_late = pd.Series([True, True, False, False, True, False])
folds = np.array([0, 1, 1, 1, 0, 0])
with mark.part(
    "others", 5, "Encode each row by the rate of its category over the rows of other folds, the overall rate included."
):
    a_0, b_0 = (1 + 2 / 3) / (2 + 2), (0 + 2 / 3) / (1 + 2)  # fold 1: a is late once in two rows, b never in one
    a_1, b_1 = (1 + 4 / 3) / (1 + 2), (1 + 4 / 3) / (2 + 2)  # fold 0: a once in one row, b once in two
    codes = [a_0, a_1, b_1, a_1, b_0, b_0]
    week2.encode.codes(encode, known, was_late, folds, codes, "the codes of six rows", m=2.0)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        many, labels, parts = oracles.encode_known(SEED)
        expected = oracles.encode_expected(many, labels, parts, 2.0)
        week2.encode.codes(encode, many, labels, parts, expected, "the codes of many rows", m=2.0)
        week2.encode.knows_not_itself(encode, many, labels, parts)
    ### END HIDDEN TESTS
with mark.part("weight", 2, "`m`: weight of the overall rate, in rows; 20 where it is not given.", after=("others",)):
    rows = [3 / 8, 5 / 7, 5 / 8, 5 / 7, 2 / 7, 2 / 7]
    week2.encode.codes(encode, known, was_late, folds, rows, "the codes with a weight of six rows", m=6.0)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        many, labels, parts = oracles.encode_known(SEED)
        for m in (0.0, 0.5, 50.0):
            expected = oracles.encode_expected(many, labels, parts, m)
            week2.encode.codes(encode, many, labels, parts, expected, f"the codes with m = {m:g}", m=m)
        expected = oracles.encode_expected(many, labels, parts, 20.0)
        week2.encode.codes(encode, many, labels, parts, expected, "the codes where `m` is not given")
    ### END HIDDEN TESTS
with mark.part("missing", 1, "A category that is missing gets the overall rate of the other folds."):
    holes, codes = known.where(known.index != 2, None), np.where(known.index == 2, 2 / 3, np.nan)
    what = "the code of a row without a category, the overall rate of the other folds"
    week2.encode.codes(encode, holes, was_late, folds, codes, what, m=2.0)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        for kind in (object, "category", "string"):
            many, labels, parts, lone = oracles.encode_lone(SEED, missing=True)
            expected = np.where(lone, oracles.encode_expected(many, labels, parts, 3.0), np.nan)
            week2.encode.codes(encode, many.astype(kind), labels, parts, expected, what, m=3.0)
    ### END HIDDEN TESTS
with mark.part("unseen", 1, "A category that no other fold has gets the overall rate of the other folds."):
    once, codes = known.where(known.index != 2, "c"), np.where(known.index == 2, 2 / 3, np.nan)
    what = "the code of a category that no other fold has, the overall rate of the other folds"
    week2.encode.codes(encode, once, was_late, folds, codes, what, m=2.0)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        many, labels, parts, lone = oracles.encode_lone(SEED, missing=False)
        expected = np.where(lone, oracles.encode_expected(many, labels, parts, 3.0), np.nan)
        week2.encode.codes(encode, many, labels, parts, expected, what, m=3.0)
    ### END HIDDEN TESTS
### BEGIN HIDDEN TESTS
with mark.part("kinds", 1, "`category`: of any dtype.", after=("others",)), mark.hidden():
    from source.week2 import oracles

    many, labels, parts = oracles.encode_known(SEED)
    for words, other in oracles.encode_kinds(SEED):
        expected = oracles.encode_expected(other, labels, parts, 2.0)
        week2.encode.codes(encode, other, labels, parts, expected, f"the codes of categories that are {words}", m=2.0)
### END HIDDEN TESTS
with mark.part("labels", 1, "One a row, in the same order; `fold`: number of the fold of each row.", after=("others",)):
    other = [9, 4, 7, 1, 3, 5]
    week2.encode.codes(
        encode, known.set_axis(other), was_late.set_axis(other), folds, encode(known, was_late, folds, m=2.0),
        "the codes of rows with other labels", m=2.0,
    )  # fmt: skip
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        week2.encode.is_array(encode, *oracles.encode_known(SEED))
        for many, labels, parts, expected in oracles.encode_labels(SEED):
            week2.encode.codes(
                encode, many, labels, parts, expected, "the codes where rows or folds have other labels", m=5.0
            )
    ### END HIDDEN TESTS
mark

# %% [markdown]
# The trap in numbers: shuffle the labels, so that there is nothing to learn, and encode the flight number.

# %% nbgrader={"grade_id": "shuffled"}
rng = np.random.default_rng(SEED)
rows = flights[flights["arr_delay"].notna()].sample(SAMPLE_ROWS, random_state=SEED)
nothing = pd.Series(rng.permutation(rows["arr_delay"] >= 15), index=rows.index)
number = rows["carrier"].astype(str) + rows["flight"].astype(str)
rates = nothing.groupby(number).agg(["sum", "count"])
in_sample = number.map((rates["sum"] + 20 * nothing.mean()) / (rates["count"] + 20))
out_of_fold = encode(number, nothing, rng.integers(0, 5, len(rows)))
found = {"in sample": roc_auc_score(nothing, in_sample), "out of fold": roc_auc_score(nothing, out_of_fold)}
plots.bars(pd.Series(found), title="AUC of a feature made from shuffled labels; the truth is 0.5")
plt.show()

# %% [markdown]
# ## 6 · One object from row to probability
#
# A model that needs five cells of preparation before it can answer will be served with four of them. So preparation and model
# become **one scikit-learn pipeline**, fitted once, on training rows. Where does it begin? Ask of every step *which rows it needs*:
#
# | step | needs | so it lives |
# |---|---|---|
# | minutes after midnight from an instant | this row alone | in the pipeline, as its first step |
# | codes of categories, means to fill holes | the training rows | in the pipeline, learned by `fit` |
# | the board, the newest weather | *other* rows of *now* | in a job that runs all day; its numbers come along with the row |
#
# So a row that is asked about is a raw row of the timetable, with what the desk knew: `sched_dep` is an instant, as text where it came as
# JSON, and `sched_arr_time` is a clock reading. `features.prepare` turns such rows into columns, each row by itself. If it is the first
# step, training and serving cannot differ in it. A pipeline that carried the board inside would be out of date when it is saved.
#
# It must survive what production brings: an airport it has never seen, a missing number, one row alone, columns in another
# order. And `predict_proba` must not learn: a row gets the same answer whatever other rows it is asked with. scikit-learn's own `TargetEncoder`
# does in `fit_transform` nearly what you wrote in part 5 (it makes a category of missing values, and chooses $m$ by
# itself unless you set `smooth`), and encodes new rows with all training rows.
#
# **Task `pipeline`.** Make it and save it. The check loads your file in a new process, which has all libraries and no notebook. Pickle and
# joblib store a class or function *by its name*; one that this notebook defines does not exist there.


# %% nbgrader={"grade_id": "pipeline", "solution": true}
def make_pipeline(prepare, numbers: list[str], categories: list[str], seed: int):
    """Make an unfitted scikit-learn Pipeline that takes a DataFrame of plain rows and has ``predict_proba``.

    Parameters
    ----------
    prepare : function that turns plain rows into a DataFrame with the columns below, each row by itself: the first step
    numbers : columns with numbers, NaN where nothing is known
    categories : columns with strings; values may be missing, or unseen in training
    seed : of everything that is drawn
    """
    ### BEGIN SOLUTION
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.model_selection import StratifiedKFold
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import FunctionTransformer, TargetEncoder

    encoder = TargetEncoder(target_type="binary", smooth=20.0, cv=StratifiedKFold(5, shuffle=True, random_state=seed))
    encode_all = ColumnTransformer([("categories", encoder, categories), ("numbers", "passthrough", numbers)])
    model = HistGradientBoostingClassifier(
        max_iter=120, learning_rate=0.06, max_leaf_nodes=15, min_samples_leaf=50, random_state=seed
    )
    return Pipeline([("rows", FunctionTransformer(prepare)), ("encode", encode_all), ("model", model)])
    ### END SOLUTION


def save_pipeline(pipeline, path: str) -> None:
    """Write a fitted pipeline into the file ``path``, so that ``joblib.load(path)`` gives it back in a new process.

    ``path`` is the whole name, whatever it ends in.
    """
    ### BEGIN SOLUTION
    import joblib

    joblib.dump(pipeline, path)
    ### END SOLUTION


# %% nbgrader={"grade_id": "pipeline_test", "points": 13} long="one pipeline, asked in many ways"
mark = checks.Mark(13)
X, y, X_new, y_new = week2.pipeline.complete_rows(3_500, SEED)
asked_for = (features.prepare, list(week2.pipeline.NUMBERS), features.CATEGORIES, SEED)
fitted = None  # the first part that can makes it
with mark.part(
    "ranks", 4, "Make an unfitted scikit-learn Pipeline that takes a DataFrame of plain rows and has `predict_proba`."
):
    week2.pipeline.is_pipeline(checks.call(make_pipeline, *asked_for))
    fitted = week2.pipeline.fitted(make_pipeline, *asked_for, X=X, y=y)
    week2.pipeline.ranks(fitted, X_new, y_new)
with mark.part(
    "prepare", 1, "A row that is asked about is a raw row: `sched_dep` is an instant, as text where it came as JSON."
):
    fitted = fitted or week2.pipeline.fitted(make_pipeline, *asked_for, X=X, y=y)
    week2.pipeline.prepares(fitted, X_new)
### BEGIN HIDDEN TESTS
with (
    mark.part("columns", 2, "`numbers`, NaN where nothing is known, and `categories`, of strings, go into the model."),
    mark.hidden(),
):
    from source.week2 import oracles

    named = (week2.pipeline.columns_made, ["x", "z"], ["level", "other"], SEED)
    for column in ("LEVEL", "OTHER", "X", "Z"):
        (X_in, y_in), (X_out, y_out) = (oracles.pipeline_columns(1_500, SEED + draw, column) for draw in (1, 2))
        model = week2.pipeline.fitted(make_pipeline, *named, X=X_in, y=y_in)
        kind = "a category" if column in ("LEVEL", "OTHER") else "a number"
        week2.pipeline.learns(week2.pipeline.late_probability(model, X_out), y_out, kind, least=0.7)
    lone = (week2.pipeline.unchanged, ["x"], ["level"], SEED)
    (X_in, y_in), (X_out, y_out) = (oracles.pipeline_levels(3_000, SEED, draw=SEED + draw) for draw in (1, 2))
    model = week2.pipeline.fitted(make_pipeline, *lone, X=X_in, y=y_in)
    week2.pipeline.learns(week2.pipeline.late_probability(model, X_out), y_out, "a category of 60 levels", least=0.75)
### END HIDDEN TESTS
with mark.part(
    "company",
    1,
    "A row gets the same answer whatever other rows it is asked with, one row alone, columns in another order.",
):
    fitted = fitted or week2.pipeline.fitted(make_pipeline, *asked_for, X=X, y=y)
    week2.pipeline.same_in_company(fitted, X_new)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        week2.pipeline.holes_in_company(make_pipeline, *asked_for, rows=week2.pipeline.plain_rows(900, SEED + 2))
    ### END HIDDEN TESTS
with mark.part(
    "strange", 1.5, "It must survive an airport it has never seen and a missing number; categories may be missing."
):
    X_holes, y_holes = week2.pipeline.plain_rows(1_500, SEED + 1)
    week2.pipeline.strange_rows(week2.pipeline.fitted(make_pipeline, *asked_for, X=X_holes, y=y_holes), X_holes)
with mark.part(
    "file", 1.5, "`joblib.load(path)` gives the fitted pipeline back in a new process, which has no notebook."
):
    fitted = fitted or week2.pipeline.fitted(make_pipeline, *asked_for, X=X, y=y)
    folder = checks.hand_over({"README.txt": b"The pipeline goes here."})
    checks.call(save_pipeline, fitted, f"{folder}/pipeline.joblib")
    p = week2.pipeline.late_probability(fitted, X_new[:100])
    week2.pipeline.served(checks.artifacts(folder) / "pipeline.joblib", X_new[:100], p)
### BEGIN HIDDEN TESTS
with mark.part("path", 0.5, "Write a fitted pipeline into the file `path`.", after=("file",)), mark.hidden():
    folder = checks.hand_over({"README.txt": b"The pipeline goes here.", "v1.2": b"an older one"})
    for name in ("champion", "late.pkl", "v1.2"):
        checks.call(save_pipeline, fitted, f"{folder}/{name}")
        week2.pipeline.under_this_name(checks.artifacts(folder) / name, b"an older one")
with mark.part("seed", 0.5, "`seed`: of everything that is drawn.", after=("ranks",)), mark.hidden():
    from source.week2 import oracles

    again = (*asked_for[:3], 5)
    twins = [week2.pipeline.fitted(make_pipeline, *again, X=X, y=y) for _ in range(2)]
    week2.pipeline.same_twice(*(week2.pipeline.late_probability(twin, X_new) for twin in twins))
    many, labels = oracles.pipeline_levels(10_500, SEED, draw=SEED + 4)  # from 10,000 rows on some models stop early
    plain = (week2.pipeline.unchanged, ["x"], ["level"], 5)
    twins = [week2.pipeline.fitted(make_pipeline, *plain, X=many, y=labels) for _ in range(2)]
    week2.pipeline.same_twice(*(week2.pipeline.late_probability(twin, many[:500]) for twin in twins))
with (
    mark.part("labels", 1, "A label must not meet itself, in a fold or in a pipeline.", after=("ranks",)),
    mark.hidden(),
):
    from source.week2 import oracles

    X_noise, coins = oracles.pipeline_noise(3_000, SEED + 3)
    model = week2.pipeline.fitted(make_pipeline, week2.pipeline.unchanged, ["x"], ["level"], SEED, X=X_noise, y=coins)
    week2.pipeline.no_signal_from_noise(week2.pipeline.late_probability(model, X_noise), coins)
### END HIDDEN TESTS
mark

# %% [markdown]
# ## 7 · A budget
#
# Every feature must be computed, watched and explained at four in the morning. The desk grants a budget. Which features go?
#
# - **Mutual information** looks at one feature at a time. It misses two features that speak only together.
# - **A tree's own importance** is measured on training rows, and is generous to columns with many different values, even a random number. A
#   column that was filled in afterwards shines there and is worth nothing on the day.
# - **Permutation importance** shuffles one column of *validation* rows and asks how much the score falls. It costs time, and splits
#   the credit between features that say the same.
#
# **Task `select_features`.** Choose the features that the score on validation rows needs most.


# %% nbgrader={"grade_id": "select_features", "solution": true}
def select_features(
    X_train: pd.DataFrame, y_train: pd.Series, X_valid: pd.DataFrame, y_valid: pd.Series, budget: int, seed: int
) -> list[str]:
    """Choose at most ``budget`` columns, the most useful first.

    Parameters
    ----------
    X_train, X_valid : numbers (NaN where missing), the same columns in both, in the same order
    y_train, y_valid : bool
    budget : the largest number of columns, 1 or more
    seed : of everything that is drawn
    """
    ### BEGIN SOLUTION
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.inspection import permutation_importance

    model = HistGradientBoostingClassifier(max_iter=100, random_state=seed).fit(X_train, y_train)
    fall = permutation_importance(model, X_valid, y_valid, scoring="roc_auc", n_repeats=3, random_state=seed)
    return pd.Series(fall.importances_mean, index=X_valid.columns).nlargest(budget).index.tolist()
    ### END SOLUTION


# %% nbgrader={"grade_id": "select_features_test", "points": 8}
mark = checks.Mark(8)
rng = np.random.default_rng(SEED)
X_a = pd.DataFrame(rng.normal(size=(3_000, 10)), columns=["line", "valley", *"abcdefgh"])
X_a = X_a.assign(serial=rng.permutation(3_000), a=X_a["a"].where(rng.random(3_000) > 0.3))
chance = 1 / (1 + np.exp(-1.2 * X_a["line"] - 1.5 * (X_a["valley"] ** 2 - 1)))  # and no other column
y_a = pd.Series(rng.random(3_000) < chance)
needed = {"line": "the strongest signal of all", "valley": "both ends are late: a correlation cannot see it"}
X_a = X_a[rng.permutation(X_a.columns)]
with mark.part("matter", 3, "Choose the features that the score on validation rows needs most."):
    week2.select_features.choice(select_features, X_a, y_a, needed=needed, budget=4, seed=SEED)
with mark.part("order", 1, "The most useful first.", after=("matter",)):
    stronger = pd.Series(rng.random(3_000) < 1 / (1 + np.exp(-1.8 * X_a["c"] - 1.1 * X_a["f"])))
    week2.select_features.in_order(select_features, X_a, stronger, best=["c", "f"], budget=4, seed=SEED)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        X_c, y_c, best = oracles.select_features_ladder(2_500, SEED + 8)
        for budget in (5, 1):
            week2.select_features.in_order(select_features, X_c, y_c, best=best, budget=budget, seed=SEED)
    ### END HIDDEN TESTS
with mark.part("budget", 1, "At most `budget` columns.", after=("matter",)):
    week2.select_features.within_budget(select_features, X_a[:1_000], y_a[:1_000], seed=SEED)
### BEGIN HIDDEN TESTS
with mark.part("holes", 0.5, "Numbers (NaN where missing).", after=("matter",)), mark.hidden():
    from source.week2 import oracles

    X_h, y_h, known = oracles.select_features_holes(2_500, SEED + 9)
    week2.select_features.choice(select_features, X_h, y_h, needed=known, budget=3, seed=SEED)
with mark.part("together", 1, "Mutual information misses two features that speak only together."), mark.hidden():
    from source.week2 import oracles

    X_b, y_b, known = oracles.select_features_puzzle(5_000, SEED + 3, together=True)
    week2.select_features.choice(select_features, X_b, y_b, **known, budget=len(known["needed"]) + 1, seed=SEED + 3)
with mark.part("validation", 1, "Learn from `X_train` and `y_train`, and ask the rows of `X_valid`."), mark.hidden():
    from source.week2 import oracles

    for later, false_friend in ((4, "only_train"), (6, "only_valid")):
        X_c, y_c, known = oracles.select_features_puzzle(4_000, SEED + later, false_friend=false_friend)
        week2.select_features.choice(select_features, X_c, y_c, **known, budget=2, seed=SEED + later)
with mark.part("seed", 0.5, "`seed`: of everything that is drawn.", after=("matter",)), mark.hidden():
    week2.select_features.same_choice(select_features, X_a[:600], y_a[:600], budget=9, seed=SEED + 5)
### END HIDDEN TESTS
mark

# %% nbgrader={"grade_id": "sample"}
local = table["sched_dep"].dt.tz_convert(features.NEW_YORK)
month = local.dt.month
parts = {"train": table[month <= 6], "valid": table[month.between(7, 8)], "test": table[month >= 9]}
sizes = {"train": SAMPLE_ROWS, "valid": SAMPLE_ROWS // 3, "test": SAMPLE_ROWS // 3}
train, valid, test = (part.sample(sizes[name], random_state=SEED) for name, part in parts.items())
coded = [part[BASE + EXTRA].apply(lambda c: c.cat.codes if c.dtype == "category" else c) for part in (train, valid)]
chosen = select_features(coded[0], train["late"], coded[1], valid["late"], budget=14, seed=SEED)
print("Within a budget of 14:", ", ".join(chosen))

# %% [markdown]
# Mutual information and permutation importance beside each other, for all columns. The first is in nats: 0 when column and label are
# independent. What is high on the left and low on the right tells something that another column tells too: the model does not
# *need* it.

# %% nbgrader={"grade_id": "two_importances"}
few = coded[0].sample(3_000, random_state=SEED)  # mutual information looks for neighbours: it takes its time
information = feature_selection.mutual_info_classif(few.fillna(-99), train.loc[few.index, "late"], random_state=SEED)
model = ensemble.HistGradientBoostingClassifier(max_iter=60, random_state=SEED).fit(coded[0], train["late"])
near = coded[1].sample(3_000, random_state=SEED)
fall = inspection.permutation_importance(
    model, near, valid.loc[near.index, "late"], scoring="roc_auc", n_repeats=2, random_state=SEED
)
both = pd.DataFrame({"mutual information": information, "fall of the AUC": fall.importances_mean}, index=few.columns)
ordered = both.sort_values("fall of the AUC")
fig, axes = plt.subplots(1, 2, figsize=(10, 6), sharey=True)
for axis, column in zip(axes, ordered, strict=True):
    axis.barh(ordered.index, ordered[column], color=["C0" if name in chosen else "0.75" for name in ordered.index])
    axis.set(title=column)
fig.suptitle("Blue: what you chose")
plt.show()

# %% [markdown]
# ## 8 · Was it worth it?
#
# Train one model, any that takes NaN and dtype category, twice on the same rows, once with week 1's features and once with the new ones too, and compare on months
# that neither has seen. Flights of one day share their sky and their queues, so the interval must come from drawing **days**, not
# flights, as in week 1; a draw with only one class is drawn again. The check asks for up to 1,500 draws. An AUC is a matter of ranks alone: `scipy.stats.rankdata` gives one in a tenth of
# the time of `roc_auc_score`, which first examines what it was given.
#
# **Task `measure_lift`.** The difference in AUC, with its 95 % interval over New York days.


# %% nbgrader={"grade_id": "measure_lift", "solution": true}
def measure_lift(
    train: pd.DataFrame, test: pd.DataFrame, base: list[str], extra: list[str], n_boot: int, seed: int
) -> dict:
    """Compare a model on ``base`` with the same model on ``base + extra``.

    Parameters
    ----------
    train, test : ``late`` (bool), ``sched_dep`` (UTC), the columns base and extra; numbers, or dtype category with the same
        levels in both
    base, extra : names of columns
    n_boot : number of bootstrap draws of New York days, each day with the same chance, as many as there are
    seed : of everything that is drawn

    Returns
    -------
    dictionary: ``p_base`` and ``p_all``, the probabilities of late on test, shape (len(test),); ``difference``, the AUC with
    extra minus the AUC without; ``low`` and ``high``, the ends of its 95 % percentile interval
    """
    ### BEGIN SOLUTION
    from scipy.stats import rankdata
    from sklearn.ensemble import HistGradientBoostingClassifier

    def scores(columns: list[str]) -> np.ndarray:
        model = HistGradientBoostingClassifier(max_iter=120, learning_rate=0.06, max_leaf_nodes=15, random_state=seed)
        return model.fit(train[columns], train["late"]).predict_proba(test[columns])[:, 1]

    def auc(late: np.ndarray, p: np.ndarray) -> float:  # by ranks: `roc_auc_score` checks its input ten times as long
        n = late.sum()
        return (rankdata(p)[late].sum() - n * (n + 1) / 2) / (n * (len(late) - n))

    late, first, second = test["late"].to_numpy(bool), scores(base), scores([*base, *extra])
    day = test["sched_dep"].dt.tz_convert("America/New_York").dt.date
    groups = list(day.reset_index(drop=True).groupby(day.to_numpy()).indices.values())
    rng, differences = np.random.default_rng(seed), []
    while len(differences) < n_boot:
        rows = np.concatenate([groups[k] for k in rng.integers(0, len(groups), len(groups))])
        if 0 < late[rows].mean() < 1:
            differences.append(auc(late[rows], second[rows]) - auc(late[rows], first[rows]))
    low, high = np.percentile(differences, [2.5, 97.5])
    difference = float(auc(late, second) - auc(late, first))
    return {"p_base": first, "p_all": second, "difference": difference, "low": float(low), "high": float(high)}
    ### END SOLUTION


# %% nbgrader={"grade_id": "measure_lift_test", "points": 9} long="rows that are drawn, and an interval by hand"
mark = checks.Mark(9)
rng = np.random.default_rng(SEED)
drawn = pd.DataFrame(rng.normal(size=(4_000, 3)), columns=["x", "signal", "noise"])
drawn["late"] = rng.random(4_000) < 1 / (1 + np.exp(-1.2 * drawn["x"] - 1.2 * drawn["signal"]))
drawn["sched_dep"] = pd.Timestamp("2013-05-01 12:00", tz="UTC") + pd.to_timedelta(rng.integers(0, 30, 4_000), unit="D")
seen, unseen = drawn[:2_500], drawn[2_500:]
with mark.part(
    "models",
    2,
    "`p_base` and `p_all`: the probabilities of late on test, of the same model on `base` and on `base + extra`.",
):
    said = week2.measure_lift.comparison(measure_lift, seen, unseen, ["x"], ["noise"], seed=SEED)
    week2.measure_lift.many_values(said)
    week2.measure_lift.keeps_base(said)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        known, coins = oracles.measure_lift_coins(SEED + 8)
        said = week2.measure_lift.comparison(measure_lift, known, coins, ["x"], ["signal", "noise"], seed=SEED)
        week2.measure_lift.cannot_rank(said, coins["late"])
        said = week2.measure_lift.comparison(measure_lift, known, coins[:700], ["x", "signal"], [], seed=SEED)
        week2.measure_lift.same_model(said)
        asked = unseen[:700]
        once = week2.measure_lift.comparison(measure_lift, seen, asked, ["x"], ["signal"], seed=SEED)
        other = seen.assign(signal=-seen["x"])
        again = week2.measure_lift.comparison(measure_lift, other, asked, ["x"], ["signal"], seed=SEED)
        week2.measure_lift.same_base(once, again, of="extra")
        other = asked.assign(late=~asked["late"])
        again = week2.measure_lift.comparison(measure_lift, seen, other, ["x"], ["signal"], seed=SEED)
        week2.measure_lift.same_base(once, again, of="late")
    ### END HIDDEN TESTS
with mark.part(
    "lift",
    2,
    "`base + extra`: columns that say something new reach the second model, missing values and categories too.",
):
    said = week2.measure_lift.comparison(measure_lift, seen, unseen, ["x"], ["signal"], seed=SEED)
    week2.measure_lift.lifts(said)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        known, later = oracles.measure_lift_categories(1_500, SEED + 5), oracles.measure_lift_categories(900, SEED + 6)
        week2.measure_lift.lifts(
            week2.measure_lift.comparison(measure_lift, known, later, ["x"], ["noise", "kind"], seed=SEED + 2)
        )
    ### END HIDDEN TESTS
with mark.part("difference", 1, "`difference`: the AUC with extra minus the AUC without."):
    said = week2.measure_lift.comparison(measure_lift, seen, unseen, ["x"], ["signal"], seed=SEED + 1)
    week2.measure_lift.difference(said, unseen["late"])
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        known, later = oracles.measure_lift_days(700, SEED + 3), oracles.measure_lift_days(500, SEED + 4)
        said = week2.measure_lift.comparison(measure_lift, known, later, ["signal", "x"], ["noise"], seed=SEED)
        week2.measure_lift.difference(said, later["late"])
    ### END HIDDEN TESTS
# Four days, and x says nothing on any. What `signal` says is right on the first and third day and wrong on the others. A
# draw of days on which it is right has an AUC of 1, one of the others has 0: each is one draw in 16, more than the 2.5 % that
# an interval leaves out at either end. The AUC without `signal` is always 0.5.
learn = pd.DataFrame({"x": rng.normal(size=400), "signal": [0.0, 1.0] * 200, "late": [False, True] * 200})
learn["sched_dep"] = pd.Timestamp("2013-04-01 12:00", tz="UTC")
four_days = pd.DataFrame({"x": 0.0, "signal": [0.0, 1.0] * 80, "late": ([False, True] * 20 + [True, False] * 20) * 2})
evening = pd.Timestamp(
    "2013-05-02 02:00", tz="UTC"
)  # 22:00 of 1 May in New York; the second day's flights leave at 10:00
four_days["sched_dep"] = evening + pd.to_timedelta(np.repeat([0, 12, 48, 60], 40), unit="h")
with mark.part(
    "days",
    2,
    "`low` and `high`, the ends of its interval over New York days: whole days are drawn, both AUCs of one draw.",
):
    said = week2.measure_lift.comparison(measure_lift, learn, four_days, ["x"], ["signal"], seed=SEED, n_boot=600)
    week2.measure_lift.over_days(said, expected=(-0.5, 0.5))
    # The other way round x adds nothing, on any day: both AUCs of a draw are equal, however much they differ between draws.
    said = week2.measure_lift.comparison(measure_lift, learn, four_days, ["signal"], ["x"], seed=SEED, n_boot=200)
    week2.measure_lift.over_days(said, expected=(0.0, 0.0))
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week2 import oracles

        years = oracles.measure_lift_years(four_days)
        said = week2.measure_lift.comparison(measure_lift, learn, years, ["x"], ["signal"], seed=SEED, n_boot=600)
        week2.measure_lift.over_days(said, expected=(-0.5, 0.5))
        known, later = oracles.measure_lift_year(SEED)
        columns = oracles.MEASURE_LIFT_BASE, oracles.MEASURE_LIFT_EXTRA
        said = week2.measure_lift.comparison(measure_lift, known, later, *columns, seed=SEED + 2, n_boot=200)
        week2.measure_lift.over_days(said, expected=oracles.measure_lift_interval(later, said["p_base"], said["p_all"]))
        known, later = oracles.measure_lift_days(1_500, SEED + 3), oracles.measure_lift_days(1_200, SEED + 4)
        said = week2.measure_lift.comparison(measure_lift, known, later, ["signal"], ["noise"], seed=SEED, n_boot=200)
        week2.measure_lift.over_days(said, expected=oracles.measure_lift_interval(later, said["p_base"], said["p_all"]))
    ### END HIDDEN TESTS
### BEGIN HIDDEN TESTS
with mark.part("chance", 0.5, "Draws of days, each with the same chance.", after=("days",)), mark.hidden():
    from source.week2 import oracles

    uneven = oracles.measure_lift_uneven()
    said = week2.measure_lift.comparison(measure_lift, learn, uneven, ["x"], ["signal"], seed=SEED, n_boot=300)
    week2.measure_lift.small_days_too(said)
with mark.part("percent", 1, "The ends of its 95 % percentile interval.", after=("days",)), mark.hidden():
    from source.week2 import oracles

    known, later = oracles.measure_lift_days(1_500, SEED + 3), oracles.measure_lift_days(1_200, SEED + 4)
    said = week2.measure_lift.comparison(measure_lift, known, later, ["x"], ["signal"], seed=SEED, n_boot=1_500)
    week2.measure_lift.about_it(said)
    expected = oracles.measure_lift_interval(later, said["p_base"], said["p_all"])
    week2.measure_lift.over_days(said, expected=expected, sure=True)
with mark.part("seed", 0.5, "`seed`: of everything that is drawn.", after=("days",)), mark.hidden():
    twins = [
        week2.measure_lift.comparison(measure_lift, seen[:900], unseen[:500], ["x"], ["signal"], seed=SEED)
        for _ in "12"
    ]
    week2.measure_lift.same_twice(*twins)
### END HIDDEN TESTS
mark

# %% nbgrader={"grade_id": "verdict"}
SKY = list(pieces[1])
BOARD = [f"{name}_{what}" for name in WINDOWS for what in ("departed", "delay", "waiting")]
yesterday = weather_then(flights.assign(sched_dep=flights["sched_dep"] - pd.Timedelta("24h")), weather)
old = {f"{name}_yesterday": yesterday[name] for name in SKY}
groups = {"weather": SKY, "weather of the day before": list(old), "the board": BOARD, "all": EXTRA}
rows, results = [], {}
for name, columns in progress(groups.items(), "groups of features"):
    results[name] = measure_lift(train.assign(**old), test.assign(**old), BASE, columns, n_boot=100, seed=SEED)
    rows.append({"added": name, **{key: results[name][key] for key in ("difference", "low", "high")}})
verdict = pd.DataFrame(rows)
plots.intervals(
    verdict, "added", "difference", "low", "high", title="AUC gained on September to December over the timetable"
)
verdict.round(4)

# %% [markdown]
# Set this beside week 1's table of three libraries. There the differences were about the size of their intervals. Here the model is the
# same and the data are new. **Data before libraries**: that is the first trap, seen from the other side.
#
# **Is it too good to be true?** Ask that of every large gain. The probe found no look-ahead. The weather of *the day before* is a second
# test: were the gain an accident of the season, or of more columns, yesterday's weather would have it too. And where does the gain lie?
# Compare flights *of one day* only: the AUC within days, averaged with the number of pairs of a late and a punctual flight.


# %% nbgrader={"grade_id": "within_days"}
def auc_within_days(p: np.ndarray) -> float:
    day = test["sched_dep"].dt.tz_convert(features.NEW_YORK).dt.date
    scores, pairs = [], []
    for _, flight in test.assign(p=p).groupby(day):
        late = int(flight["late"].sum())
        if 0 < late < len(flight):
            scores.append(roc_auc_score(flight["late"], flight["p"]))
            pairs.append(late * (len(flight) - late))
    return float(np.average(scores, weights=pairs))


# %% nbgrader={"grade_id": "where_it_lies"}
said = {"timetable": results["all"]["p_base"], "with all new features": results["all"]["p_all"]}
compared = pd.DataFrame(
    {name: [roc_auc_score(test["late"], p), auc_within_days(p)] for name, p in said.items()},
    index=["all flights", "flights of one day"],
)
compared.round(3)

# %% [markdown]
# The new features tell bad days from good ones, and hardly say *which* flights of a day will be late: there the timetable knows about as
# much. That is worth a lot to a desk that plans its staff, and much less to one that must choose between two gates at noon. One number
# told you neither. Week 3 asks what the desk really pays for.

# %% [markdown]
# ### Hand over
#
# Later weeks take two things from here: the table of features of the whole year, and a pipeline that can be loaded without this notebook.
# Load a file only from people you trust: `joblib` and pickle run what the file says. That is why grading loads yours in a sandbox.

# %% nbgrader={"grade_id": "hand_over_features"}
small = table[["sched_dep", "late", *BASE, *EXTRA]].copy()
means = [column for column in EXTRA if column.endswith("_delay")]
small[EXTRA] = (
    small[EXTRA].astype("float64").round({**dict.fromkeys(EXTRA, 2), **dict.fromkeys(means, 1)}).astype("float32")
)
ascending = dict.fromkeys(["flight_id", "sched_dep"], "DELTA_BINARY_PACKED")  # small where neighbours are alike
others = [column for column in small if column not in ascending]
file = work.path("week2", "features.parquet")
small.to_parquet(file, compression="zstd", compression_level=15, use_dictionary=others, column_encoding=ascending)
print(f"{len(small):,} rows, {len(small.columns)} columns written to work/week2/features.parquet")

# %% nbgrader={"grade_id": "hand_over_pipeline"}
plain = flights[features.TIMETABLE].astype(dict.fromkeys(features.CATEGORIES, object)).join(table[EXTRA])
numbers = ["departs", "arrives", "weekday", "distance", *EXTRA]
final = make_pipeline(features.prepare, numbers, features.CATEGORIES, SEED).fit(plain.loc[train.index], train["late"])
file = work.path("week2", "pipeline.joblib")
save_pipeline(final, str(file))
rows = json.loads(plain.loc[test.index].to_json(orient="records", date_format="iso"))  # what a server would get
answer = checks.in_new_process(week2.pipeline.ask_saved, file.read_bytes(), pd.DataFrame(rows))
print({key: rows[0][key] for key in ("sched_dep", "sched_arr_time", "carrier", "dest", "origin_delay", "visib")})
print(
    f"Saved, loaded in a new process, asked with JSON: AUC {roc_auc_score(test['late'], answer['p']):.3f} on the test months."
)

# %% [markdown]
# ## 9 · The interview
#
# Features come from people who know the work. Talk to somebody who has run a desk, a counter or a shift, or put yourself in the
# place of **the shift manager of the operations desk**, who has watched boards for years and wants to be called only when it matters.
# Write the notes of that talk (250 to 400 words), so that she can correct them and an engineer can build from them. They must
#
# 1. propose at least four features that this notebook does not have, each with the reason why it should matter in her words (4 points);
# 2. say for each one *when* its value is known and by whom, and name at least one that sounds right and leaks (4 points);
# 3. weigh worth against cost: what it takes to get the value every day, two hours ahead, and which one to build first (3 points);
# 4. say how you will find out afterwards whether it helped (1 point).

# %% [markdown] nbgrader={"grade_id": "interview", "points": 12}
# ### BEGIN SOLUTION
# *Rubric and the beginning of a full answer. Mark each point by itself.*
#
# 1. **Features (4).** One point for each feature that is new, concrete and has a reason from the work, not from the data.
# 2. **Knowledge (4).** For each feature the instant and the source: up to 2. A feature that leaks, named, with the reason: 2. "All are known
#    in advance": 0.
# 3. **Cost (3).** Source, delay and upkeep of each: 2. One clear first choice with a reason: 1.
# 4. **Afterwards (1).** Lift on unseen months with its interval, or a trial beside the old table: 1. "We look whether AUC rises": 0.
#
# > *Where is my plane?* The aircraft that will fly this leg is often still in the air two hours before. If it has not left its last
# > airport, we are late, whatever the weather. Known: the position from the tracking feed, minute by minute; the *assignment* from
# > our own plan, which changes. It leaks if we read the tail number from the table of flown flights, which is filled in afterwards. Cost:
# > a feed that we pay for, and a history of assignments that nobody keeps yet. *Ground stops* at the destination, published as they are
# > ordered. Cheap, and known at once: build first. *Crew hours left*: known to crew control, who will not share names, and need not.
# > *Actual taxi time*: sounds right and leaks, for it is written down after take-off; the taxi times of the last hour are honest.
# ### END SOLUTION

# %% [markdown]
# ## What to take with you
#
# - A feature is a value *and the instant at which it was known*. Where you do not know the instant, take the later one.
# - Count before you join. A hole leaks as well as a value.
# - The probe is cheap. Run it on every feature, for ever; week 4 will.
# - A label must not meet itself, in a fold or in a pipeline.
# - **Next week** asks which model, at which threshold, and how sure you are. It starts from the table that you have just written.
#
# ### Reading
#
# - Kanter and Veeramachaneni, *Deep Feature Synthesis: Towards Automating Data Science Endeavors* (DSAA 2015). The idea behind Featuretools.
# - Kaufman, Rosset and Perlich, *Leakage in Data Mining: Formulation, Detection, and Avoidance* (KDD 2011). Short, and full of real cases;
#   read it before your next project.
# - Micci-Barreca, *A preprocessing scheme for high-cardinality categorical attributes* (SIGKDD Explorations 2001). Where target encoding
#   comes from.
# - Strobl and others, *Bias in random forest variable importance measures* (BMC Bioinformatics 2007). Why a random number can look important.
# - Featuretools' documentation, *Handling Time*. For cutoff times and training windows when you use them in earnest.
# - scikit-learn's user guide, *Common pitfalls* and *Permutation feature importance*. For the day when a score is too good.
# - pandas' user guide, *Time series*, and the reference of `merge_asof`. For practice, join two logs of your own.
