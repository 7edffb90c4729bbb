"""Tables of a data lake as week 4 keeps them: one Parquet file a table and day, ``LAKE/TABLE/2013-02-07.parquet``."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.internal.files import replacing

if TYPE_CHECKING:
    import pandas as pd

SUFFIX = ".parquet"
KEYS = ("flight_id", "sched_dep", "late")  # of a partition of features, beside FEATURES
BOARD = ("origin_departed", "origin_delay", "origin_waiting")
FEATURES = ("departs", "weekday", "distance", "carrier", "origin", "dest", *BOARD)


def path(lake: str | Path, table: str, day: str) -> Path:
    """Path of a table's partition of a day, which need not exist yet."""
    return Path(lake, table, f"{day}{SUFFIX}")


def write(lake: str | Path, table: str, day: str, frame: pd.DataFrame) -> Path:
    """Put a day's partition in place of the one before, and return its path.

    It is whole or not there: it is written beside its target, flushed to disk, and moved there by a rename.
    """
    file = path(lake, table, day)
    with replacing(file) as draft, draft.open("wb") as stream:
        frame.to_parquet(stream, index=False)
        stream.flush()
        os.fsync(stream.fileno())
    return file


def days(lake: str | Path, table: str) -> list[str]:
    """List the days of which a table has a partition, in order."""
    return sorted(file.stem for file in Path(lake, table).glob(f"[!.]*{SUFFIX}"))


def read(lake: str | Path, table: str, wanted: Iterable[str]) -> pd.DataFrame:
    """Read the partitions of these days, one below the other, in the order of the days; missing ones are left out.

    Text is read as plain objects and missing text as None, in whichever of pandas' ways it was written: a step must
    not depend on how the one before it holds its text.

    Raises
    ------
    FileNotFoundError
        when none of them is there
    """
    import pandas as pd

    chosen = [path(lake, table, day) for day in sorted(set(wanted) & set(days(lake, table)))]
    if not chosen:
        raise FileNotFoundError(f"the table {table!r} of {lake} has none of the days that were asked for")
    return pd.concat([_plain_text(pd.read_parquet(file)) for file in chosen], ignore_index=True)


def _plain_text(frame: pd.DataFrame) -> pd.DataFrame:
    text: pd.DataFrame = frame.select_dtypes("string")
    return frame.assign(**{name: text[name].astype(object).where(text[name].notna(), None) for name in text})


def days_before(day: str, first: int, last: int = 0) -> list[str]:
    """The days from ``first`` to ``last`` days before a day: of ``"2013-02-07", 2`` the 5th, 6th and 7th."""
    import pandas as pd

    return [f"{pd.Timestamp(day) - pd.Timedelta(days=back):%Y-%m-%d}" for back in range(first, last - 1, -1)]
