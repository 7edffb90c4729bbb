"""Task `archive`: three files, nobody's name, no time, and an endpoint that predicts what the model predicts."""

from __future__ import annotations

import gzip
import io
import json
import re
import tarfile
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from helpers import aws, work
from helpers.aws.archives import BadArchive, unpack
from helpers.checks import CheckFailed, beside, call, close, hand_over, isolated, require, returns
from helpers.checks.week5.archives import MODEL, REQUIREMENTS, SAME, SCRIPT
from helpers.internal.folders import write_folder

DAY = 86_400.0
TABLE = "application/vnd.apache.parquet"  # a table with its types, so that the script need not know them
PROBE = """
# probabilités, from the second column
import io, json, os
import joblib, pandas as pd
def model_fn(folder): return joblib.load(os.path.join(folder, "model.joblib"))
def transform_fn(model, body, kind, accept):
    return json.dumps(model.predict_proba(pd.read_parquet(io.BytesIO(body)))[:, 1].tolist()), accept
"""


Files = Mapping[str, bytes]  # in which MLflow saved a model


def _packed(function: Callable[..., Any], saved: Files, requirements: Sequence[str], script: str = PROBE) -> bytes:
    """Have a model packed, and require an archive that SageMaker would unpack."""
    archive: bytes = returns(call(function, hand_over(saved), script, list(requirements)), bytes, "the archive")
    _unpacked(archive)
    return archive


def three_files(function: Callable[..., Any], saved: Files, requirements: Sequence[str]) -> None:
    """Require the three files at their places, and nothing else."""
    _three_files(_unpacked(_packed(function, saved, requirements)))


def as_given(function: Callable[..., Any], saved: Files, requirements: Sequence[str], script: str = PROBE) -> None:
    """Require the script and the requirements of the arguments."""
    _as_given(_unpacked(_packed(function, saved, requirements, script)), script, requirements)


def without_time(function: Callable[..., Any], saved: Files, requirements: Sequence[str]) -> None:
    """Require headers that do not say when the archive was packed."""
    _no_time(_packed(function, saved, requirements))


def without_names(function: Callable[..., Any], saved: Files, requirements: Sequence[str]) -> None:
    """Require headers that do not say who packed the archive."""
    _no_person(_packed(function, saved, requirements))


def predicts(
    function: Callable[..., Any], saved: Files, requirements: Sequence[str], X: pd.DataFrame, expected: np.ndarray
) -> None:
    """Require that an endpoint made of the archive predicts what is ``expected``, shape (n,)."""
    _predicts(_packed(function, saved, requirements), X, expected)


def overwrite(folder: str, files: Files) -> None:
    """Put files in the place of those of a folder."""
    write_folder(Path(folder), files)


def saved_anew(function: Callable[..., Any], first: Files, second: Files, requirements: Sequence[str]) -> None:
    """Require the model that lies in the folder now, where another one lay in it before."""
    folder, packed = hand_over(first), []
    for files in (first, second):
        beside(overwrite, folder, dict(files))
        made = returns(call(function, folder, PROBE, list(requirements)), bytes, "the archive")
        packed.append(_unpacked(made).get(MODEL))
    require(
        packed[0] != packed[1],
        "a model that was saved anew in the same folder is not packed: the archive holds the one from before",
        why="what was trained tonight is never deployed, and every digest says that nothing has changed",
        where="load the model from the folder in each call",
    )


def _unpacked(archive: bytes) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory(prefix=work.PREFIX) as folder:
        try:
            unpack(archive, Path(folder))
        except BadArchive as error:
            problem = CheckFailed(
                "what was returned is no archive that SageMaker would unpack",
                seen=str(error),
                why="the endpoint fails before any of your code has run",
                where="a tar file, compressed with gzip, names relative to its top",
            )
        else:
            return work.contents(Path(folder))
    raise problem


