"""Author's step 3: the rules of CONTRIBUTING.md, enforced.

A rule is a function that reads a :class:`Draft` and yields findings. Rules that only read come first; the last one runs
the notebook twice: with stubs every test must say *not attempted*, with solutions every cell must succeed.
"""

from __future__ import annotations

import ast
import json
import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from functools import cached_property
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent

import yaml
from nbformat import NotebookNode
from rich.progress import MofNCompleteColumn, Progress, TimeElapsedColumn

from grader.author.audit import KINDS
from grader.author.borrowed import borrowed
from grader.author.check import errors_of, is_automatic, kernel_options, lost_parts, name_of, parts_of, run_notebook
from grader.author.pair import drift, notebook_from_text
from grader.author.release import build, release_drift
from grader.course import Course, CourseError, Week, replace_file, stderr
from grader.engine.names import bound, free
from grader.engine.oracles import FILE as ORACLES
from grader.parts import NAME as PART
from grader.parts import declared_parts

VERSION = 1  # of the JSON document
TO_WRITE = "TO WRITE"
POINTS, AUTOMATIC = 100, range(80, 91)
TASKS = range(8, 11)
HINTS = 3
RIGHT, WRONG = 2, 3  # variants a task needs at least
SHOWN_LINES, REGION_LINES = 20, 30
PICTURES = {".png", ".jpg", ".svg", ".gif"}
PARAMETERS = ("SEED", "SAMPLE_ROWS")
SOLUTION = re.compile(r"^([ \t]*)### BEGIN SOLUTION\n(?P<body>.*?)^[ \t]*### END SOLUTION$", re.DOTALL | re.MULTILINE)
HIDDEN = re.compile(
    r"^([ \t]*)### BEGIN HIDDEN TESTS\n(?P<body>.*?)^[ \t]*### END HIDDEN TESTS$", re.DOTALL | re.MULTILINE
)
JUPYTER = {"get_ipython", "display"}  # names that the kernel adds to Python's own


@dataclass(frozen=True)
class Finding:
    """A rule that does not hold: where, what was found, what was expected, what to do next."""

    file: str
    where: str
    rule: str
    found: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        """Write the finding as a person reads it."""
        head = f"{self.file}, {self.where}: {self.rule}" if self.where else f"{self.file}: {self.rule}"
        return f"{head}\n  found: {self.found}\n  expected: {self.expected}\n  What to do: {self.remedy}"


@dataclass(frozen=True)
class Task:
    """A task: its name, its test cell (a memo: the cell itself) and the solution cell, if there is one."""

    name: str
    points: float
    test: NotebookNode
    solution: NotebookNode | None
    automatic: bool

    @property
    def needs(self) -> list[str]:
        """Names of the tasks that the test cell says it builds on."""
        return list(self.test.metadata.get("needs", []))


