"""The flight-delay competition: the real files if you have them, the same task from the course's flights if not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import pandas as pd

from helpers.data.store import DataError, folders
from helpers.data.tables import flights

LOCAL = "flight-delays"
ID, TARGET, METRIC = "id", "dep_delayed_15min", "roc_auc"
CODES = {"Month": 12, "DayofMonth": 31, "DayOfWeek": 7}
NUMBERS = [ID, "DepTime", "Distance"]
TEXTS = ["UniqueCarrier", "Origin", "Dest"]
FEATURES = ["Month", "DayofMonth", "DayOfWeek", "DepTime", "UniqueCarrier", "Origin", "Dest", "Distance"]
TRAIN_FILE, TEST_FILE, SAMPLE_FILE = "flight_delays_train.csv", "flight_delays_test.csv", "sample_submission.csv"
TRAIN_ROWS, TEST_ROWS, LAST_TRAIN_MONTH = 100_000, 40_000, 8
DRAW = 2013


@dataclass(frozen=True)
class Competition:
    """A competition as Kaggle sets it.

    Parameters
    ----------
    name
        what `competition` was asked for
    train
        features and the target, 'Y' or 'N'
    test
        the id and the features
    sample_submission
        the id and a score for each row of test, in the shape that a submission must have
    id, target
        the names of the two columns of a submission
    metric
        scikit-learn's name of the score; higher is better
    source
        where the rows come from
    """

    name: str
    train: pd.DataFrame
    test: pd.DataFrame
    sample_submission: pd.DataFrame
    id: str
    target: str
    metric: str
    source: str


def competition(name: str = LOCAL) -> Competition:
    """The competition's files from datasets/kaggle/<name>/, or the same task cut from the course's flights.

    The course's own cut is by time: train is January to August 2013 and test September to December, because a
    competition that hides random rows of the months it shows rewards remembering days, and the desk has only past
    days to learn from. 100,000 and 40,000 flights are drawn, always the same ones, in an order that says nothing.
    Cancelled flights, which never left, are left out. `DepTime` is the scheduled departure, local hhmm; the target
    is 'Y' where a flight left 15 or more minutes late. (The rest of the course predicts late *arrival*.)

    Raises
    ------
    DataError
        for a name that has no folder, and for a file or a column that is missing or wrong
    """
    folder = _dropped_files(name)
    if folder is not None:
        return _from_files(name, folder)
    _refuse_unknown(name)
    train, test, _ = _cut()
    return _competition(name, train, test, test[[ID]].assign(**{TARGET: 0.5}), "cut from the course's flights table")


def competition_answers(name: str = LOCAL) -> pd.Series:
    """Outcomes of the test rows: 1 where the flight left late, 0 where not, indexed by id. For the leaderboard.

    Nothing stops you from reading them here, and you would only cheat yourself: a score that was looked up
    says nothing about the next flight.

    Raises
    ------
    DataError
        for real competition files, whose answers only Kaggle has
    """
    folder = _dropped_files(name)
    if folder is not None:
        raise DataError(
            f"The answers to {folder / TEST_FILE} are not here: only Kaggle has them.",
            f"Submit there; or rename {folder} to use the course's own cut, whose answers are known.",
        )
    _refuse_unknown(name)
    return _cut()[2]


def _dropped_files(name: str) -> Path | None:
    if Path(name).name != name or name.startswith("."):
        raise DataError(f"{name!r} is not a competition's name.", f"Use the folder's name, such as {LOCAL!r}.")
    return next((path for folder in folders() if (path := folder / "kaggle" / name).is_dir()), None)


def _refuse_unknown(name: str) -> None:
    if name != LOCAL:
        raise DataError(
            f"There is no competition {name!r}: no folder {folders()[0] / 'kaggle' / name}.",
            f"Unpack its files there, or call competition({LOCAL!r}) for the course's own cut.",
        )


def _competition(name: str, train: pd.DataFrame, test: pd.DataFrame, sample: pd.DataFrame, source: str) -> Competition:
    return Competition(name, train, test, sample, ID, TARGET, METRIC, source)


def _cut() -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """Train, test and the answers, from the course's flights."""
    left = flights().dropna(subset=["dep_delay"])
    early = left["month"] <= LAST_TRAIN_MONTH
    # Drawing also shuffles. The original order is that of actual departures, and would give the target away.
    train, test = (
        part.sample(rows, random_state=DRAW).reset_index(drop=True)
        for part, rows in ((left[early], TRAIN_ROWS), (left[~early], TEST_ROWS))
    )
    answers = pd.Series(
        (test["dep_delay"] >= 15).astype("int8").to_numpy(), pd.RangeIndex(len(test), name=ID), name=TARGET
    )
    table = _features(test)
    table.insert(0, ID, answers.index.astype("int32"))
    return _features(train).assign(**{TARGET: _labels(train)}), table, answers


