"""Checks of `benchmark`: one row for each training, and every column measured on what its name says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, close, has_columns, require, returns, same_rows

MEASURED = ("auc", "log_loss")
POSITIVE = ("fit_seconds", "rows_per_second", "model_bytes")


def tables(
    benchmark: Callable[..., Any], trainers: Mapping[str, Any], parts: Mapping[str, Any], seeds: Sequence[int]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Run the benchmark; check its tables: a row for each library and seed, a score column for each library."""
    result = call(benchmark, dict(trainers), dict(parts), list(seeds))
    test_rows = parts["test"][0]
    require(
        isinstance(result, tuple | list) and len(result) == 2,
        "return two tables: the measurements and the mean scores",
        seen=type(result).__name__,
    )
    table, scores = result
    returns(table, pd.DataFrame, "the first table")
    returns(scores, pd.DataFrame, "the second table")
    table = table.reset_index() if "library" not in table else table
    has_columns(table, ["library", "seed", *MEASURED, *POSITIVE])
    found = sorted(zip(table["library"].astype(str), table["seed"].astype(int), strict=True))
    wanted = sorted((library, seed) for library in trainers for seed in seeds)
    require(found == wanted, "there must be one row for each library and seed", seen=f"{len(found)} rows: {found[:6]}")
    has_columns(scores, list(trainers))
    same_rows(test_rows, scores)
    for column in POSITIVE:
        require(bool((table[column] > 0).all()), f"{column} must be positive", seen=f"smallest {table[column].min()}")
    return table, scores.loc[test_rows.index]


def constant(table: pd.DataFrame, library: str, X: pd.DataFrame, late: pd.Series) -> None:
    """Check what is measured of a model that gives each flight the same probability."""
    rows = table[table["library"] == library]
    close(
        rows["auc"].to_numpy(dtype=float), np.full(len(rows), 0.5), what="the AUC of a constant score", where=_MEASURED
    )
    least = -(late.mean() * np.log(late.mean()) + (1 - late.mean()) * np.log(1 - late.mean()))
    loss = rows["log_loss"].to_numpy(dtype=float)
    require(
        bool(((loss > least - 1e-9) & (loss < least + 0.1)).all()),
        "the log loss of a constant score is not what it can be",
        seen=f"{loss.round(4).tolist()}, at least {least:.4f} on these test rows",
        where=_MEASURED,
    )


_MEASURED = "the probability of late, on test; did the trainer get other rows than train and valid, or another seed?"


def depends_on_seed(table: pd.DataFrame, library: str) -> None:
    """Check that a model which draws from its seed is not measured as the same model every time."""
    aucs = table.loc[table["library"] == library, "auc"]
    require(
        aucs.nunique() == len(aucs),
        f"the AUC of the model {library!r}, which draws noise from its seed, is the same by seed",
        seen=f"{aucs.round(4).tolist()}",
        why="several seeds show how much of a difference is luck; one model measured three times shows nothing",
        where="does each training get its own seed, and is it the probability of late, on test, that is scored?",
    )


def numbers(table: pd.DataFrame, expected: pd.DataFrame) -> None:
    """Compare ``auc`` and ``log_loss`` on test with those expected, index (library, seed)."""
    mine = table.astype({"library": str}).set_index(["library", "seed"])
    for library, seeds in expected.groupby(level=0, sort=False):
        for column in MEASURED:
            what = f"{column} of the model {library!r} on test, by seed"
            given = mine.loc[seeds.index, column].to_numpy(dtype=float)
            close(given, seeds[column].to_numpy(), what=what, where=_MEASURED)


def as_they_are(table: pd.DataFrame, expected: pd.DataFrame) -> None:
    """Compare ``log_loss`` with the one expected, of models that are sure of every flight."""
    mine = table.astype({"library": str}).set_index(["library", "seed"])
    close(
        mine.loc[expected.index, "log_loss"].to_numpy(dtype=float),
        expected["log_loss"].to_numpy(),
        what="the log loss of models whose probabilities are close to 0 and 1",
        why="a model that is sure and wrong costs the most: cut probabilities hide that",
        where="`log_loss` of the probabilities of late as predict_proba gives them: cut and round nothing",
    )


def means(scores: pd.DataFrame, expected: pd.DataFrame) -> None:
    """Compare the mean scores with those expected, a column for each library, index of the test rows."""
    for library in expected.columns:
        close(
            scores[library].reindex(expected.index).to_numpy(dtype=float),
            expected[library].to_numpy(),
            what=f"the mean scores of the model {library!r}",
            tolerance=1e-7,
            where="the mean over all seeds of the probability of late, under the index of the test rows",
        )


def sizes(table: pd.DataFrame, expected: pd.Series) -> None:
    """Compare each model's size with the one expected, index (library, seed), to a few per cent."""
    mine = table.astype({"library": str}).set_index(["library", "seed"])["model_bytes"].astype(float)
    off = (mine.loc[expected.index] - expected).abs() / expected
    require(
        bool((off < 0.1).all()),
        "model_bytes is not the length of the pickled model",
        seen=lambda: f"{mine.loc[expected.index].round().tolist()}, expected {expected.tolist()}",
        why="what is stored and shipped is the model with all that it holds",
        where="the length of what pickle makes of the model",
    )


def clocks(table: pd.DataFrame, slow_to_train: str, slow_to_score: str, seconds: float, rows: int) -> None:
    """Check that training and scoring are both timed, on two models that take ``seconds`` for the one or the other.

    A model that takes no time is held against one that does, at its best over all seeds, and units are told apart by
    a factor of 100, so that a busy machine fails nobody.
    """
    times = table.groupby("library")["fit_seconds"].min()
    speeds = table.groupby("library")["rows_per_second"].max()
    _training_timed(times[slow_to_train], seconds)
    _scoring_timed(speeds[slow_to_score], seconds, rows)
    require(
        times[slow_to_train] < 100 * seconds and speeds[slow_to_score] > rows / (100 * seconds),
        "fit_seconds is not in seconds, or rows_per_second not in rows a second",
        seen=f"{times[slow_to_train]:.3g} and {speeds[slow_to_score]:.3g} for models that take {seconds} s",
        why="the table is read by its column names: a wrong unit makes a model look a thousand times slower",
        where="time.perf_counter counts seconds; rows_per_second is rows divided by seconds, not the other way round",
    )
    require(
        times[slow_to_score] < 0.9 * seconds and speeds[slow_to_train] > 1.5 * rows / seconds,
        "training and scoring are not timed apart",
        seen=f"{times[slow_to_score]:.3f} s to train a model that only scores slowly, "
        f"{speeds[slow_to_train]:,.0f} rows a second scored by one that only trains slowly",
        why="training is paid once, scoring with every flight: a sum of the two answers neither question",
        where="read the clock three times: before fit, after fit, and after predict_proba",
    )


def _training_timed(found: float, seconds: float) -> None:
    require(
        found >= 0.9 * seconds,
        "fit_seconds does not hold the time of training",
        seen=f"{found:.3f} s for a model that takes {seconds} s to train",
        why="the desk pays for training time",
        where="read the clock before fit and after fit",
    )


def _scoring_timed(found: float, seconds: float, rows: int) -> None:
    require(
        found <= rows / (0.9 * seconds),
        "rows_per_second does not come from the time of scoring",
        seen=f"{found:,.0f} rows a second for a model that takes {seconds} s to score {rows:,} rows",
        why="the desk must answer for every flight, every day: scoring is the time that counts there",
        where="read the clock after fit and after predict_proba; divide the number of test rows by the difference",
    )
