"""Week 1's references and hidden cases, named by task: what the hidden tests compare a student's answers with.

Every function depends on its arguments and a seed alone. Real rows appear only where what became of them is no answer.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from sklearn.metrics import log_loss, roc_auc_score

from helpers import data, features
from helpers.checks.week1.train_models import Months
from helpers.features import NEW_YORK
from source.oracles import bootstrap

Rows = tuple[pd.DataFrame, pd.Series]  # features and labels
FATE = ["dep_time", "dep_delay", "arr_time", "arr_delay", "air_time"]  # what became of a flight


@cache
def _year() -> pd.DataFrame:
    """Return the year's flights, to read and not to change."""
    return data.flights()


# --- label_delays ---

ODD = [
    ("on the minute", 2400.0, 0.0, 0.0, "on_time"),
    ("most of an hour early", 600.0, -8.0, -48.0, "on_time"),
    ("20 minutes early", 640.0, -2.0, -20.0, "on_time"),
    ("left early, came late", 700.0, -5.0, 33.0, "late"),
    ("a day late", 1.0, 1400.0, 1440.0, "late"),
]
GONE = [
    ("cancelled at midnight", np.nan, np.nan, np.nan, "cancelled"),
    ("diverted just after midnight", 1.0, 90.0, np.nan, "diverted"),
    ("diverted at midnight", 2400.0, -3.0, np.nan, "diverted"),
]
LINE = [
    ("exactly 15 minutes after schedule", 5.0, 0.0, 15.0, "late"),
    ("just under 15 minutes", 2359.0, 20.0, 14.5, "on_time"),
    ("just above 15 minutes", 2359.0, 20.0, 15.5, "late"),
    ("16 minutes", 1200.0, 20.0, 16.0, "late"),
]


def label_delays(flights: pd.DataFrame) -> pd.Series:
    """Return what became of each flight."""
    delay = flights["arr_delay"]
    known = [delay.lt(15), delay.ge(15), flights["dep_time"].isna()]
    outcomes = np.select(known, ["on_time", "late", "cancelled"], "diverted")
    return pd.Series(outcomes, index=flights.index)