@dataclass(frozen=True)
class Draft:
    """A week as its author has it: the notebook that its text gives, and everything that belongs to it."""

    course: Course
    week: Week
    notebook: NotebookNode

    @cached_property
    def code(self) -> list[NotebookNode]:
        """The code cells."""
        return [cell for cell in self.notebook.cells if cell.cell_type == "code"]

    @cached_property
    def solutions(self) -> dict[str, NotebookNode]:
        """The solution cells that a machine marks, by task."""
        return {name_of(cell): cell for cell in self.code if is_solution(cell)}

    @cached_property
    def tasks(self) -> dict[str, Task]:
        """Every graded task by name, in order."""
        graded = [cell for cell in self.notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
        listed = [self._task(cell) for cell in graded]
        return {task.name: task for task in listed}

    def _task(self, cell: NotebookNode) -> Task:
        automatic = is_automatic(cell)
        name = name_of(cell).removesuffix("_test") if automatic else name_of(cell)
        points = cell.metadata.nbgrader.get("points", 0)
        return Task(name, points, cell, self.solutions.get(name), automatic)

    @property
    def automatic(self) -> list[Task]:
        """The tasks that a machine marks."""
        return [task for task in self.tasks.values() if task.automatic]

    def path(self, *parts: str) -> Path:
        """Return a path in the course."""
        return self.course.root.joinpath(*parts)

    def finding(self, where: str, rule: str, found: str, expected: str, remedy: str) -> Finding:
        """Report something about the week's text."""
        return Finding(self.relative(self.week.text), where, rule, found, expected, remedy)

    def relative(self, path: Path) -> str:
        """Return a path as a person in the course folder would type it."""
        return str(path.relative_to(self.course.root))


Rule = Callable[[Draft], Iterator[Finding]]


def is_solution(cell: NotebookNode) -> bool:
    """Return True for a cell that a student types code in."""
    own = cell.metadata.get("nbgrader", {})
    return cell.cell_type == "code" and bool(own.get("solution")) and not own.get("grade")


def tagged(cell: NotebookNode, *tags: str) -> bool:
    """Return True for a cell with one of the tags."""
    return bool(set(tags) & set(cell.metadata.get("tags", [])))


# --- files ---


def pair_is_equal(draft: Draft) -> Iterator[Finding]:
    """The notebook is what its text gives."""
    if found := drift(draft.week):
        file = draft.relative(draft.week.notebook)
        yield Finding(file, "", "pair", found, "what its text gives", f"Run `course pair {draft.week.name}`.")


def release_is_equal(draft: Draft) -> Iterator[Finding]:
    """release/ is what source/ gives, and holds nothing else."""
    name = draft.week.name
    try:
        for found in release_drift(draft.course, draft.week, build(draft.course, draft.week)):
            yield Finding(
                f"release/{name}", "", "release", found, "what source/ gives", f"Run `course release {name}`."
            )
    except CourseError as error:
        yield Finding(f"release/{name}", "", "release", error.problem, "a release that can be built", error.remedy)


def no_stray_files(draft: Draft) -> Iterator[Finding]:
    """Beside text and notebook stand oracles and pictures only: nbgrader copies everything else to every student."""
    folder = draft.week.text.parent
    for path in sorted(folder.rglob("*")):
        own = (draft.week.text, draft.week.notebook, folder / ORACLES)
        wanted = path in own or path.suffix in PICTURES or path.is_dir()
        if not wanted and not {".ipynb_checkpoints", "__pycache__"} & {*path.parts}:
            expected = f"{draft.week.text.name}, {draft.week.notebook.name}, {ORACLES} and pictures"
            yield Finding(draft.relative(path), "", "stray file", path.name, expected, "Move it or delete it.")


def nothing_is_left_to_write(draft: Draft) -> Iterator[Finding]:
    """No text still holds the marks that `course new` leaves for the author."""
    for cell in draft.notebook.cells:
        if TO_WRITE in cell.source:
            line = next(line for line in cell.source.splitlines() if TO_WRITE in line)
            yield draft.finding(f"cell {name_of(cell)}", "to write", line.strip(), "the author's words", "Write it.")


# --- tasks and points ---


def points_add_up(draft: Draft) -> Iterator[Finding]:
    """100 points, of which a machine gives 80 to 90."""
    total = sum(task.points for task in draft.tasks.values())
    automatic = sum(task.points for task in draft.automatic)
    if total != POINTS:
        yield draft.finding("all tasks", "points", f"{total:g} points", f"{POINTS}", "Change some `points`.")
    if automatic not in AUTOMATIC:
        expected = f"{AUTOMATIC.start} to {AUTOMATIC.stop - 1}"
        yield draft.finding("all tasks", "automatic points", f"{automatic:g}", expected, "Change some `points`.")


def task_count(draft: Draft) -> Iterator[Finding]:
    """8 to 10 graded tasks."""
    if len(draft.tasks) not in TASKS:
        expected = f"{TASKS.start} to {TASKS.stop - 1} graded tasks"
        yield draft.finding("all tasks", "task count", f"{len(draft.tasks)}", expected, "Split or join tasks.")


def tasks_are_pairs(draft: Draft) -> Iterator[Finding]:
    """A task is one solution cell and, after it, one test cell."""
    order = {name_of(cell): index for index, cell in enumerate(draft.notebook.cells)}
    for task in draft.automatic:
        if order[name_of(task.test)] < order.get(task.name, len(order)) or not task.solution:
            found = "a test cell alone" if not task.solution else "a test cell before its solution cell"
            remedy = f"Name its solution cell {task.name} and put it first."
            yield draft.finding(f"cell {name_of(task.test)}", "task", found, "a solution cell, then its tests", remedy)
    for name in draft.solutions.keys() - draft.tasks.keys():
        remedy = f"Add a test cell {name}_test with points."
        yield draft.finding(f"cell {name}", "task", "a solution cell alone", "a test cell after it", remedy)


def regions_are_marked(draft: Draft) -> Iterator[Finding]:
    """Solutions and hidden tests stand between their markers, and hidden tests within ``mark.hidden()``."""
    for task in draft.automatic:
        where = f"task {task.name}"
        if task.solution and not SOLUTION.search(task.solution.source):
            remedy = "Write ### BEGIN SOLUTION and ### END SOLUTION around what students must find."
            yield draft.finding(where, "markers", "no solution region", "one at least", remedy)
        regions = [dedent(found["body"]) for found in HIDDEN.finditer(task.test.source)]
        bare = [region for region in regions if not all_hidden(region)]
        if not regions or bare:
            remedy = "Write ### BEGIN HIDDEN TESTS, `with mark.hidden():`, ### END HIDDEN TESTS."
            found = f"{len(bare)} without `with mark.hidden():` at its start" if bare else "no hidden region"
            yield draft.finding(where, "markers", found, "hidden regions, each in that context", remedy)


def all_hidden(region: str) -> bool:
    """Return True for a region whose every statement stands within ``mark.hidden()``."""
    tree = parsed(region)
    blocks = [node for node in tree.body if isinstance(node, ast.With)] if tree else []
    inside = [any(ast.unparse(item.context_expr) == f"{PART}.hidden()" for item in block.items) for block in blocks]
    return tree is not None and len(inside) == len(tree.body) and all(inside)


def parts_add_up(draft: Draft) -> Iterator[Finding]:
    """A test cell is a list of parts with the task's points; the core, on which the rest builds, has half of them."""
    for task in draft.automatic:
        parts, where = declared_parts(task.test.source), f"task {task.name}"
        names = [part.name for part in parts]
        first = f"{PART} = checks.Mark({task.points:g})"
        if len(set(names)) < max(2, len(names)):
            expected, remedy = "two at least, each with a name of its own", 'Write `with mark.part("name", 2, "…"):`.'
            yield draft.finding(where, "parts", ", ".join(names) or "none", expected, remedy)
        if not task.test.source.startswith(first) or not task.test.source.rstrip().endswith(f"\n{PART}"):
            remedy = "The mark is the value of the cell: nbgrader reads the points there."
            yield draft.finding(where, "mark", "another first or last line", f"`{first}` and `{PART}`", remedy)
        if parts and sum(part.points for part in parts) != task.points:
            found = f"{sum(part.points for part in parts):g} points in parts"
            yield draft.finding(where, "parts", found, f"{task.points:g}", "Change the points of some parts.")
        core = sum(part.points for part in parts if not part.after)
        if parts and 2 * core < task.points:
            expected = "half of the points in parts without `after`"
            yield draft.finding(where, "core", f"{core:g} of {task.points:g}", expected, "Give the core more.")
        unknown = {needed for place, part in enumerate(parts) for needed in part.after if needed not in names[:place]}
        if unknown:
            remedy = "Name parts that stand before it."
            yield draft.finding(where, "after", ", ".join(sorted(unknown)), "names of earlier parts", remedy)


def stubs_say_what_to_do(draft: Draft) -> Iterator[Finding]:
    """Signature and docstring stay in the release."""
    for name, cell in draft.solutions.items():
        stub = parsed(stub_of(cell.source))
        defined = [node for node in stub.body if isinstance(node, ast.FunctionDef | ast.ClassDef)] if stub else []
        bare = [node.name for node in defined if not ast.get_docstring(node)]
        if not defined or bare:
            found = f"no docstring in {', '.join(bare)}" if bare else "no function"
            remedy = "Begin the solution region below the docstring (shapes, units, errors)."
            yield draft.finding(f"task {name}", "stub", found, "a signature and a docstring outside the region", remedy)


# --- what stands beside the notebook ---


def hints_are_complete(draft: Draft) -> Iterator[Finding]:
    """Three hints for each task that a machine marks, none empty, none for a task that does not exist."""
    path = draft.path("helpers", "hints", f"{draft.week.name}.yaml")
    try:
        hints = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, yaml.YAMLError) as error:
        yield Finding(draft.relative(path), "", "hints", str(error), "a list of hints by task", "Write the file.")
        return
    for name in hints.keys() | {task.name for task in draft.automatic}:
        found = [str(hint).strip() for hint in hints.get(name) or []]
        expected = (
            f"{HINTS} hints with words in them" if name in draft.tasks else "hints for tasks of the notebook only"
        )
        if name not in draft.tasks or len(found) != HINTS or not all(found):
            remedy = "A nudge, the approach, nearly there." if name in draft.tasks else "Rename or delete them."
            yield Finding(
                draft.relative(path), f"task {name}", "hints", f"{len(list(filter(None, found)))}", expected, remedy
            )


