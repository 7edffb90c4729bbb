"""Week 1's references and hidden cases, named by task: what the hidden tests compare a student's answers with.

Every function depends on its arguments and a seed alone. Real rows appear only where what became of them is no answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from sklearn.metrics import log_loss, roc_auc_score

from helpers import data, features
from helpers.features import NEW_YORK
from source.oracles import bootstrap

Rows = tuple[pd.DataFrame, pd.Series]  # features and labels
FATE = ["dep_time", "dep_delay", "arr_time", "arr_delay", "air_time"]  # what became of a flight


# --- label_delays ---

ODD = [
    ("exactly 15 minutes after schedule", 5.0, 0.0, 15.0, "late"),
    ("just under 15 minutes", 2359.0, 20.0, 14.5, "on_time"),
    ("on the minute", 2400.0, 0.0, 0.0, "on_time"),
    ("most of an hour early", 600.0, -8.0, -48.0, "on_time"),
    ("a day late", 1.0, 1400.0, 1440.0, "late"),
    ("cancelled at midnight", np.nan, np.nan, np.nan, "cancelled"),
    ("diverted just after midnight", 1.0, 90.0, np.nan, "diverted"),
]


def label_delays(flights: pd.DataFrame) -> pd.Series:
    """Return what became of each flight."""
    delay = flights["arr_delay"]
    known = [delay.lt(15), delay.ge(15), flights["dep_time"].isna()]
    outcomes = np.select(known, ["on_time", "late", "cancelled"], "diverted")
    return pd.Series(outcomes, index=flights.index)


def label_delays_cases(seed: int) -> Iterator[pd.DataFrame]:
    """Yield tables of flights with ``what`` and ``expected``: odd ones, many of them, one, and a year's real fates.

    The real fates are dealt out anew among the flights, so that looking a flight up tells nothing.
    """
    rng = np.random.default_rng(7130 + seed)
    odd = pd.DataFrame(ODD, columns=["what", "dep_time", "dep_delay", "arr_delay", "expected"])
    many = odd.loc[rng.integers(len(odd), size=400)].set_axis(rng.permutation(400) + 17)
    yield from (odd, many, many.iloc[:1])
    real = data.flights().sample(2_000, random_state=seed + 11)
    real[FATE] = real[FATE].sample(frac=1, random_state=seed + 12).to_numpy()
    yield real.assign(what="a flight of the table", expected=label_delays(real))


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


def time_split_cases(seed: int) -> Iterator[Split]:
    """Yield flights around both changes of the clock and the turn of a month, around midnight, and before all dates."""
    rng = np.random.default_rng(515 + seed)
    for days in [("2013-03-10", "2013-03-11"), ("2013-11-03", "2013-11-04"), ("2013-06-30", "2013-12-31")]:
        yield _split(_flights_around(*days).sample(frac=0.8, random_state=int(rng.integers(1000))), *days)
    yield _split(_around_midnight("2013-05-01", rng), "2013-05-01", "2013-05-02")
    yield _split(data.flights().sample(500, random_state=1), "2014-01-01", "2014-02-01")


def _split(flights: pd.DataFrame, valid_from: str, test_from: str) -> Split:
    return Split(flights, valid_from, test_from, time_split(flights, valid_from, test_from))


def _flights_around(first: str, last: str) -> pd.DataFrame:
    """Return the flights from two days before the first day until two days after the last."""
    flights = data.flights()
    local = flights["sched_dep"].dt.tz_convert(NEW_YORK).dt.tz_localize(None)
    near = (local > pd.Timestamp(first) - pd.Timedelta("2D")) & (local < pd.Timestamp(last) + pd.Timedelta("2D"))
    return flights[near]


def _around_midnight(day: str, rng: np.random.Generator) -> pd.DataFrame:
    """Return flights moved to the minutes around two midnights, several of them on the stroke."""
    minutes = rng.integers(-3, 4, size=300) + rng.choice([0, 24 * 60], size=300)
    local = pd.Series(pd.Timestamp(day, tz=NEW_YORK) + pd.to_timedelta(minutes, unit="min"))
    flights = data.flights().sample(300, random_state=int(rng.integers(1000)))
    clock = local.dt
    return flights.assign(
        sched_dep=local.dt.tz_convert("UTC").to_numpy(),
        month=clock.month.to_numpy(),
        day=clock.day.to_numpy(),
        hour=clock.hour.to_numpy(),
        minute=clock.minute.to_numpy(),
    ).assign(sched_dep=lambda table: pd.to_datetime(table["sched_dep"], utc=True))


# --- rule_of_thumb ---


def rule_of_thumb(train: pd.DataFrame, hours: Sequence[int], m: float = 50.0) -> dict[int, float]:
    """Return the shrunken share of late flights at each hour."""
    rate = train["late"].mean()
    known = {hour: train.loc[train["hour"] == hour, "late"] for hour in hours}
    return {hour: float((late.sum() + m * rate) / (len(late) + m)) for hour, late in known.items()}


def rule_of_thumb_cases(seed: int) -> Iterator[tuple[pd.DataFrame, pd.DataFrame, dict[int, float], dict[str, float]]]:
    """Yield training flights, flights to score, the scores by hour, and ``m`` or nothing where the default holds."""
    rng = np.random.default_rng(99 + seed)
    for size in (1, 12, 800):
        known = pd.DataFrame({"hour": rng.integers(5, 20, size), "late": rng.random(size) < 0.3})
        asked = pd.DataFrame({"hour": rng.integers(0, 24, 60)}, index=rng.permutation(60) + 5)
        hours = sorted(int(hour) for hour in asked["hour"].unique())
        options: list[dict[str, float]] = [{}, {"m": 0.5}, {"m": 50.0}, {"m": 1e9}]
        for option in options:
            yield known, asked, rule_of_thumb(known, hours, **option), option


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


def second_order_rows(seed: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield labels and raw scores."""
    rng = np.random.default_rng(2016 + seed)
    for _ in range(50):
        yield rng.integers(0, 2, 20), rng.normal(scale=3, size=20)