def _features(left: pd.DataFrame) -> pd.DataFrame:
    weekday = pd.to_datetime(left[["year", "month", "day"]]).dt.dayofweek + 1
    table = pd.DataFrame(
        {
            "Month": _codes("Month", left["month"]),
            "DayofMonth": _codes("DayofMonth", left["day"]),
            "DayOfWeek": _codes("DayOfWeek", weekday),
            "DepTime": left["sched_dep_time"],
            "UniqueCarrier": left["carrier"],
            "Origin": left["origin"],
            "Dest": left["dest"],
            "Distance": left["distance"],
        }
    )
    return table[FEATURES]


def _codes(column: str, numbers: pd.Series) -> pd.Series:
    """Numbers as the competition writes them, c-1 and so on, as a category in the calendar's order."""
    return pd.Series(pd.Categorical("c-" + numbers.astype(str), _calendar(column)), numbers.index)


def _calendar(column: str) -> list[str]:
    return [f"c-{number}" for number in range(1, CODES[column] + 1)]


def _labels(left: pd.DataFrame) -> pd.Series:
    late = (left["dep_delay"] >= 15).map({True: "Y", False: "N"})
    return late.astype(pd.CategoricalDtype(["N", "Y"]))


def _from_files(name: str, folder: Path) -> Competition:
    train = _columns(_csv(folder, TRAIN_FILE), folder / TRAIN_FILE, [*FEATURES, TARGET])
    test = _columns(_csv(folder, TEST_FILE), folder / TEST_FILE, FEATURES)
    sample = _columns(_csv(folder, SAMPLE_FILE), folder / SAMPLE_FILE, [ID, TARGET])
    if not sample[ID].nunique() == len(sample) == len(test):
        raise DataError(
            f"{folder / SAMPLE_FILE} has {len(sample)} rows with {sample[ID].nunique()} different values of {ID}, "
            f"and {TEST_FILE} has {len(test)} rows: each needs one.",
            _AGAIN,
        )
    test.insert(0, ID, sample[ID])
    for column in TEXTS:
        values = pd.CategoricalDtype(sorted({*train[column], *test[column]}))
        train[column], test[column] = train[column].astype(values), test[column].astype(values)
    return _competition(name, train, test, sample, str(folder))


_AGAIN = "Download the competition's files again and unpack them there unchanged."


def _csv(folder: Path, file: str) -> pd.DataFrame:
    """A file's cells as text, so that a wrong one can be shown as it stands; Kaggle may have zipped it."""
    path = next((path for path in (folder / file, folder / f"{file}.zip") if path.is_file()), None)
    if path is None:
        found = ", ".join(sorted(entry.name for entry in folder.iterdir())) or "nothing"
        raise DataError(
            f"{folder / file} is missing. In the folder: {found}.",
            "Unpack all three files of the competition there, or rename the folder to use the course's own cut.",
        )
    try:
        return pd.read_csv(path, dtype=str, keep_default_na=False)
    except (ValueError, OSError, BadZipFile) as error:
        raise DataError(f"{path} is not a readable CSV file: {error}", _AGAIN) from error


def _columns(raw: pd.DataFrame, path: Path, names: list[str]) -> pd.DataFrame:
    missing = [name for name in names if name not in raw]
    if missing:
        raise DataError(
            f"{path} has no column {', '.join(missing)}. It has: {', '.join(map(str, raw.columns))}.", _AGAIN
        )
    if raw.empty:
        raise DataError(f"{path} has columns and no rows.", _AGAIN)
    score = path.name == SAMPLE_FILE
    return pd.DataFrame({name: _column(raw[name], path, score) for name in names})


def _column(text: pd.Series, path: Path, score: bool) -> pd.Series:
    """One column in its type; the first cell that does not fit is named."""
    name = str(text.name)
    convert, expected = _expected(name, score)
    converted = convert(text)
    wrong = converted.isna()
    if wrong.any():
        row = int(wrong.argmax())
        raise DataError(
            f"{path}, column {name}, line {row + 2}: found {text.iloc[row]!r}, expected {expected} "
            f"({int(wrong.sum())} such cells).",
            _AGAIN,
        )
    return converted.astype("int32") if name in NUMBERS else converted


def _expected(name: str, score: bool) -> tuple[Callable[[pd.Series], pd.Series], str]:
    """Conversion of a column's text (what does not fit becomes missing), and a name for it."""
    if name in CODES:
        return lambda text: text.astype(pd.CategoricalDtype(_calendar(name))), f"c-1 to c-{CODES[name]}"
    if name in TEXTS:
        return lambda text: text.where(text.str.fullmatch(r"\w{2,4}")), "a carrier's or an airport's code"
    if name == TARGET and not score:
        return lambda text: text.astype(pd.CategoricalDtype(["N", "Y"])), "Y or N"
    if name == TARGET:
        return lambda text: pd.to_numeric(text, errors="coerce"), "a number"
    return lambda text: pd.to_numeric(text.where(text.str.fullmatch(r"\d{1,9}")), errors="coerce"), "a whole number"
