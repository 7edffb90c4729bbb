"""Author's step 1: the source notebook is made from its text, and back.

The text is Jupytext's percent format with terse metadata; the notebook holds what nbgrader needs, written in one
normal form, so that equal texts give equal bytes.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import zip_longest

import jupytext
import nbformat
from nbformat import NotebookNode

from grader.course import Course, CourseError, Week, replace_file, stderr

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
KEPT = ("tags", "needs", "long")  # metadata of a cell, besides nbgrader's, that text and notebook share
DEFAULTS = {"schema_version": 3, "grade": False, "locked": False, "solution": False, "task": False}
BOOKKEEPING = {"lines_to_next_cell", "lines_to_end_of_cell_marker"}  # Jupytext's own notes
GIVEN_NAME = re.compile(r"_code_\d+$|^cell-[0-9a-f]+$")  # names given here and by formgrader, not by an author
TEXT_ONLY = {"notebook_metadata_filter": "-all", "cell_metadata_filter": "all"}


def complete(cell_type: str, given: dict) -> dict:
    """Fill in nbgrader's metadata of one cell from the few keys that its author wrote.

    ``points`` make a test cell (in markdown: a hand-graded one), ``solution`` a solution cell; any other cell is
    read-only. What the author wrote wins.
    """
    graded = "points" in given
    answer = bool(given.get("solution")) or (graded and cell_type == "markdown")
    return DEFAULTS | {"grade": graded, "solution": answer, "locked": not answer} | given


def terse(cell_type: str, full: dict) -> dict:
    """Keep of nbgrader's metadata what :func:`complete` would not fill in by itself."""
    kept = {key: full[key] for key in ("grade_id", "points") if key in full}
    if full.get("solution") and cell_type == "code":
        kept["solution"] = True
    filled = complete(cell_type, kept)
    return kept | {key: full[key] for key in DEFAULTS if key in full and full[key] != filled[key]}


def name_cells(cells: list[NotebookNode]) -> list[str]:
    """Name each cell: its own ``grade_id``, or else its position after the last cell that has one.

    Such a name (``time_split_test_code_1``) survives changes in the cell itself and in the rest of the notebook, so an
    author may correct a released notebook: nbgrader knows a cell by its name.
    """
    anchor, counts, names = "opening", Counter[str](), []
    for cell in cells:
        own = cell.metadata.get("nbgrader", {}).get("grade_id")
        anchor = own or anchor
        kind = f"{anchor}_{'text' if cell.cell_type == 'markdown' else cell.cell_type}"
        counts[kind] += not own
        names.append(own or f"{kind}_{counts[kind]}")
    return names


def new_cell(cell: NotebookNode, metadata: dict, **fields: str) -> NotebookNode:
    """Make a cell of the same type and source, without outputs."""
    make = getattr(nbformat.v4, f"new_{cell.cell_type}_cell")
    return make(cell.source, metadata=metadata, **fields)


def normal_cell(cell: NotebookNode, name: str) -> NotebookNode:
    """Make the notebook's cell: named, without outputs, with nbgrader's full metadata unless it is plain text.

    Raises
    ------
    CourseError
        for metadata that nothing reads: it is a misspelt key, or a ``# %%`` line that Jupytext could not understand
    """
    if unknown := set(cell.metadata) - BOOKKEEPING - {*KEPT, "nbgrader"}:
        known = ", ".join(("nbgrader", *KEPT))
        raise CourseError(
            f"cell {name}: nothing reads {', '.join(sorted(unknown))} in its metadata.",
            f"Known are {known}; each is written key=value, the value in JSON.",
        )
    metadata = {key: cell.metadata[key] for key in KEPT if key in cell.metadata}
    if cell.cell_type == "code" or "nbgrader" in cell.metadata:
        given = {"grade_id": name, **cell.metadata.get("nbgrader", {})}
        metadata["nbgrader"] = complete(cell.cell_type, given)
    return new_cell(cell, metadata, id=name[:64])


def notebook_from_text(text: str) -> NotebookNode:
    """Make the notebook, in memory, from its text.

    Raises
    ------
    CourseError
        when two cells have the same name or a cell's metadata cannot be understood
    """
    cells = jupytext.reads(text, fmt="py:percent").cells
    names = name_cells(cells)
    if doubled := [name for name, count in Counter(names).items() if count > 1]:
        raise CourseError(f"two cells are named {doubled[0]}.", "Give each its own grade_id.")
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    normal = [normal_cell(cell, name) for cell, name in zip(cells, names, strict=True)]
    return nbformat.v4.new_notebook(cells=normal, metadata=metadata)


def text_cell(cell: NotebookNode) -> NotebookNode:
    """Make the text's cell: without outputs, and only the metadata that an author must write."""
    metadata = {key: cell.metadata[key] for key in KEPT if key in cell.metadata}
    own = terse(cell.cell_type, cell.metadata.get("nbgrader", {}))
    if set(own) - {"grade_id"} or (own and not GIVEN_NAME.search(own["grade_id"])):
        metadata = {"nbgrader": own} | metadata
    return new_cell(cell, metadata)


