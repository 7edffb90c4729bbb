"""Task ``searches``: the rule of one standard error, and a search's candidates, scores, choice and model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import call, close, has_columns, require, returns
from helpers.checks.week3.cases import Asked

Fold = tuple[np.ndarray, np.ndarray]
Flights = tuple[pd.DataFrame, pd.Series, Sequence[Fold]]
Space = Mapping[str, list[Any]]
Scores = Mapping[str, float]
METRICS = ("auc", "log_loss", "average_precision")
RULE_WHY = "the rule says in advance what is chosen: whoever changes it afterwards can choose anything"


# --- the rule ---


def near_enough(function: Callable[..., Any], results: pd.DataFrame, n_folds: int, level: Sequence[int]) -> None:
    """Check that the chosen row is one of ``level``, the rows within one standard error of the best."""
    chosen = _row(function, results, n_folds)
    means = results["mean_test_log_loss"].to_numpy()
    require(
        chosen in level,
        "the chosen candidate is more than one standard error behind the best",
        seen=f"row {chosen} with mean {means[chosen]:.4f}, best {means.max():.4f}; near enough are rows {list(level)}",
        why=RULE_WHY,
        where="scores are minus the log loss: higher is better; the best one's deviation over the root of the folds",
    )


def smallest(function: Callable[..., Any], results: pd.DataFrame, n_folds: int, level: Sequence[int]) -> None:
    """Check that no row of ``level`` is a smaller model than the chosen one."""
    chosen = _row(function, results, n_folds)
    given, fewest = _leaves(results, chosen), min(_leaves(results, row) for row in level)
    require(
        given <= fewest,
        "a smaller model is within one standard error of the best, and was not chosen",
        seen=f"{given} leaves, {fewest} would do",
        why=RULE_WHY,
        where="all candidates at or above the line: n_estimators times num_leaves. Is the line too high?",
    )


def better(function: Callable[..., Any], results: pd.DataFrame, n_folds: int, expected: int) -> None:
    """Check that of equally small models the one with the better score was chosen, as ``expected`` has it."""
    chosen = _row(function, results, n_folds)
    means = results["mean_test_log_loss"].to_numpy()
    require(
        means[chosen] >= means[expected] or _leaves(results, chosen) != _leaves(results, expected),
        "of two equally small models the worse was chosen",
        why=RULE_WHY,
        where="order by size first, then by score",
    )


def first_of_best(function: Callable[..., Any], results: pd.DataFrame, n_folds: int, level: Sequence[int]) -> None:
    """Check that of several best means the first row's error draws the line: ``level`` are the rows at or above it."""
    chosen = _row(function, results, n_folds)
    require(
        chosen in level,
        "two candidates share the best mean, and the line is not at the first one's standard error",
        seen=f"row {chosen}; near enough are rows {list(level)}",
        why=RULE_WHY,
        where="`argmax` gives the first of several",
    )


def _row(function: Callable[..., Any], results: pd.DataFrame, n_folds: int) -> int:
    chosen: int = returns(call(function, results, n_folds), int, "one_standard_error")
    require(0 <= chosen < len(results), "the rule gives no row of the table", seen=f"{chosen} of {len(results)} rows")
    return chosen


def _leaves(results: pd.DataFrame, row: int) -> int:
    params = results["params"].iloc[row]
    return int(params["model__n_estimators"] * params["model__num_leaves"])


# --- the searches ---


