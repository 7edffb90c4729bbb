"""Checks of `train_models`: three libraries behind one interface, and the promises that each of them keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import log_loss, roc_auc_score

from helpers.checks import call, close, is_probability, require, returns

MOST = 200  # rounds, where early stopping is looked at


def trained(result: Any, X: pd.DataFrame, max_rounds: int, library: str) -> tuple[np.ndarray, int]:
    """Check what a training function returned; return its probabilities of being late for ``X`` and its rounds."""
    require(
        isinstance(result, tuple | list) and len(result) == 2,
        f"{library}: return the model and the number of rounds it kept",
        seen=type(result).__name__,
        where="`return model, rounds`",
    )
    model, rounds = result
    late = _late(model, X, library)
    kept = int(returns(rounds, float, f"{library}: the number of rounds"))
    require(
        0 <= kept <= max_rounds,
        f"{library}: the number of rounds kept is not between 0 and max_rounds",
        seen=f"{rounds!r}, max_rounds {max_rounds}",
        where="does max_rounds reach the library?",
    )
    return late, kept


def _late(model: Any, X: pd.DataFrame, library: str) -> np.ndarray:
    require(hasattr(model, "predict_proba"), f"{library}: the model has no predict_proba", seen=type(model).__name__)
    probabilities = np.asarray(call(model.predict_proba, X), dtype=float)
    require(
        probabilities.shape == (len(X), 2),
        f"{library}: predict_proba must give two columns, on time and late",
        seen=f"shape {probabilities.shape} for {len(X)} rows",
    )
    late = is_probability(probabilities[:, 1], len(X))
    require(
        not np.isin(late, (0.0, 1.0)).all(),
        f"{library}: the probabilities are all 0 or 1",
        why="a yes and a no cannot be ranked, and cost the most where they are wrong",
        where="the library's predict_proba, not its predict",
    )
    return late


def right_way_round(late: pd.Series, p: np.ndarray, library: str) -> None:
    """Check that a model ranks its own training rows better than a coin would."""
    auc = roc_auc_score(late, p)
    require(
        auc > 0.5,
        f"{library}: the model ranks even its own training rows the wrong way round",
        seen=f"AUC {auc:.3f} on training rows",
        where="the probability of late is the second column of predict_proba",
    )


def stops_early(
    trainer: Callable[..., Any],
    train: tuple[pd.DataFrame, pd.Series],
    valid: tuple[pd.DataFrame, pd.Series],
    library: str,
) -> None:
    """Check early stopping on labels that are fair coins: there the first tree is as good as it gets.

    A model that predicts with its best round is at least as good on the validation rows as the same training after a
    single round. That holds for every learning rate and patience.
    """

    def fitted(max_rounds: int) -> tuple[np.ndarray, int]:
        result = call(trainer, *train, *valid, seed=1, max_rounds=max_rounds)
        return trained(result, valid[0], max_rounds, library)

    (first, _), (p, rounds) = fitted(1), fitted(MOST)
    _stopped(rounds, log_loss(valid[1], first), log_loss(valid[1], p), library)
    if rounds > 1:
        shorter, _ = fitted(rounds - 1)
        require(
            np.abs(p - shorter).max() > 1e-6,
            f"{library}: the model predicts with fewer trees than the rounds returned",
            seen=f"{rounds} rounds returned; with max_rounds={rounds - 1} the predictions are the same",
            why="who trains again on all rows, with that number of trees, gets the overfitted model that was stopped",
            where="report the best round, not the last one that was tried before patience ran out",
        )


def _stopped(rounds: int, first: float, best: float, library: str) -> None:
    require(
        rounds <= MOST // 2,
        f"{library}: training went on although the validation loss no longer fell",
        seen=f"{rounds} of {MOST} rounds on labels that are pure noise",
        why="on noise every tree after the first few learns training rows by heart",
        where="give the validation set to fit, ask for early stopping, and report the best round, not the last one",
    )
    require(
        best < first + 0.004,  # room for a library that sets its learning rate by max_rounds
        f"{library}: the model does not predict with its best round",
        seen=f"on noise: validation log loss {best:.4f}, and {first:.4f} after a single round",
        why="the trees after the best round are the ones that early stopping was meant to leave out",
        where="which loss decides when to stop, and how many trees does predict_proba use? The libraries' own training "
        "functions differ from their scikit-learn classes in this",
    )


def watches_log_loss(late: pd.Series, p: np.ndarray, library: str, *, enough: float, possible: float) -> None:
    """Check that log loss decided when to stop, where one tree ranks all rows as well as they can be ranked.

    Parameters
    ----------
    enough, possible
        the log loss to come below, and the one that the data allow
    """
    loss = log_loss(late, p)
    require(
        loss < enough,
        f"{library}: training stopped although the validation log loss still fell",
        seen=f"log loss {loss:.3f}, where the groups' own shares allow {possible:.3f}",
        why="AUC and accuracy see only the order, or only one threshold: the probabilities stay far from the shares, "
        "and finance multiplies them with dollars",
        where="which metric does early stopping watch? It should be log loss, and no other metric beside it",
    )


def ahead_of_rule(ahead: Sequence[float], library: str) -> None:
    """Check how far the model's AUC lies above the rule of thumb's, on several spans of months."""
    require(
        np.mean(ahead) > 0,
        f"{library}: the model does not beat the rule of thumb on months it has not seen",
        seen=f"AUC above the rule: {np.round(ahead, 4)}",
        why="a model that is no better than a sticky note is not worth running",
        where="are all features used, carriers and destinations too, and do labels and rows belong together?",
    )


def calibrated(off: Sequence[float], library: str) -> None:
    """Check the mean probability less the share late, on the training rows of several trainings."""
    require(
        np.abs(off).max() < 0.08,
        f"{library}: the probabilities do not average to the share of late flights",
        seen=f"mean probability minus share late, on training rows: {np.round(off, 3)}",
        why="finance multiplies these numbers with dollars",
        where="class weights, scale_pos_weight and balanced sampling all shift probabilities",
    )


def repeatable(p: np.ndarray, again: np.ndarray, library: str) -> None:
    """Check that two trainings with one seed give the same scores."""
    close(
        p,
        again,
        what=f"{library}: the scores of two trainings with one seed",
        tolerance=1e-6,
        why="nobody can check a number that comes out different every time",
        where="hand `seed` to the library and draw nothing yourself",
    )


def uses_categories(late: pd.Series, p: np.ndarray, library: str) -> None:
    """Check the AUC on rows whose one signal is a category."""
    auc = roc_auc_score(late, p)
    require(
        auc > 0.8,
        f"{library}: a signal that lies in a category alone is not found",
        seen=f"AUC {auc:.3f}",
        why="carrier, origin and destination are categories, and much of the signal lies there",
        where="do columns of dtype category reach the library, and does it know that they are categories?",
    )


def blind_to_listing(p: np.ndarray, relisted: np.ndarray, library: str) -> None:
    """Check that scores stay as they are when the table lists the levels of a category in another order."""
    worst = np.abs(p - relisted).max()
    require(
        worst < 1e-6,
        f"{library}: the scores change when the levels of a category are listed in another order",
        seen=f"largest change {worst:.3f}",
        why="the next table may list its carriers in another order: the model would take one for another",
        where="codes are invented numbers, and others in every table: hand the library the categories themselves "
        "(a slice of an XGBoost booster, as `save_best` makes it, has forgotten them)",
    )
