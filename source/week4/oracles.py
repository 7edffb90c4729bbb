"""References and hidden cases of week 4, by task: the author's, and never in a student's hands."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from helpers import data, feed, lake, registry, work
from helpers.checks.week4 import dag_file, history, messages, promote
from helpers.checks.week4.folders import landed, partitions
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


PLAIN = ["flight_id", "updated", "status", "flight"]  # columns that a reader cannot get wrong by guessing types


def ingest_deliveries(seed: int) -> list[tuple[str, dict[str, bytes]]]:
    """Return days of the feed, some with corrections and bad rows: the day, and its files."""
    rng = np.random.default_rng(404 + seed)
    day, other = (f"2013-{month:02d}-{rng.integers(1, 28):02d}" for month in rng.permutation(np.arange(3, 12))[:2])
    return [
        (day, feed.day(day, seed + 3, ["corrections", "bad_day"])),
        (other, feed.day(other, seed + 5, ["schema"])),
    ]


def ingest_again(seed: int) -> tuple[str, dict[str, bytes]]:
    """Return a day on which messages are sent twice, next to each other, in one file and in two, and its files."""
    return "2013-08-13", feed.day("2013-08-13", seed + 6, ["duplicates"])


def ingest_twins() -> tuple[str, dict[str, bytes], pd.DataFrame]:
    """Return messages of which some differ in one column only, or hold nothing there, and some are equal."""
    columns = ["flight_id", "updated", "status", "dep_delay", "gate"]
    rows = [
        ("7", "2014-01-03T10:00:00Z", "departed", "3", ""),
        ("7", "2014-01-03T10:00:00Z", "departed", "3", "B1"),
        ("7", "2014-01-03T10:00:00Z", "departed", "4", "B1"),
        ("7", "2014-01-03T11:00:00Z", "departed", "4", "B1"),
        ("8", "2014-01-03T10:00:00Z", "departed", "3", ""),
    ]
    sent = pd.DataFrame(rows, columns=columns)
    texts = {"flights-10.csv": sent.iloc[[0, 1, 0, 2]], "flights-23.csv": sent.iloc[[4, 1, 3, 4]]}
    files = messages.delivered("2014-01-03", {name: part.to_csv(index=False) for name, part in texts.items()})
    return "2014-01-03", files, sent.replace("", None)


def ingest_elsewhere() -> Iterator[tuple[str, dict[str, bytes], dict[str, bytes], pd.DataFrame]]:
    """Yield days whose files have other names and places, what lies beside them, and the messages.

    The last is a day on which nothing is heard.
    """
    sent = pd.DataFrame({"flight_id": ["5", "6", "9"], "updated": "2014-03-09T07:00:00Z", "status": "arrived"})
    day, empty = "2014-03-09", sent.iloc[:0]
    texts = {"late/b.csv": sent.iloc[[2]], "flights-02.txt": sent.iloc[[0]], "a": sent.iloc[[1]]}
    beside = {f"{day}/flights-09.csv": sent.to_csv(index=False).replace("arrived", "diverted").encode()}
    beside |= messages.delivered("2014-03-08", {"flights-09.csv": sent.to_csv(index=False)})
    beside |= {f"{day}/.flights-03.csv.part": b"flight_id,upd"}
    yield day, messages.delivered(day, {name: rows.to_csv(index=False) for name, rows in texts.items()}), beside, sent
    quiet = {"flights-00.csv": empty.to_csv(index=False)}
    yield day, messages.delivered(day, quiet), {}, empty


def ingest_damages(day: str, files: Files) -> dict[str, dict[str, bytes]]:
    """Return what may be wrong with the files of a day that was delivered, in words, and its files then."""
    first, *_, last = sorted(name for name in files if name.endswith(".csv"))
    swapped = {**files, first: files[last], last: files[first]}
    lines = files[last].splitlines(keepends=True)
    return {
        "a day of which one file was changed on its way": {**files, last: files[last].replace(b"2013-", b"2012-", 1)},
        "a day of which two files have each other's names": swapped,
        "a day of which the last file has lost a row": {**files, last: b"".join(lines[:-1])},
        "a day of which one file is longer than it was sent": {**files, first: files[first] + lines[-1]},
    }


def ingest_gaps(day: str, files: Files) -> dict[str, dict[str, bytes]]:
    """Return what may be missing of a day that was delivered, in words, and its files then."""
    *_, last = sorted(name for name in files if name.endswith(".csv"))
    return {
        "a day of which one file has not arrived": {name: text for name, text in files.items() if name != last},
        "a day without its manifest": {n: text for n, text in files.items() if n != f"{day}/{feed.MANIFEST}"},
    }


# --- validate ---

Split = tuple[str, pd.DataFrame, dict[int, str]]  # a day, its raw partition, and the columns that are wrong, by row
PLAINLY: dict[int, dict[str, Any]] = {
    3: {"distance": "far"}, 17: {"flight_id": "none"}, 40: {"sched_dep": "soon"}, 41: {"carrier": "united"},
    77: {"status": "boarding"}, 90: {"dest": "boston"}, 150: {"arr_delay": "late"}, 151: {"origin": "PHL"},
    180: {"updated": "today"}, 201: {"dep_delay": "two hours"}, 230: {"distance": "none", "dest": "x"},
}  # fmt: skip
IN_PART: tuple[dict[int, dict[str, Any]], ...] = (  # by row; a part of each value is as it must be
    {
        3: {"distance": "-1"}, 17: {"distance": "0"}, 40: {"sched_dep": "2013-10-11 19:05"}, 41: {"carrier": "UAL"},
        77: {"status": "arrived late"}, 90: {"dest": "BOSTON"}, 120: {"flight_id": "12a"}, 150: {"arr_delay": "1.5.2"},
        151: {"origin": "EWR "}, 180: {"updated": "2013-10-11"}, 200: {"carrier": "ua"}, 201: {"dep_delay": "12-"},
    },
    {
        5: {"distance": "212.5"}, 30: {"arr_delay": "7.5"}, 31: {"flight_id": "-5"}, 60: {"status": "not arrived"},
        61: {"origin": "KJFK"}, 62: {"dest": "bos"}, 91: {"sched_dep": "2013-10-11T19:05:00"}, 92: {"flight_id": "7.0"},
        150: {"carrier": "U"}, 151: {"dest": "B0S"}, 152: {"updated": "at 2013-10-11T19:05:00Z"}, 153: {"distance": "1e3"},
    },
    {
        6: {"status": "Arrived"}, 7: {"origin": "jfk"}, 8: {"dep_delay": "--3"}, 9: {"dest": "BO"}, 10: {"carrier": "U "},
        11: {"sched_dep": "2013-10-11T19:05:00Z+1"}, 12: {"arr_delay": "3.0"}, 13: {"distance": "0000"},
        14: {"updated": "2013-10-11T19:05Z"}, 15: {"status": "EWR"}, 16: {"origin": "BOS"}, 17: {"dep_delay": "1 2"},
    },
)  # fmt: skip
NEEDED = ("flight_id", "updated", "sched_dep", "status", "carrier", "origin", "dest", "distance")


def validate_messages(day: str, seed: int, n: int = 300, *, everyday: bool = True) -> pd.DataFrame:
    """Return some of a day's messages as a raw partition holds them, all of them good.

    With ``everyday`` of flights that have arrived, neither of their delays below zero.
    """
    every = ingest_messages(feed.day(day, seed))
    if everyday:
        every = every[every["arr_delay"].notna()]
        every = every.assign(**{name: every[name].str.lstrip("-") for name in ("dep_delay", "arr_delay")})
    return every.sample(min(n, len(every)), random_state=seed).sort_index().reset_index(drop=True)


def validate_plainly(seed: int) -> Split:
    """Return a raw partition whose bad rows are bad by any reading of the rules."""
    return _spoilt("2013-07-09", seed + 7, PLAINLY)


def validate_in_part(seed: int) -> Iterator[Split]:
    """Yield raw partitions with values that are right in part, and good rows with values that few days hold."""
    for number, wrong in enumerate(IN_PART):
        yield _spoilt("2013-10-11", seed + 8 + number, wrong)
    yield "2013-07-09", _unusual(seed), {}


def validate_missing(seed: int) -> Iterator[Split]:
    """Yield raw partitions in which each column is missing in some row, and one in which both delays always are."""
    wrong: dict[int, dict[str, Any]] = {7 * number: {name: None} for number, name in enumerate(NEEDED)}
    yield _spoilt("2013-10-11", seed + 9, wrong)
    day, raw = "2013-03-10", validate_messages("2013-03-10", seed, 400, everyday=False)
    yield day, raw.assign(**{name: raw[name].str.lstrip("-") for name in ("dep_delay", "arr_delay")}), {}
    yield day, raw.assign(dep_delay=pd.Series(None, raw.index, dtype=object), arr_delay=None), {}


def validate_on_the_line(seed: int) -> Iterator[Split]:
    """Yield raw partitions with 5 % of bad rows exactly, and one without a row."""
    yield _phl(seed, 200, 10)
    yield _phl(seed, 20, 1, "dest")
    yield "2013-07-09", validate_messages("2013-07-09", seed).iloc[:0], {}


def validate_stops(seed: int) -> Iterator[Split]:
    """Yield raw partitions with more than 5 % of bad rows."""
    yield _phl(seed, 200, 11)
    yield _phl(seed, 19, 1)
    yield _phl(seed, 30, 30)


def validate_several(seed: int) -> Split:
    """Return a raw partition in which one row in 20 is bad in many columns."""
    wrong: dict[int, dict[str, Any]] = {0: dict.fromkeys(("origin", "dest", "carrier", "dep_delay"), "?")}
    wrong[30] = {"distance": "-4", "status": None}
    return _spoilt("2013-07-10", seed, wrong, 40)


def _spoilt(day: str, seed: int, wrong: Mapping[int, Mapping[str, Any]], n: int = 300) -> Split:
    raw = validate_messages(day, seed, n)
    for row, values in wrong.items():
        for column, value in values.items():
            raw.loc[row, column] = value
    return day, raw, {row: " ".join(values) for row, values in wrong.items()}


def _unusual(seed: int) -> pd.DataFrame:
    """Return good rows with values that few days hold, and a column that no rule knows."""
    raw = validate_messages("2013-10-11", seed + 8)
    return raw.assign(dep_delay="-7", arr_delay="1301", carrier="G4", dest="QQQ", distance="5", gate="B 12")


def _phl(seed: int, n: int, n_bad: int, column: str = "origin") -> Split:
    """Return n rows, of which so many have a value that is none of those which may be."""
    raw = validate_messages("2013-07-10", seed, n)
    raw.loc[: n_bad - 1, column] = "phl"
    return "2013-07-10", raw, dict.fromkeys(range(n_bad), column)


# --- upsert ---

Upsert = tuple[dict[str, pd.DataFrame], list[str], dict[str, pd.DataFrame]]  # days, the order to run, flights


def upsert_clean(day: str, seed: int, faults: Sequence[str] = ()) -> pd.DataFrame:
    """Return a day's messages, without a bad row, as a clean partition holds them."""
    raw = ingest_messages(feed.day(day, seed, faults))
    instants = {name: pd.to_datetime(raw[name], utc=True) for name in ("updated", "sched_dep")}
    numbers = {name: raw[name].astype(float) for name in ("distance", "dep_delay", "arr_delay")}
    return raw.assign(**instants, **numbers, flight_id=raw["flight_id"].astype("int64"))


