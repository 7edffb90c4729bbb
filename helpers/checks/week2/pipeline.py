"""Checks of task `pipeline`: one object from row to probability, as production will ask it."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from helpers import data, features
from helpers.checks import call, close, in_new_process, is_probability, require, returns

KNOWN = ("origin_delay", "origin_waiting", "carrier_delay", "dest_delay", "visib", "humid")
NUMBERS = ("departs", "arrives", "weekday", "distance", *KNOWN)


def plain_rows(size: int, seed: int) -> tuple[pd.DataFrame, pd.Series]:
    """Make rows as they are asked about, and labels.

    A row is the timetable's, as the raw table of flights has it, with numbers in the place of what the desk knew. Those
    and the labels are drawn, so that a pipeline can be tried without this week's other tasks: what is late here says
    nothing of the real flight.
    """
    rng = np.random.default_rng(seed)
    raw = data.flights().sample(size, random_state=seed).set_index("flight_id")[features.TIMETABLE]
    queue = rng.gamma(1.0, 15.0, size)
    columns = {"origin_delay": queue, "origin_waiting": rng.poisson(1 + queue / 10)}
    columns |= {"carrier_delay": queue + rng.normal(0, 10, size), "dest_delay": rng.normal(10, 12, size)}
    columns |= {"visib": np.minimum(10, rng.gamma(6, 2, size)), "humid": rng.uniform(20, 100, size)}
    known = pd.DataFrame(columns, index=raw.index, dtype=float).round(2)
    raised = queue / 20 + 0.02 * columns["dest_delay"] - 0.1 * columns["visib"] + 0.8 * (raw["carrier"] == "EV")
    late = pd.Series(rng.random(size) < 1 / (1 + np.exp(1.2 - raised)), index=raw.index, name="late")
    X = raw.astype(dict.fromkeys(features.CATEGORIES, object)).join(known.mask(rng.random(known.shape) < 0.1))
    return X.astype({"sched_arr_time": float}), late


def unchanged(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows as they are: a first step for rows that need no preparation."""
    return rows


def fitted(make: Callable[..., Any], *arguments: Any, X: pd.DataFrame, y: pd.Series) -> Any:
    """Make a pipeline and fit it."""
    return call(call(make, *arguments).fit, X, y)


def late_probability(model: Any, X: pd.DataFrame) -> np.ndarray:
    """Ask a fitted pipeline and check what comes; shape (n,)."""
    require(hasattr(model, "predict_proba"), "the pipeline has no predict_proba", seen=type(model).__name__)
    p = np.asarray(call(model.predict_proba, X), dtype=float)
    require(p.shape == (len(X), 2), "predict_proba must give two columns, on time and late", seen=f"shape {p.shape}")
    return is_probability(p[:, 1], len(X))


def ranks(model: Any, X: pd.DataFrame, y: pd.Series) -> None:
    """Check that the model has learned something of flights that it has not seen."""
    auc = _auc(y, late_probability(model, X))
    require(
        auc > 0.55,
        "the pipeline ranks the flights that it has not seen hardly better than chance",
        seen=f"AUC {auc:.3f}",
        where="do all columns reach the model? Is the probability of late in the second column?",
    )


def _auc(y: pd.Series, p: np.ndarray) -> float:
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(y, p))


def survives(model: Any, X: pd.DataFrame) -> None:
    """Check a fitted pipeline on what production brings: other company, other order, unseen and missing values."""
    p = late_probability(model, X)
    for what, rows in {"alone": X.iloc[:1], "in a small batch": X.iloc[:7]}.items():
        close(
            late_probability(model, rows),
            p[: len(rows)],
            what=f"the answer for a row asked {what}",
            tolerance=1e-6,
            why="a pipeline that learns from what it is asked gives the same flight another answer tomorrow",
            where="something is fitted again when rows are transformed: means, codes or levels must come from training",
        )
    _in_another_order(model, X, p)
    _as_json(model, X[:9], p[:9])
    strange = X.iloc[:5].assign(dest=["XXX", "???", "", "Bos", "ZZZ"], carrier="ZZ")
    late_probability(model, strange)
    numbers = X.columns[[pd.api.types.is_float_dtype(X[column]) for column in X]]
    late_probability(model, X.iloc[:5].assign(**dict.fromkeys(numbers, np.nan)))


