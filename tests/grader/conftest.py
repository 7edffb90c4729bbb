"""A course small enough to build, release and grade in seconds, with every kind of cell that a real week has."""

from __future__ import annotations

import json
import shutil
from contextlib import chdir
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from click.testing import Result
from nbformat import NotebookNode
from typer.testing import CliRunner

from grader.author.pair import write_pair
from grader.cli import app
from grader.course import CONFIG, Course
from grader.gradebook import load_config
from grader.master import load_master

REPOSITORY = Path(__file__).parents[2]

MINI = '''\
# %% [markdown]
# # A small week
# What is twice a number, and how long is a list?

# %% tags=["parameters"]
SEED = 0
SAMPLE_ROWS = 100

# %% tags=["setup"]
import random

from helpers import checks

numbers = random.Random(SEED).sample(range(10, 10 + SAMPLE_ROWS), 5)

# %% [markdown]
# ## Twice

# %% nbgrader={"grade_id": "double", "solution": true}
def double(number: float) -> float:
    """Return twice ``number``, in the unit of ``number``."""
    ### BEGIN SOLUTION
    canary_of_double = number * 2
    return canary_of_double
    ### END SOLUTION

# %% nbgrader={"grade_id": "double_test", "points": 40}
mark = checks.Mark(40)
with mark.part("two", 30, "Return twice `number`."):
    checks.require(checks.call(double, 2) == 4, "Twice two is four.")
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        canary_in_tests = [checks.call(double, number) for number in numbers]
        expected = [2 * number for number in numbers]
        checks.require(canary_in_tests == expected, "The answer must grow with the number.")
        from source.week1 import oracles

        checks.require(checks.call(double, 11) == oracles.canary_double(11), "The answer must grow with the number.")
    ### END HIDDEN TESTS
### BEGIN HIDDEN TESTS
with mark.part("others", 10, "Twice any number.", after=("two",)), mark.hidden():
    checks.require(checks.call(double, -numbers[0]) == -2 * numbers[0], "The answer must fall with the number.")
### END HIDDEN TESTS
mark

# %%
print(numbers)

# %% nbgrader={"grade_id": "total", "solution": true}
def total(values: list[float]) -> float:
    """Return the sum of twice each value.

    Raises ValueError when ``values`` is empty.
    """
    ### BEGIN SOLUTION
    if not values:
        raise ValueError("canary_of_total: no values")
    return sum(double(value) for value in values)
    ### END SOLUTION

# %% nbgrader={"grade_id": "total_test", "points": 45} needs=["double"]
mark = checks.Mark(45)
with mark.part("pair", 35, "Return the sum of twice each value."):
    checks.require(checks.call(total, [1, 2]) == 6, "Twice one and twice two are six together.")
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        canary_sum = 2 * sum(numbers)
        checks.require(checks.call(total, numbers) == canary_sum, "The sum must count every value.")
    ### END HIDDEN TESTS
### BEGIN HIDDEN TESTS
with mark.part("long", 10, "Each value, of a long list too.", after=("pair",)), mark.hidden():
    checks.require(checks.call(total, 9 * numbers) == 9 * canary_sum, "The sum must count every value.")
### END HIDDEN TESTS
mark

# %% [markdown] nbgrader={"grade_id": "memo", "points": 15}
# ### BEGIN SOLUTION
# A canary_memo that answers the question and names its reader.
# ### END SOLUTION
'''

ORACLES = """\
from source.oracles import canary_arithmetic


def canary_double(number):
    return canary_arithmetic.canary_times(number, 2)
"""

SHARED = """\
def canary_times(number, factor):
    return factor * number
"""

HINTS = """\
double:
  - What happens to three?
  - One operator is enough.
  - Multiply the number by a constant.
total:
  - Start with a list of one value.
  - Use the function that you have just written.
  - Add up the doubled values, and think of a list without values.
"""

RIGHT = '"""{idea}"""\n\n\ndef {name}(values):\n    {body}\n'
WRONG = '"""{idea}\n\nCaught by: {caught}\n"""\n\n\ndef {name}(values):\n    {body}\n'

VARIANTS = {
    "double": {
        "right_sum": RIGHT.format(idea="Adds the number to itself.", name="double", body="return values + values"),
        "right_loop": RIGHT.format(idea="Multiplies.", name="double", body="return 2 * values"),
        "wrong_square": WRONG.format(
            idea="Squares: right for two only.", caught="must grow", name="double", body="return values**2"
        ),
        "wrong_same": WRONG.format(idea="Forgets to double.", caught="Twice two", name="double", body="return values"),
        "wrong_none": WRONG.format(idea="Prints instead.", caught="Twice two", name="double", body="print(values)"),
    },
    "total": {
        "right_sum": RIGHT.format(idea="Doubles the sum.", name="total", body="return 2 * sum(values)"),
        "right_map": RIGHT.format(idea="Maps.", name="total", body="return sum(map(double, values))"),
        "wrong_single": WRONG.format(
            idea="Does not double.", caught="Twice one", name="total", body="return sum(values)"
        ),
        "wrong_first": WRONG.format(
            idea="Looks at two values only.",
            caught="count every value",
            name="total",
            body="return 2 * sum(values[:2])",
        ),
        "wrong_list": WRONG.format(
            idea="Returns a list.", caught="Twice one", name="total", body="return [2 * value for value in values]"
        ),
    },
}


