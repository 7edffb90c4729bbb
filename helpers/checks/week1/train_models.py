"""Checks of `train_models`: three libraries behind one interface, and the promises that each of them keeps."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

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


Rows = tuple[pd.DataFrame, pd.Series]
Trainer = Callable[..., Any]


def _fit(trainer: Trainer, train: Rows, valid: Rows, X: pd.DataFrame, library: str, *, seed: int, most: int) -> Any:
    """Train; return the probabilities of being late for ``X``, and the rounds kept."""
    return trained(call(trainer, *train, *valid, seed=seed, max_rounds=most), X, most, library)


def interface(trainer: Trainer, train: Rows, valid: Rows, library: str) -> None:
    """Check the form of what is returned, and that a model ranks its own training rows better than a coin would."""
    p, _ = _fit(trainer, train, valid, train[0], library, seed=1, most=50)
    auc = roc_auc_score(train[1], p)
    require(
        auc > 0.5,
        f"{library}: the model ranks even its own training rows the wrong way round",
        seen=f"AUC {auc:.3f} on training rows",
        where="the probability of late is the second column of predict_proba",
    )


def counts_trees(trainer: Trainer, rows: Rows, library: str) -> None:
    """Check the number of trees where a single one is allowed, and worth its while."""
    p, rounds = _fit(trainer, rows, rows, rows[0], library, seed=1, most=1)
    require(
        rounds == int(np.ptp(p) > 0),
        f"{library}: the number of rounds returned is not the number of trees that the model predicts with",
        seen=f"{rounds} with max_rounds=1, and {'scores that differ' if np.ptp(p) > 0 else 'the same score for all'}",
        why="who trains again on all rows asks for that number of trees",
        where="the table above the task: which library counts its best round from 0?",
    )


def counts_three(trainer: Trainer, rows: Rows, library: str) -> None:
    """Check the number of trees where three are allowed, and each of them is worth its while."""
    _, rounds = _fit(trainer, rows, rows, rows[0], library, seed=1, most=3)
    require(
        rounds == 3,
        f"{library}: the number of rounds returned is not the number of trees that the model predicts with",
        seen=f"{rounds} with max_rounds=3, where each tree makes the validation loss smaller",
        why="who trains again on all rows asks for that number of trees",
        where="the table above the task: which library counts its best round from 0?",
    )


def stops_early(trainer: Trainer, train: Rows, valid: Rows, library: str) -> None:
    """Check early stopping on labels that are fair coins: there the first tree is as good as it gets.

    A model that predicts with its best round is at least as good on the validation rows as the same training after a
    single round. That holds for every learning rate and patience.
    """
    first, _ = _fit(trainer, train, valid, valid[0], library, seed=1, most=1)
    p, rounds = _fit(trainer, train, valid, valid[0], library, seed=1, most=MOST)
    _stopped(rounds, log_loss(valid[1], first), log_loss(valid[1], p), library)
    if rounds > 1:
        shorter, _ = _fit(trainer, train, valid, valid[0], library, seed=1, most=rounds - 1)
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


def watches_log_loss(trainer: Trainer, rows: Rows, library: str, *, enough: float, possible: float) -> None:
    """Check that log loss decided when to stop, where one tree ranks all rows as well as they can be ranked.

    Parameters
    ----------
    enough, possible
        the log loss to come below, and the one that the data allow
    """
    p, _ = _fit(trainer, rows, rows, rows[0], library, seed=3, most=400)
    loss = log_loss(rows[1], p)
    require(
        loss < enough,
        f"{library}: training stopped although the validation log loss still fell",
        seen=f"log loss {loss:.3f}, where the groups' own shares allow {possible:.3f}",
        why="AUC and accuracy see only the order, or only one threshold: the probabilities stay far from the shares, "
        "and finance multiplies them with dollars",
        where="which metric does early stopping watch? It should be log loss, and no other metric beside it",
    )


class Months(NamedTuple):
    """Spans of the year to train on, to stop by and to be scored on, and the rule of thumb's AUC on the last."""

    train: Rows
    valid: Rows
    test: Rows
    rule: float
    seed: int


def ahead_of_rule(trainer: Trainer, spans: Sequence[Months], library: str) -> None:
    """Check that the model's AUC lies above the rule of thumb's, on average of several spans of months."""
    ahead = []
    for known, watched, unseen, rule, seed in spans:
        p, _ = _fit(trainer, known, watched, unseen[0], library, seed=seed, most=300)
        ahead.append(roc_auc_score(unseen[1], p) - rule)
    require(
        np.mean(ahead) > 0,
        f"{library}: the model does not beat the rule of thumb on months it has not seen",
        seen=f"AUC above the rule: {np.round(ahead, 4)}",
        why="a model that is no better than a sticky note is not worth running",
        where="are all features used, carriers and destinations too, and do labels and rows belong together?",
    )


