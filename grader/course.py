"""Paths of the course's files, and the errors that a person can act on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rich.console import Console

from grader.engine.oracles import FILE, SHARED, oracle_files
from helpers.internal.files import write_whole

CONFIG = "nbgrader_config.py"
stderr = Console(stderr=True, soft_wrap=True, highlight=False)


class CourseError(Exception):
    """Something that a person must put right: the message says what was found and what to do.

    Parameters
    ----------
    problem
        what is wrong, with the file, week or student it is about
    remedy
        what to do next
    """

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(f"{problem}\n  What to do: {remedy}" if remedy else problem)
        self.problem, self.remedy = problem, remedy


@dataclass(frozen=True)
class Week:
    """One week's assignment: a folder in source/ with one notebook."""

    name: str
    text: Path

    @property
    def notebook(self) -> Path:
        """The source notebook, made from the text."""
        return self.text.with_suffix(".ipynb")

    @property
    def oracles(self) -> dict[str, Path]:
        """The author's modules that its test cells import, by module name (see `grader.engine.oracles`)."""
        return oracle_files(self.text.parent)

    @property
    def notebook_name(self) -> str:
        """The notebook's name without its ending, e.g. ``boosting``."""
        return self.text.stem


@dataclass(frozen=True)
class Course:
    """The course folder: the one that holds nbgrader_config.py."""

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> Course:
        """Find the course folder at or above ``start`` (the current folder).

        Raises
        ------
        CourseError
            when no folder on the way up holds nbgrader_config.py
        """
        start = (start or Path.cwd()).resolve()
        for folder in (start, *start.parents):
            if (folder / CONFIG).is_file():
                return cls(folder)
        raise CourseError(
            f"{start} is not inside a course: no {CONFIG} here or above.", "Run this in the course folder."
        )

    @cached_property
    def weeks(self) -> dict[str, Week]:
        """Every week in source/, by name, in order."""
        texts = [text for text in sorted((self.root / "source").glob("*/*.py")) if not _is_oracle(text)]
        return {text.parent.name: Week(text.parent.name, text) for text in texts}

    def select(self, names: list[str] | None) -> list[Week]:
        """Return the named weeks, or all of them.

        Raises
        ------
        CourseError
            for a name that source/ does not have, or when it has no week at all
        """
        if not self.weeks:
            raise CourseError(
                f"{self.root / 'source'} holds no week.", "Put a notebook's text in source/week1/NAME.py."
            )
        unknown = [name for name in names or [] if name not in self.weeks]
        if unknown:
            known = ", ".join(self.weeks) or "none: source/ is empty"
            raise CourseError(
                f"There is no {', '.join(unknown)} in {self.root / 'source'}.", f"The weeks are: {known}."
            )
        return [self.weeks[name] for name in names or self.weeks]

    def handed_in(self, names: list[str] | None) -> list[Week]:
        """Return those of `select` for which somebody handed something in."""
        found = {folder.name for folder in (self.root / "submitted").glob("*/*")}
        return [week for week in self.select(names) if week.name in found]


def _is_oracle(path: Path) -> bool:
    """Tell the author's modules below source/ (see `grader.engine.oracles`) from the texts of notebooks."""
    return path.name == FILE or path.parent.name == SHARED


def replace_file(path: Path, content: bytes) -> None:
    """Replace the content of a file, or make it, whole or not at all (see `helpers.internal.files`).

    Raises
    ------
    CourseError
        when the folder cannot be written to or the disk is full; the old file is then untouched
    """
    try:
        write_whole(path, content)
    except OSError as error:
        remedy = "Make the folder writable or free some space; the old file is untouched."
        raise CourseError(f"{path} cannot be written: {error.strerror}.", remedy) from error