def variants_are_complete(draft: Draft) -> Iterator[Finding]:
    """Two right and three wrong variants at least for each task that a machine marks, each with its idea."""
    folder = draft.path("tests", "variants", draft.week.name)
    for task in draft.automatic:
        counts = {kind: len(list((folder / task.name).glob(f"{kind}_*.py"))) for kind in ("right", "wrong")}
        if counts["right"] < RIGHT or counts["wrong"] < WRONG:
            found = f"{counts['right']} right, {counts['wrong']} wrong"
            where, expected = draft.relative(folder / task.name), f"at least {RIGHT} right and {WRONG} wrong"
            yield Finding(where, "", "variants", found, expected, "Write down answers that students really give.")
    for path in sorted(folder.rglob("*.py")):
        yield from variant_is_explained(draft, path)


def variant_is_explained(draft: Draft, path: Path) -> Iterator[Finding]:
    """A variant belongs to a task and says its idea; one that must fail says which message must catch it."""
    kind, where = path.name.partition("_")[0], draft.relative(path)
    if path.parent.name not in draft.tasks or kind not in KINDS[:3]:
        expected = "TASK/right_NAME.py, wrong_NAME.py or overfit_NAME.py of a task of the notebook"
        yield Finding(where, "", "variants", f"{path.parent.name}/{path.name}", expected, "Rename or delete it.")
        return
    idea = docstring_of(path.read_text(encoding="utf-8"))
    if not idea or (kind != "right" and not re.search(r"^Caught by: \S", idea, re.MULTILINE)):
        expected = "a docstring that says the idea" + (" and a line `Caught by: …`" if kind != "right" else "")
        remedy = "Write it at the top of the file."
        yield Finding(where, "", "variants", "a docstring without it" if idea else "no docstring", expected, remedy)


