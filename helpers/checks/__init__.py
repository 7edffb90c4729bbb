"""Checks of a student's work that say what broke, what was seen, why it matters and where to look.

A check passes silently or raises `CheckFailed`. What a hidden test may show and what it may not is decided by the
fields of that exception alone: values go into ``seen``, and `hidden` drops ``seen``.
"""

from __future__ import annotations

from helpers.checks.calls import call, call_or_none, changed, refuses, watch
from helpers.checks.core import CheckFailed, NotAttempted, hidden, passed, require
from helpers.checks.look_ahead import no_look_ahead
from helpers.checks.parts import Mark
from helpers.checks.properties import close, has_columns, is_probability, returns, same_rows
from helpers.checks.remote import artifacts, beside, hand_over, in_new_process, isolated

__all__ = [
    "CheckFailed",
    "Mark",
    "NotAttempted",
    "artifacts",
    "beside",
    "call",
    "call_or_none",
    "changed",
    "close",
    "hand_over",
    "has_columns",
    "hidden",
    "in_new_process",
    "is_probability",
    "isolated",
    "no_look_ahead",
    "passed",
    "refuses",
    "require",
    "returns",
    "same_rows",
    "watch",
]
