"""References and hidden cases of week 4, by task: the author's, and never in a student's hands."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from helpers import data, feed, lake, registry, work
from helpers.checks.week4 import dag_file, history, promote
from helpers.checks.week4.folders import partitions
from source.oracles import bootstrap

NEW_YORK = "America/New_York"
Files = Mapping[str, bytes]


def new_york_dates(sched_dep: pd.Series) -> pd.Series:
    """Return New York's date of each instant, as text."""
    codes, days = pd.factorize(sched_dep.dt.tz_convert(NEW_YORK).dt.tz_localize(None).dt.normalize())
    return pd.Series(days.strftime("%Y-%m-%d")[codes], sched_dep.index, name="sched_dep")  # a day is written once


# --- ingest ---


def ingest_messages(files: Files) -> pd.DataFrame:
    """Return the different messages in a day's files, as text; a value that is not there is missing."""
    texts = [content for name, content in sorted(files.items()) if name.endswith(".csv")]
    every = pd.concat([pd.read_csv(io.BytesIO(text), dtype=str) for text in texts], ignore_index=True)
    return every.drop_duplicates(ignore_index=True)


def ingest_deliveries(seed: int) -> list[tuple[str, dict[str, bytes]]]:
    """Return days of the feed with all sorts of faults: the day, and its files."""
    rng = np.random.default_rng(404 + seed)
    day, other = (f"2013-{month:02d}-{rng.integers(1, 28):02d}" for month in rng.permutation(np.arange(3, 12))[:2])
    return [
        (day, feed.day(day, seed + 3, ["corrections", "duplicates", "bad_day"])),
        (other, feed.day(other, seed + 4, ["empty"])),
        (other, feed.day(other, seed + 5, ["schema"])),
    ]


def ingest_damages(day: str, files: Files) -> dict[str, dict[str, bytes]]:
    """Return what may be wrong with a day that was delivered, in words, and its files then."""
    second, third = sorted(files)[1:3]
    return {
        "a day of which one file has not arrived": {name: text for name, text in files.items() if name != third},
        "a day without its manifest": {n: text for n, text in files.items() if n != f"{day}/{feed.MANIFEST}"},
        "a file that was changed on its way": {**files, second: files[second].replace(b"2013-", b"2012-")},
    }


# --- validate ---

Split = tuple[str, pd.DataFrame, dict[int, str]]  # a day, its raw partition, and the columns that are wrong, by row
SPOILT: dict[int, dict[str, Any]] = {
    3: {"distance": "-1"}, 17: {"distance": "0"}, 40: {"sched_dep": "soon"}, 41: {"carrier": None},
    77: {"status": "boarding"}, 90: {"dest": "BOSTON"}, 120: {"flight_id": "12a"}, 150: {"arr_delay": "1.5.2"},
    151: {"origin": "EWR "}, 180: {"updated": None}, 200: {"carrier": "united"}, 201: {"dep_delay": ""},
}  # fmt: skip
ODD: dict[int, dict[str, Any]] = {
    5: {"distance": "212.5"}, 6: {"distance": None}, 30: {"arr_delay": "7.5"}, 31: {"flight_id": None},
    60: {"status": None}, 61: {"origin": None}, 62: {"dest": None}, 90: {"updated": "2013-10-11"},
    91: {"sched_dep": "2013-10-11 19:05"}, 120: {"distance": "far", "dest": "bos"}, 150: {"carrier": "UAL"},
    210: {"carrier": "ua", "dep_delay": "late"},
}  # fmt: skip


def validate_messages(day: str, seed: int, n: int = 300) -> pd.DataFrame:
    """Return some of a day's messages as a raw partition holds them, all of them good."""
    every = ingest_messages(feed.day(day, seed))
    return every.sample(min(n, len(every)), random_state=seed).sort_index().reset_index(drop=True)


def validate_splits(seed: int) -> Iterator[Split]:
    """Yield raw partitions with at most 5 % of bad rows, and with none."""
    yield _spoilt("2013-07-09", seed + 7, SPOILT)
    yield _spoilt("2013-10-11", seed + 8, ODD)
    good = _unusual(seed)
    yield "2013-07-09", good, {}
    yield "2013-07-09", good.iloc[:0], {}
    yield _phl(seed, 10)


def validate_stops(seed: int) -> Iterator[Split]:
    """Yield raw partitions with more than 5 % of bad rows."""
    yield _phl(seed, 11)


def validate_other_feed(seed: int) -> pd.DataFrame:
    """Return a raw partition without one of its columns."""
    return _unusual(seed).drop(columns="sched_dep")


def _spoilt(day: str, seed: int, wrong: Mapping[int, Mapping[str, Any]]) -> Split:
    raw = validate_messages(day, seed)
    for row, values in wrong.items():
        for column, value in values.items():
            raw.loc[row, column] = value
    return day, raw, {row: " ".join(values) for row, values in wrong.items()}