def docstring_of(source: str) -> str:
    """Return the docstring at the top, which a variant has even where its code is not valid Python."""
    found = re.match(r'\s*r?"""(.*?)"""', source, re.DOTALL)
    return found[1].strip() if found else ""


# --- what cells may use and how long they may be ---


def parsed(source: str) -> ast.Module | None:
    """Parse a cell; None when it is not plain Python."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return None


def stub_of(source: str) -> str:
    """Write a solution cell as students get it."""
    return SOLUTION.sub(r"\1raise NotImplementedError()", source)


def cells_are_plain_python(draft: Draft) -> Iterator[Finding]:
    """No magics and no shell lines: the text pair is Python that tools can read."""
    for cell in draft.code:
        if not parsed(cell.source):
            lines = (line for line in cell.source.splitlines() if line.lstrip().startswith(("%", "!")))
            found = next(lines, "a syntax error")
            yield draft.finding(f"cell {name_of(cell)}", "plain Python", found, "Python", "Write it as Python.")


def setup_is_there(draft: Draft) -> Iterator[Finding]:
    """One `parameters` cell with SEED and SAMPLE_ROWS, and at least one cell tagged `setup`."""
    parameters = [cell for cell in draft.code if tagged(cell, "parameters")]
    given = bound(parameters[0].source) if len(parameters) == 1 else set()
    if missing := [name for name in PARAMETERS if name not in given]:
        found = f"{len(parameters)} cells with that tag" if len(parameters) != 1 else f"no {', '.join(missing)}"
        expected = f"one cell tagged `parameters` that sets {' and '.join(PARAMETERS)}"
        yield draft.finding("cell tagged parameters", "set-up", found, expected, "Add it near the top.")
    if not any(tagged(cell, "setup") for cell in draft.code):
        yield draft.finding("cell tagged setup", "set-up", "none", "one at least", "Tag the cell that imports.")


def needs_are_earlier_tasks(draft: Draft) -> Iterator[Finding]:
    """`needs` names tasks that come before."""
    for index, task in enumerate(draft.tasks.values()):
        if unknown := [name for name in task.needs if name not in list(draft.tasks)[:index]]:
            found, expected = ", ".join(unknown), "tasks that come before it"
            yield draft.finding(f"task {task.name}", "needs", found, expected, "Correct `needs` in its test cell.")


def test_cells_stand_on_their_own_feet(draft: Draft) -> Iterator[Finding]:
    """A set-up cell uses set-up cells; a test cell uses these, its own task and the tasks that it declares."""
    setup: set[str] = set()
    for cell in (cell for cell in draft.code if tagged(cell, "setup", "parameters") and parsed(cell.source)):
        yield from names_are_known(draft, cell, setup)
        setup |= bound(cell.source)
    for task in (task for task in draft.automatic if parsed(task.test.source)):
        cells = [draft.solutions[name] for name in (task.name, *task.needs) if name in draft.solutions]
        stubs = [stub for stub in (stub_of(cell.source) for cell in cells) if parsed(stub)]
        yield from names_are_known(draft, task.test, setup.union(*map(bound, stubs)))


def names_are_known(draft: Draft, cell: NotebookNode, known: set[str]) -> Iterator[Finding]:
    """The cell reads no other names from outside."""
    if unknown := sorted(free(cell.source) - known - JUPYTER):
        expected = "names of set-up cells, of its own task, of declared needs, and its own"
        remedy = 'Make them in the cell, tag the cell that makes them "setup", or declare it: needs=["…"].'
        yield draft.finding(f"cell {name_of(cell)}", "own feet", ", ".join(unknown), expected, remedy)


def code_lines(source: str) -> int:
    """Count the lines of a cell that hold code: no blank lines, comments or docstrings."""
    tree = parsed(source)
    defined = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef | ast.Module)] if tree else []
    documented = [n.body[0] for n in defined if n.body and ast.get_docstring(n, clean=False) is not None]
    words = {line for text in documented for line in range(text.lineno, (text.end_lineno or 0) + 1)}
    lines = enumerate(source.splitlines(), start=1)
    return sum(number not in words and not re.match(r"\s*(#|$)", line) for number, line in lines)


def cells_are_short(draft: Draft) -> Iterator[Finding]:
    """20 lines of code at most, 30 in a hidden or solution region, unless the author says why."""
    for cell in (cell for cell in draft.code if not str(cell.metadata.get("long", "")).strip()):
        regions = [match["body"] for marks in (SOLUTION, HIDDEN) for match in marks.finditer(cell.source)]
        shown = code_lines(HIDDEN.sub("", stub_of(cell.source)))
        longest = max(map(code_lines, map(dedent, regions)), default=0)
        if shown > SHOWN_LINES or longest > REGION_LINES:
            found = f"{shown} lines shown, {longest} in the longest region"
            remedy = 'Split it, move code to helpers, or give the reason: long="…".'
            expected = f"at most {SHOWN_LINES} shown and {REGION_LINES} in a region"
            yield draft.finding(f"cell {name_of(cell)}", "length", found, expected, remedy)


# --- running ---


def stub_fails_and_solution_passes(draft: Draft) -> Iterator[Finding]:
    """Every test says *not attempted* on the release, and nothing fails on the source."""
    try:
        release = build(draft.course, draft.week)[f"{draft.week.name}/{draft.week.notebook.name}"]
    except CourseError:
        return  # reported as a finding of its own
    options = kernel_options(draft.course)
    with TemporaryDirectory(prefix="lint-") as folder:
        replace_file(stubs := Path(folder) / draft.week.notebook.name, release)
        for path, judge in ((stubs, stub_fails), (draft.week.notebook, solution_passes)):
            try:
                yield from judge(draft, run_notebook(path, options))
            except CourseError as error:
                yield draft.finding("the whole notebook", "run", error.problem, "a run to its end", error.remedy)


def first_error(cell: NotebookNode) -> str:
    """Return the error that a cell ended with, or its first failed part, in one line; empty when it succeeded."""
    told = [f"{error.ename}: {error.evalue}" for error in errors_of(cell)] + [lost_parts(cell)]
    return next((text.splitlines()[0] for text in told if text), "")


def stub_fails(draft: Draft, executed: NotebookNode) -> Iterator[Finding]:
    """Every part of every test cell of the executed release says *not attempted*."""
    for cell in filter(is_automatic, executed.cells):
        attempted = [part["name"] for part in parts_of(cell) if part["outcome"] != "not attempted"]
        if attempted or not parts_of(cell):
            remedy = "Call the student's function through `checks.call`, first thing in each part."
            where, found = (
                f"cell {name_of(cell)} of the release",
                ", ".join(attempted) or first_error(cell) or "no parts",
            )
            yield draft.finding(where, "stub fails", found, "every part not attempted", remedy)


def solution_passes(draft: Draft, executed: NotebookNode) -> Iterator[Finding]:
    """No cell of the executed source notebook failed."""
    for cell in executed.cells:
        if found := first_error(cell):
            yield draft.finding(f"cell {name_of(cell)}", "solution passes", found, "no error", "Correct the cell.")


RULES: tuple[Rule, ...] = (
    pair_is_equal,
    release_is_equal,
    no_stray_files,
    nothing_is_left_to_write,
    points_add_up,
    task_count,
    tasks_are_pairs,
    regions_are_marked,
    parts_add_up,
    stubs_say_what_to_do,
    hints_are_complete,
    variants_are_complete,
    cells_are_plain_python,
    setup_is_there,
    needs_are_earlier_tasks,
    test_cells_stand_on_their_own_feet,
    cells_are_short,
    stub_fails_and_solution_passes,  # the slow one, once everything else has been said
)


def lint(course: Course, week: Week) -> list[Finding]:
    """Apply every rule to one week."""
    file = str(week.text.relative_to(course.root))
    try:
        draft = Draft(course, week, notebook_from_text(week.text.read_text(encoding="utf-8")))
    except CourseError as error:
        return [Finding(file, "", "text", error.problem, "a text that gives a notebook", error.remedy)]
    return [finding for rule in RULES for finding in rule(draft)]


def no_answer_ships(course: Course, week: Week) -> list[Finding]:
    """Search what this course's students can import, and what they are given, for answers to a week's tasks."""
    expected = "comparison and message only; references, hidden cases and lists of traps are the author's"
    remedy = f"Move it to source/{week.name}/{ORACLES}, or make the task another one."
    return [
        Finding(one.place, f"task {one.task}", "an answer ships", str(one), expected, remedy)
        for one in borrowed(course, week)
    ]


def lint_all(course: Course, weeks: list[Week]) -> list[Finding]:
    """Apply every rule to these weeks, on every core, with a progress bar."""
    ships = (course.root / "helpers" / "__init__.py").is_file()  # else what students import is another course's
    jobs = [(stage, week) for stage in (lint, *[no_answer_ships] * ships) for week in weeks]
    if len(jobs) == 1:
        return lint(course, weeks[0])
    columns = (*Progress.get_default_columns()[:2], MofNCompleteColumn(), TimeElapsedColumn())
    # Each job has a process of its own: one week's set-up cells must not meet another's.
    workers = ProcessPoolExecutor(os.cpu_count(), get_context("spawn"), _one_thread, max_tasks_per_child=1)
    with workers as pool, Progress(*columns, console=stderr, transient=True) as progress:
        bar = progress.add_task("Rules, runs and borrowed answers", total=len(jobs))
        futures = [pool.submit(stage, course, week) for stage, week in jobs]
        for _ in as_completed(futures):
            progress.advance(bar)
    return [finding for future in futures for finding in future.result()]


def _one_thread() -> None:
    """Give each of these processes' kernels one thread: more, side by side, would wait for each other in loops."""
    os.environ.update({"OMP_NUM_THREADS": "1", "OMP_THREAD_LIMIT": "1"})


def orphans(course: Course) -> list[Finding]:
    """Find folders in release/ that no week in source/ stands behind."""
    folders = sorted(path for path in (course.root / "release").glob("*") if path.is_dir())
    strays = [folder for folder in folders if folder.name not in course.weeks]
    expected = f"folders of {', '.join(course.weeks)}"
    return [Finding(f"release/{s.name}", "", "stray file", s.name, expected, "Delete it.") for s in strays]


def lint_command(weeks: list[str] | None, *, as_json: bool = False) -> int:
    """Carry out `course lint`; 1 when a rule does not hold."""
    course = Course.find()
    chosen, findings = course.select(weeks), orphans(course)
    names = ", ".join(week.name for week in chosen)
    findings += lint_all(course, chosen)
    if as_json:
        print(json.dumps({"version": VERSION, "findings": [asdict(finding) for finding in findings]}, indent=1))
    else:
        for finding in findings:
            print(f"{finding}\n")
        print(f"{len(findings)} findings in {names}.")
    return int(bool(findings))
