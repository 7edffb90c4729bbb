"""Words that several tasks of week 5 add to what a failed check says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from helpers.checks import CheckFailed, NotAttempted


@contextmanager
def about(what: str) -> Iterator[None]:
    """Say of a failed check which legal input it was about: "a single row", "columns in another order"."""
    try:
        yield
    except NotAttempted:
        raise
    except CheckFailed as error:
        if what and what not in error.broke:
            error.broke = f"{error.broke} ({what})"
        raise