def upsert_by_day(seed: int) -> Upsert:
    """Return days of messages about flights that leave by day, with corrections; the order, and the flights."""
    days = upsert_days(seed, evening=False)
    return days, list(days), upsert_flights(days, list(days))


def upsert_evening(seed: int) -> Upsert:
    """Return the same with all flights of the days: those of the evening, too, as the clock is put back."""
    days = upsert_days(seed)
    return days, list(days), upsert_flights(days, list(days))


def upsert_summer() -> Upsert:
    """Make two days of July: flights half an hour before New York's midnight, and half an hour after."""
    rows = [
        (1, "2013-07-11T03:00Z", "2013-07-11T03:30Z", "departed", 4.0, None),  # 23:30 on the tenth
        (2, "2013-07-11T05:00Z", "2013-07-11T04:30Z", "departed", 9.0, None),  # 00:30 on the eleventh
        (2, "2013-07-11T09:00Z", "2013-07-11T04:30Z", "arrived", 9.0, 21.0),
    ]
    rows.append((3, "2013-07-11T09:10Z", "2013-07-11T03:40Z", "arrived", 45.0, 50.0))  # due on the tenth, left after it
    news = pd.DataFrame(rows, columns=["flight_id", "updated", "sched_dep", "status", "dep_delay", "arr_delay"])
    news = news.astype(dict.fromkeys(["updated", "sched_dep"], "datetime64[ns, UTC]"))
    days = {"2013-07-10": news.iloc[:1], "2013-07-11": news.iloc[1:]}
    return days, list(days), upsert_flights(days, list(days))


