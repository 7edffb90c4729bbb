"""Task ``searches``: the rule of one standard error, and a search's candidates, scores, choice and model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, close, has_columns, require, returns

Fold = tuple[np.ndarray, np.ndarray]
METRICS = ("auc", "log_loss", "average_precision")


@dataclass(frozen=True)
class Search:
    """The results of a search, the candidates that it tried, the row it chose and the fitted model."""

    results: pd.DataFrame
    tried: list[dict[str, Any]]
    chosen: int
    model: Any


def rule(
    function: Callable[..., Any], results: pd.DataFrame, n_folds: int, level: Sequence[int], expected: int
) -> None:
    """Compare the row that the rule of one standard error chooses with the expected one.

    Parameters
    ----------
    level
        the rows that are within one standard error of the best
    """
    chosen = returns(call(function, results, n_folds), int, "one_standard_error")
    require(0 <= chosen < len(results), "the rule gives no row of the table", seen=f"{chosen} of {len(results)} rows")
    why = "the rule says in advance what is chosen: whoever changes it afterwards can choose anything"
    means = results["mean_test_log_loss"].to_numpy()
    require(
        chosen in level,
        "the chosen candidate is more than one standard error behind the best",
        seen=f"row {chosen} with mean {means[chosen]:.4f}, best {means.max():.4f}; near enough are rows {list(level)}",
        why=why,
        where="scores are minus the log loss: higher is better; the best one's deviation over the root of the folds",
    )
    leaves = [_leaves(results["params"].iloc[row]) for row in (chosen, expected)]
    require(
        leaves[0] == leaves[1],
        "a smaller model is within one standard error of the best, and was not chosen",
        seen=f"{leaves[0]} leaves, {leaves[1]} would do",
        why=why,
        where="among all candidates at or above the line: n_estimators times num_leaves. Is the line too high?",
    )
    require(
        means[chosen] == means[expected],
        "of two equally small models the worse was chosen",
        why=why,
        where="order by size first, then by score",
    )


def _leaves(params: Mapping[str, Any]) -> int:
    return int(params["model__n_estimators"] * params["model__num_leaves"])


def search(
    function: Callable[..., Any],
    kind: str,
    X: pd.DataFrame,
    y: pd.Series,
    pairs: Sequence[Fold],
    space: Mapping[str, list[Any]],
    budget: int,
    seed: int,
) -> Search:
    """Run a search and check its candidates and the form of its results; return what it found."""
    found = returns(call(function, kind, X, y, list(pairs), dict(space), budget=budget, seed=seed), dict, "run_search")
    missing = [name for name in ("results", "chosen", "model") if name not in found]
    require(not missing, f"the dictionary has no {', '.join(missing)}", where="the docstring names its keys")
    results = returns(found["results"], pd.DataFrame, "the results").reset_index(drop=True)
    has_columns(results, ["params", *(f"mean_test_{name}" for name in METRICS)])
    has_columns(results, [f"split{k}_test_{name}" for k in range(len(pairs)) for name in METRICS])
    tried = [dict(params) for params in results["params"]]
    _candidates(kind, tried, space, budget)
    losses = results[[f"split{k}_test_log_loss" for k in range(len(pairs))]].to_numpy(dtype=float)
    require(
        not (losses > 0).any(),
        "log losses in the results are positive: a search takes the highest score for the best",
        why="it would choose the worst candidate",
        where="the scorer `neg_log_loss` gives minus the log loss",
    )
    chosen = returns(found["chosen"], int, "the chosen row")
    return Search(results, tried, chosen, found["model"])


def _candidates(kind: str, tried: list[dict[str, Any]], space: Mapping[str, list[Any]], budget: int) -> None:
    strange = [one for one in tried if set(one) != set(space) or any(one[name] not in space[name] for name in space)]
    doubled = [params for place, params in enumerate(tried) if params in tried[:place]]
    possible = prod(len(values) for values in space.values())
    expected = possible if kind == "grid" else min(budget, possible)
    require(not strange, "candidates that are not in the space", seen=str(strange[:2]))
    require(
        len(tried) == expected and not doubled,
        f"the {kind} search did not try what it should: "
        + ("every combination once" if kind == "grid" else "`budget` draws, none twice"),
        seen=f"{len(tried)} candidates, {len(doubled)} of them twice; expected {expected}",
        why="searches can only be compared at the same budget",
        where="`kind` decides between the two; is `budget` handed on?",
    )


def examined(
    found: Search,
    X: pd.DataFrame,
    *,
    scores: Mapping[int, Sequence[Mapping[str, float]]],
    chosen: Sequence[int],
    prediction: np.ndarray,
) -> None:
    """Compare a search's scores, choice and model with what is expected.

    Parameters
    ----------
    scores
        by row, for each fold: AUC, minus the log loss, and average precision
    chosen
        the rows that the rule may choose
    prediction
        of the chosen candidate, fitted on all of ``X``: probabilities of late, shape (n,)
    """
    for row, folds in scores.items():
        for k, expected in enumerate(folds):
            _as_on_the_fold(found.results.iloc[row], k, expected)
    for name in METRICS:
        splits = found.results.filter(regex=rf"^split\d+_test_{name}$").mean(axis=1)
        close(
            found.results[f"mean_test_{name}"].to_numpy(), splits.to_numpy(), what=f"the mean {name} of the candidates"
        )
    require(
        found.chosen in chosen,
        "the chosen row is not the one that the rule of one standard error chooses",
        why="a rule that is written and not used decides nothing: the best of several scores is partly luck",
        where="hand your rule to the search as `refit`, and the number of folds to the rule",
    )
    close(
        np.asarray(call(found.model.predict_proba, X), dtype=float)[:, 1],
        prediction,
        what="the model's prediction",
        tolerance=1e-6,
        where="the chosen settings, fitted on all rows of X with `seed`; or is it one fold's model?",
    )


def _as_on_the_fold(row: pd.Series, k: int, expected: Mapping[str, float]) -> None:
    for name, value in expected.items():
        close(
            row[f"split{k}_test_{name}"],
            value,
            what=f"the {name} of a candidate on one of your folds",
            tolerance=1e-6,
            why="shuffled folds, or a plain number of them, look ahead: their scores are too good",
            where="hand `folds` on as `cv`; score probabilities, not yes and no; make the models with `seed`",
        )


def seeded(first: Search, again: Search, others: Sequence[Search]) -> None:
    """Check that the seed decides which candidates are drawn: ``again`` had ``first``'s, ``others`` had others."""
    require(
        any(_drawn(one) != _drawn(first) for one in others),
        "three seeds draw the very same candidates",
        why="whether a search was lucky can only be seen by searching again",
        where="does `seed` reach the search, and not the model alone?",
    )
    require(
        _drawn(again) == _drawn(first),
        "two searches with one seed try different candidates",
        why="a search that cannot be repeated cannot be checked",
        where="does `seed` reach the search, and not the model alone?",
    )


def _drawn(search: Search) -> list[str]:
    return sorted(map(str, search.tried))
