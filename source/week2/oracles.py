"""The author's side of week 2: hidden cases and what is expected of them, named by task."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import pandas as pd

from helpers import checkpoints, data, features
from helpers.checks import week2
from source.oracles import bootstrap

HOUR, LEAD = pd.Timedelta(hours=1), pd.Timedelta(features.LEAD)
Cases = list[tuple[str, str, str, int | None]]

# --- quality_report ---


def quality_report_world(seed: int) -> tuple[dict[str, pd.DataFrame], dict[str, int]]:
    """Return four tables with holes, made from the real ones, and the counts of their faults."""
    weather = data.weather().sample(frac=0.3, random_state=seed + 6)
    weather = pd.concat([weather, weather.head(1), weather.head(1)])  # an hour three times is one hour
    tables = {
        "flights": data.flights().sample(2_500, random_state=seed + 5),
        "weather": weather,
        "planes": data.planes().sample(frac=0.8, random_state=seed),
        "airports": data.airports().sample(frac=0.7, random_state=seed),
    }
    return tables, quality_report_counts(**tables)


def quality_report_worlds(seed: int, *names: str) -> Iterator[tuple[dict[str, pd.DataFrame], dict[str, int]]]:
    """Return worlds of four tables, each with the counts of some faults."""
    for tables, expected in _quality_report_worlds(seed):
        yield tables, {name: expected[name] for name in names}


@cache
def _quality_report_worlds(seed: int) -> list[tuple[dict[str, pd.DataFrame], dict[str, int]]]:
    tables = _repeating_world(seed)
    return [quality_report_world(seed), (tables, quality_report_counts(**tables))]


def _repeating_world(seed: int) -> dict[str, pd.DataFrame]:
    """Return tables of another year, of plain text, with labels and rows that repeat, and winds about 200 mph."""
    rng = np.random.default_rng(seed + 15)
    year = pd.DateOffset(years=11)
    flights = data.flights().sample(900, random_state=seed + 16).astype({"origin": str, "dest": str, "tailnum": object})
    flights = pd.concat([flights, flights.head(30)])
    flights["time_hour"] += year
    weather = data.weather().sample(frac=0.1, random_state=seed + 17).astype({"origin": str})
    weather = pd.concat([weather, weather.tail(40)]).assign(
        time_hour=lambda table: table["time_hour"] + year, year=2024
    )
    places = rng.permutation(len(weather))
    speed, gust = (list(weather.columns).index(name) for name in ("wind_speed", "wind_gust"))
    weather.iloc[places[:7], speed] = 200.0
    weather.iloc[places[7:12], speed] = 200.5
    weather.iloc[places[12:15], gust] = 900.0
    weather.iloc[places[15:30], speed] = np.nan
    planes, airports = (
        data.planes().sample(frac=0.6, random_state=seed),
        data.airports().sample(frac=0.8, random_state=seed),
    )
    return {
        "flights": flights,
        "weather": weather,
        "planes": pd.concat([planes, planes.head(50)]),
        "airports": pd.concat([airports, airports.head(300)]),
    }


def quality_report_counts(
    flights: pd.DataFrame, weather: pd.DataFrame, planes: pd.DataFrame, airports: pd.DataFrame
) -> dict[str, int]:
    """Count the seven faults with sets of Python."""
    hours = set(zip(weather["origin"].astype(str), weather["time_hour"], strict=True))
    asked = list(zip(flights["origin"].astype(str), flights["time_hour"], strict=True))
    clock = weather[["origin", "year", "month", "day", "hour"]].astype({"origin": str})
    tails, register, codes = flights["tailnum"].astype(object), set(planes["tailnum"]), set(airports["faa"])
    return {
        "hours_missing": len(set(asked) - hours),
        "flights_without_weather": sum(pair not in hours for pair in asked),
        "clock_hours_twice": len(clock[clock.duplicated()].drop_duplicates()),
        "impossible_wind": int((weather["wind_speed"] > 200).sum()),
        "tailnum_missing": int(tails.isna().sum()),
        "flights_without_plane": sum(tail not in register for tail in tails.dropna()),
        "flights_without_airport": sum(dest not in codes for dest in flights["dest"]),
    }


# --- weather_then ---

# Of the visible cell's weather: what a flight does, origin, prediction time (UTC), the record's hour
WEATHER_THEN_FULL_HOURS: Cases = [
    ("has its prediction time when an hour ends", "JFK", "01:00", 0),
    ("has its prediction time when another hour ends", "LGA", "20:00", 19),
]
WEATHER_THEN_GAPS: Cases = [
    ("is asked two hours after its record's hour", "LGA", "10:01", 7),
    ("is asked long after the last record", "LGA", "11:59", None),
    ("is asked when its airport has weather again", "LGA", "13:01", 12),
    ("is asked before the first hour is over", "JFK", "00:30", None),
    ("is asked a minute after the three hours", "LGA", "11:01", None),
    ("is asked where only the other airport has records", "LGA", "11:40", None),
]
WEATHER_THEN_EDGES: Cases = [
    ("is asked exactly three hours after the record's hour", "LGA", "11:00", 7),
]
WEATHER_THEN_DAYS = ((1103, 1104), (1230, 1231), (721, 724))  # the clock change, no weather, storms


def weather_then_worlds(seed: int) -> list[tuple[pd.DataFrame, pd.DataFrame]]:
    """Return flights and weather of difficult days, each time of departure and each number of the weather altered.

    So no table of the real year, and no feature that was made from it, holds what is expected.
    """
    rng, worlds = np.random.default_rng(seed + 2), []
    weather = data.weather().sample(frac=1, random_state=seed + 3)
    for column in week2.weather_then.COLUMNS[:-1]:
        weather[column] = (weather[column] + rng.normal(scale=3, size=len(weather))).round(3)
    for first, last in WEATHER_THEN_DAYS:
        near = data.flights().set_index("flight_id")
        near = near[(near["month"] * 100 + near["day"]).between(first, last)].sample(frac=1, random_state=seed + 2)
        moved = near["sched_dep"] + pd.to_timedelta(rng.integers(-40, 41, len(near)), unit="min")
        worlds.append((near.assign(sched_dep=moved, time_hour=moved.dt.floor("h")), weather))
    return worlds


def weather_then_expected(flights: pd.DataFrame, weather: pd.DataFrame) -> pd.DataFrame:
    """Return the weather that was known at each flight's prediction time, airport by airport, by binary search."""
    columns, winds = list(week2.weather_then.COLUMNS[:-1]), ["wind_speed", "wind_gust"]
    parts = []
    for origin, group in (flights["sched_dep"] - LEAD).groupby(flights["origin"].astype(str)):
        rows = weather[weather["origin"] == origin].sort_values("time_hour")
        known, cut = (times.dt.tz_localize(None).to_numpy() for times in (rows["time_hour"] + HOUR, group))
        at = np.searchsorted(known, cut, side="right") - 1
        age = (cut - known[at]) / np.timedelta64(1, "h")
        part = rows.iloc[at].set_index(group.index)[columns].assign(weather_age=age)
        part[winds] = part[winds].where(lambda wind: wind <= 200)
        part[(age > 3) | (at < 0)] = np.nan
        parts.append(part)
    return pd.concat(parts).loc[flights.index]