def upsert_shuffled(seed: int) -> Upsert:
    """Return days that are run in another order, and more than once."""
    days = upsert_days(seed, evening=False)
    first, second, third = days
    order = [third, first, second, first]
    return days, order, upsert_flights(days, order)


def upsert_patchy(seed: int) -> Upsert:
    """Return days with messages that take back what older ones said, and columns of every kind."""
    days, order, _ = upsert_by_day(seed)
    days = {
        day: clean.assign(gate=clean["status"].map({"departed": "B1"}), n=np.arange(len(clean)))
        for day, clean in days.items()
    }
    return days, order, upsert_flights(days, order)


def upsert_quiet(seed: int) -> dict[str, pd.DataFrame]:
    """Return days of which one, the last, has no message."""
    days = upsert_days(seed)
    return {**days, "2013-11-05": days["2013-11-02"].iloc[:0]}


def upsert_days(seed: int, *, evening: bool = True) -> dict[str, pd.DataFrame]:
    """Return three days on which the clock is put back: a seventh of the flights, and states that are withdrawn.

    Without ``evening`` only flights that leave on the same date in New York and in UTC.
    """
    dates = ["2013-11-02", "2013-11-03", "2013-11-04"]
    whole = {date: upsert_clean(date, seed + 11, ["corrections", "duplicates"]) for date in dates}
    days = {
        date: clean[clean["flight_id"] % 7 == seed % 7].sample(frac=1, random_state=seed)
        for date, clean in whole.items()
    }
    # What was cancelled is scheduled again, and an arrival taken back: the newest state is the lower one.
    back = days[dates[1]].query("status == 'arrived'").iloc[::9].assign(status="diverted", arr_delay=np.nan)
    flies = days[dates[1]].query("status in ('cancelled', 'departed')").iloc[::11].assign(status="scheduled")
    flies = flies.assign(dep_delay=np.nan)
    withdrawn = pd.concat([back, flies])
    withdrawn = withdrawn.assign(updated=withdrawn["updated"] + pd.Timedelta("31h13min"))
    days = {**days, dates[2]: pd.concat([days[dates[2]], withdrawn])}
    if evening:
        return days
    by_day = {date: clean["sched_dep"].dt.strftime("%Y-%m-%d") for date, clean in days.items()}
    return {date: clean[new_york_dates(clean["sched_dep"]) == by_day[date]] for date, clean in days.items()}


