"""Tiny models with the course's training interface, quick and exactly repeatable, to try a benchmark on.

Each ``train_*`` takes (X_train, y_train, X_valid, y_valid, seed, max_rounds) and returns (model, rounds), like the
functions that a student writes around a library.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd


@dataclass
class Lookup:
    """A model that looks a flight's probability up by its weekday and adds fixed noise by departure minute."""

    overall: float
    by_weekday: dict[Any, float] = field(default_factory=dict)
    noise: np.ndarray = field(default_factory=lambda: np.zeros(1))

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        """Probabilities of on time and late, shape (n, 2)."""
        late = X["weekday"].map(self.by_weekday).fillna(self.overall).to_numpy(dtype=float)
        late = np.clip(late + self.noise[X["departs"].to_numpy() % len(self.noise)], 0.01, 0.99)
        return np.column_stack([1 - late, late])


def train_constant(
    X_train: pd.DataFrame, y_train: pd.Series, X_valid: pd.DataFrame, y_valid: pd.Series, seed: int, max_rounds: int = 1
) -> tuple[Lookup, int]:
    """The share of late flights in training, for everybody."""
    return Lookup(float(y_train.mean())), 1


def train_by_weekday(
    X_train: pd.DataFrame, y_train: pd.Series, X_valid: pd.DataFrame, y_valid: pd.Series, seed: int, max_rounds: int = 1
) -> tuple[Lookup, int]:
    """The share of late flights by weekday."""
    by_weekday = y_train.groupby(X_train["weekday"]).mean()
    return Lookup(float(y_train.mean()), by_weekday.to_dict()), 1


def train_noisy(
    X_train: pd.DataFrame, y_train: pd.Series, X_valid: pd.DataFrame, y_valid: pd.Series, seed: int, max_rounds: int = 1
) -> tuple[Lookup, int]:
    """By weekday, with noise that depends on the seed: what a model with a lucky draw looks like."""
    model, rounds = train_by_weekday(X_train, y_train, X_valid, y_valid, seed)
    model.noise = np.random.default_rng(seed).normal(scale=0.05, size=1_440)
    return model, rounds