def _three_files(files: Mapping[str, bytes]) -> None:
    for name in (MODEL, SCRIPT, REQUIREMENTS):
        require(
            name in files,
            f"the archive has no {name}",
            seen=", ".join(sorted(files)[:10]),
            why="SageMaker looks for it at this place and nowhere else",
            where="names in the archive have no folder before them",
        )
    extra = sorted(set(files) - {MODEL, SCRIPT, REQUIREMENTS})
    require(
        not extra,
        "the archive holds more than the three files",
        seen=", ".join(extra[:10]),
        why="it goes through many hands: notebooks, keys and data travel along, and stay in a bucket for years",
        where="add files by name, never a whole folder",
    )


def _as_given(files: Mapping[str, bytes], script: str, requirements: Sequence[str]) -> None:
    """Require that script and requirements are those of the arguments."""
    for name in (SCRIPT, REQUIREMENTS):
        require(name in files, f"the archive has no {name}", where="names in the archive have no folder before them")
    require(
        files[SCRIPT].decode(errors="replace") == script,
        "code/inference.py is not the script that was given",
        why="the server runs what is in the archive: half a script, or another one",
        where="its text in UTF-8; the size of a member of a tar file is in bytes, and é has two",
    )
    lines = list(filter(None, map(str.strip, files[REQUIREMENTS].decode(errors="replace").splitlines())))
    require(
        lines == list(requirements),
        "code/requirements.txt does not hold the requirements, one a line",
        seen=" ".join(lines[:6]),
        why="the container would take whatever version is newest on the day",
        where="a line for each item of `requirements`, a newline after each",
    )


def _members(archive: bytes) -> list[tarfile.TarInfo]:
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(archive))) as tar:
        return tar.getmembers()


def _no_time(archive: bytes) -> None:
    """Require headers that do not say when the archive was packed."""
    now = time.time()
    dated = [member.name for member in _members(archive) if abs(now - member.mtime) < 2 * DAY]
    zipped = int.from_bytes(archive[4:8], "little")
    require(
        not dated and not abs(now - zipped) < 2 * DAY,
        "the archive holds the time at which it was packed",
        seen=f"in the headers of {', '.join(dated) or 'gzip'}",
        why="the same model gives another archive each second, and no digest can be compared",
        where="`tarfile` and `gzip` both write times: gzip.GzipFile takes mtime, a TarInfo of your own has 0",
    )


def _no_person(archive: bytes) -> None:
    """Require headers that do not say who packed the archive."""
    people = {name for member in _members(archive) for name in (member.uname, member.gname)} - {"", "root", "wheel"}
    require(
        not people,
        "the archive holds the name of a user or group of this machine",
        why="who gets the file learns who made it, and the next person's archive differs",
        where="a TarInfo of your own has no owner; `tar.add` writes the file's",
    )


def _predicts(archive: bytes, X: pd.DataFrame, expected: np.ndarray) -> None:
    """Require that an endpoint made of the archive predicts what is expected."""
    body = X.to_parquet()
    outcome = isolated(aws.try_archive, archive, [{"body": body, "content_type": TABLE}])
    require(
        outcome["status"] == "InService",
        "no server can be started from the archive" + _missing_class(outcome["reason"]),
        seen=outcome["reason"],
        why="the endpoint is Failed, and the log is all that whoever is on call has",
        where="the last line of the log; a pickle holds the name of a class and not the class",
    )
    (reply,) = outcome["replies"]
    require(
        reply["status"] == 200,
        "the packed model cannot take the columns that the saved model takes",
        seen=reply["message"],
        why="preprocessing is part of the model: what the notebook did before `predict`, no server does",
        where="dump the whole pipeline that MLflow loads, not one of its steps",
    )
    close(
        np.array(json.loads(reply["body"])),
        expected,
        what="what the packed model predicts",
        tolerance=SAME,
        why="users get the archive's answers, not the registry's",
        where="the pipeline as MLflow loads it, without fitting anything again",
    )


def _missing_class(reason: str) -> str:
    found = re.search(r"Can't get attribute '(\w+)'", reason)
    return f": its pickle needs the class {found[1]}, which only your notebook has" if found else ""