def _cases(rows: list[tuple[Any, ...]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["what", "dep_time", "dep_delay", "arr_delay", "expected"])


def _many(rows: list[tuple[Any, ...]], rng: np.random.Generator) -> pd.DataFrame:
    return _cases([rows[i] for i in rng.integers(len(rows), size=300)])


def _real(seed: int, *, arrived: bool) -> pd.DataFrame:
    """Return real fates, dealt out anew among the flights: looking a flight up tells nothing. None is on the line."""
    real = _year().sample(2_000, random_state=seed + 11)
    real[FATE] = real[FATE].sample(frac=1, random_state=seed + 12).to_numpy()
    real = real[real["arr_delay"].ne(15) & ~(arrived & real["arr_delay"].isna())].reset_index(drop=True)
    return real.assign(what="a flight of the table", expected=label_delays(real))


def label_delays_arrived(seed: int) -> Iterator[pd.DataFrame]:
    """Yield tables of flights that arrived, with ``what`` and ``expected``: two of the same shape, one row, real ones."""
    rng = np.random.default_rng(7130 + seed)
    yield from (_many(ODD, rng), _many(ODD, rng), _cases(ODD[:1]), _cases(ODD[4:]), _real(seed, arrived=True))


def label_delays_gone(seed: int) -> Iterator[pd.DataFrame]:
    """Yield tables with flights that did not arrive: among others, alone, of one kind, real ones."""
    rng = np.random.default_rng(7131 + seed)
    yield from (_many(ODD + GONE, rng), _many(ODD + GONE, rng), _cases(GONE), _cases(GONE[:1]), _cases(GONE[1:]))
    yield _real(seed, arrived=False)


def label_delays_line() -> Iterator[pd.DataFrame]:
    """Yield flights around 15 minutes, together and one by one."""
    yield _cases(LINE)
    yield from (_cases([row]) for row in LINE)


def label_delays_indexed(seed: int) -> Iterator[tuple[pd.DataFrame, pd.Index]]:
    """Yield flights, and an index that is not 0, 1, 2, …: shuffled numbers, words, times."""
    rng = np.random.default_rng(7132 + seed)
    flights = _many(ODD + GONE, rng).drop(columns=["what", "expected"])
    order = rng.permutation(len(flights))
    for index in (order, order + 17, [f"UA {number}" for number in order], order // 3):
        yield flights, pd.Index(index)
    yield flights, pd.DatetimeIndex(pd.Timestamp("2014-01-01") + pd.to_timedelta(order, unit="h"))


def label_delays_empty() -> Iterator[pd.DataFrame]:
    """Yield tables without a flight: of the two columns alone, and of all that a flight has."""
    yield _cases(ODD[:1]).drop(columns=["what", "dep_delay", "expected"]).head(0)
    yield _year().head(0)


# --- time_split ---


class Split(NamedTuple):
    """Flights to split, the two dates, and the part of each flight."""

    flights: pd.DataFrame
    valid_from: str
    test_from: str
    expected: pd.Series


def time_split(flights: pd.DataFrame, valid_from: str, test_from: str) -> pd.Series:
    """Return the part of each flight: "train", "valid" or "test"."""
    edges = [pd.Timestamp(day, tz=NEW_YORK) for day in (valid_from, test_from)]
    passed = sum(flights["sched_dep"].ge(edge).astype(int) for edge in edges)
    return pd.Series(passed, index=flights.index).map({0: "train", 1: "valid", 2: "test"})


EVENINGS = np.setdiff1d(np.arange(-300, 301), np.arange(-5, 6))  # minutes around a midnight, but for the stroke


def time_split_summer(seed: int) -> Iterator[Split]:
    """Yield days of summer, of this and another year, that begin on other dates than the visible ones; none at midnight."""
    rng = np.random.default_rng(515 + seed)
    for days in (("2013-05-01", "2013-05-03"), ("2013-06-30", "2013-08-02")):
        yield _split(_around_midnights(days, rng, EVENINGS), *days)
        yield _split(_flights_around(*days).sample(500, random_state=int(rng.integers(1000))), *days)
    yield _split(_around_midnights(("2016-07-31", "2016-08-10"), rng, EVENINGS), "2016-07-31", "2016-08-10")


def time_split_winter(seed: int) -> Iterator[Split]:
    """Yield days around both changes of the clock, a turn of the year, and a winter of another year."""
    rng = np.random.default_rng(516 + seed)
    changes = (("2013-03-10", "2013-03-11"), ("2013-11-03", "2013-11-04"), ("2013-02-01", "2013-12-31"))
    for days in (*changes, ("2015-01-12", "2015-01-18"), ("2012-12-31", "2013-01-01")):
        yield _split(_around_midnights(days, rng, EVENINGS), *days)


def time_split_midnight(seed: int) -> Iterator[Split]:
    """Yield flights in the minutes around midnight, several of them on the stroke."""
    rng = np.random.default_rng(517 + seed)
    for days in (("2013-05-01", "2013-05-02"), ("2016-08-04", "2016-08-06")):
        yield _split(_around_midnights(days, rng, np.arange(-3, 4)), *days)


def time_split_indexed(seed: int) -> Iterator[Split]:
    """Yield flights in any order, under an index of words, and under one in which labels come twice."""
    few = _year().sample(600, random_state=seed + 5)
    for index in ([f"flight {n}" for n in few.index], few.index % 400):
        yield _split(few.set_axis(index), "2013-04-01", "2013-10-15")


def time_split_few_columns(seed: int) -> Iterator[Split]:
    """Yield flights of one column and of two; among the latter, rows that are alike come under several labels."""
    few = _year().sample(300, random_state=seed + 6)
    yield _split(few[["sched_dep"]], "2013-04-01", "2013-10-15")
    twice = pd.concat([few, few[:50], few[:10]]).reset_index(drop=True)
    yield _split(twice[["sched_dep", "dest"]], "2013-04-01", "2013-10-15")


def time_split_empty(seed: int) -> Iterator[Split]:
    """Yield flights that all lie before, between or after the dates, and a single one."""
    few = _year().sample(500, random_state=seed + 1)
    days = (("2014-01-02", "2014-02-01"), ("2012-01-01", "2012-02-01"), ("2012-01-01", "2014-02-01"))
    yield from (_split(few, *both) for both in days)
    yield _split(few[:1], "2013-01-01", "2014-02-01")


def _split(flights: pd.DataFrame, valid_from: str, test_from: str) -> Split:
    return Split(flights, valid_from, test_from, time_split(flights, valid_from, test_from))


def _flights_around(first: str, last: str) -> pd.DataFrame:
    """Return the flights from two days before the first day until two days after the last."""
    flights = _year()
    local = flights["sched_dep"].dt.tz_convert(NEW_YORK).dt.tz_localize(None)
    near = (local > pd.Timestamp(first) - pd.Timedelta("2D")) & (local < pd.Timestamp(last) + pd.Timedelta("2D"))
    return flights[near]


def _around_midnights(days: tuple[str, str], rng: np.random.Generator, minutes: np.ndarray) -> pd.DataFrame:
    """Return flights moved to some ``minutes`` before (less than 0) and after the midnights at which two days begin."""
    nights = [pd.Timestamp(day, tz=NEW_YORK) for day in days]
    local = pd.Series([nights[n % 2] + pd.Timedelta(int(m), "min") for n, m in enumerate(rng.choice(minutes, 300))])
    flights = _year().sample(300, random_state=int(rng.integers(1000)))
    calendar = {name: getattr(local.dt, name).to_numpy() for name in ("year", "month", "day", "hour", "minute")}
    known = {name: values for name, values in calendar.items() if name in flights}
    return flights.assign(sched_dep=pd.DatetimeIndex(local.dt.tz_convert("UTC")), **known)


# --- rule_of_thumb ---


def rule_of_thumb(train: pd.DataFrame, hours: Sequence[int], m: float = 50.0) -> dict[int, float]:
    """Return the shrunken share of late flights at each hour."""
    rate = train["late"].mean()
    known = {hour: train.loc[train["hour"] == hour, "late"] for hour in hours}
    return {hour: float((late.sum() + m * rate) / (len(late) + m)) for hour, late in known.items()}


def _known(rng: np.random.Generator, size: int) -> pd.DataFrame:
    return pd.DataFrame({"hour": rng.integers(5, 20, size), "late": rng.random(size) < 0.3})


def rule_of_thumb_seen(seed: int) -> Iterator[tuple[pd.DataFrame, pd.DataFrame, dict[int, float], float]]:
    """Yield training flights, flights of hours among them, the scores by hour, and ``m``: each with several others."""
    rng = np.random.default_rng(99 + seed)
    for size, m in ((800, 2.0), (800, 40.0), (12, 0.5), (12, 300.0), (1, 4.0), (30, 1e9)):
        known = _known(rng, size)
        asked = pd.DataFrame({"hour": rng.choice(known["hour"].unique(), 60)})
        yield known, asked, rule_of_thumb(known, sorted(set(asked["hour"])), m), m
    late = pd.DataFrame({"hour": [7, 7, 8], "late": [True, True, True]})
    yield late, late[["hour"]], {7: 1.0, 8: 1.0}, 3.0
    yield late.assign(late=False), late[["hour"]], {7: 0.0, 8: 0.0}, 3.0


def rule_of_thumb_unseen(seed: int) -> Iterator[tuple[pd.DataFrame, pd.DataFrame, np.ndarray, float]]:
    """Yield training flights, flights to score, which of these have an hour without training flights, and the rate."""
    rng = np.random.default_rng(100 + seed)
    for size in (3, 20, 500):
        known = _known(rng, size)
        asked = pd.DataFrame({"hour": rng.permutation(24)})
        yield known, asked, ~asked["hour"].isin(known["hour"]).to_numpy(), float(known["late"].mean())


def rule_of_thumb_midnight(seed: int) -> tuple[pd.DataFrame, pd.DataFrame, dict[int, float]]:
    """Return training flights of the first and the last hours of the day, flights of these hours, and the scores."""
    rng = np.random.default_rng(103 + seed)
    known = pd.DataFrame({"hour": rng.permutation(np.repeat([0, 1, 22, 23], 30))})
    known["late"] = rng.random(120) < np.where(known["hour"] < 12, 0.8, 0.1)
    return known, pd.DataFrame({"hour": [0, 23, 1, 22, 0]}), rule_of_thumb(known, [0, 1, 22, 23], 2.0)


def rule_of_thumb_indexed(seed: int) -> Iterator[tuple[pd.DataFrame, pd.DataFrame, Any]]:
    """Yield training flights, flights numbered from 0, and another index for them; many flights, one and none."""
    rng = np.random.default_rng(101 + seed)
    known = _known(rng, 200).set_axis(rng.permutation(200) + 60)
    for size in (60, 1, 0):
        asked = pd.DataFrame({"hour": rng.choice(known["hour"].unique(), size)})
        words = pd.Index([f"UA {n}" for n in range(size)], dtype=object)
        for index in (rng.permutation(size), rng.permutation(size) + 500, rng.integers(9, size=size), words):
            yield known, asked, index


def rule_of_thumb_weights(seed: int) -> Iterator[tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]]:
    """Yield training flights, flights of hours among them, and flights of other hours."""
    rng = np.random.default_rng(102 + seed)
    for size in (3, 60):
        known = _known(rng, size)
        yield known, known[["hour"]].reset_index(drop=True), pd.DataFrame({"hour": [2, 23, 1, 2]})


# --- second_order ---


def gradients(y: np.ndarray, raw: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return gradient and Hessian of the log loss at raw scores; nothing overflows."""
    small = np.exp(-np.abs(raw))
    p = np.where(raw >= 0, 1.0, small) / (1 + small)
    return p - y, small / (1 + small) ** 2


def split_gain(left: tuple[float, float], right: tuple[float, float], lam: float) -> float:
    """Return the fall of the objective from one leaf to two; ``left`` and ``right`` are (G, H)."""
    both = left[0] + right[0], left[1] + right[1]
    return _lowest(*both, lam) - _lowest(*left, lam) - _lowest(*right, lam)


def _lowest(G: float, H: float, lam: float) -> float:
    """Return the objective of a leaf at its best weight."""
    return -0.5 * G * G / (H + lam)


def leaf_weight(G: float, H: float, lam: float) -> float:
    """Return the lowest point of a leaf's parabola."""
    return -G / (H + lam)


def second_order_rows(seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield labels and raw scores: many tables of one shape, labels of one class, one row."""
    rng = np.random.default_rng(2016 + seed)
    for _ in range(30):
        yield rng.integers(0, 2, 20), rng.normal(scale=3, size=20)
    for label in (0, 1):
        yield np.full(5, label), rng.normal(size=5)
        yield np.array([label]), rng.normal(size=1)
    raw = np.linspace(-25, 25, 11)
    yield (raw > 3).astype(int), raw


def second_order_leaves(
    seed: int, *, harm: bool | None = None
) -> Iterator[tuple[tuple[float, float], tuple[float, float], float]]:
    """Yield (G, H) of a left and of a right leaf, and λ; with ``harm`` those whose gain is negative, or is not."""
    rng = np.random.default_rng(2016 + seed)
    for number in range(80):
        (G, G2), (H, H2) = rng.normal(scale=10, size=2), rng.exponential(5, size=2) + 1e-3
        if number % 2:
            G2 = G * H2 / H  # alike on both sides
        for lam in (0.0, 0.3, float(rng.exponential(20)) + 0.1):
            left, right = (float(G), float(H)), (float(G2), float(H2))
            if harm is None or harm == (split_gain(left, right, lam) < -1e-6):
                yield left, right, lam
    if harm is None:
        yield (3.0, 0.0), (1.0, 1.0), 2.0  # no Hessian at all: λ alone holds the weight


def second_order_extremes() -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield labels and raw scores far out on both sides, together and one by one."""
    for size in (800.0, 710.0, 100.0):
        y, raw = np.array([0, 1, 0, 1]), np.array([size, size, -size, -size])
        yield y, raw
        yield from ((y[n : n + 1], raw[n : n + 1]) for n in range(4))


# --- boosting_step ---

PARAMS = {"max_depth": 2, "eta": 0.3, "lambda": 1.0, "min_child_weight": 1.0}


class Trees(NamedTuple):
    """Rows, labels, raw scores before the first step, settings, and the raw scores after each of XGBoost's trees."""

    X: np.ndarray
    y: np.ndarray
    start: np.ndarray
    params: dict[str, float]
    expected: list[np.ndarray]


def boosting_step(
    X: np.ndarray, y: np.ndarray, start: np.ndarray, params: Mapping[str, float], trees: int = 1
) -> list[np.ndarray]:
    """Return the raw scores of the installed XGBoost after each tree that it grows on top of ``start``."""
    import xgboost

    settings = {**params, "objective": "binary:logistic", "base_score": 0.5, "tree_method": "exact", "nthread": 1}
    matrix = xgboost.DMatrix(X, label=y, base_margin=start)
    booster = xgboost.train(settings, matrix, num_boost_round=trees)
    return [booster.predict(matrix, output_margin=True, iteration_range=(0, n + 1)) for n in range(trees)]


def _table(rng: np.random.Generator, rows: int = 160, features: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Return features without ties, as single precision holds them, and labels."""
    X = rng.normal(size=(rows, features)).astype("float32").astype(float)
    return X, (X[:, 0] * X[:, -1] + rng.normal(size=rows) > 0.3).astype(int)


def _trees(X: np.ndarray, y: np.ndarray, start: np.ndarray, params: dict[str, float], trees: int = 1) -> Trees:
    return Trees(X, y, start, params, boosting_step(X, y, start, params, trees))


def boosting_step_plain(seed: int) -> Iterator[Trees]:
    """Yield tables for the visible settings: three trees in a row, two tables of one shape, a single feature."""
    rng = np.random.default_rng(31 + seed)
    for columns, trees in ((4, 3), (4, 1), (1, 1), (6, 1)):
        X, y = _table(rng, features=columns)
        yield _trees(X, y, rng.normal(size=160), PARAMS, trees)


def boosting_step_weights(seed: int) -> Iterator[Trees]:
    """Yield tables for other learning rates and penalties."""
    rng = np.random.default_rng(32 + seed)
    for eta, lam in ((1.0, 0.0), (0.3, 5.0), (0.1, 0.5), (0.5, 20.0), (0.1, 1.0)):
        yield _trees(*_table(rng), rng.normal(size=160), PARAMS | {"eta": eta, "lambda": lam})


def boosting_step_depths(seed: int) -> Iterator[Trees]:
    """Yield tables for stumps and for deeper trees."""
    rng = np.random.default_rng(33 + seed)
    for depth in (1, 3, 4):
        yield _trees(*_table(rng), rng.normal(size=160), PARAMS | {"max_depth": depth})


def boosting_step_heavy(seed: int) -> Iterator[Trees]:
    """Yield tables for a smaller and for larger weights of a child."""
    rng = np.random.default_rng(34 + seed)
    for weight in (0.0, 3.0, 5.0, 8.0):  # below the root's sum: XGBoost gives a lighter root no weight
        yield _trees(*_table(rng), rng.normal(size=160), PARAMS | {"min_child_weight": weight})


def boosting_step_ties(seed: int) -> Iterator[Trees]:
    """Yield tables in which values come many times, and one feature has a single value."""
    rng = np.random.default_rng(35 + seed)
    for levels in (2, 5, 12):
        X, y = _table(rng)
        X[:, 1], X[:, 0] = rng.integers(0, levels, 160), rng.integers(0, levels, 160)
        X[:, 2] = 7.0
        yield _trees(X, y, rng.normal(size=160), PARAMS)
    yield _trees(np.ones((20, 2)), np.arange(20) % 2, rng.normal(size=20), PARAMS)


def boosting_step_many_values(seed: int) -> Iterator[Trees]:
    """Yield tables of one and of two features with more different values than a library's histogram has bins."""
    rng = np.random.default_rng(37 + seed)
    for features_ in (1, 2):
        X, y = _table(rng, rows=900, features=features_)
        yield _trees(X, y, rng.normal(size=900), PARAMS)


def boosting_step_no_gain(seed: int) -> Iterator[Trees]:
    """Yield labels of one class (no split is worth its while, and one is), and tables of a few rows, down to one."""
    rng = np.random.default_rng(36 + seed)
    X, _ = _table(rng)
    for start in (rng.normal(size=160), 3 * X[:, 0]):
        yield _trees(X, np.ones(160, dtype=int), start, PARAMS)
    params = PARAMS | {"min_child_weight": 0.0}
    for size in (1, 2, 3, 5, 9, 14):  # down to nodes of a single row
        yield _trees(X[:size], (np.arange(size) % 3 == 0).astype(int), rng.normal(size=size), params)


def boosting_step_one_split(near: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray, dict[str, float]]:
    """Return rows, labels, raw scores and settings for which one split is allowed, that between the two classes.

    At a raw score of 0 every Hessian is ¼, so each side has ``min_child_weight`` exactly. With ``near`` the values of
    the feature differ by less than a number of single precision, as libraries keep them, can tell, and weight is no matter.
    """
    X = np.arange(16.0).reshape(-1, 1)
    params = {"max_depth": 1, "eta": 1.0, "lambda": 1.0, "min_child_weight": 1.0 if near else 2.0}
    return 1 + 1e-10 * X if near else X, np.repeat([0, 1], 8), np.zeros(16), params


def boosting_step_close_gains() -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray, dict[str, float], int]]:
    """Yield rows, labels, raw scores, settings, and the feature whose split has the larger gain.

    The other's gain is smaller by some 1e-7: raw scores differ by what single precision rounds away, and by ranks
    alone both splits are alike. Either feature stands first once, since equal gains go to the first.
    """
    y = np.array([0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 1, 0, 1, 1, 1, 1])
    half, other = np.repeat([0.0, 1.0], 8), np.tile(np.repeat([0.0, 1.0], 4), 2)
    params = {"max_depth": 1, "eta": 1.0, "lambda": 1.0, "min_child_weight": 0.0}
    for columns in ([half, other], [other, half]):
        X = np.column_stack(columns)
        for off in (5e-8, -5e-8):
            raw = 1.5 + off * (half - other)
            g, h = gradients(y, raw)
            sides = [[(g[x == side].sum(), h[x == side].sum()) for side in (0, 1)] for x in columns]
            gains = [split_gain(left, right, 1.0) for left, right in sides]
            yield X, y, raw, params, int(np.argmax(gains))


# --- train_models ---


def train_models_months(seed: int) -> list[Months]:
    """Return two choices of months to train on, to stop by and to be scored on."""
    spans = [((2, 7), (8, 8), (9, 10)), ((1, 8), (9, 9), (10, 12))]
    return [_months(span, seed + 21 + number) for number, span in enumerate(spans)]


def _months(spans: Sequence[tuple[int, int]], seed: int) -> Months:
    year = _year().dropna(subset=["arr_delay"])
    parts = [year[year["month"].between(*span)].sample(8_000, random_state=seed) for span in spans]
    labels = [label_delays(part).eq("late") for part in parts]
    train, valid, test = zip(map(features.schedule_features, parts), labels, strict=True)
    by_hour = labels[0].groupby(parts[0]["hour"]).mean()
    rule = parts[2]["hour"].map(by_hour).fillna(labels[0].mean())
    return Months(train, valid, test, float(roc_auc_score(labels[2], rule)), seed)


class Groups(NamedTuple):
    """Rows whose signal lies in a category alone, and the last of them with its levels listed in another order."""

    train: Rows
    valid: Rows
    test: Rows
    relisted: pd.DataFrame


def train_models_groups(seed: int) -> Groups:
    """Return 3,000 rows; among the last a level without training rows, and a missing number."""
    rng = np.random.default_rng(62 + seed)
    secret = pd.Series(rng.permutation(40) < 20)
    X = pd.DataFrame({"level": rng.integers(0, 36, 3_000), "x": rng.normal(size=3_000)})
    y = pd.Series(secret[X["level"]].to_numpy() ^ (rng.random(3_000) < 0.05))
    X["level"] = pd.Categorical(X["level"].map("L{:02d}".format), categories=[f"L{i:02d}" for i in range(40)])
    last = X.iloc[2_000:].copy()
    last.iloc[0, 0], last.iloc[1, 1] = "L39", np.nan
    relisted = last.assign(level=last["level"].cat.reorder_categories(rng.permutation(last["level"].cat.categories)))
    return Groups((X[:1_000], y[:1_000]), (X[1_000:2_000], y[1_000:2_000]), (last, y[2_000:]), relisted)


def train_models_noise(seed: int) -> tuple[Rows, Rows]:
    """Return rows to train on and to stop by, with labels that have nothing to do with their features."""
    (X, _), (X_valid, _), *_ = train_models_groups(seed)
    rng = np.random.default_rng(seed + 63)
    return (X, pd.Series(rng.random(len(X)) < 0.5, X.index)), (
        X_valid,
        pd.Series(rng.random(len(X_valid)) < 0.5, X_valid.index),
    )


def train_models_many(seed: int) -> tuple[Rows, Rows, Rows]:
    """Return 12,000 rows to train on, and few to stop by and to score."""
    (X, y), valid, test, _ = train_models_groups(seed)
    many = pd.concat([X] * 12, ignore_index=True)
    many["x"] = np.random.default_rng(seed + 65).normal(size=len(many))
    return (many, pd.concat([y] * 12, ignore_index=True)), valid, test


def train_models_only_valid(seed: int) -> tuple[Rows, Rows]:
    """Return rows whose labels are coins, and others whose labels follow a feature that is constant in the first.

    No tree that is grown on the first can split by it: whatever else it does, its AUC on the 3,000 others is one half
    with a standard error of 0.01, so that 0.6 is nine of them away.
    """
    rng = np.random.default_rng(seed + 64)
    X = pd.DataFrame({"level": pd.Categorical(["one"] * 4_000), "x": rng.random(4_000), "z": rng.random(4_000)})
    y = pd.Series(np.where(np.arange(4_000) < 1_000, rng.random(4_000) < 0.5, X["x"] > 0.5))
    X.loc[:999, "x"] = 0.5
    return (X[:1_000], y[:1_000]), (X[1_000:], y[1_000:])


def train_models_steps() -> tuple[Rows]:
    """Return rows without noise: a different threshold in ``step`` on either side of ``side``.

    No two neighbouring groups of steps have as many rows: a penalty then gives each leaf a weight of its own, and a
    threshold shows even where both its sides have one class.
    """
    many = [331, 263, 211, 151, 127, 101, 83, 67, 53, 41]
    step, side = np.tile(np.repeat(np.arange(10), many), 2), np.repeat([0, 1], sum(many))
    order = np.random.default_rng(0).permutation(len(step))
    step, side = step[order], side[order]
    X = pd.DataFrame(
        {"level": pd.Categorical(["one"] * len(step)), "side": side.astype(float), "step": step.astype(float)}
    )
    return ((X, pd.Series(np.where(side == 1, step < 7, step >= 8))),)


def train_models_two_kinds() -> Rows:
    """Return flights of two kinds, late 9 times in 10 and once in 10.

    From the first tree on, AUC and accuracy stay as they are, while log loss falls until the probabilities are right:
    to 0.325, from 0.693.
    """
    row = np.arange(1_000)
    evening = row % 2 == 1
    X = pd.DataFrame({"level": pd.Categorical(np.where(evening, "evening", "morning")), "x": evening.astype("int32")})
    return X, pd.Series(evening ^ (row % 20 < 2))


def train_models_rare() -> Rows:
    """Return flights of two kinds, late once in 2 and once in 32; one in 8 of all.

    Rows to train on and to stop by at once: a model that is let be comes within 0.01 of the share late (XGBoost,
    LightGBM and CatBoost, learning rates 0.01 to 0.3, other penalties and starts), one with balanced classes is 0.18 off.
    """
    row = np.arange(1_000)
    storm = row % 5 == 0
    X = pd.DataFrame({"level": pd.Categorical(np.where(storm, "storm", "calm")), "x": storm.astype("int32")})
    return X, pd.Series(np.where(storm, row // 5 % 2 == 0, row % 40 == 1))


# --- paired_bootstrap ---


def auc_difference(table: pd.DataFrame) -> float:
    """Return the AUC of ``a`` less that of ``b`` on all rows."""
    return float(roc_auc_score(table["late"], table["a"]) - roc_auc_score(table["late"], table["b"]))


def paired_bootstrap(table: pd.DataFrame, seed: int) -> tuple[float, float]:
    """Return the ends of the 95 % interval of the difference, over whole days."""
    late, a, b = (table[name].to_numpy() for name in ("late", "a", "b"))
    return bootstrap.auc_difference(late, b, a, table["day"].to_numpy(), 20_000, np.random.default_rng(seed))


def paired_bootstrap_tables(seed: int) -> dict[str, pd.DataFrame]:
    """Return tables of ``late``, ``a``, ``b`` and ``day`` by what they are for."""
    plain, copies = _two_models(50, 12, 0.9, 0.7, seed + 40), _two_models(40, 6, 0.9, 0.7, seed + 50)
    twins = _two_models(60, 12, 1.0, 1.0, seed + 51)
    noise = 0.05 * np.random.default_rng(seed).normal(size=len(twins))
    rare = _two_models(6, 4, 0.5, 0.4, seed + 70).assign(late=lambda t: t.index == 3)
    return {
        "plain": plain,
        "swapped": plain.rename(columns={"a": "b", "b": "a"}),
        "copies": copies,
        "tenfold": pd.concat([copies] * 10, ignore_index=True),
        "twins": twins.assign(b=twins["a"] + noise),
        "rare": rare,
        "sure": rare.assign(a=rare["late"] * 1.0, b=rare["late"] * -1.0),  # a is right and b wrong in every draw
        "one day": plain.assign(day="1 May"),
        "skewed": _one_good_day(seed + 60),
        "named": _unequal_days(seed + 60),
    }


def paired_bootstrap_plain(seed: int) -> Iterator[pd.DataFrame]:
    """Yield tables of one shape, with labels of either kind, where b is better, and under another index."""
    first, second = _two_models(20, 12, 0.9, 0.7, seed + 41), _two_models(20, 12, 0.3, 2.0, seed + 42)
    yield from (first, second, first.assign(late=first["late"].astype(int)))
    yield second.sample(frac=1, random_state=seed).assign(day=lambda t: t["day"].map("day {}".format))
    yield _unequal_days(seed + 61)


def paired_bootstrap_verdicts(seed: int) -> Iterator[tuple[pd.DataFrame, str, str]]:
    """Yield tables, their winners, and what is wrong with any other."""
    yield _two_models(40, 15, 0.3, 2.0, seed + 80), "b", "a model that is far worse does not lose"
    yield _two_models(40, 15, 2.0, 0.3, seed + 81), "a", "a model that is far better does not win"
    half = _two_models(20, 15, 0.9, 0.7, seed + 82)  # each day once more, with the two models swapped
    other = half.rename(columns={"a": "b", "b": "a"}).assign(day=half["day"] + 20)
    yield pd.concat([half, other]), "none", "a model wins that the data cannot tell from the other"
    good = _one_good_day(seed + 83)  # an end is exactly zero: a third of the draws lacks the one good day
    yield good, "none", "a model wins although its interval reaches down to zero"
    swapped = good.rename(columns={"a": "b", "b": "a"})
    yield swapped, "none", "a model wins although its interval reaches down to zero"


def paired_bootstrap_large_day(seed: int) -> tuple[pd.DataFrame, str, str]:
    """Return ten days, of which the largest, with most flights, is the only one on which a is better, and the winner.

    A third of the draws (0.9 to the power of 10) lacks that day. Who draws until there are enough flights waits for it.
    """
    rng = np.random.default_rng(seed + 84)
    day, late = np.repeat(np.arange(10), [200, *[4] * 9]), np.tile([False, True], 118)
    right = late + 0.1 * rng.normal(size=236)
    a, b = np.where(day == 0, right, -right), np.where(day == 0, -right, right)
    wrong = "a model wins by one large day, which many draws of whole days do not have"
    return pd.DataFrame({"late": late, "a": a, "b": b, "day": day}), "none", wrong


def paired_bootstrap_ties(seed: int) -> Iterator[pd.DataFrame]:
    """Yield tables in which many flights have the same score."""
    for digits in (0, 1):
        table = _two_models(20, 12, 0.9, 0.4, seed + 43)
        yield table.assign(a=table["a"].round(digits), b=table["b"].round(0))
    yield _two_models(20, 12, 0.9, 0.4, seed + 44).assign(b=0.5)


def _two_models(days: int, flights_a_day: int, skill_a: float, skill_b: float, seed: int) -> pd.DataFrame:
    """Return two models' scores on days that have storms in common."""
    rng = np.random.default_rng(seed)
    day = np.repeat(np.arange(days), flights_a_day)
    storm, luck = rng.normal(size=days)[day], rng.normal(size=(3, len(day)))
    late = storm + luck[0] > 0.8
    return pd.DataFrame({"late": late, "a": skill_a * late + luck[1], "b": skill_b * late + luck[2], "day": day})


def _one_good_day(seed: int) -> pd.DataFrame:
    """Return a table where a is better on one day, and on no other is there a difference."""
    day, late = np.repeat(np.arange(16), 8), np.tile([False, True], 64)
    same, storm = np.random.default_rng(seed).normal(size=128), 4 * late * (day == 0)
    return pd.DataFrame({"late": late, "a": same + storm, "b": same - storm, "day": day})


def _unequal_days(seed: int) -> pd.DataFrame:
    """Return days of 4 and of 20 flights, on which the models' skills differ; named, in any order."""
    rng = np.random.default_rng(seed)
    size = np.repeat([4, 20], [10, 6])
    day, late = np.repeat(np.arange(16), size), np.tile([False, True], 80)
    skill = rng.normal(1, 2, size=(2, 16)) + 1.5 * np.outer([1, 0], size > 4)
    a, b = rng.normal(size=(2, 160)) + late * skill[:, day]
    table = pd.DataFrame({"late": late, "a": a, "b": b, "day": day}).sample(frac=1, random_state=2)
    return table.assign(day=table["day"].map("day {}".format))


# --- benchmark ---

Trainer = Callable[..., tuple[Any, int]]


def benchmark_cases(seed: int) -> list[tuple[dict[str, Rows], list[int]]]:
    """Return parts to train on, to stop by and to be measured on, cut from flights in any order; each with seeds."""
    return [(_parts(seed + 400, 500), [7, 8, 9]), (_parts(seed + 401, 350), [42])]


def benchmark_sure(seed: int) -> tuple[dict[str, Rows], list[int]]:
    """Return parts with one late flight in training, so that models are sure of every flight, and a seed."""
    parts = _parts(seed + 402, 400)
    X, y = parts["train"]
    return parts | {"train": (X, pd.Series(np.arange(len(y)) == 7, y.index))}, [3]


def _parts(seed: int, tests: int) -> dict[str, Rows]:
    flights = _year().dropna(subset=["arr_delay"]).sample(1_900 + tests, random_state=seed)
    X, y = features.schedule_features(flights), label_delays(flights).eq("late")
    cut = {"train": slice(0, 1_500), "valid": slice(1_500, 1_900), "test": slice(1_900, None)}
    return {name: (X.iloc[rows], y.iloc[rows]) for name, rows in cut.items()}


def benchmark_sizes(trainers: Mapping[str, Trainer], parts: Mapping[str, Rows], seeds: Sequence[int]) -> pd.Series:
    """Return the length of each pickled model, index (library, seed)."""
    sizes = {
        (library, seed): len(pickle.dumps(trainer(*parts["train"], *parts["valid"], seed=seed)[0]))
        for library, trainer in trainers.items()
        for seed in seeds
    }
    return pd.Series(sizes)


def benchmark(
    trainers: Mapping[str, Trainer], parts: Mapping[str, Rows], seeds: Sequence[int]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return AUC and log loss on test, index (library, seed), and the mean scores, a column for each library."""
    X, y = parts["test"]
    fitted = {
        (library, seed): trainer(*parts["train"], *parts["valid"], seed=seed)[0].predict_proba(X)[:, 1]
        for library, trainer in trainers.items()
        for seed in seeds
    }
    rows = {key: {"auc": roc_auc_score(y, p), "log_loss": log_loss(y, p)} for key, p in fitted.items()}
    means = {library: np.mean([fitted[library, seed] for seed in seeds], axis=0) for library in trainers}
    return pd.DataFrame.from_dict(rows, orient="index"), pd.DataFrame(means, index=X.index)


# --- submission ---

Asked = tuple[pd.Series, np.ndarray]  # ids and probabilities


def _asked(seed: int) -> Asked:
    rng = np.random.default_rng(404 + seed)
    return pd.Series(rng.permutation(5_000)[:900]), 0.002 + 0.996 * rng.random(900)


def submission_rows(seed: int) -> Iterator[Asked]:
    """Yield ids numbered from 0, and probabilities: two tables of one shape, one row, long ids."""
    yield from (_asked(seed), _asked(seed + 1))
    yield pd.Series([5]), np.array([0.75])
    yield pd.Series([9_007_199_254_740_993, 9_007_199_254_740_992]), np.array([0.25, 0.5])
    yield pd.Series([3, 1, 2]), np.array([0.1, 0.3, 0.2], dtype="float32")


def submission_indexed(seed: int) -> Iterator[Asked]:
    """Yield ids under an index of their own: shuffled, other numbers, labels that come twice, words."""
    rng = np.random.default_rng(405 + seed)
    ids, p = _asked(seed)
    for index in (rng.permutation(900), rng.permutation(900) + 33, rng.integers(90, size=900), [f"r{n}" for n in ids]):
        yield ids.set_axis(index), p


def submission_ends() -> Asked:
    """Return probabilities at both ends."""
    return pd.Series([4, 2]), np.array([0.0, 1.0])


def submission_refused(seed: int, kind: str) -> dict[str, list[Asked]]:
    """Return input of one kind that must be refused, by what is wrong with it."""
    (ids, good), at = _asked(seed), np.arange(900)
    twice = [pd.concat([ids[:-1], ids[:1]], ignore_index=True), ids.where(at != 7, ids[6]).astype(int)]
    cases: dict[str, dict[str, list[Asked]]] = {
        "lengths": {"lengths that differ": [(ids, good[:-1]), (ids[:-1], good), (ids, good[:1]), (ids, good[:0])]},
        "doubles": {"an id that comes twice": [(one, good) for one in twice]},
        "missing": {"a missing probability": [(ids, np.where(at == n, np.nan, good)) for n in (5, 0, 899)]},
        "outside": {
            "a probability above 1": [
                (ids, np.where(at == n, x, good)) for n, x in ((3, 1 + 1e-12), (899, 55), (0, np.inf))
            ],
            "a probability below 0": [
                (ids, np.where(at == n, -x, good)) for n, x in ((3, 1e-12), (899, 1), (0, np.inf))
            ],
        },
    }
    return cases[kind]
