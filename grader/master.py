"""The author's notebook as a submission is compared with it: solutions taken out, hidden tests still in."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearHiddenTests, SaveCells
from traitlets.config import Config

from grader.convert import KeepsFault
from grader.course import CourseError
from grader.engine.oracles import read_oracles


@dataclass(frozen=True)
class Master:
    """The notebook that nbgrader's gradebook must hold, and that a submission is repaired from."""

    notebook: NotebookNode
    config: Config
    oracles: dict[str, str] = field(default_factory=dict)  # text by module name

    @cached_property
    def cells(self) -> dict[str, NotebookNode]:
        """Named cells by name, in the notebook's order."""
        return {cell.metadata.nbgrader.grade_id: cell for cell in self.notebook.cells if cell.metadata.get("nbgrader")}

    def released(self, name: str) -> str:
        """Return the source of a cell as students were given it: without the hidden tests."""
        cell, _ = ClearHiddenTests(config=self.config).preprocess_cell(deepcopy(self.cells[name]), {}, 0)
        return cell.source


def load_master(path: Path, config: Config) -> Master:
    """Read a source notebook and take its solutions out, as nbgrader's generate_assignment does.

    Raises
    ------
    CourseError
        when the notebook is missing or is none
    """
    try:
        notebook = nbformat.read(path, as_version=4)
    except FileNotFoundError as error:
        raise CourseError(f"{path} does not exist.", "Run `course pair` to make it from its text.") from error
    except Exception as error:  # nbformat raises whatever it trips over
        raise CourseError(f"{path} is not a notebook: {error}", "Run `course pair` to make it anew.") from error
    # What nbgrader does up to saving the cells; after that it takes out the hidden tests.
    for step in takewhile(lambda step: step is not SaveCells, GenerateAssignment(config=config).preprocessors):
        notebook, _ = step(config=config).preprocess(notebook, {"metadata": {"path": str(path.parent)}})
    return Master(notebook, config, read_oracles(path.parent))


def differences(master: Master, gradebook: Gradebook, week: str, notebook: str) -> list[str]:
    """Name the cells that the gradebook lacks, holds in another version, or has too many."""
    try:
        recorded = gradebook.find_notebook(notebook, week)
    except MissingEntry:
        return list(master.cells)
    kernel = json.loads(recorded.kernelspec or "{}")
    held = {cell.name: (cell.checksum, cell.locked) for cell in recorded.source_cells}
    wanted = {name: (cell.metadata.nbgrader.checksum, utils.is_locked(cell)) for name, cell in master.cells.items()}
    changed = [name for name in {**wanted, **held} if wanted.get(name) != held.get(name)]
    return changed or ([] if kernel == master.notebook.metadata.get("kernelspec", {}) else ["the kernel"])


def require_recorded(master: Master, gradebook: Gradebook, week: str, notebook: str) -> None:
    """Refuse to grade against another version of the notebook than the gradebook knows.

    Raises
    ------
    CourseError
        names the cells that differ
    """
    if changed := differences(master, gradebook, week, notebook):
        raise CourseError(
            f"The gradebook holds another version of {week}/{notebook}: {', '.join(changed)} differ.",
            f"Run `course grade {week}`, or `nbgrader generate_assignment {week} --force`.",
        )


class Generate(KeepsFault, GenerateAssignment):
    """nbgrader's generate_assignment, which keeps the reason of a failure."""


def record_master(week: str, config: Config) -> None:
    """Write the week's cells to the gradebook. release/ is left alone: `course release` writes it.

    Raises
    ------
    CourseError
        when nbgrader refuses, as it does when cells came or went after the first submission was graded
    """
    with TemporaryDirectory(prefix="course-release-") as folder:
        coursedir = CourseDirectory(config=config)
        coursedir.assignment_id, coursedir.release_directory = week, folder
        step = Generate(coursedir=coursedir, config=config)
        try:
            step.start()
        except NbGraderException as error:
            raise CourseError(
                f"{week} cannot be written to the gradebook: {step.fault or error}",
                "nbgrader lets no cell be added, removed or renamed once submissions are recorded. Put the cells back "
                "as they were; or, to grade everybody anew, keep the manual marks with `course marks --csv FILE`, "
                "move gradebook.db away and run `course grade`.",
            ) from error
