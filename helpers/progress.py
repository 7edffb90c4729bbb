"""Progress bars for what takes longer than two seconds."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from typing import TypeVar

Item = TypeVar("Item")


def progress(iterable: Iterable[Item], label: str, total: int | None = None) -> Iterable[Item]:
    """Go through ``iterable`` under a progress bar; ``total`` is needed where it has no length.

    Text on stdout, also in a notebook: a saved widget shows 0 % for ever. Nothing in a run by nbgrader or by CI, for
    lack of a reader.
    """
    from tqdm import tqdm

    quiet = "NBGRADER_EXECUTION" in os.environ or "CI" in os.environ
    return tqdm(iterable, desc=label, total=total, file=sys.stdout, ncols=80, disable=quiet)
