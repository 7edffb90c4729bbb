"""nbgrader's configuration in this folder: stock commands, formgrader and `course grade` all read it and agree."""

from contextlib import suppress
from pathlib import Path

from grader.environment import put_on_path

c = get_config()  # noqa: F821 (traitlets provides it)
ROOT = Path(__file__).resolve().parent

# nbgrader calls `alembic` by its name when it makes a gradebook, and the environment may not be activated.
put_on_path()

c.CourseDirectory.root = str(ROOT)
c.CourseDirectory.course_id = "ml-engineering"
# Everything but this is copied along with notebooks. The text pairs hold the solutions; a results.json that is handed
# in must not lie where the grader writes its own; traces of a run are of no use to anyone.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "__pycache__", "*.pyc", "*.py", "feedback", "results.json", ".course"]

# The exchange is for practice on one machine: a folder beside the course, and not /usr/local/share, which needs root.
# For a class, point it to a shared folder.
EXCHANGE = ROOT / "exchange"
with suppress(OSError):  # in a read-only folder everything but the exchange still works
    EXCHANGE.mkdir(exist_ok=True)
c.Exchange.root = str(EXCHANGE)

# Stub in place of a solution: `helpers.checks.call` turns it into "not attempted".
c.ClearSolutions.code_stub = {"python": "# YOUR CODE HERE\nraise NotImplementedError"}
c.ClearSolutions.text_stub = "YOUR ANSWER HERE"

# A cell may take three minutes: a whole week's solution takes one. An interrupted cell does not stop those after it.
c.Execute.timeout = 180
c.Execute.interrupt_on_timeout = True
c.Execute.iopub_timeout = 20  # a busy machine is slow to say that a cell was interrupted

# nbgrader takes anything on stderr for a failure: a warning would cost all points, also under Validate. So in every
# kernel that it starts, stderr is stdout, for Python (sys.stderr) and for compiled code (file descriptor 2).
QUIET = "import os, sys; os.dup2(1, 2); sys.stderr = sys.stdout; del os, sys"
# Where code is trusted (`course check`, `--sandbox none`), test cells import the author's oracles from here.
# Nothing is compiled into files beside them: a run leaves nothing in the course.
ORACLES = f"import sys; sys.path.insert(0, {str(ROOT)!r}); sys.dont_write_bytecode = True; del sys"
c.Execute.extra_arguments = [f"--IPKernelApp.exec_lines={QUIET}", f"--IPKernelApp.exec_lines={ORACLES}"]

# The course's own steps in place of nbgrader's, each described in its module. They are named here and not in
# `course grade`, so that `nbgrader autograde` and formgrader's button give the same marks.
c.Autograde.exporter_class = "grader.read.SubmissionExporter"
c.Autograde.sanitize_preprocessors = ["grader.repair.Repair", "nbgrader.preprocessors.CheckCellMetadata"]
c.Autograde.autograde_preprocessors = [
    "grader.engine.isolate.Isolated",
    "grader.results.Record",
    "nbgrader.preprocessors.AssignLatePenalties",  # after the marks, of which it takes a part
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.GenerateFeedback.exporter_class = "grader.feedback.FeedbackExporter"
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "grader.feedback.Scrub",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
