"""Folders that a step works on: the files it is given, the files it leaves, and what a second run changes."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from helpers.checks import CheckFailed, artifacts, call, require

Files = Mapping[str, bytes]


def landed(files: Files) -> dict[str, bytes]:
    """Return files of the feed by the paths at which they land."""
    return {f"landing/{name}": content for name, content in files.items()}


def parquet(table: pd.DataFrame) -> bytes:
    """Return a table as the bytes of a Parquet file."""
    stream = io.BytesIO()
    table.to_parquet(stream, index=False)
    return stream.getvalue()


def partitions(name: str, days: Mapping[str, pd.DataFrame]) -> dict[str, bytes]:
    """Return the partitions of the lake's table ``name``, by day, as files."""
    return {f"lake/{name}/{day}.parquet": parquet(table) for day, table in days.items()}


def contents(folder: str) -> dict[str, bytes]:
    """Return every file below a folder that a student's code works on, but for the landing and for MLflow's."""
    root = artifacts(folder)
    found = {path.relative_to(root).as_posix(): path for path in sorted(root.rglob("*")) if path.is_file()}
    return {name: path.read_bytes() for name, path in found.items() if not name.startswith(("landing/", "mlflow/"))}


def partition(folder: str, table: str, day: str) -> pd.DataFrame:
    """Return a partition that a step has written."""
    content = contents(folder).get(f"lake/{table}/{day}.parquet")
    require(
        content is not None,
        f"there is no partition {table}/DAY.parquet for the day that was asked for",
        seen=lambda: f"files: {', '.join(contents(folder)) or 'none'}",
        why="the next step finds its input by the table's name and the logical date, and by nothing else",
        where="`lake.path(folder, table, day)`; is the date the argument, or one that stands in the code?",
    )
    return read_table(content or b"", table)


def read_table(content: bytes, name: str) -> pd.DataFrame:
    """Return the table in a partition's bytes."""
    try:
        return pd.read_parquet(io.BytesIO(content))
    except (OSError, ValueError):
        failure = CheckFailed(
            f"a partition of {name} is no Parquet file, or half of one",
            why="the next step cannot read it, and nobody knows whether the day is complete",
            where="write to another name in the same folder, then rename: `lake.write` shows how",
        )
    raise failure


def same_when_run_again(function: Callable[..., Any], arguments: tuple[Any, ...], folder: str, what: str) -> None:
    """Call a step once more and require that it leaves the same bytes."""
    before = contents(folder)
    call(function, *arguments)
    after = contents(folder)
    changed = [name for name in {*before, *after} if before.get(name) != after.get(name)]
    require(
        not changed,
        f"run twice for the same day, {what} leaves other files than run once",
        seen=lambda: f"changed: {', '.join(sorted(changed))}",
        why="every night something is retried, cleared or backfilled: rows that are appended again count twice in "
        "every mean and in training",
        where="replace the day's partition, do not append to it; sort rows so that their order is always the same",
    )


def nothing_else(folder: str, expected: set[str], what: str) -> None:
    """Require that a step leaves these files and no others."""
    extra = sorted(set(contents(folder)) - expected)
    require(
        not extra,
        f"{what} leaves files that are nobody's",
        seen=lambda: ", ".join(extra),
        why="a reader that takes every file of a folder takes these too, half-written ones among them",
        where="one partition, by `lake.path`; is a temporary file left behind?",
    )


def raises(
    function: Callable[..., Any],
    arguments: tuple[Any, ...],
    when: str,
    instead: str,
    *,
    kind: type[Exception] = ValueError,
    why: str,
    where: str,
) -> None:
    """Require an error of this kind.

    Parameters
    ----------
    when, instead
        together what is wrong when there is none: "a day without its manifest", "is taken as if it were whole"
    """
    try:
        function(*arguments)
    except NotImplementedError:
        call(function, *arguments)  # says that it is a stub
        raise
    except kind:
        return
    except (Exception, SystemExit) as error:
        other = type(error).__name__
    else:
        other = ""
    require(other, f"{when} {instead}", why=why, where=where)
    raise CheckFailed(
        f"{when} must raise {kind.__name__}, not {other}",
        why="who calls this function waits for the error that its docstring names",
        where=f"`raise {kind.__name__}(...)`, and no other error on the way there",
    )
