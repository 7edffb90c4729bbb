"""Task `train`: a window that slides, and one version a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers import lake, registry
from helpers.checks import artifacts, call, hand_over, isolated, require, returns
from helpers.checks.registries import Registry
from helpers.checks.remote import new_folder, read_folder
from helpers.checks.week4.folders import partitions
from helpers.checks.week4.history import turned

Days = Mapping[str, pd.DataFrame]
WINDOW = "`window` days, the last of them `holdout` days before the logical date"


def one_version(
    train: Callable[..., Any], day: str, days: Days, window: Sequence[str], holdout: int, *, earlier: str = ""
) -> None:
    """Check that a day has one version, whose run says what it was trained on.

    Parameters
    ----------
    days
        partitions of features by day, those of the holdout and others among them
    window
        the days that ``train`` must train on, in order
    earlier
        another day, run afterwards as in a backfill, which must get a version of its own
    """
    folder = hand_over(partitions("features", days))
    arguments = (day, f"{folder}/lake", f"{folder}/mlflow", len(window), holdout)
    version = _version(call(train, *arguments))
    params = Registry.read(folder, "mlflow").params_of(version)
    _stays_one(train, arguments, folder, version)
    if earlier:
        _own_version(train, (earlier, *arguments[1:]), version)
    rows = sum(int(days[name]["late"].notna().sum()) for name in window)
    _says_what(params, day, window, rows)


def learns_from(train: Callable[..., Any], day: str, days: Days, window: Sequence[str], holdout: int) -> None:
    """Check on which days a model was trained, by turning their labels round; arguments as for `one_version`."""
    names = sorted(days)
    before, after = names[names.index(window[0]) - 1], names[names.index(window[-1]) + 1]
    asked = registry.plain(days[day][list(lake.FEATURES)])

    def fitted(*other: str) -> np.ndarray:
        spoilt = {name: turned(days[name]) for name in other}
        folder = hand_over(partitions("features", {**days, **spoilt}))
        version = _version(call(train, day, f"{folder}/lake", f"{folder}/mlflow", len(window), holdout))
        return _loaded(f"{folder}/mlflow", version, asked)

    plain = fitted()
    if not np.allclose(fitted(before, after), plain):
        _saw_other_days(held_out=not np.allclose(fitted(after), plain))
    for name in {window[0], window[-1]}:
        require(
            not np.allclose(fitted(name), plain),
            "a day of the window has no influence on the model",
            why="the newest days tell most, and the oldest is a day as well",
            where=f"{WINDOW}: count them on your fingers",
        )


def _saw_other_days(*, held_out: bool) -> None:
    require(
        not held_out,
        "the model was trained on a day of the holdout, on which it will be judged",
        why="a challenger that has seen the days of its examination beats every champion, and nothing in production",
        where="the window ends `holdout` days before the logical date's end: `lake.days_before(day, first, last)`",
    )
    require(
        held_out,
        "the model was trained on a day before its window",
        why="a window that slides forgets: a winter's rules do not hold in July",
        where=WINDOW,
    )


def too_early(train: Callable[..., Any], day: str, days: Days, window: int, holdout: int) -> None:
    """Check that no model is trained where a day of the window is not among ``days``."""
    folder = hand_over(partitions("features", days))
    version = returns(call(train, day, f"{folder}/lake", f"{folder}/mlflow", window, holdout), int, "train")
    require(
        version == 0,
        "a model is trained although a day of its window is missing",
        why="in its first weeks, or after a lost day, the pipeline would crown a model that has seen next to nothing",
        where="compare all the days that you need with `lake.days(lake, 'features')`, and return 0",
    )


def scores(files: Mapping[str, bytes], version: int, asked: pd.DataFrame) -> list[float] | str:
    """Return the probabilities of late by a version of the registry in these files; in words why there are none.

    To be called with `isolated`: it loads a student's model.
    """
    try:
        return [float(one) for one in registry.score(new_folder(files), version, asked)]
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:200]}"


def _loaded(folder: str, version: int, asked: pd.DataFrame) -> np.ndarray:
    """Return what the version says, loaded from the registry's files as next week's service will load it."""
    found = isolated(scores, read_folder(str(artifacts(folder))), version, asked)
    require(
        isinstance(found, list),
        "the version that was registered cannot be loaded from the registry's files",
        seen=str(found),
        why="next week's service loads it, without this notebook",
        where="log the pipeline with `mlflow.sklearn.log_model`, and register `logged.model_uri`",
    )
    return np.asarray(found, dtype=float)


def _version(value: Any) -> int:
    version = returns(value, int, "train")
    require(version > 0, "train returns no version, though every day of the window is there", seen=f"{version}")
    return int(version)


def _says_what(params: Mapping[str, str], day: str, window: Sequence[str], rows: int) -> None:
    require(
        params.get("day") == day and params.get("rows", "").isdigit(),
        "the version's run does not say which day it was trained for, and on how many rows",
        seen=f"{params}",
        why="in three months somebody asks what this model knew",
        where="`mlflow.log_params` with `day`, `first`, `last` and `rows`, in the run in which the model is logged",
    )
    require(
        params.get("first", "")[:10] == window[0] and params.get("last", "")[:10] == window[-1],
        "the run's `first` and `last` are not the first and the last days of the window",
        seen=f"{params.get('first')} to {params.get('last')}, expected {window[0]} to {window[-1]}",
        why="whoever asks whether a model has seen a day, and may be judged on it, believes these two",
        where="the days that were read for training; the holdout is not among them",
    )
    require(
        float(params["rows"]) == rows,
        "the run's `rows` is not the number of rows with a label in the window",
        seen=f"{params['rows']}, expected {rows}",
        why="a flight that never arrived has no label: counted as punctual, it teaches that cancelled is on time",
        where="`dropna(subset=['late'])` before fitting, and the rows counted after it",
    )


def _own_version(train: Callable[..., Any], arguments: tuple[Any, ...], version: int) -> None:
    other = _version(call(train, *arguments))
    require(
        other != version,
        "another day gets the version that was made for this one",
        why="after its first night the pipeline would never train again, and every run would be green",
        where="look for a version whose tag `day` is *this* day; that there is one is not enough",
    )


def _stays_one(train: Callable[..., Any], arguments: tuple[Any, ...], folder: str, version: int) -> None:
    before = Registry.read(folder, "mlflow").versions
    again = _version(call(train, *arguments))
    require(
        again == version and Registry.read(folder, "mlflow").versions == before,
        "run twice for the same day, train registers a second version",
        seen=f"versions {version} and {again}",
        why="a retry would fill the registry with twins, and nobody could tell which of them was judged",
        where="look for a version of this day first (a tag tells), and return it",
    )
