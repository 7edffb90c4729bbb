"""Task `train`: a window that slides, and one version a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from helpers import lake, registry
from helpers.checks import artifacts, call, hand_over, isolated, require, returns
from helpers.checks.registries import Registry
from helpers.checks.remote import new_folder, read_folder
from helpers.checks.week4.folders import partitions
from helpers.checks.week4.history import turned
from helpers.checks.week4.processes import alone, succeeds

Days = Mapping[str, pd.DataFrame]
TREES, LEAVES = 60, 15
WINDOW = "`window` days, the last of them `holdout` days before the logical date"


def registers(train: Callable[..., Any], day: str, days: Days, window: int, holdout: int) -> None:
    """Check that the version which is returned is in the registry, and can be loaded from its files.

    Parameters
    ----------
    days
        partitions of features by day, those of the holdout and others among them
    window, holdout
        numbers of days
    """
    folder = hand_over(partitions("features", days))
    version = _version(call(train, day, f"{folder}/lake", f"{folder}/mlflow", window, holdout))
    known = Registry.read(folder, "mlflow").versions
    require(
        known == [version],
        "what train returns is not the one version in the registry that it was given",
        seen=f"returned {version}, registered: {known}",
        why="the next step asks the registry for this number",
        where=f"`registry.connect(folder)` first; the model's name is `registry.MODEL` ({registry.MODEL})",
    )
    aliases = Registry.read(folder, "mlflow").aliases
    require(
        not aliases,
        "train gives its model an alias",
        seen=f"{aliases}",
        why="a model that nobody has examined would answer passengers from tonight on",
        where="`promote` moves aliases, after `evaluate`; `train` registers, and no more",
    )
    _loaded(f"{folder}/mlflow", version, registry.plain(days[day][list(lake.FEATURES)]))


def says(train: Callable[..., Any], day: str, days: Days, window: Sequence[str], holdout: int) -> None:
    """Check that a version's run says what it was trained on: ``window`` are the days, in order."""
    folder = hand_over(partitions("features", days))
    version = _version(call(train, day, f"{folder}/lake", f"{folder}/mlflow", len(window), holdout))
    rows = sum(int(days[name]["late"].notna().sum()) for name in window)
    _says_what(Registry.read(folder, "mlflow").params_of(version), day, window, rows)


def once_a_day(
    train: Callable[..., Any], day: str, days: Days, window: int, holdout: int, *, other: str, fresh: bool = False
) -> None:
    """Check that a day which is run twice has one version, and another day one of its own.

    Parameters
    ----------
    other
        another day, run in between as in a backfill
    fresh
        make each call in a new process, as a scheduler does
    """
    files = partitions("features", days)
    folder = hand_over(files)

    def run(date: str) -> int:
        nonlocal files
        if not fresh:
            return _version(call(train, date, f"{folder}/lake", f"{folder}/mlflow", window, holdout))
        ended = succeeds(train, files, date, "./lake", "./mlflow", window, holdout)
        files |= ended.files
        return _version(ended.value)

    first, second, again = run(day), run(other), run(day)
    window -= 1
    again = again if fresh else run(day)  # the day's version, whatever window is asked for now
    require(
        second != first,
        "another day gets the version that was made for this one",
        why="after its first night the pipeline would never train again, and every run would be green",
        where="look for a version whose tag `day` is *this* day; that there is one is not enough",
    )
    where = new_folder({name[7:]: one for name, one in files.items() if name.startswith("mlflow/")}) if fresh else ""
    found = Registry.of(Path(where)) if fresh else Registry.read(folder, "mlflow")
    require(
        again == first and len(found.versions) == 2,
        "run twice for the same day, train registers a second version",
        seen=f"versions {first} and {again}, in the registry {found.versions}",
        why="a retry would fill the registry with twins, and nobody could tell which of them was judged",
        where="look for a version of this day first (a tag tells), whatever the window, and return it",
    )


def survives(train: Callable[..., Any], day: str, days: Days, window: int, holdout: int) -> None:
    """Kill a training when its version has just been made, and run it again: there must be one version."""
    files = partitions("features", days)
    arguments = (day, "./lake", "./mlflow", window, holdout)
    stopped = alone(train, files, *arguments, fault="create_model_version")
    version = _version(succeeds(train, {**files, **stopped.files}, *arguments).value)
    require(
        version == 1,
        "killed when the version was made, and run again, train makes a second version for the day",
        why="a crash may come between two calls: the next try finds a version of which nothing says whose it is",
        where="`create_model_version(..., tags={...})`: the tag is set in the call that makes the version",
    )


def is_the_model(train: Callable[..., Any], day: str, days: Days, window: int, holdout: int) -> None:
    """Check that what is registered is the model that the task names, on the nine features."""
    folder = hand_over(partitions("features", days))
    version = _version(call(train, day, f"{folder}/lake", f"{folder}/mlflow", window, holdout))
    files = read_folder(str(artifacts(f"{folder}/mlflow")))
    trees, leaves, names = isolated(described, files, version)
    require(
        trees == TREES and leaves == LEAVES,
        "the model in the registry is not the one that the task names",
        seen=f"trees: {trees}, leaves: {leaves}",
        why="a challenger and a champion that differ in more than their days say nothing about the days",
        where='`models.pipeline("lightgbm", 0, n_estimators=60, num_leaves=15)`, fitted once on the whole window',
    )
    require(
        set(names) == set(lake.FEATURES),
        "the model was not trained on the nine features",
        seen=f"{names}",
        why="next week's service sends these nine, under these names",
        where="`registry.plain(table[list(lake.FEATURES)])`",
    )


def described(files: Mapping[str, bytes], version: int) -> tuple[int, int, list[str]]:
    """Return the number of trees and of their leaves at most, and the names of the features, of a version.

    To be called with `isolated`: it loads a student's model.
    """
    try:
        registry.connect(new_folder(files))
        model = registry._load(version)
        booster = model[-1].booster_
        return booster.num_trees(), int(booster.params["num_leaves"]), [str(one) for one in model.feature_names_in_]
    except Exception:
        return 0, 0, []


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
    for name in dict.fromkeys(window):
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


def needs_no_more(train: Callable[..., Any], day: str, days: Days, window: int, holdout: int) -> None:
    """Check that a model is trained where only days that are not of the window are missing."""
    folder = hand_over(partitions("features", days))
    version = returns(call(train, day, f"{folder}/lake", f"{folder}/mlflow", window, holdout), int, "train")
    require(
        version > 0,
        "no model is trained although every day of the window is there",
        why="a day of the holdout that is late would cost the night its model",
        where="the days of the window, and no others, must have a partition",
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