def upsert_dates(days: Mapping[str, pd.DataFrame]) -> dict[str, list[str]]:
    """Return, by day, the dates on which the flights leave that its messages are about."""
    return {day: sorted(set(new_york_dates(clean["sched_dep"]))) for day, clean in days.items()}


def newest(every: pd.DataFrame) -> pd.DataFrame:
    """Return the newest message about each flight."""
    ordered = every.sort_values(["flight_id", "updated"], kind="stable")
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
    own = {"departs": clock.rename("departs"), "weekday": local.dt.dayofweek.rename("weekday")}
    same = {name: flights[name] for name in ("distance", "carrier", "origin", "dest")}
    board = features_board(flights, flights.index[:: max(1, len(flights) // 40)])
    return {**own, **same, **{name: board[name] for name in lake.BOARD}}


def features_own(flights: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the features that a flight has by itself."""
    expected = features_expected(flights)
    return {name: expected[name] for name in expected if name not in lake.BOARD}


def features_counted(flights: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the three features of the board, for some 40 flights."""
    expected = features_expected(flights)
    return {name: expected[name] for name in lake.BOARD}


def features_between(last: str, seed: int) -> pd.DataFrame:
    """Return some of `features_flights`, chosen so that nothing happens at the edge of a window.

    Flights are due at even minutes and leave at odd ones, and of an airport none is due two or four hours after another.
    """
    flights = features_flights(last, seed)
    due = flights["sched_dep"].dt.floor("2min")
    minute = (due - due.min()).dt.total_seconds() / 60
    flights = flights.assign(sched_dep=due, dep_delay=flights["dep_delay"] // 2 * 2 + 1)
    taken, chosen = set[tuple[str, float]](), []
    for flight, origin, at in zip(flights.index, flights["origin"].astype(str), minute, strict=True):
        if not taken & {(origin, at + apart) for apart in (-240, -120, 120, 240)}:
            taken.add((origin, at))
            chosen.append(flight)
    return flights.loc[chosen]


def features_odd(seed: int) -> Iterator[pd.DataFrame]:
    """Yield a table of one flight, one in which nothing has left, one with an index of text, and one of another year.

    Then days on which the clock is changed while the airport is busy, and other airports.
    """
    flights = features_flights("2013-04-02", seed).head(200)
    yield flights.head(1)
    yield flights.assign(dep_delay=np.nan)
    yield flights.set_axis([f"flight {number}" for number in range(len(flights))][::-1])
    text = flights.astype({"carrier": object, "origin": object, "dest": object, "distance": "int64"})
    yield text.assign(sched_dep=flights["sched_dep"] + pd.Timedelta("4018 days"))
    busy = flights["sched_dep"].sort_values().iloc[50]  # in the middle of the first day
    for change in ("2013-11-03T06:00Z", "2013-03-10T07:00Z"):
        yield text.assign(sched_dep=flights["sched_dep"] + (pd.Timestamp(change) - busy))
    yield text.assign(origin=[f"X{number % 5}" for number in range(len(text))])


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


def train_days(
    day: str, seed: int, n_days: int, lost: Sequence[str] = (), *, holes: bool = False
) -> dict[str, pd.DataFrame]:
    """Return made-up days of features up to ``day``, without those ``lost``; flights have no label at random.

    With ``holes`` some have no ``origin_delay``, as where nothing has left.
    """
    days = history.days(day, n_days, seed)
    rng = np.random.default_rng(seed + 1)
    for table in days.values():
        table.loc[rng.random(len(table)) < 0.05, "late"] = np.nan
        if holes:
            table.loc[rng.random(len(table)) < 0.2, "origin_delay"] = np.nan
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


def promote_few(seed: int) -> Iterator[tuple[promote.Losses, float, float]]:
    """Yield losses on one day, and on two in no order, that are not whole numbers of them; the interval's ends.

    With one or two days the percentiles are the days' own means, whatever is drawn: of two, each is drawn twice in a
    quarter of the draws.
    """
    rng = np.random.default_rng(seed)
    champion, gain = rng.exponential(0.5, 60), rng.normal(0.1, 0.2, 60)
    yield (champion, champion - gain, np.full(60, "2013-04-01")), float(gain.mean()), float(gain.mean())
    day = rng.permutation(np.repeat([20130402, 20130401], [45, 15]))
    means = sorted(float(gain[day == one].mean()) for one in set(day))
    yield (champion, champion - gain, pd.Series(day, rng.permutation(60) + 7)), means[0], means[1]


def promote_line(seed: int) -> Iterator[tuple[promote.Losses, bool, str]]:
    """Yield losses whose interval ends at zero, just above it and just below it, and whether they promote."""
    champion, day = np.full(40, 0.75), np.repeat([1, 2], 20)
    for step, expected, what in (
        (0.0, False, "a challenger whose interval begins at zero"),
        (0.125, True, "a challenger whose interval begins just above zero"),
        (-0.125, False, "a challenger whose interval holds zero"),
    ):
        yield (champion, champion - np.where(day == 1, step, 0.5), day), expected, what


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


def promote_evaluated(day: str, seed: int, champion: int, challenger: int) -> promote.Losses:
    """Return the losses of two versions of `promote_files` on two days, and the day of each flight.

    With two days the percentiles of the bootstrap are the two days' own means, whatever is drawn.
    """
    days = train_days(day, seed, 9)
    names = lake.days_before(day, 1)
    losses = [np.concatenate([log_losses(one, days[name]) for name in names]) for one in (champion, challenger)]
    return losses[0], losses[1], np.repeat(names, [int(days[name]["late"].notna().sum()) for name in names])


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


def dag_file_changed(days: Mapping[str, Files]) -> list[list[str]]:
    """Return the dates that change on the first three of these days."""
    first, second, _, _ = days
    return [lake.days_before(first, 2), [second], []]


# --- whole ---


def whole_arrivals(seed: int) -> dict[str, dict[str, bytes]]:
    """Return two days of the feed that no visible check runs, with what arrives on them."""
    return {day: feed.day(day, seed + 14, ["corrections", "duplicates"]) for day in ("2013-05-14", "2013-05-15")}


def whole_calls(seed: int) -> tuple[list[tuple[str, tuple[Any, ...]]], dict[str, bytes]]:
    """Return calls of steps, of which some must be refused, and the files that they find."""
    won, (one, two) = {"gain": 0.1, "low": -0.1, "high": 0.3, "promote": False}, whole_arrivals(seed)
    sent = feed.day(one, seed + 15, ["bad_day"]) | feed.day(two, seed + 16, ["truncated"])
    old = upsert_clean(one, seed + 17).head(40)
    registered = promote.registry_of(3, {"champion": 1})
    files = {**landed(sent), **registered, **partitions("features", {one: train_days(one, seed, 1)[one]})}
    files |= (
        partitions("raw", {one: old.astype(str)}) | partitions("clean", {two: old}) | partitions("flights", {one: old})
    )
    writes: list[tuple[str, tuple[Any, ...]]] = [("ingest", (day, "./landing", "./lake")) for day in (one, two)]
    writes += [("validate", (one, "./lake")), ("upsert", (two, "./lake")), ("features", (one, "./lake"))]
    judges: list[tuple[str, tuple[Any, ...]]] = [
        ("train", (two, "./lake", "./mlflow", 3, 2)),
        ("evaluate", (one, "./lake", "./mlflow", 2, 1)),
    ]
    return [*writes, *judges, ("promote", ("./mlflow", 3, won))], files


def whole_labels(clean: Sequence[pd.DataFrame]) -> pd.Series:
    """Return the label of each flight after these days' clean messages, by ``flight_id``."""
    every = pd.concat(clean)
    flights = newest(every.assign(flight_id=every["flight_id"].astype("int64"))).set_index("flight_id")
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


def drift_cases(seed: int) -> dict[str, list[tuple[str, Any, Any, float]]]:
    """Return numbers, by what is special about them: in words, the reference, today, and the index."""
    rng = np.random.default_rng(seed)
    # Of 900 or 720 numbers no decile is one of them: rounding must not decide on which side of an edge it lies.
    normal, holes = rng.normal(size=900), rng.permutation(np.r_[rng.normal(size=720), np.full(80, np.nan)])
    inside = np.clip(rng.normal(0.3, 0.8, 3_000), normal.min(), normal.max())
    whole = rng.integers(0, 3, 700).astype(float)
    cases: dict[str, list[tuple[str, Any, Any]]] = {
        "plain": [
            ("two draws of the same numbers", normal, inside),
            ("a shift", normal, normal[rng.random(900) < np.where(normal > 0, 0.9, 0.4)]),
            ("a table's columns", pd.Series(normal, range(900, 0, -1)), pd.Series(inside, rng.permutation(3_000) + 7)),
            ("another reference that begins and ends alike", np.r_[normal[0], 2 * normal[1:-1], normal[-1]], inside),
            ("small changes of large numbers", 1e6 + normal * 1e3, 1e6 + inside * 1e3),
        ],
        "beyond": [
            ("values above all that was seen", normal, np.r_[normal, rng.normal(20.0, 1.0, 400)]),
            ("values below all that was seen", normal, np.r_[inside, rng.normal(-50.0, 1.0, 900)]),
        ],
        "edges": [
            ("few different values", whole, rng.choice([0.0, 1.0, 2.0], 900, p=[0.6, 0.3, 0.1])),
            (
                "values on the edges",
                np.repeat(np.arange(11.0), 100),
                np.repeat(np.arange(11.0), np.arange(50, 160, 10)),
            ),
        ],
        "missing": [
            ("holes", holes, np.where(rng.random(3_000) < 0.3, np.nan, inside)),
            ("fewer holes", holes, np.where(rng.random(3_000) < 0.05, np.nan, inside)),
        ],
        "half": [
            ("one flight", normal, inside[:1]),
            ("a constant", np.zeros(300), np.r_[np.zeros(30), np.full(20, -1.0)]),
            ("two values", np.repeat([0.0, 1.0], [200, 100]), np.repeat([0.0, 1.0], [20, 40])),
            ("a sensor that is silent", normal, np.full(150, np.nan)),
            ("holes of the reference alone", holes, inside),
            ("holes of today alone", normal, np.where(rng.random(3_000) < 0.3, np.nan, inside)),
        ],
    }
    return {
        kind: [(what, one, two, drift_index(np.asarray(one), np.asarray(two))) for what, one, two in some]
        for kind, some in cases.items()
    }


def drift_bins(seed: int) -> tuple[np.ndarray, np.ndarray, dict[int, float]]:
    """Return a reference, a day that has shifted, and its index by the number of bins."""
    rng = np.random.default_rng(seed + 1)
    reference = rng.normal(size=900)
    today = reference[rng.random(900) < np.where(reference > 0, 0.9, 0.4)]
    return reference, today, {bins: drift_index(reference, today, bins) for bins in (4, 25)}


def drift_calm(seed: int) -> list[tuple[Any, float]]:
    """Return scores of calm days, and the rate of false alarms that is allowed: with ties, few days, in no order."""
    rng = np.random.default_rng(seed)
    cases: list[tuple[Any, float]] = [
        (rng.exponential(0.1, n).round(3), rate) for n, rate in ((200, 0.05), (365, 0.01), (50, 0.0), (7, 0.2))
    ]
    tied = rng.integers(1, 6, 90) / 8
    column = pd.Series(rng.exponential(0.1, 60), pd.date_range("2013-01-01", periods=60)[::-1])
    return [*cases, (tied, 0.1), (tied, 0.5), (column, 0.05), (np.full(9, 0.25), 0.3), (np.array([0.5]), 0.02)]