def calibrated(trainer: Trainer, rows: Rows, library: str) -> None:
    """Check the mean probability less the share late, on rows to train on and to stop by that let training go on."""
    p, _ = _fit(trainer, rows, rows, rows[0], library, seed=3, most=800)
    off = p.mean() - rows[1].mean()
    require(
        abs(off) < 0.04,
        f"{library}: the probabilities do not average to the share of late flights",
        seen=f"mean probability minus share late, on training rows: {off:.3f}",
        why="finance multiplies these numbers with dollars",
        where="class weights, scale_pos_weight and balanced sampling all shift probabilities",
    )


def leaves_validation_out(trainer: Trainer, train: Rows, valid: Rows, library: str) -> None:
    """Check that a signal which only validation rows have is not learned."""
    p, _ = _fit(trainer, train, valid, valid[0], library, seed=1, most=50)
    auc = roc_auc_score(valid[1], p)
    require(
        auc < 0.6,
        f"{library}: the model has learned from the validation rows",
        seen=f"AUC {auc:.3f} on validation rows whose signal no training row has",
        why="validation is for choices: a model that trained on it says nothing about days that nobody has seen",
        where="which rows does fit get? The validation rows belong into its evaluation set alone",
    )


def repeatable(trainer: Trainer, train: Rows, valid: Rows, test: Rows, library: str) -> None:
    """Check that two trainings with one seed give the same scores."""
    p, again = (_fit(trainer, train, valid, test[0], library, seed=5, most=30)[0] for _ in range(2))
    close(
        p,
        again,
        what=f"{library}: the scores of two trainings with one seed",
        tolerance=1e-6,
        why="nobody can check a number that comes out different every time",
        where="hand `seed` to the library and draw nothing yourself",
    )


def uses_categories(
    trainer: Trainer, train: Rows, valid: Rows, test: Rows, relisted: pd.DataFrame, library: str
) -> None:
    """Check the AUC on rows whose one signal is a category, and scores where levels are listed in another order."""
    result = call(trainer, *train, *valid, seed=5, max_rounds=100)
    p, q = (trained(result, X, 100, library)[0] for X in (test[0], relisted))
    auc = roc_auc_score(test[1], p)
    require(
        auc > 0.8,
        f"{library}: a signal that lies in a category alone is not found",
        seen=f"AUC {auc:.3f}",
        why="carrier, origin and destination are categories, and much of the signal lies there",
        where="do columns of dtype category reach the library, and does it know that they are categories?",
    )
    worst = np.abs(p - q).max()
    require(
        worst < 1e-6,
        f"{library}: the scores change when the levels of a category are listed in another order",
        seen=f"largest change {worst:.3f}",
        why="the next table may list its carriers in another order: the model would take one for another",
        where="codes are invented numbers, and others in every table: hand the library the categories themselves "
        "(a slice of an XGBoost booster, as `save_best` makes it, has forgotten them)",
    )


# --- which library? ---


def is_its_own(trainer: Trainer, rows: Rows, library: str) -> None:
    """Check that the first tree is one of this library.

    XGBoost answers in single precision, the others in double. CatBoost's trees are symmetric: a threshold on one side
    of a split stands on the other side too, and theirs alone. What cannot be told apart is let pass.
    """
    single, signs = False, set[str]()
    for seed in range(3):
        p, _ = _fit(trainer, rows, rows, rows[0], library, seed=seed, most=1)
        single = single or _single_precision(p)
        signs |= _symmetry(rows[0], p)
    fits = {
        "XGBoost": single,
        "LightGBM": not single and signs != {"symmetric"},
        "CatBoost": not single and "lopsided" not in signs,
    }
    require(
        fits[library],
        f"{library}: the model is one of another library",
        seen=f"answers in {'single' if single else 'double'} precision; trees {sorted(signs)}",
        why="the desk compares three libraries: three names for one of them prove nothing",
        where=f"does this function train {library} itself?",
    )


def _single_precision(p: np.ndarray) -> bool:
    """Say whether all probabilities, or all of their complements or log odds, are numbers of single precision."""
    with np.errstate(all="ignore"):
        odds = np.log(p / (1 - p))
    exact = [bool((x == x.astype(np.float32)).all()) for x in (p, 1 - p)]
    return any(exact) or bool((np.abs(odds - odds.astype(np.float32)) < 1e-13).all())


def _symmetry(X: pd.DataFrame, p: np.ndarray) -> set[str]:
    """Compare the thresholds in ``step`` on both sides of ``side``: the score jumps on both, on one, or on none."""
    mean = pd.Series(p).groupby([X["side"].to_numpy(), X["step"].to_numpy()]).mean().unstack()
    jumps = np.abs(np.diff(mean.to_numpy(), axis=1)) > 1e-9
    found = set()
    if (jumps[0] & jumps[1]).any():
        found.add("symmetric")
    if (jumps[0] != jumps[1]).any():
        found.add("lopsided")
    return {"lopsided"} if "lopsided" in found else found
