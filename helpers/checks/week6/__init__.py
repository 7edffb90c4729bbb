"""Checks of week 6's tasks: a module for each task, by its name, and what several of them share."""

from helpers.checks.week6 import (
    cards,
    four_fifths,
    groups,
    mitigate,
    odds,
    people,
    privacy,
    proxies,
    reasons,
    subgroups,
)

__all__ = [
    "cards",
    "four_fifths",
    "groups",
    "mitigate",
    "odds",
    "people",
    "privacy",
    "proxies",
    "reasons",
    "subgroups",
]
