"""Task ``register``: what the next person finds in the registry, by its database and its files."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers import models, registry
from helpers.checks import CheckFailed, artifacts, call, close, hand_over, is_probability, isolated, require, returns
from helpers.checks.registries import Registry
from helpers.checks.remote import new_folder, read_folder

Trials = Sequence[Mapping[str, Any]]


class Registrations:
    """A student's ``register_champion``, what it leaves being looked at once, and judged by several parts."""

    def __init__(self, register: Callable[..., Any]) -> None:
        self.register = register
        self.folders: dict[str, str] = {}
        self.kept: dict[tuple[str, int], Left] = {}

    def __call__(self, name: str, place: int, trials: Trials, X: pd.DataFrame, y: pd.Series, seed: int) -> Left:
        """Register the best of some trials in the folder ``name``, where ``place`` other calls went before."""
        if (name, place) not in self.kept:
            folder = self.folders.setdefault(name, hand_over({}))
            _close_runs()  # one that an earlier try has left open would stand in the way of every later one
            before = self.kept.get((name, place - 1))
            version = returns(
                call(self.register, folder, [dict(one) for one in trials], X, y, seed), int, "the version"
            )
            left = not _close_runs()
            self.kept[name, place] = Left.read(folder, version, trials, before, closed=left)
        return self.kept[name, place]


@dataclass(frozen=True)
class Left:
    """What a call has left in its folder: the registry, and the files of the version."""

    folder: str
    version: int
    trials: Trials
    found: Registry
    known: frozenset[str]  # runs of earlier calls
    versions: tuple[int, ...]  # of earlier calls
    closed: bool
    models: Mapping[str, Mapping[str, Any]]  # by path, what MLmodel says
    figures: tuple[str, ...]
    requirements: Mapping[str, str]
    files: Mapping[str, bytes]

    @classmethod
    def read(cls, folder: str, version: int, trials: Trials, before: Left | None, *, closed: bool) -> Left:
        """Read the registry in a folder before another call adds to it."""
        import yaml

        place = artifacts(folder)
        found = Registry.of(place)
        paths = {path: path.relative_to(place).as_posix() for path in sorted(place.rglob("*")) if path.is_file()}
        texts = {name: path.read_text(encoding="utf-8") for path, name in paths.items() if path.name == "MLmodel"}
        models = {name: yaml.safe_load(text) for name, text in texts.items()}
        return cls(
            folder=folder,
            version=version,
            trials=trials,
            found=found,
            known=frozenset(before.found.runs() if before else ()),
            versions=tuple(before.found.versions if before else ()),
            closed=closed,
            models={name: model for name, model in models.items() if isinstance(model, dict)},
            figures=tuple(n for p, n in paths.items() if p.name == "folds.png" and p.read_bytes()[:4] == b"\x89PNG"),
            requirements={n: p.read_text("utf-8") for p, n in paths.items() if p.name == "requirements.txt"},
            files=read_folder(str(place)),
        )

    @property
    def run(self) -> str:
        """The run in which the version was logged."""
        return self.found.run_of(self.version) or ""

    def logged(self) -> None:
        """Check that each trial has one run, which holds its settings, its folds' losses and their mean."""
        require(
            self.closed,
            "a run of MLflow was left open",
            why="the next `start_run` in this notebook would fail, in a line that is right",
            where="`with mlflow.start_run():` closes the run, also when something goes wrong",
        )
        new = [run for run in self.found.runs() if run not in self.known]
        taken = [_run_of(self.found, new, trial) for trial in self.trials]
        require(
            len(new) == len(taken) == len(set(taken)),
            "there is not one run for each trial",
            seen=f"{len(new)} runs, {len(set(taken))} of them of trials; {len(taken)} trials",
            why="whoever counts the runs to judge how much was tried counts wrong",
            where="one `start_run` for each trial; the champion is logged in its trial's own run, not in another one",
        )

    def is_best(self, best: int) -> None:
        """Check that the version's run is that of the trial of lowest mean, at the position ``best``."""
        wanted, params = _params(self.trials[best]), self.found.params_of(self.version)
        means = self.found.metric(self.run, "mean_log_loss")["value"].to_numpy()
        lowest = float(np.mean(self.trials[best]["fold_log_loss"]))
        require(
            wanted.items() <= params.items() and (len(means) == 0 or np.isclose(means[-1], lowest)),
            "the champion was not logged in the run of the trial of lowest mean log loss",
            why="its lineage leads to the settings and scores of another model",
            where="choose by the mean of the folds; call `log_model` within that trial's `start_run`",
        )

    def bears_alias(self) -> None:
        """Check that one version was registered, which was returned and bears the alias."""
        new = [one for one in self.found.versions if one not in self.versions]
        require(
            new,
            "no version of `flight-delays` was registered",
            why="weeks 4 to 6 ask for the champion by that name",
            where="`registered_model_name=registry.MODEL` in log_model",
        )
        require(
            len(new) == 1,
            "more than the champion was registered",
            seen=f"versions {new}",
            why="the registry holds what may be put to work; trials that lost are runs, no versions",
            where="`registered_model_name` for the best trial alone",
        )
        _alias(self.found, self.version)
        require(
            self.version == new[0],
            "the version that was returned is not the one that was registered",
            where="`registered_model_version` of what `log_model` gives back",
        )

    def served(self, X: pd.DataFrame) -> None:
        """Check that the model says which columns go in, shows an example, and gives probabilities."""
        model = self._model()
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

    def says_what_it_needs(self) -> None:
        """Check that the model names the libraries that it needs, with versions."""
        own = [path for path, model in self.models.items() if model.get("run_id") == self.run]
        beside = [
            text for path, text in self.requirements.items() if own and path.startswith(own[-1][: -len("MLmodel")])
        ]
        _says_what_it_needs("".join(beside))

    def drew_folds(self) -> None:
        """Check that the champion's run has the figure."""
        require(
            any(self.run in path for path in self.figures),
            "the champion's run has no figure folds.png",
            where="`mlflow.log_figure(figure, 'folds.png')` within the run",
        )

    def trained(self, X: pd.DataFrame, expected: np.ndarray) -> None:
        """Compare what the version says of ``X``, loaded from its files, with the champion's probabilities of late."""
        given = isolated(scored, dict(self.files), self.version, X)
        require(
            isinstance(given, list),
            "the version that was registered cannot be loaded from the registry's files",
            seen=str(given),
            why="next week's pipeline loads it, without this notebook",
            where="log the pipeline with `mlflow.sklearn.log_model`, in the registry of `registry.connect(folder)`",
        )
        where = "the settings of the trial of lowest mean, trained on all rows of X, with `seed`"
        close(np.asarray(given), expected, what="the champion's prediction", tolerance=1e-6, where=where)

    def _model(self) -> Mapping[str, Any]:
        own = [model for model in self.models.values() if model.get("run_id") == self.run]
        require(
            own,
            "the champion's files are not in the folder",
            where="`registry.connect(folder)` makes an experiment whose files lie in the folder",
        )
        return own[-1]