@dataclass
class Classroom:
    """The small course with a value that only hidden tests know, and a way to hand submissions in."""

    root: Path
    secret = "8675309"  # given to `double` in a hidden test
    doubled = "17350618"  # and what it must return

    def __post_init__(self) -> None:
        """Add the hidden value and make the source notebook."""
        line = f"        checks.require(checks.call(double, {self.secret}) == {self.doubled}, 'Large numbers too.')\n"
        anchor = "        expected = [2 * number"
        write(self.root / "source/week1/mini.py", MINI.replace(anchor, line + anchor))
        write_pair(self.course.weeks["week1"])

    @property
    def course(self) -> Course:
        """Course of the folder, read at each call."""
        return Course(self.root)

    def released(self) -> NotebookNode:
        """Return the notebook that a student is given."""
        master = load_master(self.course.weeks["week1"].notebook, load_config(self.course))
        notebook = deepcopy(master.notebook)
        for cell in notebook.cells:
            if cell.metadata.get("nbgrader"):
                cell.source = master.released(cell.metadata.nbgrader.grade_id)
        return notebook

    def answered(self, **answers: str) -> NotebookNode:
        """Return the released notebook with the sources of some cells replaced, by name."""
        notebook = self.released()
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            cell.source = answers.get(name, cell.source)
        return notebook

    def correct_total_tests(self) -> None:
        """Make the sum itself the right answer to `total`, in the visible and in the hidden test."""
        text = self.course.weeks["week1"].text
        corrected = text.read_text().replace("checks.call(total, [1, 2]) == 6", "checks.call(total, [1, 2]) == 3")
        write(text, corrected.replace("canary_sum = 2 * sum(numbers)", "canary_sum = sum(numbers)"))
        assert self.command("pair").exit_code == 0

    def hand_in(self, student: str, notebook: NotebookNode | str | bytes, name: str = "mini.ipynb") -> Path:
        """Put a notebook, or any content, where it is graded."""
        path = self.root / "submitted" / student / "week1" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        content = nbformat.writes(notebook) if isinstance(notebook, NotebookNode) else notebook
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def command(self, *arguments: str) -> Result:
        """Run `course` in the course folder."""
        with chdir(self.root):
            return CliRunner().invoke(app, list(arguments))

    def results(self, student: str) -> dict:
        """Read the student's results.json."""
        return json.loads((self.root / f"autograded/{student}/week1/results.json").read_text())

    def outcomes(self, student: str) -> dict[str, str]:
        """Outcome of each task."""
        return {task["task"]: task["outcome"] for task in self.results(student)["tasks"]}

    def messages(self, student: str) -> dict[str, str]:
        """Message of each task."""
        return {task["task"]: task["message"] for task in self.results(student)["tasks"]}

    def feedback(self, student: str) -> str:
        """Read the student's feedback page."""
        return (self.root / f"feedback/{student}/week1/mini.html").read_text()

    def marks(self) -> dict[str, float]:
        """Marks in the gradebook, by student."""
        document = json.loads(self.command("marks", "--json").stdout)
        return {mark["student"]: mark["total"] for mark in document["marks"]}


def write(path: Path, text: str) -> Path:
    """Write a text file, with the folders that it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def make_course(root: Path) -> Path:
    """Write the small course into the folder ``root``, which is made."""
    write(root / "source/week1/mini.py", MINI)
    write(root / "source/week1/oracles.py", ORACLES)
    write(root / "source/oracles/canary_arithmetic.py", SHARED)
    write(root / "helpers/hints/week1.yaml", HINTS)
    for task, files in VARIANTS.items():
        for name, text in files.items():
            write(root / "tests/variants/week1" / task / f"{name}.py", text)
    shutil.copy(REPOSITORY / CONFIG, root / CONFIG)
    return root


@pytest.fixture
def course_folder(tmp_path: Path) -> Path:
    """A course with one week: tasks ``double`` (40 points) and ``total`` (45, needs ``double``) and a memo (15).

    The real nbgrader_config.py stands in it. Every word with ``canary`` in it is in a solution or a hidden test.
    The notebook is not made yet: `course pair` makes it.
    """
    return make_course(tmp_path / "course")


@pytest.fixture(scope="module")
def classroom(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """The small course, ready for submissions to be handed in and graded; one for each test module."""
    return Classroom(make_course(tmp_path_factory.mktemp("class") / "course"))
