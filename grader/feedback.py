"""Step 5: feedback for the student: what each task earned and why, and nothing that is hidden.

What is shown of a run is chosen, not filtered. A test cell shows its visible lines and the message of
:mod:`grader.results`, none of its outputs: a student's function can print its arguments. The student's other cells
show their outputs up to the first hidden test, and none after it: code that has once been called with hidden data can
show it in any later cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import bleach
from jinja2 import BytecodeCache, Environment, pass_context
from jinja2.bccache import Bucket
from jinja2.runtime import Context
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader import utils
from nbgrader.preprocessors import ClearHiddenTests, NbGraderPreprocessor
from traitlets import Bool, Integer, List
from traitlets.config import Config

from grader.course import CourseError
from grader.formulas import markdown_to_html
from grader.results import Results, TaskResult, hint, kind

TEMPLATES = Path(__file__).parent / "templates"
IMAGES = ("image/png", "image/jpeg")
TAGS = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "div", "span", "pre", "code", "blockquote", "a", "img"),
    *("b", "i", "em", "strong", "del", "sub", "sup", "ul", "ol", "li", "dl", "dt", "dd"),
    *("table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"),
}
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
SCRIPT = re.compile(r"<script\b.*?</script\s*>", re.DOTALL | re.IGNORECASE)
OUTPUTS = (
    "Outputs of test cells, and of all cells after the first hidden test, are not repeated here: "
    "run your own notebook to see yours."
)


class Scrub(NbGraderPreprocessor):
    """Leave in an autograded notebook only what its student may see."""

    display_data_priority: List = List().tag(
        config=True
    )  # nbconvert sets it for every step and warns where it is unknown
    most_output = Integer(20_000, help="Characters of text shown of one cell's output.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        """Choose each cell's outputs, take out hidden tests, and hand the summary to the template.

        Raises
        ------
        CourseError
            when the notebook was not graded by this course's steps
        """
        document = nb.metadata.get("course", {}).get("results")
        if document is None:
            name = resources["nbgrader"]["student"]
            raise CourseError(f"{name}'s notebook was not graded by this course.", "Run `course grade --force`.")
        results = Results.from_document(document)
        resources["course"] = _summary(nb, results)
        self._choose(nb, {task.cell: task for task in results.tasks})
        nb.metadata = NotebookNode(language_info={"name": "python"})
        for cell in nb.cells:
            if utils.is_locked(cell):  # a student's own words may be the marks of a hidden test
                self._clear.preprocess_cell(cell, resources, 0)
        return nb, resources

    @property
    def _clear(self) -> ClearHiddenTests:
        return ClearHiddenTests(config=Config(ClearHiddenTests=self.config.ClearHiddenTests))

    def _choose(self, nb: NotebookNode, tasks: dict[str, TaskResult]) -> None:
        begin = self._clear.begin_test_delimeter
        seen_hidden = False
        for cell in nb.cells:
            if cell.cell_type == "code":
                name = cell.metadata.get("nbgrader", {}).get("grade_id")
                if utils.is_grade(cell) and name in tasks:
                    seen_hidden = seen_hidden or begin in cell.source
                    cell.outputs = [_outcome(tasks[name])]
                else:
                    cell.outputs = _hinted(cell) if seen_hidden else list(self._shown(cell.outputs))
                cell.execution_count = None  # a kernel can be made to count in anything

    def _shown(self, outputs: list[NotebookNode]) -> Iterator[NotebookNode]:
        """Give the outputs that cannot do harm in a page, within bounds."""
        room = self.most_output
        for output in outputs:
            shown = _safe(output)
            if shown is not None:
                room -= _cut(shown, room)
                yield shown


def _summary(nb: NotebookNode, results: Results) -> dict[str, Any]:
    """Collect what the template writes on top."""
    marks = {c.metadata.nbgrader.grade_id: c.metadata.nbgrader.score for c in nb.cells if utils.is_grade(c)}
    tasks = [{**vars(task), "hint": hint(task, results.week)} for task in results.tasks]
    for task in tasks:
        if task["points"] is not None or marks.get(task["cell"]):  # what the gradebook says, changes by hand included
            task["points"] = marks.get(task["cell"], task["points"])
    return {
        "week": results.week,
        "malformed": results.malformed,
        "repairs": results.repairs,
        "outputs": OUTPUTS,
        "tasks": tasks,
        "waiting": any(task["points"] is None for task in tasks),
    }


def _outcome(task: TaskResult) -> NotebookNode:
    return new_output("stream", name="stdout", text=f"{task.outcome}: {task.message}\n")


def _hinted(cell: NotebookNode) -> list[NotebookNode]:
    """Return, in place of the outputs of a cell that ran after hidden tests, only the kind of error that stopped it."""
    note = cell.metadata.get("course", {})
    if note.get("status") != "error":
        return []
    return [new_output("stream", name="stdout", text=f"This cell stopped with {kind(note['ename'])}.\n")]


def _safe(output: NotebookNode) -> NotebookNode | None:
    """Return the same output in forms that hold no script: text, and pictures that are pictures."""
    if output.output_type == "stream":
        return new_output("stream", name="stdout", text=str(output.text))
    if output.output_type == "error":
        lines = [str(line) for line in output.traceback]
        return new_output("error", ename=str(output.ename), evalue=str(output.evalue), traceback=lines)
    kinds = (*IMAGES, "text/html", "text/plain")  # nbconvert escapes pictures; the exporter cleans HTML
    data = {mime: output.data[mime] for mime in kinds if isinstance(output.data.get(mime), str)}
    return new_output("display_data", data=data) if data else None


def _cut(output: NotebookNode, room: int) -> int:
    """Shorten an output's text to ``room`` characters; returns how many it has then."""
    room = max(room, 0)
    if output.output_type == "stream":
        output.text = _short(output.text, room)
        return len(output.text)
    if output.output_type == "error":
        text = _short("\n".join(output.traceback), room)
        output.traceback, output.evalue = text.split("\n"), output.evalue[:room]
        return len(text)
    for mime in ("text/html", "text/plain"):
        if len(output.data.get(mime, "")) > room:
            output.data[mime] = _short(output.data.get("text/plain", ""), room) if mime == "text/plain" else ""
    output.data = {mime: data for mime, data in output.data.items() if data}
    return sum(len(data) for mime, data in output.data.items() if mime not in IMAGES)