def second_order_leaves(seed: int) -> Iterator[tuple[tuple[float, float], tuple[float, float], float]]:
    """Yield (G, H) of a left and of a right leaf, and λ."""
    rng = np.random.default_rng(2016 + seed)
    for _ in range(50):
        (G, G2), (H, H2) = rng.normal(scale=10, size=2), rng.exponential(5, size=2) + 1e-3
        for lam in (0.0, 0.3, float(rng.exponential(20))):
            yield (float(G), float(H)), (float(G2), float(H2)), lam


# --- boosting_step ---

PARAMS = {"max_depth": 2, "eta": 0.3, "lambda": 1.0, "min_child_weight": 1.0}
SETTINGS = [  # max_depth, eta, lambda, min_child_weight, trees
    (1, 1.0, 0.0, 0.0, 1),
    (2, 0.3, 5.0, 8.0, 1),
    (3, 0.1, 0.5, 1.0, 3),
    (2, 0.5, 1.0, 3.0, 4),
    (4, 0.3, 20.0, 0.5, 2),
]


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


def boosting_step_cases(seed: int) -> Iterator[Trees]:
    """Yield tables with ties for several settings, labels of one class, and tables of a few rows."""
    rng = np.random.default_rng(31 + seed)
    X = np.empty((0, 4))
    for depth, eta, lam, weight, trees in SETTINGS:
        X = rng.normal(size=(160, 4)).astype("float32").astype(float)
        X[:, 1] = rng.integers(0, 5, 160)
        y = (X[:, 0] * X[:, 2] + rng.normal(size=160) > 0.3).astype(int)
        params = {"max_depth": depth, "eta": eta, "lambda": lam, "min_child_weight": weight}
        yield _trees(X, y, rng.normal(size=160), params, trees)
    for start in (rng.normal(size=160), 3 * X[:, 0]):  # no split is worth its while, and one is
        yield _trees(X, np.ones(160, dtype=int), start, PARAMS)
    params = {"max_depth": 4, "eta": 0.5, "lambda": 0.5, "min_child_weight": 0.0}
    for size in (2, 3, 5, 9, 14):  # down to nodes of a single row
        yield _trees(X[:size, [0, 2, 3]], (np.arange(size) % 3 == 0).astype(int), rng.normal(size=size), params)


