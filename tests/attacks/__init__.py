"""The bank of attacks: what students and their notebooks might try, one file each in ``bank/GROUP/``.

A file is Python with a docstring (what it tries, against whom it is known to work), then what must happen as data,
then, below a line of its own, the cell that is handed in as the answer. The cell defines ``answer``, which takes the
place of the task's function. Below its data a file may also define:

``OUTCOME``            how the attacked task must end: one outcome or several; *failed* when left out
``CELLS_BEFORE``       cells of the attacker's own at the top of the notebook
``CELLS_AFTER``        and at its end
``FILES``              files handed in beside the notebook, by path
``SHOWN``              what the feedback must show, as a sign that the attack was really run
``NOT_SHOWN``          what it must not show
``NOT_IN_TAGS``        what must not stand within any tag or script of the feedback page
``damage(notebook)``   returns what is handed in, a notebook or bytes
``place(folder, root, week)``  changes the folder that is handed in, e.g. makes links

In a cell ``honest`` is a right answer, for attacks that must get as far as the hidden tests.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

BANK = Path(__file__).parent / "bank"
MARK = "# --- the answer ---\n"


@dataclass(frozen=True)
class Attack:
    """One attack, ready to be handed in."""

    group: str
    name: str
    tries: str
    cell: str
    data: dict[str, Any] = field(repr=False)

    @property
    def student(self) -> str:
        """Who hands it in."""
        return f"{self.group}-{self.name}"

    @property
    def outcomes(self) -> tuple[str, ...]:
        """How the attacked task may end."""
        allowed = self.data.get("OUTCOME", "failed")
        return (allowed,) if isinstance(allowed, str) else tuple(allowed)

    def answer(self, right: str) -> str:
        """The cell, in the place of a task's functions; ``right`` is a right answer to the task."""
        functions = functions_of(right)
        honest = f"{right}\n\nhonest = {functions[0]}\n\n" if self.begins_honestly else ""
        return f"{honest}{self.cell}\n\n{' = '.join(functions)} = answer"

    @property
    def begins_honestly(self) -> bool:
        """Whether it calls a right answer before it does something else: that of a task with one function."""
        return "honest(" in self.cell

    def notebook(self, released: NotebookNode, answers: dict[str, str]) -> NotebookNode | bytes:
        """What is handed in: a released notebook with this attack as its answers; ``answers`` holds right ones."""
        for cell in released.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in answers:
                cell.source = self.answer(answers[name])
        released.cells[:0] = [new_code_cell(source) for source in self.data.get("CELLS_BEFORE", [])]
        released.cells += [new_code_cell(source) for source in self.data.get("CELLS_AFTER", [])]
        damage: Callable[[NotebookNode], NotebookNode | bytes] = self.data.get("damage", lambda same: same)
        return damage(released)

    def hand_in(self, root: Path, week: str, notebook: str, released: NotebookNode, answers: dict[str, str]) -> None:
        """Put it where it is graded."""
        folder = root / "submitted" / self.student / week
        files = {**self.data.get("FILES", {}), notebook: self.notebook(released, answers)}
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps(content) if isinstance(content, NotebookNode) else content
            (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        if "place" in self.data:
            self.data["place"](folder, root, week)


def functions_of(answer: str) -> list[str]:
    """The names of the functions that an answer defines."""
    return [node.name for node in ast.parse(answer).body if isinstance(node, ast.FunctionDef)]


def load(port: int = 0) -> list[Attack]:
    """Every attack of the bank, by group and name; ``port`` is where a server of this machine listens."""
    return [_read(path, port) for path in sorted(BANK.glob("*/*.py"))]


def _read(path: Path, port: int) -> Attack:
    text = path.read_text(encoding="utf-8").replace("PORT_OF_THE_TEST", str(port))
    head, mark, cell = text.partition(MARK)
    if not mark:
        raise ValueError(f"{path} has no line {MARK.strip()!r}")
    data: dict[str, Any] = {}
    exec(compile(head, path, "exec"), data)  # what stands below the mark is only ever run behind walls
    return Attack(path.parent.name, path.stem, str(data.get("__doc__")), cell, data)
