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
from helpers.checks import CheckFailed, call, close, in_new_process, is_probability, require, returns

_NONE: list[Any] = [None] * 5
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


def complete_rows(size: int, seed: int) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame, pd.Series]:
    """Make rows and labels to learn from, and others to ask about: nothing is missing, and no level of these is new."""
    X, late = plain_rows(size, seed)
    X = X.dropna()
    known, new = X.iloc[: 2 * len(X) // 3], X.iloc[2 * len(X) // 3 :]
    for column in features.CATEGORIES:
        new = new[new[column].isin(known[column])]
    return known, late[known.index], new, late[new.index]


def columns_made(rows: pd.DataFrame) -> pd.DataFrame:
    """Make the columns ``level``, ``other``, ``x`` and ``z`` of rows that have none of them: a first step."""
    names = {"LEVEL": "level", "OTHER": "other", "X": "x", "Z": "z"}
    return rows.rename(columns=names)[["z", "level", "x", "other"]].astype({"x": float, "z": float})


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


def same_in_company(model: Any, X: pd.DataFrame) -> None:
    """Check that a row gets the same answer alone, in a small batch, and with rows and columns in another order."""
    p = late_probability(model, X)
    for what, rows in {"alone": X.iloc[:1], "in a small batch": X.iloc[:7], "with others": X.iloc[5:40]}.items():
        close(
            late_probability(model, rows),
            p[X.index.get_indexer(rows.index)],
            what=f"the answer for a row asked {what}",
            tolerance=1e-6,
            why="a pipeline that learns from what it is asked gives the same flight another answer tomorrow",
            where="something is fitted again when rows are transformed: means, codes or levels must come from training",
        )
    _in_another_order(model, X, p)


def holes_in_company(make: Callable[..., Any], *arguments: Any, rows: tuple[pd.DataFrame, pd.Series]) -> None:
    """Check that a row with missing values gets alone the answer that it gets with others.

    Whether it gets one at all is another question.
    """
    X, y = rows
    holes = X[X.isna().any(axis=1)].iloc[:40]
    try:
        model = fitted(make, *arguments, X=X, y=y)
        p = late_probability(model, holes)
        alone = np.concatenate([late_probability(model, holes.iloc[[n]]) for n in range(12)])
    except CheckFailed:
        return
    close(
        alone,
        p[:12],
        what="the answer for a row with missing values that is asked alone",
        tolerance=1e-6,
        why="what is unknown of one flight was filled in from another that happened to be asked with it",
        where="fill holes with what was learned in training, or leave them to the model; never from the rows around",
    )


def strange_rows(model: Any, X: pd.DataFrame) -> None:
    """Check that a fitted pipeline answers rows with unseen and missing values, and for each as it does alone."""
    unseen = X.iloc[:5].assign(dest=["XXX", "???", "", "Bos", "ZZZ"], carrier="ZZ")
    numbers = X.columns[[pd.api.types.is_float_dtype(X[column]) for column in X]]
    rows = {
        "levels that training has not seen": unseen,
        "no number that is known": X.iloc[:5].assign(**dict.fromkeys(numbers, np.nan)),
        "a category that is missing (None)": X.iloc[:5].assign(dest=[*_NONE], carrier=[*_NONE[:2], "B6", "UA", "AA"]),
        "a category that is missing (NaN)": X.iloc[:5].assign(origin=[np.nan, "EWR", "JFK", np.nan, "LGA"]),
    }
    for what, asked in rows.items():
        require(
            len(_asked(model, asked, what)) == 5,
            f"rows with {what} are not all answered",
        )


def _asked(model: Any, rows: pd.DataFrame, what: str) -> np.ndarray:
    """Ask a pipeline; an error says which rows it was asked about."""
    try:
        return late_probability(model, rows)
    except CheckFailed as error:
        found = CheckFailed(
            f"rows with {what}: {error.broke}",
            seen=error.seen,
            why="production brings such a row on the first day, and the desk waits for an answer",
            where="what does each step do with it? Encoders have a setting for it; holes can be filled, or left",
        )
    raise found


def prepares(model: Any, X: pd.DataFrame) -> None:
    """Check that a pipeline takes plain rows: the same answers for rows that came as JSON, with the time as text."""
    _as_json(model, X[:9], late_probability(model, X)[:9])


def is_pipeline(made: Any) -> None:
    """Check that what was made is a Pipeline that nobody has fitted: its steps can be listed."""
    steps = getattr(made, "steps", None)
    require(
        isinstance(steps, list) and len(steps) > 1 and hasattr(made, "named_steps"),
        "what `make_pipeline` returns is no scikit-learn Pipeline of several steps",
        seen=type(made).__name__,
        where="`sklearn.pipeline.Pipeline([(name, step), …])`",
    )


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


def under_this_name(saved: Path, before: bytes = b"") -> None:
    """Check that there is a file of this name, and that it is not what was there ``before``."""
    require(
        saved.is_file(),
        "the pipeline was not saved under the name that `path` says",
        seen=f"no file {saved.name}",
        why="the server looks for the file under that name, and does not find it",
        where="`path` is the whole name: add nothing to it, and take nothing away",
    )
    require(
        saved.read_bytes() != before,
        "a file that was there before was left as it was",
        why="the server goes on with an older pipeline, and nobody is told",
        where="what `path` names is replaced, whatever was there",
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


def learns(p: np.ndarray, y: pd.Series, what: str, *, least: float) -> None:
    """Check the probabilities of rows whose label depends on one column alone."""
    auc = _auc(y, p)
    require(
        auc > least,
        f"a signal that lies in {what} alone is not found",
        seen=f"AUC {auc:.3f}",
        why="what does not reach the model cannot help the desk",
        where="does each column of `numbers` and `categories` reach the model? Codes by the alphabet say little",
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
