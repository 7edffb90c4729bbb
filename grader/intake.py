"""What lies in a submission's folder, looked at before anything is copied, and bounded for everybody alike."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil import parser

MOST_BYTES = 200_000_000  # together, as programs that read them see them: a sparse file counts in full
MOST_FILES, DEEPEST, LONGEST_PATH = 2_000, 20, 400  # files; folders within each other; bytes of a path below the folder
IGNORED = ("__pycache__", "__MACOSX")
AGAIN = "Hand it in again."
TIMESTAMP = "timestamp.txt"  # nbgrader's: when it was handed in, in UTC where no zone is named
EPOCH = re.compile(r"(\d{10})(\d{3})?(\.\d+)?")
ZONE = re.compile(r"\s([A-Za-z]+/[\w/+-]+)$")  # Europe/Berlin
# Hours from UTC. Abbreviations that several zones share (CST, IST, BST of Bangladesh …) are not guessed, but for these.
HOURS = {"UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3}
HOURS |= {"EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}


class Malformed(Exception):
    """A submission that cannot be graded; the message is for the student and for the instructor."""


def ignored(name: str) -> bool:
    """Return True for traces of programs and their settings, which nobody has handed in on purpose."""
    return name.startswith(".") or name in IGNORED


def plain_files(folder: Path) -> list[Path]:
    """Return the plain files below a folder, as paths within it, in order; links and hidden files are left out.

    Raises
    ------
    Malformed
        when there is more than any submission needs, or something cannot be read; the message says what
    """
    found, size = list[Path](), 0
    for path, bytes_ in _walk(folder, Path()):
        found.append(path)
        size += bytes_
        if len(found) > MOST_FILES:
            raise Malformed(
                f"More than {MOST_FILES:,} files were handed in. Hand in the notebook and its data. {AGAIN}"
            )
        if size > MOST_BYTES:
            most = MOST_BYTES // 1_000_000
            raise Malformed(f"The files handed in have more than {most} MB together ({path} too). {AGAIN}")
    return sorted(found)


def _walk(folder: Path, within: Path) -> Iterator[tuple[Path, int]]:
    """Yield each plain file below ``folder / within`` and its size."""
    if len(within.parts) > DEEPEST:
        raise Malformed(f"Folders lie more than {DEEPEST} deep within each other ({_short(within)}). {AGAIN}")
    try:
        with os.scandir(folder / within) as entries:
            for entry in entries:
                path = within / entry.name
                if ignored(entry.name) or entry.is_symlink():
                    continue
                if len(os.fsencode(path)) > LONGEST_PATH:
                    raise Malformed(f"A file's path has more than {LONGEST_PATH} characters ({_short(path)}). {AGAIN}")
                if entry.is_dir():
                    yield from _walk(folder, path)
                elif stat.S_ISREG(entry.stat().st_mode):
                    _require_readable(entry.path, path)
                    yield path, entry.stat().st_size
    except OSError as error:
        raise Malformed(f"{_short(Path(within.name or folder.name))} cannot be read: {error.strerror}.") from None


def _require_readable(file: str, path: Path) -> None:
    if not os.access(file, os.R_OK):
        raise Malformed(f"{_short(path)} cannot be read: the permission is missing. {AGAIN}")


def _short(path: Path) -> str:
    text = str(path).encode("utf-8", "replace").decode()
    return text if len(text) <= 60 else f"{text[:40]}…{text[-15:]}"


def handed_in_at(folder: Path) -> tuple[str, str]:
    """Read the time of handing in, as programs of many kinds write it.

    Returns
    -------
    the time in UTC, as nbgrader reads it, and what is wrong; both are empty where there is no timestamp
    """
    path = folder / TIMESTAMP
    if not path.is_file() or path.is_symlink():
        return "", ""
    try:
        return f"{_time(_decoded(path.read_bytes()[:10_000])):%Y-%m-%d %H:%M:%S.%f} UTC", ""
    except (ValueError, OverflowError, OSError) as error:
        return "", f"{TIMESTAMP} cannot be read as a time ({error}): nothing was taken off for handing in late"


def _decoded(content: bytes) -> str:
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    return content.decode("utf-16" if wide else "utf-8-sig").strip()


def _time(text: str) -> datetime:
    """Parse a time; without a zone it is in UTC.

    Raises
    ------
    ValueError, OverflowError
        when it is not one time, or in a zone that cannot be told
    """
    if len(text.splitlines()) > 1:
        raise ValueError("it has several lines")
    if epoch := EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(epoch[1]), UTC)
    if named := ZONE.search(text):
        try:
            zone = ZoneInfo(named[1])
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"there is no zone {named[1][:40]}") from None
        return parser.parse(text[: named.start()], ignoretz=True).replace(tzinfo=zone).astimezone(UTC)
    found = parser.parse(text, tzinfos=_zone)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)


def _zone(name: str | None, offset: int | None) -> timezone | None:
    if name is offset is None:
        return None
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    if str(name) not in HOURS:
        raise ValueError(f"the zone {str(name)[:40]!r} is not known, or is several")
    return timezone(timedelta(hours=HOURS[str(name)]))