def _in_another_order(model: Any, X: pd.DataFrame, p: np.ndarray) -> None:
    mixed = X[list(X.columns[::-1])].sample(frac=1, random_state=1)
    answers = pd.Series(late_probability(model, mixed), index=mixed.index)
    close(
        answers.loc[X.index].to_numpy(),
        p,
        what="the answer with rows and columns in another order",
        tolerance=1e-6,
        where="name the columns for each step; positions change",
    )


def _as_json(model: Any, X: pd.DataFrame, p: np.ndarray) -> None:
    sent = pd.DataFrame(json.loads(X.to_json(orient="records", date_format="iso", double_precision=15)))
    close(
        late_probability(model, sent),
        p,
        what="the answer for rows that came as JSON, with the time as text",
        tolerance=1e-6,
        why="a server gets text and numbers, not pandas' instants",
        where="`prepare` reads both: is it the pipeline's first step?",
    )


def same_twice(p: np.ndarray, again: np.ndarray) -> None:
    """Check that two pipelines that were fitted with one seed answer alike."""
    close(again, p, what="two fits with one seed", tolerance=1e-6, where="hand `seed` to all that draws")


def served(saved: Path, X: pd.DataFrame, p: np.ndarray) -> None:
    """Check that a saved pipeline is loaded, and answers as it did, in a process without the student's notebook.

    The file may run any code when it is loaded: it is loaded in that process and in no other.
    """
    where = "a file holds the *names* of classes and functions: use those of libraries, and none of this notebook's"
    why = "the server has the libraries, and it has no notebook"
    require(saved.is_file(), "there is no file where the pipeline was to be saved", where="the path is the whole name")
    answer = _asked_in_new_process(saved.read_bytes(), X)
    broke = "the saved pipeline cannot be loaded and asked where your notebook has not run"
    require(not answer["problem"], broke, seen=answer["problem"], why=why, where=where)
    close(
        is_probability(answer["p"], len(X)),
        p,
        what="what the saved pipeline says in a process of its own",
        why="the server would answer otherwise than the notebook",
        where="save the fitted pipeline, and all of it",
    )


def _asked_in_new_process(saved: bytes, X: pd.DataFrame) -> dict[str, Any]:
    try:
        return returns(in_new_process(ask_saved, saved, X), dict, "the answer")
    except BrokenProcessPool:
        return {"problem": "the process ended while it loaded the file", "p": []}


def ask_saved(saved: bytes, X: pd.DataFrame) -> dict[str, Any]:
    """Load a pipeline with joblib and ask it: ``p``, probabilities of late, or ``problem``, what went wrong."""
    import joblib

    try:
        return {"problem": "", "p": joblib.load(io.BytesIO(saved)).predict_proba(X)[:, 1].tolist()}
    except Exception as error:  # whatever it is, it is what is wrong with the file
        return {"problem": f"{type(error).__name__}: {error}"[:300], "p": []}


def learns_categories(p: np.ndarray, y: pd.Series) -> None:
    """Check the probabilities of rows whose label depends on a category alone."""
    auc = _auc(y, p)
    require(
        auc > 0.75,
        "a signal that lies in a category alone is not found",
        seen=f"AUC {auc:.3f}",
        why="much of what is known about a flight is its carrier and its destination",
        where="codes by the alphabet say nothing; are the categories encoded, and do they reach the model?",
    )


def no_signal_from_noise(p: np.ndarray, coins: pd.Series) -> None:
    """Check the probabilities of rows of many rare levels that a model has learned, with labels that are coins."""
    known = float(np.corrcoef(p, coins)[0, 1])
    spread = float(np.mean((p > 0.85) | (p < 0.15)))
    require(
        spread < 0.3,
        "on labels that are coins the pipeline is sure of itself",
        seen=f"{spread:.0%} of its probabilities are beyond 0.15 and 0.85; correlation with the coins {known:.2f}",
        why="in production it would be as sure, and wrong",
        where="the encoding of rare categories has met its own labels: encode out of fold, and shrink",
    )
