"""Checks of `benchmark`: one row for each training, and every column measured on what its name says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from helpers.checks import close, has_columns, require, returns, same_rows

MEASURED = ("auc", "log_loss")
POSITIVE = ("fit_seconds", "rows_per_second", "model_bytes")


def tables(
    result: Any, trainers: Sequence[str], seeds: Sequence[int], test_rows: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Check the benchmark's two tables: one row for each library and seed, one score column for each library."""
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
    return table, scores


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


def numbers(table: pd.DataFrame, scores: pd.DataFrame, *, expected: pd.DataFrame, mean_scores: pd.DataFrame) -> None:
    """Compare what was measured on test.

    Parameters
    ----------
    table, scores
        what `tables` gives
    expected
        ``auc`` and ``log_loss``, index (library, seed)
    mean_scores
        a column for each library, index of the test rows
    """
    where = "the probability of late, on test; did the trainer get other rows than train and valid, or another seed?"
    mine = table.astype({"library": str}).set_index(["library", "seed"])
    for library, seeds in expected.groupby(level=0, sort=False):
        for column in MEASURED:
            what = f"{column} of the model {library!r} on test, by seed"
            given = mine.loc[seeds.index, column].to_numpy(dtype=float)
            close(given, seeds[column].to_numpy(), what=what, where=where)
        close(
            scores[library].reindex(mean_scores.index).to_numpy(dtype=float),
            mean_scores[library].to_numpy(),
            what=f"the mean scores of the model {library!r}",
            tolerance=1e-7,
            where="the mean over all seeds of the probability of late, in the order of the test rows",
        )


def sizes(table: pd.DataFrame, small: str, large: str, difference: int) -> None:
    """Check that a model which holds many numbers is larger than one which holds one."""
    smallest = table.groupby("library")["model_bytes"].min()
    require(
        smallest[large] > smallest[small] + difference,
        "a model with a large table is not larger than a constant",
        seen=f"{smallest[large]:,} bytes, and {smallest[small]:,} for the constant",
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