def _unusual(seed: int) -> pd.DataFrame:
    """Return good rows with values that few days hold."""
    raw = validate_messages("2013-10-11", seed + 8).drop(index=list(ODD))
    return raw.assign(dep_delay="-7", arr_delay="1301", carrier="G4", dest="QQQ")


def _phl(seed: int, n_bad: int) -> Split:
    """Return 200 rows, of which so many have an airport that is none of the three."""
    raw = _unusual(seed).iloc[:200].reset_index(drop=True)
    raw.loc[: n_bad - 1, "origin"] = "PHL"
    return "2013-07-10", raw, dict.fromkeys(range(n_bad), "origin")


# --- upsert ---

Upsert = tuple[dict[str, pd.DataFrame], list[str], dict[str, list[str]], dict[str, pd.DataFrame]]


def upsert_clean(day: str, seed: int, faults: Sequence[str] = ()) -> pd.DataFrame:
    """Return a day's messages, without a bad row, as a clean partition holds them."""
    raw = ingest_messages(feed.day(day, seed, faults))
    instants = {name: pd.to_datetime(raw[name], utc=True) for name in ("updated", "sched_dep")}
    numbers = {name: raw[name].astype(float) for name in ("distance", "dep_delay", "arr_delay")}
    return raw.assign(**instants, **numbers, flight_id=raw["flight_id"].astype("int64"))


def upsert_cases(seed: int) -> Iterator[Upsert]:
    """Yield clean days, the order in which they are run, the dates that each changes, and the flights in the end."""
    days = upsert_days(seed)
    first, second, third = days
    for order in ([first, second, third], [third, first, second, first]):
        yield days, order, upsert_dates(days), upsert_flights(days, order)
    days = {**days, "2013-11-05": days[first].iloc[:0]}
    yield days, list(days), upsert_dates(days), upsert_flights(days, list(days))


def upsert_days(seed: int) -> dict[str, pd.DataFrame]:
    """Return three days on which the clock is put back: a seventh of the flights, and arrivals that are withdrawn."""
    dates = ["2013-11-02", "2013-11-03", "2013-11-04"]
    whole = {date: upsert_clean(date, seed + 11, ["corrections", "duplicates"]) for date in dates}
    days = {
        date: clean[clean["flight_id"] % 7 == seed % 7].sample(frac=1, random_state=seed)
        for date, clean in whole.items()
    }
    back = days[dates[1]].query("status == 'arrived'").iloc[::9].assign(status="diverted", arr_delay=np.nan)
    withdrawn = back.assign(updated=back["updated"] + pd.Timedelta("31h13min"))
    return {**days, dates[2]: pd.concat([days[dates[2]], withdrawn])}


def upsert_dates(days: Mapping[str, pd.DataFrame]) -> dict[str, list[str]]:
    """Return, by day, the dates on which the flights leave that its messages are about."""
    return {day: sorted(set(new_york_dates(clean["sched_dep"]))) for day, clean in days.items()}


def newest(messages: pd.DataFrame) -> pd.DataFrame:
    """Return the newest message about each flight."""
    ordered = messages.sort_values(["flight_id", "updated"], kind="stable")
    return ordered.drop_duplicates("flight_id", keep="last")


def upsert_flights(days: Mapping[str, pd.DataFrame], order: Sequence[str]) -> dict[str, pd.DataFrame]:
    """Return, by date, the flights after these days."""
    flights = newest(pd.concat(days[day] for day in dict.fromkeys(order)))
    return {str(date): part for date, part in flights.groupby(new_york_dates(flights["sched_dep"]))}


# --- features ---


def features_flights(last: str, seed: int) -> pd.DataFrame:
    """Return half of the flights of a day and the day before, in no order, indexed by ``flight_id``.

    They are a half of their own: looked up among all flights, the state of the airport is another.
    """
    flights = data.flights().set_index("flight_id")
    chosen = flights[new_york_dates(flights["sched_dep"]).isin(lake.days_before(last, 1))]
    return chosen.sample(frac=0.5, random_state=seed)