def _short(text: str, room: int) -> str:
    return text if len(text) <= room else text[:room] + "\n… cut off here.\n"


def clean_html(text: str) -> str:
    """Leave of HTML what shows text, tables and the page's own pictures."""
    return bleach.clean(text, tags=TAGS, attributes=_allowed, protocols=["http", "https", "mailto", "data"], strip=True)


def _allowed(tag: str, name: str, value: str) -> bool:
    if tag == "img" and name == "src":
        return value.startswith(tuple(f"data:{mime};base64," for mime in (*IMAGES, "image/svg+xml")))  # runs no script
    if tag == "a" and name == "href":
        return not value.startswith("data:")
    return name in ("id", "class", "alt", "colspan", "rowspan")


def without_scripts(page: str) -> str:
    """Take the scripts out of a page's head and forbid any other."""
    forbid = f'<head>\n<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    return SCRIPT.sub("", page).replace("<head>", forbid, 1)


class _Compiled(BytecodeCache):
    """Templates that were compiled once: nbconvert makes a new environment for every page."""

    def __init__(self) -> None:
        self.codes: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.codes[bucket.key, bucket.checksum] = bucket.code


COMPILED = _Compiled()


class FeedbackExporter(HTMLExporter):
    """nbgrader's feedback page in this course's template, sanitised."""

    sanitize_html = Bool(True).tag(config=True)

    def __init__(self, **kwargs: Any) -> None:
        """Set the template, whatever the configuration says."""
        super().__init__(**kwargs)
        # nbgrader sets its own template in the configuration, and formgrader yet another: this one is the course's.
        nbgraders = self.extra_template_basedirs
        self.template_name, self.extra_template_basedirs = "course_feedback", [str(TEMPLATES), *nbgraders]
        self.extra_template_paths = [*self.extra_template_paths, *nbgraders]  # where `extends` finds nbgrader's page
        self.template_paths = self._template_paths()  # nbconvert found them too early, for the other template

    def _create_environment(self) -> Environment:
        environment = super()._create_environment()
        environment.bytecode_cache = COMPILED
        return environment

    def get_ready(self, notebook: NotebookNode) -> None:
        """Make a page and drop it: that compiles the templates and draws the author's formulas for all that follow.

        This exporter is of no use after it: it takes no steps any more.
        """
        self._preprocessors = []  # they would look for marks
        nothing = {"nbgrader": {"score": 0, "max_score": 0, "late_penalty": 0}, "course": {}, "inlining": {"css": []}}
        markdown = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
        texts = [new_markdown_cell(cell.source, attachments=cell.get("attachments", {})) for cell in markdown]
        page = new_notebook(cells=[new_code_cell("pass"), *texts], metadata=notebook.metadata)
        with suppress(Exception):  # whatever is wrong is reported with the first page that is kept
            self.from_notebook_node(page, nothing)

    @pass_context
    def markdown2html(self, context: Context, source: str) -> str:
        """Apply nbconvert's filter, with formulas drawn and the cell's pictures in the page."""
        attachments = context.get("cell", {}).get("attachments", {})
        return markdown_to_html(source, escape=False, attachments=attachments, exclude_anchor_links=True)

    def default_filters(self) -> Iterator[tuple[str, Any]]:
        """Give nbconvert's filters and those that the template adds."""
        yield from super().default_filters()
        yield "clean_html", clean_html
        yield "without_scripts", without_scripts
