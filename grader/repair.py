"""Step 2: turn a submission into a notebook that can be graded: the author's cells, the student's answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor

from grader.master import Master, load_master, require_recorded
from grader.read import Cell, Submission, digest


@dataclass
class Block:
    """One of the author's cells as it was handed in, if it was, and the student's own cells that follow it."""

    cell: Cell | None = None
    own: list[Cell] = field(default_factory=list)


def repair(submission: Submission, master: Master) -> tuple[list[NotebookNode], list[str]]:
    """Put the author's cells back as they were, in their order, around what the student wrote.

    Returns the cells and, in words, what had to be repaired.
    """
    named, doubled = _without_doubles(submission.cells, master)
    opening, blocks = _blocks(named)
    notes = [*_oddities(submission, master), *doubled, *_order(blocks, master), *_changes(blocks, master)]
    return _number(_assemble(opening, blocks, master)), notes


def _without_doubles(cells: list[Cell], master: Master) -> tuple[list[Cell], list[str]]:
    """Leave each name to one cell: the last answer that is not the stub.

    The other parts of a solution cell that was split or copied stay as the student's own cells and run where they
    stand. Copies of the author's cells, and of untouched stubs, are dropped.
    """
    found: dict[str | None, list[int]] = defaultdict(list)
    for index, cell in enumerate(cells):
        if cell.name in master.cells:
            found[cell.name].append(index)
    chosen = {name: _choice([(index, cells[index]) for index in copies], master) for name, copies in found.items()}
    notes = [f"`{n}` occurred {len(c)} times; one was kept as this task's cell." for n, c in found.items() if c[1:]]
    return [_nameless(c, index, chosen) for index, c in enumerate(cells) if _stays(c, index, chosen, master)], notes


def _choice(found: list[tuple[int, Cell]], master: Master) -> int:
    answered = [index for index, cell in found if cell.source.strip() != master.released(str(cell.name)).strip()]
    locked = utils.is_locked(master.cells[str(found[0][1].name)])
    return answered[-1] if answered and not locked else found[-1][0]


def _stays(cell: Cell, index: int, chosen: dict[str | None, int], master: Master) -> bool:
    if chosen.get(cell.name, index) == index:
        return True
    author = utils.is_locked(master.cells[str(cell.name)])
    return not author and cell.source.strip() != master.released(str(cell.name)).strip()


def _nameless(cell: Cell, index: int, chosen: dict[str | None, int]) -> Cell:
    """Take the name from a cell that is not the one of its name, or whose name the author never gave."""
    mine = chosen.get(cell.name) == index
    return cell if mine else Cell(cell.kind, cell.source, attachments=cell.attachments)


def _blocks(cells: list[Cell]) -> tuple[list[Cell], dict[str, Block]]:
    opening: list[Cell] = []
    blocks: dict[str, Block] = {}
    own = opening
    for cell in cells:
        if cell.name is None:
            own.append(cell)
        else:
            blocks[cell.name] = Block(cell)
            own = blocks[cell.name].own
    return opening, blocks


def _assemble(opening: list[Cell], blocks: dict[str, Block], master: Master) -> Iterator[NotebookNode]:
    """Give the author's cells in their order, each with the student's cells that followed it.

    A missing test cell comes after the student's cells of the block before it, which may hold the answer to it. Any
    other missing cell comes before them: a stub that is put back must not undo an answer typed into another cell.
    """
    waiting = opening
    for name, cell in master.cells.items():
        block = blocks.get(name)
        if block or utils.is_grade(cell):
            yield from map(_own, waiting)
            waiting = []
        yield _answered(cell, block.cell if block else None)
        waiting = [*waiting, *block.own] if block else waiting
    yield from map(_own, waiting)


def _answered(author: NotebookNode, submitted: Cell | None) -> NotebookNode:
    """Return the author's cell, with the student's source where that is asked for."""
    cell = deepcopy(author)
    if submitted and utils.is_solution(author):
        cell.source = submitted.source
        if submitted.attachments and author.cell_type == "markdown":
            cell.attachments = nbformat.from_dict(submitted.attachments)
    return cell


def _own(cell: Cell) -> NotebookNode:
    new = getattr(nbformat.v4, f"new_{cell.kind}_cell")(cell.source)
    if cell.attachments:
        new.attachments = nbformat.from_dict(cell.attachments)
    return new


def _number(cells: Iterator[NotebookNode]) -> list[NotebookNode]:
    """Give every cell an id of this course's own: equal submissions give equal files."""
    numbered = list(cells)
    for index, cell in enumerate(numbered):
        cell.id = f"cell-{index}"
    return numbered


def _oddities(submission: Submission, master: Master) -> Iterator[str]:
    wanted = master.notebook.metadata.get("kernelspec", {}).get("name", "")
    if submission.kernel != wanted:
        found = f"asked for the kernel {submission.kernel[:40]!r}" if submission.kernel else "named no kernel"
        yield f"The notebook {found}; it was run with {wanted!r}."
    if submission.format < 4:
        yield f"The notebook has the old format {submission.format}; it was converted."


def _order(blocks: dict[str, Block], master: Master) -> Iterator[str]:
    """Name the cells that stood before one that they belong after."""
    rank = {name: index for index, name in enumerate(master.cells)}
    latest = -1
    for name in blocks:
        if rank[name] < latest:
            yield f"`{name}` was out of order and was put back."
        latest = max(latest, rank[name])


def _changes(blocks: dict[str, Block], master: Master) -> Iterator[str]:
    for name, cell in master.cells.items():
        submitted = blocks[name].cell if name in blocks else None
        if submitted is None:
            yield f"`{name}` was missing and was put back."
        elif utils.is_locked(cell) and submitted.source.strip() != master.released(name).strip():
            yield f"`{name}` is read-only and had been changed; it was put back as it was."
        elif submitted.kind != cell.cell_type:
            yield f"`{name}` had become a {submitted.kind} cell; it is a {cell.cell_type} cell again."


class Repair(NbGraderPreprocessor):
    """Step of nbgrader's autograde, in place of its own steps before the execution.

    Notes for the later steps stand in the notebook's metadata under ``course``.
    """

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Replace the submitted notebook by one that can be graded."""
        names = resources["nbgrader"]
        coursedir = CourseDirectory(config=self.config)
        folder = Path(coursedir.format_path(coursedir.source_directory, ".", names["assignment"]))
        master = load_master(folder / f"{names['notebook']}.ipynb", self.config)
        with Gradebook(names["db_url"]) as gradebook:
            require_recorded(master, gradebook, names["assignment"], names["notebook"])
        submission = resources.pop("submission", Submission([], "", 4))
        cells, notes = repair(submission, master)
        malformed, found_as = resources.pop("malformed", ""), resources.pop("found_as", "")
        if found_as:
            notes.insert(0, f"The notebook was handed in as {found_as}.")
        nb.cells, nb.metadata = cells, deepcopy(master.notebook.metadata)
        nb.metadata.course = {
            "digest": digest(Path(resources["metadata"]["path"]), master),
            "malformed": malformed,
            "repairs": [] if malformed else notes,
        }
        nb.nbformat, nb.nbformat_minor = 4, 5
        return nb, resources