def weather_then_dark(seed: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return flights, weather and features of the days without weather, none at either end of the three hours."""
    flights, weather = weather_then_worlds(seed)[1]
    tidy = flights.drop_duplicates("sched_dep").sort_values("sched_dep", ignore_index=True)
    weather = weather.sort_values(["origin", "time_hour"], ignore_index=True)
    age = weather_then_expected(tidy, weather)["weather_age"]
    tidy = tidy[~age.isin([0.0, 3.0])].reset_index(drop=True)
    return tidy, weather, weather_then_expected(tidy, weather)


def weather_then_interior(seed: int, *, tidy: bool) -> Iterator[tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]]:
    """Return flights, weather and expected features, without what other parts judge.

    No flight lacks weather or gets it at either end of the three hours, and no wind is impossible. ``tidy`` tables are
    sorted and have plain labels; of the others no two have an order or labels alike.
    """
    for number, (flights, weather) in enumerate(weather_then_worlds(seed)):
        winds = weather[["wind_speed", "wind_gust"]]
        sane = weather[~(winds > 190).any(axis=1)]
        if tidy:
            sane = sane.sort_values(["origin", "time_hour"], ignore_index=True)
            flights = flights.drop_duplicates("sched_dep").sort_values("sched_dep", ignore_index=True)
        else:
            text = [lambda label: f"flight {label}", lambda label: -label, lambda label: label + 0.5][number]
            flights = flights.rename(index=text).astype({"origin": str} if number else {})
        expected = weather_then_expected(flights, sane)
        inside = expected["weather_age"].gt(0) & expected["weather_age"].lt(3)
        flights, expected = flights[inside], expected[inside]
        if tidy:
            flights, expected = flights.reset_index(drop=True), expected.reset_index(drop=True)
        if len(flights):
            yield flights, sane, expected


# --- recent_state ---

RECENT_STATE_GONE = [  # what the other flight did: scheduled, delay, and what it adds; seen at 12:00
    ("left three days before", "08:00", -4_320.0, 0),
    ("is scheduled after prediction time", "13:00", 45.0, 0),
    ("left before the window, and was scheduled within it", "09:20", -30.0, 0),
]
RECENT_STATE_WAITING = [
    ("has waited since before the window", "08:00", 300.0, 0),
    ("was scheduled before the window and left within it", "08:30", 60.0, 0),
    ("is scheduled after prediction time", "13:00", 45.0, 0),
    ("left early, before its schedule", "11:30", -7.0, 0),
    ("left before the window, and was scheduled within it", "09:20", -30.0, 0),
    ("was cancelled before the window", "08:59", np.nan, 0),
]
RECENT_STATE_ENDS = (
    ("departed", [("left when the window begins", "08:50", 10.0, 0), ("left a minute later", "08:51", 10.0, 1)]),
    (
        "waiting",
        [
            ("is scheduled at prediction time and late", "12:00", 30.0, 1),
            ("was to leave when the window begins and waits", "09:00", 300.0, 0),
            ("left at prediction time itself", "11:45", 15.0, 0),
            ("leaves a minute after prediction time", "11:45", 16.0, 1),
        ],
    ),
)
RECENT_STATE_GROUPS = ((["origin"], 2), (["origin", "carrier"], 5), (["dest"], 9))


def recent_state_flights(storm: pd.DataFrame, seed: int) -> list[pd.DataFrame]:
    """Return some of the flights for each of RECENT_STATE_GROUPS, their delays exchanged."""
    rng = np.random.default_rng(3103 + seed)
    parts = [storm.sample(700, random_state=int(rng.integers(10_000))) for _ in RECENT_STATE_GROUPS]
    return [part.assign(dep_delay=rng.permutation(part["dep_delay"])) for part in parts]


def recent_state_expected(
    flights: pd.DataFrame, by: list[str], hours: int, shift: pd.Timedelta | None = None
) -> pd.DataFrame:
    """Return the state of each flight's group, comparing each flight with each; ``shift`` moves both window ends."""
    left = flights["sched_dep"] + pd.to_timedelta(flights["dep_delay"], unit="min")
    times = (flights["sched_dep"] - LEAD + (shift or pd.Timedelta(0)), left, flights["sched_dep"])
    c, d, s = (instants.dt.tz_localize(None).to_numpy() for instants in times)
    key = pd.MultiIndex.from_frame(flights[by].astype(str)).factorize()[0]
    begin, same = c - np.timedelta64(hours, "h"), key[:, None] == key
    gone = same & (d > begin[:, None]) & (d <= c[:, None])
    due = same & (s > begin[:, None]) & (s <= c[:, None]) & ~(d <= c[:, None])
    delays = np.where(gone, flights["dep_delay"].fillna(0).to_numpy(), 0.0).sum(axis=1)
    expected = pd.DataFrame({"departed": gone.sum(axis=1), "waiting": due.sum(axis=1)}, index=flights.index)
    return expected.assign(delay=delays / expected["departed"].where(expected["departed"] > 0)).astype(float)


def recent_state_interior(
    storm: pd.DataFrame, seed: int, column: str
) -> Iterator[tuple[pd.DataFrame, list[str], int, pd.DataFrame]]:
    """Return flights by schedule, groups and hours, and one column of those whose windows end at no event."""
    little = pd.Timedelta("20s")
    for flights in recent_state_flights(storm, seed)[:2]:
        tidy = flights.sort_values("sched_dep", ignore_index=True)
        for hours in (2, 7):
            before, after = (recent_state_expected(tidy, ["origin"], hours, shift) for shift in (-little, little))
            clean = (before.eq(after) | (before.isna() & after.isna())).all(axis=1)
            yield tidy, ["origin"], hours, before.loc[clean, [column]]


def recent_state_names(seed: int) -> pd.DataFrame:
    """Return flights of airports and carriers whose names run together: "AB" and "C", "A" and "BC"."""
    rng = np.random.default_rng(seed + 44)
    pairs = np.array([("AB", "C"), ("A", "BC"), ("A", "C"), ("AB", "BC")])[rng.integers(0, 4, 160)]
    minutes = np.sort(rng.choice(3_000, 160, replace=False))
    frame = pd.DataFrame(pairs, columns=["origin", "carrier"]).assign(dest="X", hour=minutes // 60)
    frame["sched_dep"] = pd.Timestamp("2016-02-28 03:00", tz="UTC") + pd.to_timedelta(minutes, unit="min")
    return frame.assign(dep_delay=np.where(rng.random(160) < 0.1, np.nan, rng.integers(-9, 90, 160)))


# --- dfs_state ---


def dfs_state_questions(flights: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return questions: where nothing has left, at both ends of one departure's window, and drawn ones."""
    quiet = pd.DataFrame({"origin": "JFK", "cutoff": pd.to_datetime(["2013-07-22 09:01"], utc=True)}, index=[7_777])
    first = flights[flights["origin"] == "EWR"].dropna(subset=["dep_delay"]).iloc[40]
    instant = first["sched_dep"] + pd.Timedelta(minutes=first["dep_delay"])
    edges = pd.DataFrame({"origin": "EWR", "cutoff": [instant, instant + 3 * HOUR]}, index=[8_001, 8_000])
    asked = pd.concat([quiet, edges, week2.dfs_state.questions(flights, 30, seed + 77)])
    return asked[~asked.duplicated()]


def dfs_state_clear(flights: pd.DataFrame, seed: int, size: int = 8) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return questions half a minute off every departure, with a window that is not empty, and their answers."""
    asked = week2.dfs_state.questions(flights, 4 * size, seed).sort_values("cutoff", ignore_index=True)
    asked["cutoff"] += pd.Timedelta("30s")
    expected = dfs_state_expected(flights, asked)
    chosen = expected.index[expected["departed"] > 0][::3][:size]
    return asked.loc[chosen].reset_index(drop=True), expected.loc[chosen].reset_index(drop=True)


def dfs_state_quiet(flights: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return flights of which an airport's were all cancelled, questions about empty windows, and their answers."""
    some = flights.iloc[::25].reset_index(drop=True)
    none = some.head(3).assign(origin="HPN", dep_delay=np.nan)
    world = pd.concat([some.astype({"origin": str}), none], ignore_index=True)
    times = ["2013-07-01 12:00", "2013-07-22 09:01", "2013-07-22 18:00", "2013-08-01 12:00"]
    asked = pd.DataFrame({"origin": ["EWR", "JFK", "HPN", "LGA"], "cutoff": pd.to_datetime(times, utc=True)})
    return world, asked, dfs_state_expected(world, asked)


def dfs_state_ends(flights: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return questions at both ends of some departures' windows, and their answers."""
    gone = flights[(flights["origin"] == "EWR") & flights["dep_delay"].notna()].iloc[[40, 90, 300]]
    left = (gone["sched_dep"] + pd.to_timedelta(gone["dep_delay"], unit="min")).drop_duplicates()
    asked = pd.DataFrame({"origin": "EWR", "cutoff": pd.concat([left, left + 3 * HOUR])}).drop_duplicates()
    asked = asked.sort_values("cutoff", ignore_index=True)
    return asked, dfs_state_expected(flights, asked)


def dfs_state_changes(seed: int) -> Iterator[tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]]:
    """Return flights around both changes of the clock, questions whose windows hold the change, and their answers."""
    rng = np.random.default_rng(seed + 78)
    for change in ("2013-03-10 07:00", "2013-11-03 06:00"):
        minutes = np.sort(rng.choice(np.arange(-300, 240), 90, replace=False))
        flights = pd.DataFrame({"origin": rng.choice(["JFK", "LGA"], 90), "dep_delay": rng.integers(-5, 30, 90) * 1.0})
        flights["sched_dep"] = pd.Timestamp(change, tz="UTC") + pd.to_timedelta(minutes, unit="min")
        after = pd.to_timedelta([20, 65, 110, 150], unit="min") + pd.Timedelta("30s")
        asked = pd.DataFrame({"origin": ["JFK", "LGA"] * 2, "cutoff": pd.Timestamp(change, tz="UTC") + after})
        yield flights, asked, dfs_state_expected(flights, asked)


def dfs_state_another(flights: pd.DataFrame) -> list[tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]]:
    """Return flights and a table of the same size on another day's delays, the same question, and both answers."""
    asked = pd.DataFrame({"origin": ["JFK", "LGA"], "cutoff": pd.to_datetime(["2013-05-01 12:01"] * 2, utc=True)})
    tables = flights, flights.assign(dep_delay=[130.0, 7.0, 90.0, 3.0, 16.0])
    return [(table, asked, dfs_state_expected(table, asked)) for table in tables]


def dfs_state_expected(flights: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    """Return the answer to each question, without Featuretools."""
    left, rows = flights["sched_dep"] + pd.to_timedelta(flights["dep_delay"], unit="min"), []
    for _, (origin, cutoff) in asked.iterrows():
        inside = (flights["origin"] == origin) & (left > cutoff - 3 * HOUR) & (left <= cutoff)
        window = flights["dep_delay"][inside]
        late = (window >= 15).mean()
        rows.append({"departed": float(len(window)), "delay": window.mean(), "late": late})
    return pd.DataFrame(rows, index=asked.index)


# --- encode ---


def encode_world(seed: int) -> tuple[pd.Series, pd.Series, np.ndarray]:
    """Return many rare categories, some of them missing, labels that are coins, and folds."""
    rng = np.random.default_rng(61 + seed)
    many = pd.Series(rng.integers(0, 400, 3_000)).map("K{}".format).where(rng.random(3_000) > 0.02).astype("category")
    return many, pd.Series(rng.random(3_000) < 0.3), rng.integers(0, 4, 3_000)


def encode_known(seed: int) -> tuple[pd.Series, pd.Series, np.ndarray]:
    """Return categories of which each is in every fold, and none is missing; labels; folds of unequal size."""
    rng = np.random.default_rng(62 + seed)
    category = pd.Series(np.concatenate([np.tile(np.arange(9), 8), rng.integers(0, 9, 800)])).map("K{}".format)
    fold = np.concatenate([np.repeat([0, 1, 2, 3], 18), rng.choice(4, 800, p=[0.1, 0.2, 0.3, 0.4])])
    return category, pd.Series(rng.random(len(category)) < 0.1 + 0.08 * fold), fold


def encode_lone(seed: int, *, missing: bool) -> tuple[pd.Series, pd.Series, np.ndarray, np.ndarray]:
    """Return categories, labels, folds, and which rows have no category, or one that no other fold has."""
    category, late, fold = encode_known(seed)
    rows = np.random.default_rng(seed).permutation(len(fold))[:60]
    lone = np.isin(np.arange(len(fold)), rows)
    other = pd.Series([None] * len(fold) if missing else [f"only in {one}" for one in fold], index=category.index)
    return category.where(~lone, other), late, fold, lone


def encode_kinds(seed: int) -> Iterator[tuple[str, pd.Series]]:
    """Return the categories of `encode_known` in other dtypes, each in words."""
    category, _, _ = encode_known(seed)
    number = category.str.slice(1).astype(int)
    yield "whole numbers", number - 4
    yield "numbers with a fraction", number / 4
    yield "yes and no", number % 2 == 0
    yield "instants", pd.Timestamp("2013-05-01", tz="UTC") + pd.to_timedelta(number, unit="h")
    yield "dtype category, with unused levels", category.astype(pd.CategoricalDtype([f"K{k}" for k in range(12)]))
    yield "dtype category, of numbers", number.astype("category")
    yield "pandas' own text", category.astype("string")


def encode_labels(seed: int) -> Iterator[tuple[pd.Series, pd.Series, np.ndarray, np.ndarray]]:
    """Return categories, labels and folds whose labels (of rows) and numbers (of folds) are others, with the codes."""
    category, late, fold = encode_known(seed)
    expected = encode_expected(category, late, fold, 5.0)
    mixed = np.random.default_rng(seed).permutation(len(fold))
    yield category.set_axis(mixed), late.set_axis(mixed), fold, expected
    yield category.set_axis(mixed // 3), late.set_axis(mixed // 3), fold, expected
    yield category, late.set_axis(mixed), fold, expected
    yield category, late, fold * 10 + 7, expected
    yield category, late, -fold, expected
    two = fold > 1
    yield category, late, two.astype("int8"), encode_expected(category, late, two, 5.0)


def encode_expected(category: pd.Series, late: pd.Series, fold: np.ndarray, m: float) -> np.ndarray:
    """Return the code of each row by the formula, fold by fold."""
    expected = np.empty(len(late))
    for number in np.unique(fold):
        others, inside = fold != number, fold == number
        rate = late[others].mean()
        sums = late[others].groupby(category[others], observed=True).agg(["sum", "size"])
        found = category[inside].astype(object).map((sums["sum"] + m * rate) / (sums["size"] + m))
        expected[inside] = found.astype(float).fillna(rate)
    return expected


# --- pipeline ---


def pipeline_levels(size: int, seed: int, *, draw: int) -> tuple[pd.DataFrame, pd.Series]:
    """Return rows of 60 levels that decide whether a label is probable; ``seed`` says which, ``draw`` draws the rows."""
    likely = np.where(np.random.default_rng(seed + 7).permutation(60) < 30, 0.85, 0.15)
    rng = np.random.default_rng(draw)
    level = rng.integers(0, 60, size)
    return _levels(level, rng), pd.Series(rng.random(size) < likely[level])


def pipeline_columns(size: int, seed: int, column: str) -> tuple[pd.DataFrame, pd.Series]:
    """Return plain rows with two categories and two numbers of which one column decides, some values missing."""
    rng = np.random.default_rng(seed)
    codes = {name: rng.integers(0, 8, size) for name in ("LEVEL", "OTHER")}
    raw = pd.DataFrame({name: [f"{name[0]}{code}" for code in codes[name]] for name in codes}, dtype=object)
    numbers = pd.DataFrame(rng.normal(size=(size, 2)), columns=["X", "Z"])
    signal = np.isin(codes[column], [0, 3, 4, 6]) * 4.0 - 2 if column in codes else 2.5 * numbers[column]
    y = pd.Series(rng.random(size) < 1 / (1 + np.exp(-signal)))
    rows = raw.mask(rng.random(raw.shape) <= 0.04).join(numbers.mask(rng.random(numbers.shape) < 0.1))
    return rows, y


def pipeline_noise(size: int, seed: int) -> tuple[pd.DataFrame, pd.Series]:
    """Return rows of many rare levels, with labels that are coins."""
    rng = np.random.default_rng(seed)
    X = _levels(rng.integers(0, size // 6, size), rng)
    return X, pd.Series(rng.random(size) < 0.5)


def _levels(level: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    return pd.DataFrame({"level": [f"L{number:04d}" for number in level], "x": rng.normal(size=len(level))})


# --- select_features ---

_SELECT_FEATURES_NEEDED = {
    "line": "the strongest signal of all",
    "valley": "both ends are late: a correlation cannot see it",
    "left": "it speaks only together with another column: one at a time, nothing is seen",
    "right": "it speaks only together with another column: one at a time, nothing is seen",
}


def select_features_puzzle(
    size: int, seed: int, *, together: bool = False, false_friend: str = ""
) -> tuple[pd.DataFrame, pd.Series, dict[str, dict[str, str] | str]]:
    """Return columns of which few matter, labels, and what `week2.select_features.choice` must know of them.

    What matters is a line, a valley and, with ``together``, two columns that speak only together. A ``false_friend``
    is one more column: one of kind "only_train" knows the answer in the first half of the rows, and nothing in the
    second; with "only_valid" it is the other way round. The columns are named by chance.
    """
    rng = np.random.default_rng(seed)
    needed = list(_SELECT_FEATURES_NEEDED)[: 4 if together else 2]
    X = pd.DataFrame(rng.normal(size=(size, len(needed))), columns=needed)
    raw = 1.2 * X["line"] + 1.5 * (X["valley"] ** 2 - 1)
    if together:
        raw = raw + 2.5 * np.sign(X["left"] * X["right"])
    for number in range(8):
        X[f"noise_{number}"] = rng.normal(size=size)
    X["noise_0"] = X["noise_0"].where(rng.random(size) > 0.3)
    X["serial"] = rng.permutation(size)
    y = pd.Series(rng.random(size) < 1 / (1 + np.exp(-raw)))
    if false_friend:
        knows = (np.arange(size) < size // 2) == (false_friend == "only_train")
        strength = 1.5 if false_friend == "only_train" else 4.0  # in training the others must be learned beside it
        X[false_friend] = rng.normal(size=size) + np.where(knows, strength * y, strength / 2)
    names = dict(zip(X, (f"c{number:02d}" for number in rng.permutation(X.shape[1])), strict=True))
    known: dict[str, dict[str, str] | str] = {"needed": {names[name]: _SELECT_FEATURES_NEEDED[name] for name in needed}}
    known |= {false_friend: names[false_friend]} if false_friend else {}
    order = [names[str(name)] for name in rng.permutation(X.columns)]
    return X.rename(columns=names)[order], y, known


def select_features_ladder(size: int, seed: int) -> tuple[pd.DataFrame, pd.Series, list[str]]:
    """Return columns of which two matter, one much more than the other, labels, and those two in order."""
    rng = np.random.default_rng(seed)
    X = pd.DataFrame(rng.normal(size=(size, 7)), columns=[f"c{number}" for number in rng.permutation(7)])
    first, second = (str(name) for name in X.columns[[4, 1]])
    raw = 2.0 * X[first] - 1.2 * X[second]
    return X, pd.Series(rng.random(size) < 1 / (1 + np.exp(-raw))), [first, second]


def select_features_holes(size: int, seed: int) -> tuple[pd.DataFrame, pd.Series, dict[str, str]]:
    """Return columns of which two matter, both with missing values, labels, and those two in words."""
    rng = np.random.default_rng(seed)
    X = pd.DataFrame(rng.normal(size=(size, 8)), columns=[f"c{number}" for number in rng.permutation(8)])
    first, second = (str(name) for name in X.columns[[5, 2]])
    y = pd.Series(rng.random(size) < 1 / (1 + np.exp(-2.0 * X[first] + 1.8 * X[second])))
    for name in (first, second):
        X[name] = X[name].where(rng.random(size) > 0.15)
    others = [str(name) for name in X if name not in (first, second)]
    lost = rng.integers(0, len(others), size)  # no row is complete
    for number, name in enumerate(others):
        X[name] = X[name].where(lost != number)
    holes = "values of it are missing, and it says much where they are not"
    return X, y, {first: holes, second: holes}


# --- measure_lift ---


def measure_lift_days(size: int, seed: int) -> pd.DataFrame:
    """Return flights of few days, each late or punctual as a whole; ``signal`` knows more, ``noise`` nothing."""
    rng = np.random.default_rng(seed)
    many = 30
    day = rng.integers(0, many, size)
    x, signal = rng.normal(size=size), rng.normal(size=size)
    mood = rng.normal(size=many)
    mood = (mood - mood.mean()) / mood.std()  # how much `signal` tells on the whole is not left to chance
    raw = 0.8 * x + 1.2 * signal * (1 + mood)[day] + mood[day]
    # Half of a New York day's flights leave when the day is over by UTC.
    hour = np.where(rng.random(size) < 0.5, rng.integers(5, 19, size), rng.integers(20, 24, size))
    minutes = pd.to_timedelta(day * 1_440 + hour * 60 + rng.integers(0, 60, size), unit="min")
    start = pd.Timestamp("2013-05-01", tz=features.NEW_YORK).tz_convert("UTC")
    late = rng.random(size) < 1 / (1 + np.exp(-raw))
    frame = pd.DataFrame({"x": x, "signal": signal, "noise": rng.normal(size=size), "late": late})
    return frame.assign(sched_dep=start + minutes).set_axis(rng.permutation(size) + 3)


def measure_lift_categories(size: int, seed: int) -> pd.DataFrame:
    """Return flights whose label depends on x, and on a category of which some values are missing."""
    rows, rng = measure_lift_days(size, seed), np.random.default_rng(seed + 9)
    kind = rng.integers(0, 6, size)
    late = rng.random(size) < 1 / (1 + np.exp(-(0.8 * rows["x"] + np.where(kind % 2 == 0, 1.6, -1.6))))
    names = pd.Series([f"K{number}" for number in kind], index=rows.index)
    kinds = pd.CategoricalDtype([f"K{number}" for number in range(6)])
    return rows.assign(
        late=late, kind=names.where(rng.random(size) > 0.05).astype(kinds), x=rows["x"].where(rng.random(size) > 0.1)
    )


def measure_lift_coins(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return training rows, and test rows whose labels are coins."""
    train, test = measure_lift_days(2_500, seed), measure_lift_days(1_500, seed + 1)
    return train, test.assign(late=np.random.default_rng(seed).random(len(test)) < 0.3)


def measure_lift_years(four_days: pd.DataFrame) -> pd.DataFrame:
    """Return the four days on the first of May and of June of two years: right in the one year, wrong in the other."""
    days = pd.to_datetime([f"{year}-{month:02}-01 16:00" for month in (5, 6) for year in (2013, 2014)], utc=True)
    return four_days.assign(sched_dep=days[np.repeat(np.arange(4), 40)])


def measure_lift_uneven() -> pd.DataFrame:
    """Return one day of 400 flights, whose lateness `signal` knows, and seven of 20, of which it knows nothing.

    Of eight days that are drawn with one chance, a third of the draws lacks the large day: there the lift is zero. With
    chances by flights, no draw in 10,000 does.
    """
    large = pd.DataFrame({"signal": [0.0, 1.0] * 200, "late": [False, True] * 200, "day": 0})
    small = pd.DataFrame(
        {"signal": [0.0, 0.0, 1.0, 1.0] * 35, "late": [False, True] * 70, "day": np.repeat(range(1, 8), 20)}
    )
    rows = pd.concat([large, small], ignore_index=True).assign(x=0.0)
    noon = pd.Timestamp("2013-05-01 16:00", tz="UTC")
    return rows.assign(sched_dep=noon + pd.to_timedelta(rows["day"], unit="D")).drop(columns="day")


MEASURE_LIFT_BASE = ["departs", "arrives", "weekday", "distance", "carrier", "origin", "dest"]
MEASURE_LIFT_EXTRA = ["origin_delay", "origin_waiting", "carrier_delay", "carrier_waiting", "dest_delay"]
MEASURE_LIFT_EXTRA += ["visib", "precip", "humid"]


def measure_lift_year(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return real flights with the reference features: some until August, and some of September to December."""
    year = checkpoints.reference()
    month = year["sched_dep"].dt.tz_convert(features.NEW_YORK).dt.month
    return year[month <= 8].sample(8_000, random_state=seed), year[month >= 9].sample(4_000, random_state=seed)


def measure_lift_interval(test: pd.DataFrame, p_base: np.ndarray, p_all: np.ndarray) -> tuple[float, float]:
    """Return the 95 % interval of the lift over New York days, from 6,000 draws."""
    late, day = test["late"].to_numpy(dtype=bool), test["sched_dep"].dt.tz_convert(features.NEW_YORK).dt.date
    return bootstrap.auc_difference(late, p_base, p_all, day, 6_000, np.random.default_rng(60_601))
