"""Week 1's checks: comparison and message, one module for each task."""

from helpers.checks.week1 import (
    benchmark,
    boosting_step,
    label_delays,
    paired_bootstrap,
    rule_of_thumb,
    second_order,
    submission,
    time_split,
    train_models,
)

__all__ = [
    "benchmark",
    "boosting_step",
    "label_delays",
    "paired_bootstrap",
    "rule_of_thumb",
    "second_order",
    "submission",
    "time_split",
    "train_models",
]
