"""Author's step 0: lay out a new week's files, each in its place, with an example task to replace.

`course lint` then passes but for what only the author can say: the texts marked TO WRITE, and tasks enough.
"""

from __future__ import annotations

import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Template

from grader.author.pair import write_pair
from grader.author.release import release_command
from grader.course import Course, CourseError, replace_file, stderr

TASK = "share_late"  # of the example
# From a folder of templates/new_week/ to its place in the course.
PLACES = {
    "source/notebook.py.txt": "source/$week/$name.py",
    "source/oracles.py.txt": "source/$week/oracles.py",
    "checks/": "helpers/checks/$week/",
    "hints.yaml.txt": "helpers/hints/$week.yaml",
    "variants/": f"tests/variants/$week/{TASK}/",
    "borrowed/": "tests/attacks/bank/borrowed/$week/",
}


def new_week_command(week: str, name: str) -> int:
    """Carry out `course new`: write the files of a week that does not exist yet, then its notebook and release.

    Raises
    ------
    CourseError
        for a name that no week can have, or where any of the files exists
    """
    course = Course.find()
    if not re.fullmatch(r"week\d+", week) or not name.isidentifier():
        found = week if not re.fullmatch(r"week\d+", week) else name
        raise CourseError(
            f"{found!r} cannot be used.", "Name the week week7, and its notebook with letters, digits and underscores."
        )
    written = laid_out(week, name)
    if there := [path for path in written if (course.root / path).exists()]:
        raise CourseError(f"{there[0]} exists already.", "Name a week that does not exist yet; nothing was changed.")
    for path, text in written.items():
        replace_file(course.root / path, text.encode())
        stderr.print(path, markup=False)
    course = Course(course.root)
    write_pair(course.weeks[week])
    code = release_command([week])
    stderr.print(f"Next: replace the example task {TASK}, say what is marked TO WRITE, and run `course lint {week}`.")
    return code


def laid_out(week: str, name: str) -> dict[str, str]:
    """Return the texts of a new week's files, by their paths in the course."""
    root = files("grader") / "templates" / "new_week"
    values = {"week": week, "number": week.removeprefix("week"), "name": name}
    found: dict[str, str] = {}
    for start, place in PLACES.items():
        target = Template(place).substitute(values)
        for file in [root / start] if not start.endswith("/") else _files(root / start):
            path = target if not start.endswith("/") else target + file.name.removesuffix(".txt")
            found[path] = Template(file.read_text(encoding="utf-8")).substitute(values)
    return found


def _files(folder: Traversable) -> list[Traversable]:
    return sorted((file for file in folder.iterdir() if file.name.endswith(".txt")), key=lambda file: file.name)
