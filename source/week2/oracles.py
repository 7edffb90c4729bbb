"""The author's side of week 2: hidden cases and what is expected of them, named by task."""

from __future__ import annotations

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
    weather = data.weather().sample(frac=0.7, random_state=seed + 6)
    weather = pd.concat([weather, weather.head(1), weather.head(1)])  # an hour three times is one hour
    tables = {
        "flights": data.flights().sample(6_000, random_state=seed + 5),
        "weather": weather,
        "planes": data.planes().sample(frac=0.8, random_state=seed),
        "airports": data.airports().sample(frac=0.7, random_state=seed),
    }
    return tables, quality_report_counts(**tables)


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

WEATHER_THEN_EDGES: Cases = [  # of the visible cell's weather: what, origin, prediction time (UTC), the record's hour
    ("is asked exactly three hours after the record's hour", "LGA", "11:00", 7),
    ("is asked a minute later than that", "LGA", "11:01", None),
    ("is asked when its airport has weather again", "LGA", "13:00", 12),
    ("is asked before the first hour is over", "JFK", "00:30", None),
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


def weather_then_storm() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return weather with one impossible wind, a flight that is given it, and one that is given the hour after."""
    hours = week2.weather_then.sky("2013-05-01", ["JFK"])
    hours.loc[5, ["wind_speed", "wind_gust"]] = [1048.0, 1206.0]
    times = pd.to_datetime(["2013-05-01 08:10", "2013-05-01 09:10"], utc=True)
    asked = pd.DataFrame({"origin": "JFK", "sched_dep": times})
    return hours, asked.iloc[:1], asked.iloc[1:]


# --- recent_state ---

RECENT_STATE_EDGES = [  # what the other flight did: scheduled, delay, has departed, is waiting; seen at 12:00
    ("left when the window begins", "08:50", 10.0, 0, 0),
    ("is scheduled at prediction time and late", "12:00", 30.0, 0, 1),
    ("was to leave when the window begins and waits", "09:00", 300.0, 0, 0),
    ("has waited since before the window", "08:00", 300.0, 0, 0),
    ("is scheduled after prediction time", "13:00", 45.0, 0, 0),
]
RECENT_STATE_GROUPS = ((["origin"], 2), (["origin", "carrier"], 5), (["dest"], 9))


def recent_state_flights(storm: pd.DataFrame, seed: int) -> list[pd.DataFrame]:
    """Return some of the flights for each of RECENT_STATE_GROUPS, their delays exchanged."""
    rng = np.random.default_rng(3103 + seed)
    parts = [storm.sample(700, random_state=int(rng.integers(10_000))) for _ in RECENT_STATE_GROUPS]
    return [part.assign(dep_delay=rng.permutation(part["dep_delay"])) for part in parts]


def recent_state_expected(flights: pd.DataFrame, by: list[str], hours: int) -> pd.DataFrame:
    """Return the state of each flight's group, comparing each flight with each."""
    left = flights["sched_dep"] + pd.to_timedelta(flights["dep_delay"], unit="min")
    times = (flights["sched_dep"] - LEAD, left, flights["sched_dep"])
    c, d, s = (instants.dt.tz_localize(None).to_numpy() for instants in times)
    key = flights[by].astype(str).agg("/".join, axis=1).to_numpy()
    begin, same = c - np.timedelta64(hours, "h"), key[:, None] == key
    gone = same & (d > begin[:, None]) & (d <= c[:, None])
    due = same & (s > begin[:, None]) & (s <= c[:, None]) & ~(d <= c[:, None])
    delays = np.where(gone, flights["dep_delay"].fillna(0).to_numpy(), 0.0).sum(axis=1)
    expected = pd.DataFrame({"departed": gone.sum(axis=1), "waiting": due.sum(axis=1)}, index=flights.index)
    return expected.assign(delay=delays / expected["departed"].where(expected["departed"] > 0))


# --- dfs_state ---


def dfs_state_questions(flights: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return questions: where nothing has left, at both ends of one departure's window, and drawn ones."""
    quiet = pd.DataFrame({"origin": "JFK", "cutoff": pd.to_datetime(["2013-07-22 09:01"], utc=True)}, index=[7_777])
    first = flights[flights["origin"] == "EWR"].dropna(subset=["dep_delay"]).iloc[40]
    instant = first["sched_dep"] + pd.Timedelta(minutes=first["dep_delay"])
    edges = pd.DataFrame({"origin": "EWR", "cutoff": [instant, instant + 3 * HOUR]}, index=[8_001, 8_000])
    asked = pd.concat([quiet, edges, week2.dfs_state.questions(flights, 30, seed + 77)])
    return asked[~asked.duplicated()]


def dfs_state_expected(flights: pd.DataFrame, asked: pd.DataFrame) -> pd.DataFrame:
    """Return the answer to each question, without Featuretools."""
    left, rows = flights["sched_dep"] + pd.to_timedelta(flights["dep_delay"], unit="min"), []
    for _, (origin, cutoff) in asked.iterrows():
        inside = (flights["origin"] == origin) & (left > cutoff - 3 * HOUR) & (left <= cutoff)
        window = flights["dep_delay"][inside]
        rows.append({"departed": len(window), "delay": window.mean(), "late": (window >= 15).mean()})
    return pd.DataFrame(rows, index=asked.index)


# --- encode ---


def encode_world(seed: int) -> tuple[pd.Series, pd.Series, np.ndarray]:
    """Return many rare categories, some of them missing, labels that are coins, and folds."""
    rng = np.random.default_rng(61 + seed)
    many = pd.Series(rng.integers(0, 400, 3_000)).map("K{}".format).where(rng.random(3_000) > 0.02).astype("category")
    return many, pd.Series(rng.random(3_000) < 0.3), rng.integers(0, 4, 3_000)


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
        X[false_friend] = rng.normal(size=size) + np.where(knows, 1.5 * y, 0.75)
    names = dict(zip(X, (f"c{number:02d}" for number in rng.permutation(X.shape[1])), strict=True))
    known: dict[str, dict[str, str] | str] = {"needed": {names[name]: _SELECT_FEATURES_NEEDED[name] for name in needed}}
    known |= {false_friend: names[false_friend]} if false_friend else {}
    order = [names[str(name)] for name in rng.permutation(X.columns)]
    return X.rename(columns=names)[order], y, known


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


def measure_lift_coins(seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return training rows, and test rows whose labels are coins."""
    train, test = measure_lift_days(2_500, seed), measure_lift_days(1_500, seed + 1)
    return train, test.assign(late=np.random.default_rng(seed).random(len(test)) < 0.3)


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
