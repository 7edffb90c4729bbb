"""Folders of files that come as bytes, under names that untrusted code may have given."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from helpers import work


def new_folder(files: Mapping[str, bytes]) -> str:
    """Write files into a new temporary folder and return its path; it is gone when this process ends."""
    folder = work.new_private()
    write_folder(folder, files)
    return str(folder)


def write_folder(root: Path, files: Mapping[str, bytes]) -> None:
    """Write files, named by their paths in it (with slashes), into an empty folder.

    Raises
    ------
    ValueError
        when a name leads out of the folder or a content is not bytes; nothing is written then
    """
    paths = {root.joinpath(name): content for name, content in files.items()}
    for path, content in paths.items():
        inside = path.is_relative_to(root) and path != root and ".." not in path.parts
        if not inside or "\0" in str(path) or type(content) is not bytes:
            raise ValueError("a file's name leads out of its folder, or it does not hold bytes")
    root.mkdir(parents=True, exist_ok=True)
    for path, content in paths.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
