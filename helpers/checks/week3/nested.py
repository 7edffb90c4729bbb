"""Task ``nested``: choices are made on inner folds, and examined on rows that had no part in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from helpers.checks import close, has_columns, require, returns
from helpers.checks.week3.cases import Asked

Losses = Sequence[Sequence[float]]  # for each round, of each candidate


class Nested:
    """A student's nested search, each result of which is kept: several parts look at it."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.asked = Asked(function)

    def __call__(
        self,
        X: pd.DataFrame,
        y: pd.Series,
        rounds: Sequence[Mapping[str, Any]],
        candidates: Sequence[Mapping[str, Any]],
        seed: int,
    ) -> Found:
        """Run it; arguments as for ``nested_scores``."""
        given = [dict(one) for one in rounds], [dict(one) for one in candidates]
        result = returns(self.asked(X, y, *given, seed), pd.DataFrame, "nested_scores")
        has_columns(result, ["chosen", "inner", "outer"])
        n = len(rounds)
        require(len(result) == n, "there must be one row for each round", seen=f"{len(result)} of {n}")
        chosen = [returns(one, int, "`chosen`") for one in result["chosen"]]
        require(
            all(0 <= one < len(candidates) for one in chosen),
            "`chosen` is no position in `candidates`",
            seen=str(chosen),
            where="positions begin at 0",
        )
        return Found(result, chosen)


@dataclass(frozen=True)
class Found:
    """What a nested search gave, and its choice in each round."""

    table: pd.DataFrame
    chosen: list[int]

    def stays(self, other: Found) -> None:
        """Check that the choice is the one of ``other``, whose outcomes differ on outer validation rows alone."""
        require(
            self.chosen == other.chosen,
            "the choice changes with the outcomes of the outer validation rows: candidates were selected on test data",
            why="a score that chose its candidate is too good for it: that is the optimism to be measured",
            where="compare candidates on the inner folds alone",
        )

    def chose(self, inner: Losses) -> None:
        """Check that each round chose the lowest of ``inner``, the candidates' mean inner log losses."""
        for one, losses in zip(self.chosen, inner, strict=True):
            require(
                losses[one] <= min(losses) + 1e-9,
                "the chosen candidate is not the one of lowest mean inner log loss",
                seen=f"candidate {one}; inner losses {np.round(losses, 4)}",
                why="a choice that knows other rows than those of the inner folds flatters its score",
                where="mean over the inner folds, each with a model of its own; is it the lowest loss?",
            )

    def said_inner(self, inner: Losses) -> None:
        """Compare the inner score of each round's choice with what is expected of that candidate."""
        close(
            self.table["inner"].to_numpy(dtype=float),
            [losses[one] for one, losses in zip(self.chosen, inner, strict=True)],
            what="the inner score of the chosen candidate",
            tolerance=1e-6,
            why="inner and outer can only be compared if both say what they claim to say",
            where="the mean of its inner folds' log losses; each fold has a model of its own, made with `seed`",
        )

    def said_outer(self, outer: Losses) -> None:
        """Compare the outer score of each round's choice with what is expected of that candidate."""
        close(
            self.table["outer"].to_numpy(dtype=float),
            [losses[one] for one, losses in zip(self.chosen, outer, strict=True)],
            what="the outer score of the chosen candidate",
            tolerance=1e-6,
            why="what is examined is what would be put to work: trained on all outer training rows, and on no others",
            where="fit anew on `train`, examine on `valid`; not on the rows it was trained on, and with `seed`",
        )
