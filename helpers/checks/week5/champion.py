"""Task `champion`: the alias moves, the deployment hears of it, and two servers of one model agree."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers import registry
from helpers.checks import call, close, hand_over, require, returns
from helpers.checks.week5.archives import SAME, mlflow_files


def follows(
    promote: Callable[..., Any],
    due: Callable[..., Any],
    served: Callable[..., Any],
    fitted: Sequence[Any],
    X: pd.DataFrame,
    expected: Sequence[np.ndarray],
) -> None:
    """Promote models one after the other, and see whether deployment and scoring server follow.

    ``expected`` holds the probabilities of late that each of the ``fitted`` predicts for ``X``, shape (n,).
    """
    folder, versions = hand_over({}), list[int]()
    for model, late in zip(fitted, expected, strict=True):
        version = returns(call(promote, folder, hand_over(mlflow_files(model, X))), int, "the version")
        require(
            version not in versions,
            "a second model was registered under a version that is taken",
            why="a version that means two models is no record of what was live",
            where="register a new version of the same name each time; return the version that MLflow gives",
        )
        _champion(served, folder, X, late)
        for serving in dict.fromkeys((versions[-1] if versions else None, None)):
            _due(due, folder, serving, version)
        _nothing_due(due, folder, version)
        versions.append(version)


def goes_back(
    due: Callable[..., Any],
    served: Callable[..., Any],
    folder: str,
    X: pd.DataFrame,
    expected: np.ndarray,
    *,
    champion: int,
    serving: int,
) -> None:
    """Take the shortest way back there is: the alias is on an older version than the one that serves."""
    _champion(served, folder, X, expected)
    for version in (serving, None):
        _due(due, folder, version, champion)
    _nothing_due(due, folder, champion)


def _champion(served: Callable[..., Any], folder: str, X: pd.DataFrame, expected: np.ndarray) -> None:
    """Require that MLflow's server predicts what the champion predicts."""
    close(
        np.asarray(returns(call(served, folder, X), np.ndarray, "the scores"), dtype=float),
        expected,
        what="what MLflow's server predicts for the champion",
        tolerance=SAME,
        why="two servers of one model that differ: which of them is wrong?",
        where="the champion by its alias, which need not be the newest version; dataframe_split with all columns by "
        "name, NaN as null; second column",
    )


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