def _trees(X: np.ndarray, y: np.ndarray, start: np.ndarray, params: dict[str, float], trees: int = 1) -> Trees:
    return Trees(X, y, start, params, boosting_step(X, y, start, params, trees))


def boosting_step_one_split(near: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray, dict[str, float]]:
    """Return rows, labels, raw scores and settings for which one split is allowed, that between the two classes.

    At a raw score of 0 every Hessian is ¼, so each side has ``min_child_weight`` exactly. With ``near`` the values of
    the feature differ by less than a number of single precision, as libraries keep them, can tell, and weight is no matter.
    """
    X = np.arange(16.0).reshape(-1, 1)
    params = {"max_depth": 1, "eta": 1.0, "lambda": 1.0, "min_child_weight": 1.0 if near else 2.0}
    return 1 + 1e-10 * X if near else X, np.repeat([0, 1], 8), np.zeros(16), params


# --- train_models ---


class Months(NamedTuple):
    """Three spans of the year, one after the other, and the AUC of the rule of thumb on the last."""

    train: Rows
    valid: Rows
    test: Rows
    rule: float
    seed: int


def train_models_months(seed: int) -> list[Months]:
    """Return two choices of months to train on, to stop by and to be scored on."""
    spans = [((2, 7), (8, 8), (9, 10)), ((1, 8), (9, 9), (10, 12))]
    return [_months(span, seed + 21 + number) for number, span in enumerate(spans)]


def _months(spans: Sequence[tuple[int, int]], seed: int) -> Months:
    year = data.flights().dropna(subset=["arr_delay"])
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

    @property
    def all(self) -> pd.DataFrame:
        """The features of training and validation."""
        return pd.concat([self.train[0], self.valid[0]])


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


def train_models_coins(X: pd.DataFrame, seed: int) -> Rows:
    """Return features with labels that have nothing to do with them."""
    return X, pd.Series(np.random.default_rng(seed + len(X)).random(len(X)) < 0.5, index=X.index)


def train_models_two_kinds() -> Rows:
    """Return flights of two kinds, late 9 times in 10 and once in 10.

    From the first tree on, AUC and accuracy stay as they are, while log loss falls until the probabilities are right:
    to 0.325, from 0.693.
    """
    row = np.arange(1_000)
    evening = row % 2 == 1
    X = pd.DataFrame({"level": pd.Categorical(np.where(evening, "evening", "morning")), "x": evening.astype("int32")})
    return X, pd.Series(evening ^ (row % 20 < 2))


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
        "losing": _two_models(40, 15, 0.3, 2.0, seed + 80),
        "skewed": _one_good_day(seed + 60),
        "named": _unequal_days(seed + 60),
    }


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


def benchmark_parts(seed: int) -> dict[str, Rows]:
    """Return parts to train on, to stop by and to be measured on, cut from flights in any order."""
    flights = data.flights().dropna(subset=["arr_delay"]).sample(2_400, random_state=seed + 400)
    X, y = features.schedule_features(flights), label_delays(flights).eq("late")
    cut = {"train": slice(0, 1_500), "valid": slice(1_500, 1_900), "test": slice(1_900, 2_400)}
    return {name: (X.iloc[rows], y.iloc[rows]) for name, rows in cut.items()}


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


def submission_rows(seed: int) -> Asked:
    """Return ids in any order under an index of their own, and probabilities with both ends among them."""
    rng = np.random.default_rng(404 + seed)
    ids = pd.Series(rng.permutation(5_000)[:900], index=rng.permutation(900) + 33)
    probabilities = rng.random(900)
    probabilities[:2] = 0.0, 1.0
    return ids, probabilities


def submission_refused(seed: int) -> dict[str, Asked]:
    """Return input that must be refused, by what is wrong with it."""
    ids, good = submission_rows(seed)
    return {
        "lengths that differ": (ids, good[:-1]),
        "an id that comes twice": (pd.concat([ids[:-1], ids[:1]], ignore_index=True), good),
        "a missing probability": (ids, np.where(np.arange(900) == 5, np.nan, good)),
        "a probability above 1": (ids, good + 0.5),
        "a probability below 0": (ids, good - 0.5),
    }
