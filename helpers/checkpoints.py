"""Work of earlier weeks: the student's own if it is there, and a reference if it is not.

One printed line always says which of the two was taken.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from helpers import work
from helpers.internal import places

if TYPE_CHECKING:
    import pandas as pd

OWN = ("week2", "features.parquet")
DEPLOYED = ("week5", "image", "model", "model.joblib")
KEYS = ("sched_dep", "late")


def features(*, quiet: bool = False) -> pd.DataFrame:
    """Week 2's features of every flight of the year that arrived.

    Your own table is taken if week 2 left one in your work folder and it can be used; otherwise the reference.

    Returns
    -------
    DataFrame with one row a flight, index ``flight_id``: ``sched_dep`` (UTC), ``late`` (15 minutes or more after
    schedule), then the features: numbers with NaN where nothing is known, and the categories ``carrier``, ``origin``
    and ``dest``. The columns are explained in datasets/checkpoints/README.md.

    Raises
    ------
    FileNotFoundError
        when there is neither
    """
    chosen, announcement = _chosen()
    if not quiet:
        print(announcement)
    return _read(chosen)


def year() -> pd.DataFrame:
    """Return the record of week 4's reference pipeline in a year unattended, as ``python -m tests.year`` recorded it.

    Returns
    -------
    DataFrame with one row a day of 2013 on which there was a champion, index ``day``: ``version`` (of the morning's
    champion), ``champion`` (its area under the ROC curve on the day's flights) and ``first`` (that of the first
    champion, never retrained)
    """
    import pandas as pd

    return pd.read_csv(Path(__file__).parent / "internal" / "year.csv", index_col="day", parse_dates=True)


def columns() -> list[str]:
    """Return the names of the columns that :func:`features` gives, without reading it."""
    import pyarrow.parquet as pq

    return pq.read_schema(_chosen()[0]).names


def deployed() -> Any | None:
    """Return the model that week 5 put in front of users, from its image's files; None where it left none.

    One printed line says which of the two it is.
    """
    import joblib

    file = work.folder().joinpath(*DEPLOYED)
    name = "/".join(("work", *DEPLOYED))
    there = f"your own, {name}" if file.is_file() else f"nothing, there is no {name} yet (week 5 writes it)"
    print(f"Deployed: {there}.")
    return joblib.load(file) if file.is_file() else None


def _chosen() -> tuple[Path, str]:
    """Return the file to take, and what is to be said of it."""
    own = work.folder().joinpath(*OWN)
    problem = _problem(own) if own.exists() else ""
    chosen = own if own.exists() and not problem else _reference()
    return chosen, _announcement(own, problem)


def reference() -> pd.DataFrame:
    """Return the reference features even where there are own ones: a test must not depend on a student's file."""
    return _read(_reference())


def _reference() -> Path:
    places_tried = [folder.joinpath("checkpoints", *OWN) for folder in places.folders()]
    for file in places_tried:
        if file.is_file():
            return file
    raise FileNotFoundError(
        f"The reference features are missing: {places_tried[0]}. It is part of the course's repository: "
        "restore it (git checkout datasets/checkpoints), or run week 2's notebook to make your own."
    )


def _problem(own: Path) -> str:
    """Return what keeps the student's table from being used; empty when nothing does."""
    import pyarrow.parquet as pq

    try:
        has, wanted = set(pq.read_schema(own).names), set(pq.read_schema(_reference()).names)
        rows, needed = pq.read_metadata(own).num_rows, pq.read_metadata(_reference()).num_rows
    except (OSError, ValueError) as error:
        return f"it cannot be read ({str(error)[:120]})"
    if missing := sorted({*KEYS, "carrier", "origin", "dest", "flight_id"} & wanted - has):
        return f"it has no column {', '.join(missing)}"
    if rows != needed:
        return f"it has {rows:,} rows and not one for each of the {needed:,} flights that arrived"
    return ""


def _announcement(own: Path, problem: str) -> str:
    name = "/".join(("work", *OWN))
    if problem:
        return f"Features: the reference, because your {name} cannot be used: {problem}."
    if own.exists():
        return f"Features: your own, from {name}."
    return f"Features: the reference, because there is no {name} yet (week 2's last cells write it)."


def _read(file: Path) -> pd.DataFrame:
    import pandas as pd

    table = pd.read_parquet(file)
    return table.set_index("flight_id") if "flight_id" in table.columns else table
