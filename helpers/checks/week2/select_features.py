"""Checks of task `select_features`: the columns that matter, within a budget."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from helpers.checks import call, require, returns

_LESS_USEFUL = "a less useful column stands where a more useful one belongs"


def choice(
    function: Callable[..., Any],
    X: pd.DataFrame,
    y: pd.Series,
    *,
    needed: Mapping[str, str],
    budget: int,
    seed: int,
    only_train: str = "",
    only_valid: str = "",
) -> None:
    """Check a choice of columns: within the budget, columns of the table, and all that are needed.

    Parameters
    ----------
    X, y
        the first half is given as training rows, the second half as validation rows
    needed
        the columns that matter, each with what an answer overlooks that leaves it out
    only_train, only_valid
        a column that says something on the training rows only, or on the validation rows only, if there is one
    """
    chosen = [str(name) for name in _chosen(function, X, y, budget, seed)]
    chosen = chosen[:budget]  # whether they are too many is another question
    lost = [name for name in needed if name not in chosen]
    if lost:
        _not_of_training_rows(chosen, lost, only_train)
        _not_of_validation_rows(chosen, lost, only_valid)
        _none_lost(chosen, lost, needed[lost[0]])


def _chosen(function: Callable[..., Any], X: pd.DataFrame, y: pd.Series, budget: int, seed: int) -> list[Any]:
    half = len(X) // 2
    choice: list[Any] = returns(
        call(function, X[:half], y[:half], X[half:], y[half:], budget, seed), list, "the choice"
    )
    return choice


def _not_of_training_rows(chosen: Sequence[str], lost: Sequence[str], only_train: str) -> None:
    require(
        only_train not in chosen,
        "a column was chosen that says something on the training rows only",
        seen=f"{only_train} chosen, {', '.join(lost)} lost",
        why="a column that was filled in afterwards looks best where the model learned, and is worth nothing later",
        where="train on the training rows, and shuffle columns of the VALIDATION rows",
    )


def _not_of_validation_rows(chosen: Sequence[str], lost: Sequence[str], only_valid: str) -> None:
    require(
        only_valid not in chosen,
        "a column was chosen that says something on the validation rows only",
        seen=f"{only_valid} chosen, {', '.join(lost)} lost",
        why="a model that learned from the rows on which it is judged finds use in columns that have none",
        where="fit on the training rows alone; the validation rows only say how much the score falls",
    )


def _none_lost(chosen: Sequence[str], lost: Sequence[str], why: str) -> None:
    require(
        not lost,
        f"a column that matters was not chosen: {why}",
        seen=f"lost {', '.join(lost)}; chosen {', '.join(chosen)}",
        why="the budget went to columns that say nothing, and the score falls on flights that were not seen",
        where="ask how much the score on VALIDATION rows falls when a column is shuffled",
    )


def in_order(
    function: Callable[..., Any], X: pd.DataFrame, y: pd.Series, *, best: Sequence[str], budget: int, seed: int
) -> None:
    """Check that the columns that matter come first, and the most useful of them before the next."""
    chosen = [str(name) for name in _chosen(function, X, y, budget, seed)][: min(len(best), budget)]
    wanted = list(best)[:budget]
    require(
        chosen == wanted,
        "the most useful column does not come first" if sorted(chosen) == sorted(wanted) else _LESS_USEFUL,
        seen=f"{', '.join(chosen)}; expected {', '.join(wanted)}",
        why="who must drop one more column drops the last of the list",
        where="sort by how much the score on validation rows falls, the largest fall first",
    )


def within_budget(function: Callable[..., Any], X: pd.DataFrame, y: pd.Series, *, seed: int) -> None:
    """Check choices for budgets of one, of a few, and of more columns than there are."""
    for budget in (1, 3, X.shape[1] + 5):
        chosen = _chosen(function, X, y, budget, seed)
        require(len(chosen) <= budget, "more columns than the budget allows", seen=f"{len(chosen)} of at most {budget}")
        require(
            len(set(chosen)) == len(chosen) and set(chosen) <= set(X.columns),
            "the choice holds a name twice, or one that is no column",
            seen=", ".join(map(str, chosen)),
            where="names of columns of `X_train`, as text",
        )


def same_choice(function: Callable[..., Any], X: pd.DataFrame, y: pd.Series, *, budget: int, seed: int) -> None:
    """Check that two calls with one seed choose the same columns."""
    first, again = (list(map(str, _chosen(function, X, y, budget, seed))) for _ in range(2))
    require(
        again == first,
        "two calls with one seed choose differently",
        why="nobody can check a choice that comes out different every time",
        where="hand `seed` to all that draws",
    )
