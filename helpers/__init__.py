"""What the course's notebooks import: data, checks, hints, a leaderboard, plots.

Nothing is loaded until it is used, so that ``import helpers`` is immediate.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_MODULES = ("checks", "data", "leaderboard", "plots", "progress")
__all__ = [*_MODULES, "hint"]


def __getattr__(name: str) -> Any:
    if name == "hint":
        return import_module("helpers.hints").hint
    if name in _MODULES:
        return import_module(f"helpers.{name}")
    raise AttributeError(f"helpers has no {name!r}. It has: {', '.join(sorted(__all__))}.")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