def text_from_notebook(notebook: NotebookNode) -> str:
    """Write a notebook, perhaps edited in JupyterLab or formgrader, as text."""
    cells = [text_cell(cell) for cell in notebook.cells]
    plain = nbformat.v4.new_notebook(cells=cells, metadata={"jupytext": TEXT_ONLY})
    return jupytext.writes(plain, fmt="py:percent")


def as_bytes(notebook: NotebookNode) -> bytes:
    """Write a notebook in its normal form: sorted keys, one space of indent, a newline at the end."""
    return (nbformat.writes(notebook).rstrip("\n") + "\n").encode()


def read_notebook(content: bytes, name: str) -> NotebookNode:
    """Read a notebook.

    Raises
    ------
    CourseError
        when ``content`` is no notebook; ``name`` is the file that the message names
    """
    try:
        return nbformat.reads(content.decode(), as_version=4)
    except (ValueError, AttributeError, nbformat.ValidationError) as error:
        raise CourseError(
            f"{name} is not a notebook: {error}", "Restore it from git, or delete and rebuild it."
        ) from error


def paired(week: Week) -> bytes:
    """Make the content of the week's source notebook from its text.

    Raises
    ------
    CourseError
        when the text cannot be understood; names the file and the cell
    """
    try:
        return as_bytes(notebook_from_text(week.text.read_text(encoding="utf-8")))
    except CourseError as error:
        raise CourseError(f"{week.text}: {error.problem}", error.remedy) from error
    except UnicodeDecodeError as error:
        raise CourseError(f"{week.text} is not UTF-8: {error}", "Save it as UTF-8.") from error


def first_difference(found: NotebookNode, expected: NotebookNode) -> str:
    """Name the first cell in which two notebooks differ, and in what."""
    for number, (left, right) in enumerate(zip_longest(found.cells, expected.cells), start=1):
        if left != right:
            name = (right or left).get("id", "")
            parts = [key for key in right or {} if (left or {}).get(key) != right[key]]
            return f"cell {number} ({name}): {'missing' if not left else 'too many' if not right else ', '.join(parts)}"
    return "the notebook's metadata or layout"


def drift(week: Week) -> str:
    """Say how the source notebook differs from its text: an empty string when it does not."""
    expected = paired(week)
    found = week.notebook.read_bytes() if week.notebook.exists() else b""
    if found == expected:
        return ""
    if not found:
        return f"{week.notebook} does not exist yet"
    where = first_difference(read_notebook(found, str(week.notebook)), read_notebook(expected, str(week.text)))
    return f"{week.notebook} is not what {week.text.name} gives; the first difference is {where}"


def edited(week: Week) -> bool:
    """Return True if the notebook holds an author's edits that its older text does not: outputs are no edits."""
    if not week.notebook.exists() or week.notebook.stat().st_mtime <= week.text.stat().st_mtime:
        return False
    notebook = read_notebook(week.notebook.read_bytes(), str(week.notebook))
    text = notebook_from_text(week.text.read_text(encoding="utf-8"))
    return text_from_notebook(notebook) != text_from_notebook(text)


def take_over(week: Week) -> None:
    """Rewrite the text from the notebook, which an author edited in JupyterLab or formgrader.

    Raises
    ------
    CourseError
        when the notebook would not come back from the text as it is; the text is then untouched
    """
    if not week.notebook.exists():
        raise CourseError(f"{week.notebook} does not exist.", f"Run `course pair {week.name}` to make it.")
    notebook = read_notebook(week.notebook.read_bytes(), str(week.notebook))
    text = text_from_notebook(notebook)
    try:
        notebook_from_text(text)
    except CourseError as error:
        raise CourseError(f"{week.notebook}: {error.problem}", error.remedy) from error
    replace_file(week.text, text.encode())


def write_pair(week: Week) -> None:
    """Write the source notebook from its text.

    Raises
    ------
    CourseError
        when the notebook was edited after its text: no work is overwritten
    """
    content = paired(week)
    if edited(week):
        raise CourseError(
            f"{week.notebook} was edited after {week.text.name}, and its edits would be lost.",
            f"Take them over with `course pair --from-notebook {week.name}`, or delete the notebook.",
        )
    if not week.notebook.exists() or week.notebook.read_bytes() != content:
        replace_file(week.notebook, content)


def pair_command(weeks: list[str] | None, *, check: bool = False, from_notebook: bool = False) -> int:
    """Carry out `course pair`; 1 when ``check`` finds a notebook that its text does not give."""
    chosen = Course.find().select(weeks)
    if check:
        drifts = [found for week in chosen if (found := drift(week))]
        for found in drifts:
            remedy = "Run `course pair`, or `course pair --from-notebook` if the notebook is right."
            stderr.print(f"{found}\n  What to do: {remedy}", style="red", markup=False)
        return int(bool(drifts))
    for week in chosen:
        if from_notebook:
            take_over(week)
        write_pair(week)
        stderr.print(f"{week.notebook}", markup=False)
    return 0
