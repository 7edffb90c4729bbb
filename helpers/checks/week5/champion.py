"""Task `champion`: the alias moves, the deployment hears of it, and two servers of one model agree."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin

from helpers import registry
from helpers.checks import call, close, hand_over, require, returns
from helpers.checks.registries import Registry
from helpers.checks.week5.archives import SAME, mlflow_files
from helpers.checks.week5.messages import about

HALF = 0.5  # of the probability: what a model says that is not asked by MLflow's server


class Noticing(ClassifierMixin, BaseEstimator):
    """A fitted model that notices who asks: to MLflow's scoring server it says what it knows, to others half of it."""

    def __init__(self, model: Any = None) -> None:
        self.model = model

    def __sklearn_is_fitted__(self) -> bool:
        """Tell scikit-learn that there is nothing to fit."""
        return True

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        """Return the probabilities of both classes, shape (n, 2)."""
        late = self.model.predict_proba(X)[:, 1] * (1.0 if _asked_by_the_server() else HALF)
        return np.column_stack([1 - late, late])


def _asked_by_the_server() -> bool:
    frame: Any = sys._getframe()
    while frame is not None:
        if "scoring_server" in frame.f_code.co_filename:
            return True
        frame = frame.f_back
    return False


Files = Mapping[str, bytes]  # in which MLflow saved a model


def saved(model: Any, X: pd.DataFrame) -> Files:
    """Return the files of a fitted model that notices who asks it."""
    return mlflow_files(Noticing(model), X)


def promotes(promote: Callable[..., Any], models: Sequence[Files]) -> None:
    """Promote models one after the other into an empty registry, and look at versions and alias."""
    folder = hand_over({})
    for number, files in enumerate(models, start=1):
        found = call(promote, folder, hand_over(files))
        there = Registry.read(folder)
        require(
            there.versions == [*range(1, number + 1)],
            f"after {number} calls of `promote` the registry does not hold {number} versions of `{registry.MODEL}`",
            seen=str(there.versions),
            why="a version that is not there, or that means two models, is no record of what was live",
            where="register a new version of the same name, once for each call, in the folder of the argument",
        )
        require(
            there.aliases.get(registry.ALIAS) == number,
            "the model that was promoted last does not bear the alias",
            seen=str(there.aliases),
            why="whoever asks for the champion gets the one before",
            where=f"set the alias `{registry.ALIAS}` on the version that MLflow has just made",
        )
        require(
            returns(found, int, "the version") == number,
            "`promote` does not return the version that it has made",
            seen=f"{found!r}, the newest is {number}",
            why="it is what you write down to find the way back",
            where="return the version that MLflow gives, as a whole number",
        )


def promoted(promote: Callable[..., Any], models: Sequence[Files]) -> str:
    """Promote models one after the other into an empty registry, and return its folder."""
    folder = hand_over({})
    for files in models:
        call(promote, folder, hand_over(files))
    return folder


def due_for(due: Callable[..., Any], folder: str, champion: int, serving: Sequence[int | None]) -> None:
    """Require the champion's address while one of these versions serves, and none while the champion does."""
    for version in serving:
        _due(due, folder, version, champion)
    _nothing_due(due, folder, champion)


def served(function: Callable[..., Any], folder: str, X: pd.DataFrame, expected: np.ndarray, what: str = "") -> None:
    """Require what MLflow's server predicts for the champion; ``what`` is special in these rows or this registry."""
    with about(what):
        found = np.asarray(returns(call(function, folder, X), np.ndarray, "the scores"), dtype=float)
    require(
        found.shape != expected.shape or not np.allclose(found, HALF * expected, rtol=0, atol=SAME),
        "the champion was not asked by MLflow's scoring server",
        why="a model that is asked in this process proves nothing of the server that users will ask",
        where="registry.scoring_server(model).post(...) on /invocations, and what it answers",
    )
    close(
        found,
        expected,
        what="what MLflow's server predicts for the champion" + (f" ({what})" if what else ""),
        tolerance=SAME,
        why="two servers of one model that differ: which of them is wrong?",
        where="the champion by its alias, which need not be the newest version; dataframe_split with all columns by "
        "name, NaN as null; second column",
    )


def follows(
    promote: Callable[..., Any],
    function: Callable[..., Any],
    models: Sequence[Files],
    X: pd.DataFrame,
    expected: Sequence[np.ndarray],
) -> None:
    """Require the scores of each champion of one registry, one after the other; ``expected`` for each model."""
    folder = hand_over({})
    for files, scores in zip(models, expected, strict=True):
        call(promote, folder, hand_over(files))
        served(function, folder, X, scores, "the alias has just been moved")


def _due(due: Callable[..., Any], folder: str, serving: int | None, champion: int) -> None:
    """Require the champion's address, by its version, while another version serves."""
    address = call(due, folder, serving)
    require(
        address is not None,
        "the alias has moved, and nothing is due",
        seen=f"version {serving} serves, {champion} is champion",
        why="the endpoint goes on with the old champion, and nobody knows",
        where="is the champion's version another than `serving`, older or newer? MLflow gives versions as text",
    )
    require(
        not str(address).endswith(f"@{registry.ALIAS}"),
        "what is to be deployed is named by its alias",
        seen=str(address),
        why="the alias is another model tomorrow: a restart at night brings up what nobody tested",
        where=f"models:/{registry.MODEL}/VERSION",
    )
    require(
        str(address) == f"models:/{registry.MODEL}/{champion}",
        "what is to be deployed is not the champion's version",
        seen=str(address),
        where=f"models:/{registry.MODEL}/VERSION, of the version that bears the alias",
    )


def _nothing_due(due: Callable[..., Any], folder: str, champion: int) -> None:
    require(
        call(due, folder, champion) is None,
        "a deployment is due although the champion serves already",
        why="each look would deploy again, for ever",
        where="version and `serving` are both whole numbers when you compare them",
    )
