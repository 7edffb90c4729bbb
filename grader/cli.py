"""The `course` command. Each step lives in a module of its own and is imported only when called."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Annotated, Literal

import typer
from typer.core import TyperGroup

from grader.course import Course, CourseError, stderr


class Commands(TyperGroup):
    """The commands; they report what a person must put right in words, not as a traceback."""

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]
        """Run one command; exit code 2 when something about the course must be put right first."""
        try:
            return super().invoke(ctx)
        except CourseError as error:
            stderr.print(str(error), style="red", markup=False)
            raise typer.Exit(2) from error


app = typer.Typer(
    cls=Commands,
    help="Build, grade and check the course. Run it in the course folder (the one with nbgrader_config.py).",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

Weeks = Annotated[list[str] | None, typer.Argument(help="Weeks to work on, e.g. week1; all when left out.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of tables.")]


@app.command()
def new(
    week: Annotated[str, typer.Argument(help="The new week, e.g. week7.")],
    name: Annotated[str, typer.Argument(help="Its notebook's name, e.g. monitoring.")],
) -> None:
    """Lay out a new week: notebook, oracles, checks, hints, variants and borrowed answers, with an example task."""
    from grader.author.new_week import new_week_command

    raise typer.Exit(new_week_command(week, name))


@app.command()
def pair(
    weeks: Weeks = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; fail when a notebook differs from its text.")
    ] = False,
    from_notebook: Annotated[
        bool, typer.Option("--from-notebook", help="The other way round: take over edits made in JupyterLab.")
    ] = False,
) -> None:
    """Write each source notebook (.ipynb) from its text (.py)."""
    from grader.author.pair import pair_command

    raise typer.Exit(pair_command(weeks, check=check, from_notebook=from_notebook))


@app.command()
def release(
    weeks: Weeks = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; fail when release/ is not what source/ gives.")
    ] = False,
) -> None:
    """Build the students' notebooks in release/ from source/."""
    from grader.author.release import release_command

    raise typer.Exit(release_command(weeks, check=check))


@app.command()
def grade(
    weeks: Weeks = None,
    student: Annotated[
        list[str] | None, typer.Option("--student", help="Grade only this student; may be repeated.")
    ] = None,
    force: Annotated[bool, typer.Option(help="Grade again what is already graded (manual marks are kept).")] = False,
    workers: Annotated[int, typer.Option(help="Submissions run at the same time; 0: one for each core.", min=0)] = 0,
    sandbox: Annotated[
        Literal["bubblewrap", "none"],
        typer.Option(help="'none' runs students' code as you, in one process with the tests. Only for code you trust."),
    ] = "bubblewrap",
    json: Json = False,
) -> None:
    """Grade the submissions in submitted/ and write feedback.

    What has not changed since it was graded is left alone. Exit code 0: everything has marks. 1: something needs a
    person, a submission that cannot be read or a fault of the grader. 2: nothing can be graded before the course,
    the environment or the disk is put right.
    """
    from grader.environment import prepare

    gc.disable()  # until all is imported: the first mark waits for it
    prepare()  # before anything of nbgrader's is imported: it may be what is missing
    walled = sandbox != "none"
    if walled:
        from grader.engine.forkserver import start_early

        start_early([week.notebook for week in Course.find().handed_in(weeks)])
    from grader.grade import grade_command

    code = grade_command(weeks, student or [], force=force, workers=workers, sandbox=walled, as_json=json)
    raise typer.Exit(code)


@app.command()
def marks(
    weeks: Weeks = None,
    csv: Annotated[
        Path | None,
        typer.Option(
            help="Also write the marks to this CSV file; a name that a spreadsheet would run as a formula gets an "
            "apostrophe in front."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Print the marks in the gradebook."""
    from grader.environment import prepare

    prepare()
    from grader.marks import marks_command

    raise typer.Exit(marks_command(weeks, csv, as_json=json))


@app.command()
def check(
    weeks: Weeks = None,
    seeds: Annotated[int, typer.Option(help="How many seeds to try.", min=1)] = 5,
    rows: Annotated[list[int] | None, typer.Option(help="Sample sizes to try; may be repeated.")] = None,
    workers: Annotated[int, typer.Option(help="Notebooks run at the same time; 0 means one for each core.", min=0)] = 0,
    journey: Annotated[
        bool, typer.Option("--journey", help="Run the weeks in turn, each with the artifacts of those before it.")
    ] = False,
    as_student: Annotated[
        bool, typer.Option("--as-student", help="Leave the hidden tests out: the time and memory a student needs.")
    ] = False,
    json: Json = False,
) -> None:
    """Run the source notebooks in batch through papermill, over seeds and sizes."""
    from grader.author.check import check_command

    code = check_command(weeks, seeds, rows, workers=workers, journey=journey, hidden=not as_student, as_json=json)
    raise typer.Exit(code)


@app.command()
def audit(
    names: Annotated[
        list[str] | None, typer.Argument(help="Weeks, or a week and tasks of it; all when none is given.")
    ] = None,
    variants: Annotated[
        Path | None,
        typer.Option(help="Judge the answers in this folder (weekN/TASK/right_NAME.py, wrong_…, overfit_…) instead."),
    ] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option(help="Judge only answers of this kind: right, wrong, overfit or mutant; may be repeated."),
    ] = None,
    seeds: Annotated[int, typer.Option(help="Rounds for right answers, each with another seed and sample.", min=1)] = 1,
    mutants: Annotated[int, typer.Option(help="Mutants judged for one task at most.", min=0)] = 200,
    workers: Annotated[int, typer.Option(help="Tasks judged at the same time; 0 means one for each core.", min=0)] = 0,
    report: Annotated[Path | None, typer.Option(help="Also write the tables of docs/ACCURACY.md to this file.")] = None,
    json: Json = False,
) -> None:
    """Measure how often the tests of each task are wrong about an answer."""
    from grader.author.audit import audit_command

    code = audit_command(
        names or [],
        variants,
        list(kind or []),
        seeds=seeds,
        most_mutants=mutants,
        workers=workers,
        as_json=json,
        report=report,
    )
    raise typer.Exit(code)


@app.command()
def lint(weeks: Weeks = None, json: Json = False) -> None:
    """Check the authoring rules of CONTRIBUTING.md."""
    from grader.author.lint import lint_command

    raise typer.Exit(lint_command(weeks, as_json=json))
