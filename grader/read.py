"""Step 1: read a submission as what it is, a file from somebody else."""

from __future__ import annotations

import hashlib
import json
import logging
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter

from grader.intake import AGAIN, Malformed, plain_files
from grader.master import Master

LARGEST = 200_000_000  # bytes: a notebook full of plots has a fiftieth of that
MOST_BRACKETS = 10_000_000  # an empty list takes three bytes in a file and sixty-four once it is read
KINDS = ("code", "markdown", "raw")


@dataclass(frozen=True)
class Cell:
    """The parts of a submitted cell that count: everything else in it is the author's to say."""

    kind: str
    source: str
    name: str | None = None
    attachments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Submission:
    """A submitted notebook."""

    cells: list[Cell]
    kernel: str
    format: int


def read_submission(path: Path) -> Submission:
    """Read a submitted notebook.

    Raises
    ------
    Malformed
        when there is no such file or it is no notebook, or more lies beside it than `plain_files` takes; the message
        says what was found
    """
    content = _content(path)
    plain_files(path.parent)
    document = _document(content, path.name)
    version = document.get("nbformat")
    if isinstance(version, int) and version < 4:
        document = _upgraded(document, path.name)
    cells = document.get("cells")
    if not isinstance(cells, list):
        raise Malformed(f"{path.name} is not a notebook: it has no cells. {AGAIN}")
    metadata = document.get("metadata")
    kernel = metadata.get("kernelspec") if isinstance(metadata, dict) else None
    name = kernel.get("name") if isinstance(kernel, dict) else None
    return Submission(list(_cells(cells)), str(name or ""), version if isinstance(version, int) else 4)


def _content(path: Path) -> bytes:
    try:
        mode = path.lstat().st_mode
    except OSError:
        raise Malformed(_missing(path)) from None
    if stat.S_ISLNK(mode):
        raise Malformed(f"{path.name} is a link to another file. Hand in the notebook itself.")
    if not stat.S_ISREG(mode):
        found = "is a folder" if stat.S_ISDIR(mode) else "is not a file"
        raise Malformed(f"{path.name} {found}. Hand in the notebook that you worked in.")
    if path.stat().st_size > LARGEST:
        size = path.stat().st_size // 1_000_000
        raise Malformed(f"{path.name} has {size} MB. Clear its outputs (Edit, Clear Outputs of All Cells). {AGAIN}")
    try:
        return path.read_bytes()
    except OSError as error:
        raise Malformed(f"{path.name} cannot be read: {error.strerror}.") from None


def _missing(path: Path) -> str:
    expected = f"The notebook must be called {path.name}."
    others = sorted(other for other in path.parent.glob("*.ipynb") if other.is_file())
    if not others:
        return f"No notebook was handed in. {expected}"
    if len(others) == 1:
        return f"{others[0].name} was handed in. {expected} Rename it and hand it in again."
    return f"{len(others)} notebooks were handed in ({', '.join(p.name for p in others)}), but not this one. {expected}"


def _document(content: bytes, name: str) -> dict[str, Any]:
    if not content.strip():
        raise Malformed(f"{name} is empty. Save the notebook. {AGAIN}")
    if content.count(b"[") + content.count(b"{") > MOST_BRACKETS:
        raise Malformed(f"{name} holds too many lists. Clear its outputs (Edit, Clear Outputs of All Cells). {AGAIN}")
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise Malformed(f"{name} is not a notebook: it is not text in UTF-8. {AGAIN}") from None
    except (ValueError, RecursionError) as error:  # ValueError: also numbers of thousands of digits
        where = f"line {error.lineno} is not JSON" if isinstance(error, json.JSONDecodeError) else "it is not JSON"
        raise Malformed(f"{name} is not a notebook: {where}. Open it in JupyterLab and save it. {AGAIN}") from None
    if not isinstance(document, dict):
        raise Malformed(f"{name} is not a notebook, although it is JSON. {AGAIN}")
    return document


def _upgraded(document: dict[str, Any], name: str) -> dict[str, Any]:
    logging.getLogger("traitlets").disabled = True  # nbformat complains there about what is repaired here
    try:
        return nbformat.convert(nbformat.from_dict(document), 4)
    except Exception:  # nbformat raises whatever it trips over
        found = f"{name} has the old notebook format {document['nbformat']} and cannot be converted."
        raise Malformed(f"{found} Open it in JupyterLab and save it. {AGAIN}") from None
    finally:
        logging.getLogger("traitlets").disabled = False


def _cells(cells: list[Any]) -> Iterator[Cell]:
    for cell in cells:
        if isinstance(cell, dict) and cell.get("cell_type") in KINDS:
            attachments = cell.get("attachments")
            yield Cell(
                cell["cell_type"],
                _text(cell.get("source")),
                _name(cell.get("metadata")),
                attachments if isinstance(attachments, dict) and cell["cell_type"] == "markdown" else {},
            )


def _text(source: Any) -> str:
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str))
    return text.encode("utf-8", "replace").decode("utf-8")  # half of a surrogate pair could not be written again


def _name(metadata: Any) -> str | None:
    given = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = given.get("grade_id") if isinstance(given, dict) else None
    return name if isinstance(name, str) else None


def digest(folder: Path, master: Master) -> str:
    """Return the SHA-256 of all that a mark depends on: files handed in, the author's notebook, its oracles."""
    total = hashlib.sha256(nbformat.writes(master.notebook).encode())
    for name, text in master.oracles.items():
        total.update(f"\0{name}\0{text}".encode())
    try:
        files = plain_files(folder)
        for path in files:
            total.update(f"\0{path}\0".encode("utf-8", "surrogateescape"))
            with (folder / path).open("rb") as file:
                total.update(hashlib.file_digest(file, "sha256").digest())
    except (Malformed, OSError) as error:  # as long as it cannot be read, it is the same
        total.update(str(error).encode())
    return total.hexdigest()


class SubmissionExporter(NotebookExporter):
    """Exporter with which nbgrader's autograde reads and writes notebooks: no file can make it stop.

    What could not be read comes out as a notebook without cells; ``resources["malformed"]`` says why.
    """

    def from_filename(  # type: ignore[override]
        self,
        filename: str,
        resources: dict[str, Any] | None = None,
        **kw: Any,
    ) -> tuple[str, dict[str, Any]]:
        """Read the notebook and pass it through the preprocessors."""
        path = Path(filename)
        resources = dict(resources or {})
        if sanitizing := getattr(self.parent, "_sanitizing", True):
            attempt = getattr(self.parent, "attempt", None)
            path, resources["found_as"] = (attempt.notebook, attempt.found_as) if attempt else (path, "")
        resources["metadata"] = {"name": Path(filename).stem, "path": str(path.parent)}
        if sanitizing:
            notebook = nbformat.v4.new_notebook()
            try:
                resources["submission"] = read_submission(path)
            except Malformed as error:
                resources["malformed"] = str(error)
        else:
            notebook = nbformat.read(path, as_version=4)  # the repaired one, written by nbgrader a moment ago
        return self.from_notebook_node(notebook, resources=resources, **kw)
