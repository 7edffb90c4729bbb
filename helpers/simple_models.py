"""Tiny models with the course's training interface, quick and exactly repeatable, to try a benchmark on.

Each ``train_*`` takes (X_train, y_train, X_valid, y_valid, seed, max_rounds) and returns (model, rounds), like the
functions that a student writes around a library.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

SLOW = 0.06  # seconds that a slow model takes, longer than any of the others by far


@dataclass
class Lookup:
    """A model that looks a flight's probability up by its weekday and adds fixed noise by departure minute."""

    overall: float
    by_weekday: dict[Any, float] = field(default_factory=dict)
    noise: np.ndarray = field(default_factory=lambda: np.zeros(1))
    seconds: float = 0.0  # that each answer takes

    def predict_proba(self, X: pd.DataFrame) -> np.ndarray:
        """Probabilities of on time and late, shape (n, 2)."""
        _work(self.seconds)
        late = X["weekday"].map(self.by_weekday).fillna(self.overall).to_numpy(dtype=float)
        least = 0.01 if self.noise.any() else 1e-4
        late = np.clip(late + self.noise[X["departs"].to_numpy() % len(self.noise)], least, 1 - least)
        return np.column_stack([1 - late, late])

    def predict(self, X: pd.DataFrame) -> np.ndarray:
        """Predict whether late is more probable than on time, shape (n,)."""
        return self.predict_proba(X)[:, 1] >= 0.5


def _work(seconds: float) -> None:
    wall, processor = time.perf_counter() + seconds, time.process_time() + seconds
    while time.perf_counter() < wall or time.process_time() < processor:  # so that either kind of clock sees it
        pass


def train_constant(
    X_train: pd.DataFrame, y_train: pd.Series, X_valid: pd.DataFrame, y_valid: pd.Series, seed: int, max_rounds: int = 1
) -> tuple[Lookup, int]:
    """Train a model that gives each flight the share of late flights in training."""
    return Lookup(float(y_train.mean())), 1


def train_by_weekday(
    X_train: pd.DataFrame, y_train: pd.Series, X_valid: pd.DataFrame, y_valid: pd.Series, seed: int, max_rounds: int = 1
) -> tuple[Lookup, int]:
    """Train a model that gives each flight the share of late flights on its weekday."""
    by_weekday = y_train.groupby(X_train["weekday"]).mean()
    return Lookup(float(y_train.mean()), by_weekday.to_dict()), 1


def train_noisy(
    X_train: pd.DataFrame, y_train: pd.Series, X_valid: pd.DataFrame, y_valid: pd.Series, seed: int, max_rounds: int = 1
) -> tuple[Lookup, int]:
    """Train by weekday, with noise that depends on the seed: what a model with a lucky draw looks like."""
    model, rounds = train_by_weekday(X_train, y_train, X_valid, y_valid, seed)
    model.noise = np.random.default_rng(seed).normal(scale=0.05, size=1_440)
    return model, rounds


def train_calibrated(
    X_train: pd.DataFrame, y_train: pd.Series, X_valid: pd.DataFrame, y_valid: pd.Series, seed: int, max_rounds: int = 1
) -> tuple[Lookup, int]:
    """Train by weekday, moved so that the validation rows' mean probability is their share of late flights."""
    model, rounds = train_by_weekday(X_train, y_train, X_valid, y_valid, seed)
    off = float(y_valid.mean() - model.predict_proba(X_valid)[:, 1].mean())
    model.overall += off
    model.by_weekday = {weekday: share + off for weekday, share in model.by_weekday.items()}
    return model, rounds


def train_slowly(
    X_train: pd.DataFrame, y_train: pd.Series, X_valid: pd.DataFrame, y_valid: pd.Series, seed: int, max_rounds: int = 1
) -> tuple[Lookup, int]:
    """Train by weekday, after thinking for a while."""
    _work(SLOW)
    return train_by_weekday(X_train, y_train, X_valid, y_valid, seed)


def train_slow_scorer(
    X_train: pd.DataFrame, y_train: pd.Series, X_valid: pd.DataFrame, y_valid: pd.Series, seed: int, max_rounds: int = 1
) -> tuple[Lookup, int]:
    """Train by weekday a model of which every answer takes a while."""
    model, rounds = train_by_weekday(X_train, y_train, X_valid, y_valid, seed)
    model.seconds = SLOW
    return model, rounds


TRAINERS = {
    "constant": train_constant,
    "weekday": train_by_weekday,
    "noisy": train_noisy,
    "calibrated": train_calibrated,
    "slow to train": train_slowly,
    "slow to score": train_slow_scorer,
}
