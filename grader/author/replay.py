"""Replay of a task without a kernel: the set-up cells, the tasks it needs, an answer, its test cell, in this process.

The source notebook's text is run cell by cell, as trusted code: for the bank of variants and for the authoring rules.
"""

from __future__ import annotations

import ast
import linecache
import sys
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions

from grader.author.pair import notebook_from_text
from grader.course import Week
from grader.engine.names import free
from grader.parts import NAME
from helpers.checks import Mark

ROWS = 3_000  # enough for every test cell, which samples for itself

Names = dict[str, Any]


@dataclass(frozen=True)
class Task:
    """A task that a machine marks, by its name."""

    week: Week
    name: str

    @property
    def solution(self) -> str:
        """The author's answer: the whole solution cell."""
        return cells(self.week)[self.name].source

    @property
    def stub(self) -> str:
        """The solution cell as students get it."""
        cleared, _ = ClearSolutions().preprocess_cell(deepcopy(cells(self.week)[self.name]), {"language": "python"}, 0)
        return cleared.source

    @property
    def functions(self) -> list[str]:
        """Names of the functions that it asks for."""
        return [node.name for node in ast.parse(self.stub).body if isinstance(node, ast.FunctionDef)]

    @property
    def tests(self) -> NotebookNode:
        """The test cell."""
        return cells(self.week)[f"{self.name}_test"]

    @property
    def visible_tests(self) -> str:
        """The part of the test cell that students see."""
        return ClearHiddenTests().preprocess_cell(deepcopy(self.tests), {}, 0)[0].source

    def namespace(self) -> Names:
        """Names that the test cell may count on: from set-up cells, and from the author's answers to needed tasks."""
        names = dict(set_up(self.week))
        for needed in self.tests.metadata.get("needs", []):
            run(cells(self.week)[needed].source, needed, names)
        return names

    def replay(self, answer: str, tests: str = "") -> None:
        """Run an answer and the tests of the task (all of them, or those given).

        Raises
        ------
        CheckFailed
            when a test says that the answer is wrong
        """
        names = self.namespace()
        self.answered(answer, names)
        require_all(self.test(names, tests))

    def answered(self, answer: str, names: Names) -> None:
        """Run an answer, after the author's answers to those earlier tasks whose functions it calls."""
        if wanted := free(answer) - set(names):
            for task in takewhile(lambda one: one != self, tasks_of(self.week)):
                if wanted & {*task.functions}:
                    task.answered(task.solution, names)
        run(answer, self.name, names)

    def test(self, names: Names, tests: str = "") -> Mark | None:
        """Run the tests of the task on what an answer has bound; return their mark, None where they have no parts."""
        names.pop(NAME, None)
        run(tests or self.tests.source, f"{self.name}_test", names)
        return names.get(NAME)

    def __str__(self) -> str:
        """The task as a person names it: ``week3/threshold``."""
        return f"{self.week.name}/{self.name}"


def require_all(mark: Mark | None) -> None:
    """Raise what a test cell found wrong, as a cell without parts does by itself."""
    if mark is not None:
        mark.require_all()


def tasks_of(week: Week) -> list[Task]:
    """Return every task of a week that a machine marks, in order."""
    return [Task(week, name) for name, cell in cells(week).items() if cell.metadata.nbgrader.get("solution")]


@cache
def cells(week: Week) -> dict[str, NotebookNode]:
    """Return the code cells of a week by name."""
    notebook = notebook_from_text(week.text.read_text(encoding="utf-8"))
    return {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if cell.cell_type == "code"}


_SET_UP: dict[Week, Names] = {}


def set_up(week: Week, seed: int | None = None, rows: int = ROWS) -> Names:
    """Run the parameters and the set-up cells, as the notebook does, on a small sample; return what they bind.

    They run once in a process: what is asked for later gets the same seed and sample.
    """
    if week not in _SET_UP:
        _SET_UP[week] = _run_set_up(week, seed, rows)
    return _SET_UP[week]


def _run_set_up(week: Week, seed: int | None, rows: int) -> Names:
    names: Names = {"__name__": "__main__"}
    for name, cell in cells(week).items():
        if {"parameters", "setup"} & set(cell.metadata.get("tags", [])):
            run(cell.source, name, names)
            names["SAMPLE_ROWS"] = rows
            names["SEED"] = names["SEED"] if seed is None else seed
    return names


def run(source: str, cell: str, names: Names) -> None:
    """Run a cell. Its name stands where a kernel puts a cell's number: checks distinguish cells by it."""
    name = f"<cell {cell}>"
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)  # as a kernel does
    exec(compile(source, name, "exec"), names)
    own = {name: value for name, value in names.items() if isinstance(value, type) and value.__module__ == "__main__"}
    vars(sys.modules["__main__"]).update(own)  # where pickle looks for a notebook's classes
