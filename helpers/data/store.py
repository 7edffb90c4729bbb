"""Build a table once from the package that ships it, believe it only while its checksum holds, read it fast."""

from __future__ import annotations

import hashlib
import json
import os
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from helpers.internal.files import write_whole
from helpers.internal.places import FOLDER, folders
from helpers.progress import progress

LOCK_SECONDS = 600
REINSTALL = "Set the environment up again: run `make setup` in the course folder."


class DataError(Exception):
    """Data that cannot be had: says which file or column, what was found and what to do.

    Parameters
    ----------
    problem
        what is wrong, with the file's name
    remedy
        what to do next
    """

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem}\n  What to do: {remedy}")
        self.problem, self.remedy = problem, remedy


@dataclass(frozen=True)
class Table:
    """One table of the course and where it comes from.

    Parameters
    ----------
    name
        folder and file name under datasets/
    package, file
        the installed package that ships the raw table, and the CSV file inside it
    tidy
        makes the typed table from the raw one
    digest
        SHA-256 of the typed table's content, as `digest` computes it
    """

    name: str
    package: str
    file: str
    tidy: Callable[[pd.DataFrame], pd.DataFrame]
    digest: str

    def load(self) -> pd.DataFrame:
        """Load the table from the first folder that holds it, or build it where one may write.

        Raises
        ------
        DataError
            when it can be neither read nor built
        """
        for folder in folders():
            table = _read(self._path(folder), self.digest, warn=True)
            if table is not None:
                return table
        return self._build_once()

    def _path(self, folder: Path) -> Path:
        return folder / self.name / f"{self.name}.parquet"

    def _build_once(self) -> pd.DataFrame:
        path = self._path(_writable(self.name))
        with _only_one(path):
            # While this process waited for its turn, another may have built the table.
            if (table := _read(path, self.digest)) is None:
                _write(path, self._build(), self.digest)
                table = _read(path, self.digest)
        if table is None:
            raise DataError(
                f"{path} changed right after it was written.", "Look for a program that alters this folder."
            )
        return table

    def _build(self) -> pd.DataFrame:
        steps = (self._raw, self.tidy, self._verified)
        table = pd.DataFrame()
        try:
            for step in progress(steps, f"Building the table {self.name}, this once"):
                table = step(table)
        except (KeyError, ValueError, OSError, EOFError, BadZipFile, zlib.error) as error:
            raise DataError(
                f"{self.package}/{self.file} cannot be read as {self.name}: {error!r}.", REINSTALL
            ) from error
        return table

    def _raw(self, _: pd.DataFrame) -> pd.DataFrame:
        # Importing the package would read all its tables and warn about its own set-up, so only its folder is used.
        package = find_spec(self.package)
        if package is None or not package.submodule_search_locations:
            raise DataError(f"The package {self.package}, which holds {self.name}, is not installed.", REINSTALL)
        source = Path(package.submodule_search_locations[0]) / self.file
        if not source.is_file():
            raise DataError(f"{source} is missing: the package {self.package} is incomplete.", REINSTALL)
        return pd.read_csv(source)

    def _verified(self, table: pd.DataFrame) -> pd.DataFrame:
        found = digest(table)
        if found != self.digest:
            raise DataError(
                f"{self.name}, as built from {self.package}/{self.file}, is not the table that the course was written "
                f"for: its content has SHA-256 {found}, expected {self.digest}.",
                f"The package's version differs from uv.lock, or its file is damaged. {REINSTALL}",
            )
        return table


def digest(table: pd.DataFrame) -> str:
    """SHA-256 of a table's content: its columns' names, types and values in order, whatever file holds them.

    Numbers count as little-endian float64 (exact for the course's integers), times as nanoseconds UTC, and all
    else as text: the sorted distinct values, then each row's position among them.
    """
    sha = hashlib.sha256(str(table.shape).encode())
    for name, column in table.items():
        sha.update(json.dumps([str(name), str(column.dtype)]).encode())
        sha.update(_canonical(column))
    return sha.hexdigest()


def _canonical(column: pd.Series) -> bytes:
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        return b"time" + column.dt.as_unit("ns").astype("int64").to_numpy("<i8").tobytes()
    if pd.api.types.is_numeric_dtype(column):
        values = column.to_numpy("<f8")
        return b"number" + np.where(np.isnan(values), np.nan, values + 0.0).tobytes()
    codes, distinct = pd.factorize(column.astype(object), sort=True)
    return b"text" + json.dumps([str(value) for value in distinct]).encode() + codes.astype("<i4").tobytes()


def _read(path: Path, expected: str, warn: bool = False) -> pd.DataFrame | None:
    """The stored table; None when there is none or when, as a warning may say, it cannot be believed."""
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise DataError(
            f"{path} cannot be read: {error.strerror}.", "Put its permissions right, or delete it."
        ) from error
    checksum = path.with_suffix(".sha256")
    if not checksum.is_file() or checksum.read_bytes() != _checksum(content, expected):
        if warn:
            _distrust(path, checksum)
        return None
    return pq.read_table(pa.BufferReader(content)).to_pandas()


def _distrust(path: Path, checksum: Path) -> None:
    warnings.warn(
        f"{path} is damaged, foreign or of another version of the course (it does not match {checksum.name}): "
        "it is not used, and the table is built anew.",
        stacklevel=5,  # the line that asked for the table
    )


def _checksum(content: bytes, expected: str) -> bytes:
    return f"file {hashlib.sha256(content).hexdigest()}\ncontent {expected}\n".encode()


def _writable(name: str) -> Path:
    """The first folder in which the table may be kept; a warning says when that is not the best one."""
    refused = []
    for folder in folders():
        try:
            (folder / name).mkdir(parents=True, exist_ok=True)
            if not os.access(folder / name, os.W_OK | os.X_OK):
                raise PermissionError(13, "Permission denied")
        except OSError as error:
            refused.append(f"{folder} ({error.strerror})")
            continue
        if refused:
            warnings.warn(f"{', '.join(refused)} cannot be written: {name} is kept in {folder} instead.", stacklevel=5)
        return folder
    raise DataError(
        f"There is no built table of {name}, and nowhere to build it: {', '.join(refused)}.",
        f"Set {FOLDER} to a folder that you may write to, or have the course's owner load {name} once.",
    )


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    """Hold the table's lock, which the system releases even when its holder is killed."""
    lock = FileLock(path.with_name(".lock"), timeout=LOCK_SECONDS)
    try:
        lock.acquire()
    except Timeout as error:
        raise DataError(
            f"Another process has been building {path} for {LOCK_SECONDS} seconds.",
            f"End that process, which holds {lock.lock_file}, and try again.",
        ) from error
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        yield
    finally:
        lock.release()


def _write(path: Path, table: pd.DataFrame, expected: str) -> None:
    sink = pa.BufferOutputStream()
    # One row group: a category's values then come back in the order in which they were written.
    pq.write_table(pa.Table.from_pandas(table), sink, compression="zstd", row_group_size=len(table))
    content = sink.getvalue().to_pybytes()
    # The checksum goes first, so that a table without one is never the work of an interrupted build.
    _replace(path.with_suffix(".sha256"), _checksum(content, expected))
    _replace(path, content)


def _replace(path: Path, content: bytes) -> None:
    try:
        write_whole(path, content)
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> DataError:
    return DataError(
        f"{path} could not be written: {error.strerror}.",
        f"Free some space there (20 MB are enough), or set {FOLDER} to a folder on another disk.",
    )