def scored(files: Mapping[str, bytes], version: int, X: pd.DataFrame) -> list[float] | str:
    """Return the probabilities of late by a version of the registry in these files; in words why there are none.

    To be called with `isolated`: it loads a student's model.
    """
    try:
        return [float(one) for one in registry.score(new_folder(files), version, X)]
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:200]}"


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


def example(X: pd.DataFrame, y: pd.Series, seed: int) -> tuple[dict[str, bytes], np.ndarray]:
    """Make a registry with one version; give its files, and what its champion says of ``X``.

    That one cannot split: it says the share of late flights of each.
    """
    import mlflow

    folder = registry.connect(new_folder({}))
    model = models.pipeline("lightgbm", seed, n_estimators=1, min_child_samples=10_000).fit(X, y)
    with mlflow.start_run():
        logged = mlflow.sklearn.log_model(
            model,
            name="model",
            pip_requirements=registry.requirements(),
            signature=mlflow.models.infer_signature(X.head(50), model.predict_proba(X.head(50))),
            serialization_format="cloudpickle",
            pyfunc_predict_fn="predict_proba",
            registered_model_name=registry.MODEL,
        )
    mlflow.MlflowClient().set_registered_model_alias(registry.MODEL, registry.ALIAS, logged.registered_model_version)
    files = read_folder(str(folder))
    registry.connect(new_folder({}))  # an answer that forgets to connect must not find this one by luck
    return files, np.full(len(X), y.mean())


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


def _params(trial: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in trial["settings"].items()}


def _run_of(found: Registry, new: Sequence[str], trial: Mapping[str, Any]) -> str:
    """Return the run with a trial's parameters and metrics."""
    wanted, params = _params(trial), found.params_by_run()
    runs = [run for run in new if wanted.items() <= params.get(run, {}).items()]
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


def _says_what_it_needs(listed: str) -> None:
    listed = listed.lower().replace("_", "-")
    missing = [name for name in ("lightgbm", "scikit-learn") if not re.search(rf"^{name}\s*[=<>~]", listed, re.M)]
    require(
        not missing,
        f"the model's requirements do not name {' and '.join(missing)} with a version",
        why="next year it is loaded with next year's libraries, or with none: it answers otherwise, or not at all",
        where="`pip_requirements=registry.requirements()` in log_model",
    )
