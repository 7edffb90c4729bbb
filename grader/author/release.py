"""Author's step 2: the students' notebook is built from the source notebook by nbgrader's own converter.

The build happens in a temporary folder without a gradebook. What it gives is searched for anything hidden, by code that
knows nothing of nbgrader's, before it may replace a file in release/.
"""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from nbformat import NotebookNode

from grader.author.pair import drift, first_difference, read_notebook
from grader.course import Course, CourseError, Week, replace_file, stderr
from grader.gradebook import load_config

REGION = re.compile(r"^[^\n]*# BEGIN (SOLUTION|HIDDEN TESTS)\b.*?# END \1\b[^\n]*$", re.DOTALL | re.MULTILINE)
MARKER = re.compile(
    r"#+\s*(?:BEGIN|END)\s+[A-Z]{2,}.*"  # a marker of nbgrader's, or its kind misspelt
    r"|(?i:#+\s*(?:begin|end)\s+(?:solution|hidden|test|mark\b)).*"
    r"|with .*\b(?:checks|mark)\.hidden\(.*"
)
TELLING = 12  # characters: shorter lines, such as `else:`, say nothing and occur anywhere


def hidden_lines(source: NotebookNode) -> set[str]:
    """Collect the lines of solutions, hidden tests and model answers that no visible part of the notebook shows."""
    shown, kept_back = [], []
    for cell in source.cells:
        whole = cell.cell_type == "markdown" and cell.metadata.get("nbgrader", {}).get("solution")
        kept_back += [cell.source] if whole else [match[0] for match in REGION.finditer(cell.source)]
        shown.append("" if whole else REGION.sub("", cell.source))
    visible = "\n".join(shown)
    lines = {line.strip() for region in kept_back for line in region.splitlines()}
    return {line for line in lines if len(line) >= TELLING and line not in visible}


def strings_in(value: object) -> Iterator[str]:
    """Give every string in a tree of dictionaries and lists: sources, metadata and outputs alike."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings_in(item)


def leaks(source: NotebookNode, released: NotebookNode) -> list[str]:
    """Find what students must not see in a notebook: hidden lines, markers (misspelt ones too) and outputs."""
    secrets, found = hidden_lines(source), []
    for number, cell in enumerate(released.cells, start=1):
        where = f"cell {number} ({cell.get('id', 'no id')})"
        text = "\n".join(strings_in(cell))
        found += [f"{where} shows the hidden line {line!r}" for line in sorted(secrets) if line in text]
        found += [f"{where} shows the marker {match[0].strip()!r}" for match in MARKER.finditer(text)]
        if cell.get("outputs") or cell.get("execution_count"):
            found.append(f"{where} holds an output")
    return found


class LastWords(logging.Handler):
    """Keeps what nbgrader logs as an error: its exceptions only point at the log."""

    def __init__(self) -> None:
        """Start with no words."""
        super().__init__(logging.ERROR)
        self.words: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one message; of a traceback, the line that says what happened."""
        message = record.getMessage().strip()
        self.words.append(message.splitlines()[-1] if message.startswith("Traceback") else message)


def convert(course: Course, week: Week, folder: Path) -> None:
    """Let nbgrader build the week's release in ``folder``, a course folder for this purpose only.

    Its step that writes to the gradebook is left out: it changes nothing in the notebook, and the gradebook learns of
    the week when it is graded.

    Raises
    ------
    CourseError
        in nbgrader's own words, when it refuses the notebook
    """
    from nbgrader.converters import GenerateAssignment
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.preprocessors import SaveCells

    shutil.copytree(week.text.parent, folder / "source" / week.name)
    config = load_config(course)
    config.CourseDirectory.update({"root": str(folder), "assignment_id": week.name})
    coursedir = CourseDirectory(config=config)
    converter = GenerateAssignment(coursedir=coursedir, config=config, no_database=True)
    converter.preprocessors = [step for step in converter.preprocessors if step is not SaveCells]
    converter.log = logging.Logger("release")
    converter.log.addHandler(last_words := LastWords())
    try:
        converter.start()
    except Exception as error:  # nbgrader has no common exception; whatever it is belongs to this notebook
        words = "\n".join(last_words.words[:2]) or str(error)
        raise CourseError(f"{week.notebook}: nbgrader refuses it. {words}", "Correct its text, then pair.") from error


def build(course: Course, week: Week) -> dict[str, bytes]:
    """Build what students get for one week: contents by path below release/.

    Raises
    ------
    CourseError
        when the source notebook is not what its text gives, nbgrader refuses it, or something hidden survives
    """
    if found := drift(week):
        raise CourseError(f"{found}.", f"Run `course pair {week.name}` first.")
    with TemporaryDirectory(prefix="release-") as name:
        folder = Path(name)
        convert(course, week, folder)
        built = folder / "release"
        files = {str(p.relative_to(built)): p.read_bytes() for p in sorted(built.rglob("*")) if p.is_file()}
    refuse_leaks(week, files)
    return files


def leaks_of_file(source: NotebookNode, week: Week, path: str, content: bytes) -> list[str]:
    """Find what students must not see in one built file."""
    if path == f"{week.name}/{week.notebook.name}":
        return leaks(source, read_notebook(content, path))
    if path.endswith(".ipynb"):
        return ["is a notebook without a text pair: there is no telling what it must hide"]
    text = content.decode(errors="ignore")
    shown = [line for line in sorted(hidden_lines(source)) if line in text] + MARKER.findall(text)
    return [f"shows {line!r}" for line in shown]


def refuse_leaks(week: Week, files: dict[str, bytes]) -> None:
    """Raise CourseError if anything hidden survives in the built files."""
    source = read_notebook(week.notebook.read_bytes(), str(week.notebook))
    found = [
        f"  release/{path}: {leak}"
        for path, content in files.items()
        for leak in leaks_of_file(source, week, path, content)
    ]
    if found:
        remedy = "Correct the text's markers, or the ignore list in nbgrader_config.py. release/ was left as it is."
        raise CourseError("\n".join(["Students would see what must stay hidden.", *found]), remedy)


def release_drift(course: Course, week: Week, files: dict[str, bytes]) -> list[str]:
    """Say how release/ differs from the files just built for one week."""
    release, found = course.root / "release", []
    for path, expected in files.items():
        content = (release / path).read_bytes() if (release / path).exists() else None
        if content is None:
            found.append(f"release/{path} does not exist yet")
        elif content != expected and path.endswith(".ipynb"):
            where = first_difference(read_notebook(content, f"release/{path}"), read_notebook(expected, path))
            found.append(f"release/{path} is not what source/ gives; the first difference is {where}")
        elif content != expected:
            found.append(f"release/{path} is not what source/ gives")
    present = {str(p.relative_to(release)) for p in (release / week.name).rglob("*") if p.is_file()}
    return found + [f"release/{path} comes from nothing in source/" for path in sorted(present - set(files))]


def release_command(weeks: list[str] | None, *, check: bool = False) -> int:
    """Carry out `course release`; 1 when ``check`` finds a file that source/ does not give."""
    course, faults = Course.find(), 0
    for week in course.select(weeks):
        files = build(course, week)
        if check:
            found = release_drift(course, week, files)
            for line in found:
                stderr.print(f"{line}\n  What to do: run `course release {week.name}`.", style="red", markup=False)
            faults += len(found)
            continue
        for path, content in files.items():
            replace_file(course.root / "release" / path, content)
            stderr.print(str(course.root / "release" / path), markup=False)
    return int(bool(faults))