def features_expected(flights: pd.DataFrame) -> dict[str, pd.Series]:
    """Return, by name, the features of all flights, or of some 40 where they are counted one by one."""
    local = flights["sched_dep"].dt.tz_convert(NEW_YORK)
    clock = local.dt.hour * 60 + local.dt.minute
    # On the day on which the clock is changed, minutes after midnight may be counted in two ways.
    alike = (local - local.dt.normalize()).dt.total_seconds() / 60 == clock
    own = {"departs": clock[alike].rename("departs"), "weekday": local.dt.dayofweek.rename("weekday")}
    same = {name: flights[name] for name in ("distance", "carrier", "origin", "dest")}
    board = features_board(flights, flights.index[:: max(1, len(flights) // 40)])
    return {**own, **same, **{name: board[name] for name in lake.BOARD}}


def features_board(flights: pd.DataFrame, asked: pd.Index) -> pd.DataFrame:
    """Count the state of the airport at prediction time, for one flight after the other."""
    left = flights["sched_dep"] + pd.to_timedelta(flights["dep_delay"], unit="min")
    two, airport, due = pd.Timedelta(hours=2), flights["origin"].astype(str), flights["sched_dep"]
    found = []
    for flight in asked:
        cut, here = due.loc[flight] - two, airport == airport.loc[flight]
        gone = here & (left > cut - two) & (left <= cut)
        waiting = here & (due > cut - two) & (due <= cut) & ~(left <= cut)
        found.append((gone.sum(), flights.loc[gone, "dep_delay"].mean(), waiting.sum()))
    return pd.DataFrame(found, index=asked, columns=list(lake.BOARD), dtype=float)


# --- train ---


def train_days(day: str, seed: int, n_days: int, lost: Sequence[str] = ()) -> dict[str, pd.DataFrame]:
    """Return made-up days of features up to ``day``, without those ``lost``; flights have no label at random."""
    days = history.days(day, n_days, seed)
    rng = np.random.default_rng(seed + 1)
    for table in days.values():
        table.loc[rng.random(len(table)) < 0.05, "late"] = np.nan
    return {name: table for name, table in days.items() if name not in lost}


# --- promote ---


def promote_losses(gain: float, noise: float, seed: int, n: int, per_day: int = 30) -> list[promote.Losses]:
    """Return ``n`` pairs of models, the second better by ``gain``, on two weeks of flights."""
    return [promote.losses(14, per_day, gain, noise, seed + number) for number in range(n)]


def promote_widths(cases: Sequence[promote.Losses], seed: int) -> list[float]:
    """Return the width of each case's interval of 95 %, by the bootstrap over days."""
    rng = np.random.default_rng(seed)
    ends = [bootstrap.mean(champion - challenger, day, 1_000, rng) for champion, challenger, day in cases]
    return [high - low for low, high in ends]


def promote_days_of_luck(seed: int) -> tuple[promote.Losses, float]:
    """Return losses of which each day has its own luck, and the least width of an interval over days."""
    case = promote.losses(7, 300, 0.0, 0.2, seed + 5)
    table = pd.DataFrame({"gain": case[0] - case[1], "day": case[2]})
    spread = float(table.groupby("day")["gain"].mean().std(ddof=1) / np.sqrt(7))
    return case, 2 * spread


def promote_uneven(seed: int) -> tuple[promote.Losses, float]:
    """Return days with many flights, on which the challenger gains, among days with few, in no order; and the gain."""
    rng = np.random.default_rng(seed + 6)
    sizes = rng.permutation([250] * 6 + [20] * 8)
    gains = np.where(sizes > 100, 0.1, -0.05)
    day = rng.permutation(np.repeat(np.arange(14), sizes))
    champion = rng.exponential(0.5, len(day))
    challenger = champion - gains[day] - rng.normal(0.0, 0.02, len(day))
    names = np.array([f"2013-03-{number:02d}" for number in rng.permutation(np.arange(1, 15))])
    return (champion, challenger, names[day]), float(np.mean(champion - challenger))


def promote_files(day: str, seed: int, aliases: Mapping[str, int]) -> dict[str, bytes]:
    """Return a lake and a registry: version 1 knows a rate only, 2 and 3 look at the board; with these aliases."""
    import mlflow

    from helpers.checks.remote import new_folder

    folder = registry.connect(new_folder(_models()))
    for alias, version in aliases.items():
        mlflow.MlflowClient().set_registered_model_alias(registry.MODEL, alias, str(version))
    files = {f"mlflow/{name}": content for name, content in work.contents(folder).items()}
    registry.connect(work.new_private())  # an answer that forgets to connect must not find these versions by luck
    return {**partitions("features", train_days(day, seed, 9)), **files}


def promote_evaluated(day: str, seed: int, champion: int, challenger: int) -> dict[str, Any]:
    """Return the decision between two versions of `promote_files` on two days.

    With two days the percentiles of the bootstrap are the two days' own means, whatever is drawn.
    """
    days = train_days(day, seed, 9)
    tables = [days[name] for name in lake.days_before(day, 1)]
    gains = [log_losses(champion, table) - log_losses(challenger, table) for table in tables]
    means = [float(one.mean()) for one in gains]
    gain = float(np.concatenate(gains).mean())
    return {"gain": gain, "low": min(means), "high": max(means), "promote": min(means) > 0}


def log_losses(version: int, table: pd.DataFrame) -> np.ndarray:
    """Return the log loss of each flight that has a label, by a version of `promote_files`."""
    known = table.dropna(subset=["late"])
    p = _rate_and_board()[version > 1].predict_proba(registry.plain(known[list(lake.FEATURES)]))[:, 1]
    losses: np.ndarray = -np.log(np.where(known["late"] == 1, p, 1 - p))
    return losses


@cache
def _rate_and_board() -> tuple[Any, Any]:
    """Fit two models: one that knows how many are late, and one that looks at the origin's delay."""
    from sklearn.compose import make_column_transformer
    from sklearn.dummy import DummyClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    known = pd.concat(history.days("2013-02-01", 5, 4).values()).dropna(subset=["late"])
    X, y = registry.plain(known[list(lake.FEATURES)]), known["late"].astype(int)
    board = make_pipeline(make_column_transformer(("passthrough", ["origin_delay"])), LogisticRegression())
    return DummyClassifier(strategy="prior").fit(X, y), board.fit(X, y)


@cache
def _models() -> dict[str, bytes]:
    """Log both models as `train` does, and register them, without an alias."""
    import mlflow

    X = registry.plain(history.days("2013-02-01", 1, 4)["2013-02-01"][list(lake.FEATURES)])
    folder = registry.connect(work.new_private())
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
    return work.contents(folder)


# --- dag_file ---


def dag_file_days(seed: int) -> dict[str, dict[str, bytes]]:
    """Return four days, by date, as they arrive for the stand-ins.

    On the first three dates change and there is version 5, on the second one date and no version, on the third nothing
    changes, and the fourth is refused by validation.
    """
    rng = np.random.default_rng(77 + seed)
    months = sorted(rng.permutation(np.arange(3, 12))[:4])
    first, second, third, fourth = (f"2013-{month:02d}-{rng.integers(10, 27):02d}" for month in months)
    return {
        first: dag_file.plan(first, lake.days_before(first, 2), 5),
        second: dag_file.plan(second, [second], 0),
        third: dag_file.plan(third, []),
        fourth: dag_file.plan(fourth, [fourth], bad=True),
    }


# --- whole ---


def whole_labels(clean: Sequence[pd.DataFrame]) -> pd.Series:
    """Return the label of each flight after these days' clean messages, by ``flight_id``."""
    messages = pd.concat(clean)
    flights = newest(messages.assign(flight_id=messages["flight_id"].astype("int64"))).set_index("flight_id")
    delay = flights["arr_delay"]
    return (delay >= 15).astype(float).where(delay.notna())


# --- drift ---


def drift_index(reference: np.ndarray, today: np.ndarray, bins: int = 10) -> float:
    """Return the population stability index of today against a reference."""
    known = reference[~np.isnan(reference)]
    edges = np.unique(np.quantile(known, np.linspace(0, 1, bins + 1)[1:-1]))

    def shares(values: np.ndarray) -> np.ndarray:
        there = values[~np.isnan(values)]
        bin_of = np.searchsorted(edges, there, side="right")
        counts = np.append(np.bincount(bin_of, minlength=len(edges) + 1), len(values) - len(there)) + 0.5
        return counts / counts.sum()

    p, q = shares(reference), shares(today)
    return float(np.sum((q - p) * np.log(q / p)))


def drift_cases(seed: int) -> list[tuple[str, np.ndarray, np.ndarray, float]]:
    """Return numbers, holes and constants, and the index of each."""
    rng = np.random.default_rng(seed)
    cases = [
        ("two draws of the same numbers", rng.normal(size=900), rng.normal(size=300)),
        ("a shift", rng.normal(size=900), rng.normal(1.0, 1.0, 300)),
        ("values beyond all that was seen", rng.normal(size=500), rng.normal(20.0, 1.0, 200)),
        ("holes", np.where(rng.random(800) < 0.1, np.nan, rng.normal(size=800)), np.full(150, np.nan)),
        ("few different values", rng.integers(0, 3, 700).astype(float), rng.integers(1, 4, 90).astype(float)),
        ("a constant", np.zeros(300), np.r_[np.zeros(30), np.ones(30)]),
    ]
    return [(what, reference, today, drift_index(reference, today)) for what, reference, today in cases]


def drift_bins(seed: int) -> tuple[np.ndarray, np.ndarray, dict[int, float]]:
    """Return a reference, a day that has shifted, and its index by the number of bins."""
    rng = np.random.default_rng(seed + 1)
    reference, today = rng.normal(size=900), rng.normal(1.0, 1.0, 300)
    return reference, today, {bins: drift_index(reference, today, bins) for bins in (4, 25)}


def drift_calm(seed: int) -> list[tuple[np.ndarray, float]]:
    """Return scores of calm days, and the rate of false alarms that is allowed."""
    rng = np.random.default_rng(seed)
    return [(rng.exponential(0.1, n).round(3), rate) for n, rate in ((200, 0.05), (365, 0.01), (50, 0.0))]
