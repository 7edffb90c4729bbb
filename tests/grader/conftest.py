"""A course small enough to build, release and grade in seconds, with every kind of cell that a real week has."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grader.course import CONFIG

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
checks.require(checks.call(double, 2) == 4, "Twice two is four.")
### BEGIN HIDDEN TESTS
with checks.hidden():
    canary_in_tests = [checks.call(double, number) for number in numbers]
    expected = [2 * number for number in numbers]
    checks.require(canary_in_tests == expected, "The answer must grow with the number.")
### END HIDDEN TESTS

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
checks.require(checks.call(total, [1, 2]) == 6, "Twice one and twice two are six together.")
### BEGIN HIDDEN TESTS
with checks.hidden():
    canary_sum = 2 * sum(numbers)
    checks.require(checks.call(total, numbers) == canary_sum, "The sum must count every value.")
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade_id": "memo", "points": 15}
# ### BEGIN SOLUTION
# A canary_memo that answers the question and names its reader.
# ### END SOLUTION
'''

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


def write(path: Path, text: str) -> Path:
    """Write a text file, with the folders that it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def course_folder(tmp_path: Path) -> Path:
    """A course with one week: tasks ``double`` (40 points) and ``total`` (45, needs ``double``) and a memo (15).

    The real nbgrader_config.py stands in it. Every word with ``canary`` in it is in a solution or a hidden test.
    The notebook is not made yet: `course pair` makes it.
    """
    root = tmp_path / "course"
    write(root / "source/week1/mini.py", MINI)
    write(root / "helpers/hints/week1.yaml", HINTS)
    for task, files in VARIANTS.items():
        for name, text in files.items():
            write(root / "tests/variants/week1" / task / f"{name}.py", text)
    shutil.copy(REPOSITORY / CONFIG, root / CONFIG)
    return root
