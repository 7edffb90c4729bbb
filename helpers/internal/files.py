"""Write files whole or not at all: beside their place first, and moved there by a rename."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a path to write to; what was written there replaces ``path`` when the block ends without an error.

    Whoever reads ``path`` sees the old content or the new. After an error the old file is untouched. Missing folders
    are made; the path to write to is a hidden file beside ``path``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Replace the content of a file, or make it, whole or not at all.

    Raises
    ------
    OSError
        when the folder cannot be written to or the disk is full; the old file is then untouched
    """
    with replacing(path) as draft:
        draft.write_bytes(content)
