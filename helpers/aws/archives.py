"""Unpacking of an untrusted model archive: plain files and folders, within limits, and nothing else."""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib
from pathlib import Path, PurePosixPath

MOST_MEMBERS = 10_000
LARGEST = 256 << 20  # bytes of the whole archive, unpacked


class BadArchive(ValueError):
    """An archive that no server may be started from; the message says what is wrong with it."""


def unpack(archive: bytes, folder: Path) -> None:
    """Write the files of a ``model.tar.gz`` below ``folder``.

    Owners, permissions and times are left behind. What was written before an error was found stays in the folder.

    Raises
    ------
    BadArchive
        when it is no gzipped tar file, when a name leads out of the folder, when something is neither a file nor a
        folder (links, devices), or when there are more than 10,000 members or 256 MiB in it
    """
    try:
        with tarfile.open(fileobj=_Limited(archive), mode="r:") as tar:
            size = 0
            for number, member in enumerate(tar, start=1):
                size += member.size
                if number > MOST_MEMBERS:
                    raise BadArchive(f"there are more than {MOST_MEMBERS:,} files in it")
                if size > LARGEST:
                    raise BadArchive(f"unpacked it is larger than {LARGEST >> 20} MiB")
                _write(tar, member, folder)
    except (tarfile.TarError, zlib.error, EOFError, gzip.BadGzipFile) as error:
        raise BadArchive(f"it is not a gzipped tar file ({error})") from error
    except (OSError, UnicodeError) as error:
        raise BadArchive(f"it cannot be unpacked ({error})") from error


def _write(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    name = PurePosixPath(member.name)
    if name.is_absolute() or ".." in name.parts or "\0" in member.name:
        raise BadArchive(f"the name {member.name[:200]!r} leads out of the model's folder")
    path = folder / name
    if member.isdir():
        path.mkdir(parents=True, exist_ok=True)
    elif member.isreg() and not member.issparse():
        path.parent.mkdir(parents=True, exist_ok=True)
        content = tar.extractfile(member)
        path.write_bytes(content.read() if content else b"")
    else:
        raise BadArchive(f"{member.name[:200]!r} is neither a plain file nor a folder (a link or a device)")


class _Limited(gzip.GzipFile):
    """The unpacked bytes, as many as an archive may have: a header's word on its size is not taken."""

    def __init__(self, archive: bytes) -> None:
        super().__init__(fileobj=io.BytesIO(archive))

    def read(self, size: int | None = -1) -> bytes:
        room = LARGEST - self.tell()
        wanted = room + 1 if size is None or size < 0 else size
        if wanted > room:
            raise BadArchive(f"unpacked it is larger than {LARGEST >> 20} MiB")
        return super().read(wanted)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if offset > LARGEST:
            raise BadArchive(f"unpacked it is larger than {LARGEST >> 20} MiB")
        return super().seek(offset, whence)