class Searches:
    """A student's search, each result of which is kept: several parts look at it."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.asked = Asked(function)

    def __call__(self, flights: Flights, kind: str, space: Space, *rest: int) -> Search:
        """Run a search; ``rest`` are budget and seed, or nothing."""
        X, y, folds = flights
        options = dict(zip(("budget", "seed"), rest, strict=False))
        found = returns(self.asked(kind, X, y, list(folds), dict(space), **options), dict, "run_search")
        return Search.of(found, len(folds))


@dataclass(frozen=True)
class Search:
    """The results of a search, the candidates that it tried, the row it chose and the fitted model."""

    results: pd.DataFrame
    tried: list[dict[str, Any]]
    chosen: int
    model: Any
    n_folds: int

    @classmethod
    def of(cls, found: Mapping[str, Any], n_folds: int) -> Search:
        """Check the form of what a search returns."""
        missing = [name for name in ("results", "chosen", "model") if name not in found]
        require(not missing, f"the dictionary has no {', '.join(missing)}", where="the docstring names its keys")
        results = returns(found["results"], pd.DataFrame, "the results").reset_index(drop=True)
        has_columns(results, ["params"])
        tried = [dict(params) for params in results["params"]]
        chosen = returns(found["chosen"], int, "the chosen row")
        require(0 <= chosen < len(tried), "the chosen row is no row of the results", seen=f"{chosen} of {len(tried)}")
        return cls(results, tried, chosen, found["model"], n_folds)

    def tries_all(self, space: Space) -> None:
        """Check that each combination was tried once."""
        self._from(space)
        possible = prod(len(values) for values in space.values())
        self._as_many(
            possible, "the grid search did not try every combination once", "`budget` is for random draws only"
        )

    def tries(self, space: Space, budget: int) -> None:
        """Check that as many combinations were drawn as the budget says, or all, and none twice."""
        self._from(space)
        expected = min(budget, prod(len(values) for values in space.values()))
        self._as_many(
            expected, "the random search did not draw `budget` combinations, none twice", "is `budget` handed on?"
        )

    def _from(self, space: Space) -> None:
        strange = [
            one for one in self.tried if set(one) != set(space) or any(one[name] not in space[name] for name in space)
        ]
        require(
            not strange,
            "candidates that are not in the space",
            seen=str(strange[:2]),
            where="take each value from the list of its name, and every name once",
        )

    def _as_many(self, expected: int, broke: str, where: str) -> None:
        doubled = [params for place, params in enumerate(self.tried) if params in self.tried[:place]]
        require(
            len(self.tried) == expected and not doubled,
            broke,
            seen=f"{len(self.tried)} candidates, {len(doubled)} of them twice; expected {expected}",
            why="searches can only be compared at the same budget",
            where=f"`kind` decides between the two; {where}",
        )

    def scored(self, expected: Sequence[Sequence[Scores]]) -> None:
        """Compare the scores with what is expected: for each candidate, of each fold, by metric."""
        folds = range(self.n_folds)
        has_columns(self.results, [f"{word}_test_{name}" for name in METRICS for word in ("mean", "std")])
        has_columns(self.results, [f"split{k}_test_{name}" for k in folds for name in METRICS])
        require(len(expected) == len(self.tried), "the search did not try as many candidates as it should")
        for name in METRICS:
            given = self.results[[f"split{k}_test_{name}" for k in folds]].to_numpy(dtype=float)
            require(
                name != "log_loss" or not (given > 0).any(),
                "log losses in the results are positive: a search takes the highest score for the best",
                why="it would choose the worst candidate",
                where="the scorer `neg_log_loss` gives minus the log loss",
            )
            close(
                given,
                [[one[name] for one in row] for row in expected],
                what=f"the {name} of a candidate on one of your folds",
                tolerance=1e-6,
                why="shuffled folds, or a plain number of them, look ahead: their scores are too good",
                where="hand `folds` on as `cv`; score probabilities, not yes and no; make the models with `seed`",
            )
            for word, numbers in (("mean", given.mean(axis=1)), ("std", given.std(axis=1))):
                column = f"{word}_test_{name}"
                close(
                    self.results[column].to_numpy(),
                    numbers,
                    what=f"{column} of the candidates",
                    tolerance=1e-7,
                    where="over the folds, as in scikit-learn's `cv_results_`",
                )

    def chose(self, rule: Callable[..., Any]) -> None:
        """Check that the row is the one that the student's own rule chooses, right or not."""
        has_columns(self.results, ["mean_test_log_loss", "std_test_log_loss"])
        require(
            self.chosen == _row(rule, self.results, self.n_folds),
            "the chosen row is not the one that the rule of one standard error chooses",
            why="a rule that is written and not used decides nothing: the best of several scores is partly luck",
            where="hand your rule to the search as `refit`, and the number of folds to the rule",
        )

    def predicts(self, X: pd.DataFrame, expected: np.ndarray) -> None:
        """Compare the prediction of the model with what is expected of the chosen candidate."""
        close(
            np.asarray(call(self.model.predict_proba, X), dtype=float)[:, 1],
            expected,
            what="the model's prediction",
            tolerance=1e-6,
            where="the settings of the row `chosen`, fitted on all rows of X with `seed`; or is it one fold's model?",
        )

    @property
    def settings(self) -> dict[str, Any]:
        """The settings of the chosen candidate."""
        return self.tried[self.chosen]

    @property
    def drawn(self) -> list[str]:
        """What was tried, in an order that does not depend on the search's."""
        return sorted(str(sorted(one.items())) for one in self.tried)


def seeded(
    function: Callable[..., Any], flights: Flights, space: Space, budget: int, seeds: Sequence[int], scores: Any
) -> None:
    """Check that the seed decides which candidates are drawn, and goes into the models.

    Parameters
    ----------
    scores
        gives what `Search.scored` expects, for candidates and a seed
    """
    search = Searches(function)
    found = [search(flights, "random", space, budget, seed) for seed in seeds]
    again = Searches(function)(flights, "random", space, budget, seeds[0])
    require(
        again.drawn == found[0].drawn,
        "two searches with one seed try different candidates",
        why="a search that cannot be repeated cannot be checked",
        where="does `seed` reach the search, and not the model alone?",
    )
    require(
        any(one.drawn != found[0].drawn for one in found[1:]),
        "several seeds draw the very same candidates",
        why="whether a search was lucky can only be seen by searching again",
        where="does `seed` reach the search, and not the model alone?",
    )
    for one, seed in zip(found[:2], seeds, strict=False):
        one.scored(scores(one.tried, seed))


def by_default(function: Callable[..., Any], flights: Flights, space: Space) -> None:
    """Check that 12 candidates are drawn, by seed 0, where nothing else is said."""
    search = Searches(function)
    plain, said = search(flights, "random", space), search(flights, "random", space, 12, 0)
    require(
        plain.drawn == said.drawn,
        "without `budget` and `seed` the search is not that of 12 draws with seed 0",
        seen=f"{len(plain.drawn)} candidates",
        why="whoever reads the signature counts on its defaults",
        where="the defaults of the stub: budget: int = 12, seed: int = 0",
    )
