"""The gradebook: opened only when it is whole, backed up before it is written to, by one command at a time."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, PyFileConfigLoader

from grader.course import CONFIG, Course, CourseError
from helpers.internal.files import replacing

WAIT = 5.0  # seconds for another program to finish its writing


def load_config(course: Course) -> Config:
    """Read nbgrader_config.py, as nbgrader's own commands do.

    Raises
    ------
    CourseError
        when the file raises an error
    """
    try:
        return PyFileConfigLoader(CONFIG, path=str(course.root)).load_config()
    except Exception as error:  # it is Python, and may raise anything
        raise CourseError(f"{course.root / CONFIG} fails: {error}", "Correct it, or restore it from git.") from error


def file_of(config: Config) -> Path | None:
    """Return the gradebook's file; None when it is a database server."""
    url = CourseDirectory(config=config).db_url
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


def check(path: Path, *, writing: bool) -> None:
    """Make sure that an SQLite gradebook is whole and, if asked, can be written to.

    Raises
    ------
    CourseError
        when it is damaged, locked or read-only; the message names the backup
    """
    try:
        with closing(sqlite3.connect(path, timeout=WAIT, isolation_level=None)) as database:
            state = database.execute("PRAGMA quick_check").fetchone()[0]
            if state != "ok":
                raise _damaged(path, state)
            if writing:
                database.execute("BEGIN IMMEDIATE")
                # Something must be written to learn whether that is possible; it is rolled back at once.
                database.execute("CREATE TABLE course_probe (x)")
                database.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        raise _unusable(path, str(error)) from error
    except sqlite3.DatabaseError as error:
        raise _damaged(path, str(error)) from error


def _damaged(path: Path, found: str) -> CourseError:
    backup = backup_of(path)
    kept = f"The state before the last grading is in {backup.name}." if backup.exists() else "There is no backup of it."
    return CourseError(
        f"{path} is not a whole gradebook: {found}.",
        f"{kept} Move the damaged file away, put a good copy in its place if there is one, and grade again.",
    )


def _unusable(path: Path, found: str) -> CourseError:
    remedies = {
        "locked": "Close formgrader and other programs that use it, and run this again.",
        "readonly": "Make the file and its folder writable.",
        "full": "Free some space on the disk.",
        "unable to open": "Make the file and its folder readable and writable.",
    }
    remedy = next((text for word, text in remedies.items() if word in found), "See that nothing else uses the file.")
    return CourseError(f"The gradebook {path} cannot be used: {found}.", f"{remedy} Nothing was changed.")


def backup_of(path: Path) -> Path:
    """Path of the gradebook's last state."""
    return path.with_name(f"{path.name}.backup")


def back_up(path: Path) -> None:
    """Keep the state before this grading; an older backup is replaced only once the new one is whole.

    Raises
    ------
    CourseError
        when the copy cannot be written
    """
    try:
        with (
            replacing(backup_of(path)) as draft,
            closing(sqlite3.connect(path)) as database,
            closing(sqlite3.connect(draft)) as copy,
        ):
            database.backup(copy)
    except (sqlite3.Error, OSError) as error:
        raise CourseError(
            f"{backup_of(path)} cannot be written: {error}.", "Free some space; the gradebook is untouched."
        ) from error


def create(path: Path, course_id: str) -> None:
    """Make an empty gradebook, whole or not at all.

    Raises
    ------
    CourseError
        when it cannot be made
    """
    try:
        with replacing(path) as draft, closing(Gradebook(f"sqlite:///{draft}", course_id)) as gradebook:
            gradebook.engine.dispose()
    except Exception as error:  # the database's, alembic's or the disk's
        raise CourseError(
            f"The gradebook {path} cannot be made: {error}.", "Is the folder writable, with room left?"
        ) from error


@contextmanager
def for_writing(config: Config) -> Iterator[None]:
    """Hold the gradebook for one command that writes to it: checked, made if need be.

    Raises
    ------
    CourseError
        when another command holds it, or it cannot be used
    """
    path = file_of(config)
    if path is None:  # a server takes care of all this itself
        yield
        return
    lock = FileLock(path.with_name(f"{path.name}.lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise CourseError(f"Another command is grading with {path}.", "Wait until it is done.") from error
    except OSError as error:
        raise CourseError(f"{path.parent} cannot be written to: {error.strerror}.", "Make it writable.") from error
    try:
        if path.exists():
            check(path, writing=True)
        else:
            create(path, CourseDirectory(config=config).course_id)
        yield
    finally:
        lock.release()


@contextmanager
def opened(config: Config) -> Iterator[Gradebook]:
    """Open the gradebook for reading.

    Raises
    ------
    CourseError
        when there is none yet or it is damaged
    """
    path = file_of(config)
    if path is not None:
        if not path.exists():
            raise CourseError(f"There is no gradebook yet: {path} does not exist.", "Run `course grade` first.")
        check(path, writing=False)
    coursedir = CourseDirectory(config=config)
    with closing(Gradebook(coursedir.db_url, coursedir.course_id)) as gradebook:
        yield gradebook
        gradebook.engine.dispose()
