"""Task ``register``: what the next person finds in the registry, by its database and its files."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import CheckFailed, artifacts, call, close, is_probability, require, returns
from helpers.checks.registries import Registry


def registered(
    register: Callable[..., Any],
    scores: Callable[..., Any],
    folder: str,
    trials: Sequence[Mapping[str, Any]],
    X: pd.DataFrame,
    y: pd.Series,
    seed: int,
    *,
    best: int,
    expected: np.ndarray,
) -> None:
    """Check a registry by its database and its files, and the champion by what it says of ``X``.

    Parameters
    ----------
    best
        position of the trial that is to be the champion
    expected
        the champion's probabilities of late, shape (n,)
    """
    _close_runs()  # one that an earlier try has left open would stand in the way of every later one
    version = returns(call(register, folder, [dict(trial) for trial in trials], X, y, seed), int, "the version")
    require(
        not _close_runs(),
        "a run of MLflow was left open",
        why="the next `start_run` in this notebook would fail, in a line that is right",
        where="`with mlflow.start_run():` closes the run, also when something goes wrong",
    )
    place = artifacts(folder)
    found = Registry.of(place)
    _alias(found, version)
    runs = [_run_of(found, trial) for trial in trials]
    require(
        found.run_of(version) == runs[best],
        "the champion was not logged in the run of the trial of lowest mean log loss",
        why="its lineage leads to the settings and scores of another model",
        where="choose by the mean of the folds; call `log_model` within that trial's `start_run`",
    )
    _champion(place, runs[best], X)
    given = is_probability(call(scores, folder, X), len(X))
    where = "the settings of the best trial, trained on all of X with `seed`; predict_proba's second column; the alias"
    close(given, expected, what="the champion's prediction", tolerance=1e-6, where=where)


def by_alias(scores: Callable[..., Any], folder: str, X: pd.DataFrame, expected: np.ndarray) -> None:
    """Check that the champion is found in a registry where it is neither the first nor the newest version."""
    close(
        is_probability(call(scores, folder, X), len(X)),
        expected,
        what="the prediction of the version with the alias",
        tolerance=1e-6,
        why="the alias is moved back when a new version fails: whoever asks for the newest serves the failure",
        where="`registry.connect(folder)`, then models:/NAME@ALIAS; not a version's number",
    )


def _close_runs() -> bool:
    """Close the runs that are open in this process; say if there were any. In grading answers run in another one."""
    mlflow, found = sys.modules.get("mlflow"), False
    while mlflow is not None and mlflow.active_run() is not None:
        mlflow.end_run()
        found = True
    return found


def _alias(found: Registry, version: int) -> None:
    require(
        "champion" in found.aliases,
        "no version of `flight-delays` bears the alias `champion`",
        why="weeks 4 to 6 ask for the champion by that name",
        where="`MlflowClient().set_registered_model_alias`; the names are in `registry.MODEL` and `registry.ALIAS`",
    )
    require(
        found.aliases["champion"] == version,
        "the alias is not on the version that was returned",
        where="the version that `log_model` has just registered: it is not always the first",
    )


def _run_of(found: Registry, trial: Mapping[str, Any]) -> str:
    """Return the newest run with a trial's parameters and metrics."""
    wanted = {name: str(value) for name, value in trial["settings"].items()}
    params = found.params_by_run()
    runs = [run for run in found.runs() if wanted.items() <= params.get(run, {}).items()]
    require(
        runs,
        "a trial has no run with its settings as parameters",
        why="a search of which only the winner is recorded cannot be judged: how many were tried?",
        where="one run for each trial, the losers too: `mlflow.start_run`, `mlflow.log_params(trial['settings'])`",
    )
    for run in runs:
        if _holds(found, run, trial["fold_log_loss"]):
            return run
    raise CheckFailed(
        "a run does not hold the log loss of every fold, or not their mean",
        why="a mean without its folds does not say how sure it is",
        where="metric `log_loss` once for each fold with `step` from 0, and metric `mean_log_loss`",
    )


def _holds(found: Registry, run: str, losses: Sequence[float]) -> bool:
    """Say if a run logged each fold's loss at its step, and their mean."""
    steps = found.metric(run, "log_loss")
    means = found.metric(run, "mean_log_loss")["value"]
    every = len(steps) == len(losses) and np.allclose(steps, list(enumerate(losses)))
    return every and len(means) > 0 and np.allclose(means, sum(losses) / len(losses))


def _champion(place: Path, run: str, X: pd.DataFrame) -> None:
    """Check the files of the champion, which was logged in ``run``."""
    import yaml

    files = {path: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(place.rglob("MLmodel"))}
    own = {path: content for path, content in files.items() if isinstance(content, dict) and content["run_id"] == run}
    require(
        own,
        "the champion's files are not in the folder",
        where="`registry.connect(folder)` makes an experiment whose files lie in the folder",
    )
    path, model = list(own.items())[-1]
    _signature(model.get("signature") or {}, X)
    require(
        model.get("saved_input_example_info"),
        "the model has no input example",
        why="whoever serves it (week 5) needs one request that is known to work",
        where="`input_example=X.head(3)` in log_model",
    )
    require(
        "predict_proba" in str((model.get("flavors") or {}).get("python_function")),
        "a server of this model would answer yes or no, and not with probabilities",
        why="week 5 serves the champion, and finance's threshold needs the number",
        where="`pyfunc_predict_fn` in log_model",
    )
    _says_what_it_needs(path.with_name("requirements.txt"))
    require(
        any(run in path.as_posix() for path in place.rglob("folds.png")),
        "the champion's run has no figure folds.png",
        where="`mlflow.log_figure(figure, 'folds.png')` within the run",
    )


def _signature(signature: Mapping[str, Any], X: pd.DataFrame) -> None:
    require(
        signature.get("inputs") and signature.get("outputs"),
        "the model has no signature",
        why="nobody can tell which columns go in: a wrong table would be answered and not refused",
        where="`signature=mlflow.models.infer_signature(X, ...)` in log_model",
    )
    require(
        re.search("float|double", str(signature["outputs"])),
        "the signature says that yes and no come out",
        why="whoever serves it (week 5) tells its users what they will get, and reads that here",
        where="`infer_signature(X, model.predict_proba(X))`: the outputs are probabilities",
    )
    missing = [name for name in X.columns if f'"{name}"' not in str(signature["inputs"])]
    require(not missing, "the signature does not name every column", where="infer it from the table X itself")


def _says_what_it_needs(file: Path) -> None:
    listed = file.read_text(encoding="utf-8").lower().replace("_", "-") if file.is_file() else ""
    missing = [name for name in ("lightgbm", "scikit-learn") if not re.search(rf"^{name}\s*[=<>~]", listed, re.M)]
    require(
        not missing,
        f"the model's requirements do not name {' and '.join(missing)} with a version",
        why="next year it is loaded with next year's libraries, or with none: it answers otherwise, or not at all",
        where="`pip_requirements=registry.requirements()` in log_model",
    )
