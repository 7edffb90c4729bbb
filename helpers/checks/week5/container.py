"""Task `container`: a Dockerfile and a .dockerignore for the context that the notebook describes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from shutil import rmtree
from typing import Any

from helpers.aws import serve
from helpers.aws.archives import unpack
from helpers.checks import call, require, returns
from helpers.checks.week5 import dockerfiles


def described(function: Callable[..., Any], context: Mapping[str, int]) -> None:
    """Check Dockerfile and .dockerignore for a context: its paths with their sizes in bytes."""
    found = returns(call(function), dict, "the two texts")
    for name in ("Dockerfile", ".dockerignore"):
        require(isinstance(found.get(name), str), f"there is no text {name!r}", where="the docstring names both")
    dockerfiles.dockerfile({name: str(text) for name, text in found.items()}, context)


def write_context(folder: Path, texts: Mapping[str, str], archive: bytes) -> Path:
    """Write what an image is built from: the texts, the server, the requirements and the unpacked archive."""
    rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    unpack(archive, folder / "model")
    requirements = folder / "model" / "code" / "requirements.txt"
    server = Path(serve.__file__).read_text(encoding="utf-8")
    files = {**texts, "server.py": server, "requirements.txt": requirements.read_text(encoding="utf-8")}
    for name, text in files.items():
        (folder / PurePosixPath(name).name).write_text(text, encoding="utf-8")
    return folder
