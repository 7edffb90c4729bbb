"""A notebook is right when it earns full marks whatever the seed and the sample size, and the report says so."""

import json
import os
import select
import signal
import subprocess
import sys
from contextlib import suppress

import psutil
import pytest
from typer.testing import CliRunner

from grader.author.check import Run, report_markdown
from grader.author.pair import pair_command
from grader.cli import app
from grader.course import Course


@pytest.fixture
def course(course_folder, monkeypatch):
    monkeypatch.chdir(course_folder)
    pair_command(None)
    return Course(course_folder)


def change(course, *replacements):
    text = course.weeks["week1"].text
    content = text.read_text()
    for old, new in replacements:
        assert old in content
        content = content.replace(old, new)
    text.write_text(content)
    later = text.stat().st_mtime + 1
    os.utime(text, (later, later))
    pair_command(None)


def run(*arguments):
    result = CliRunner().invoke(app, ["check", "--json", *arguments])
    return result, json.loads(result.stdout) if result.exit_code < 2 else None


def test_full_marks_on_every_seed_and_size(course):
    result, report = run("--seeds", "2", "--rows", "10", "--rows", "20")
    assert result.exit_code == 0 and report["passed"] and report["version"] == 4
    assert [(r["rows"], r["seed"], r["points"], r["full"]) for r in report["runs"]] == [
        (10, 1, 85, 85),
        (10, 2, 85, 85),
        (20, 1, 85, 85),
        (20, 2, 85, 85),
    ]
    assert all(r["peak_mib"] > 20 and r["cpu_seconds"] > 0 for r in report["runs"])
    assert json.loads((course.root / "reports/check.json").read_text()) == report
    assert "| week1 | checkpoints | yes | 20 | 2 | 85 of 85 |" in (course.root / "reports/check.md").read_text()


def test_as_a_student_the_visible_checks_run_and_the_hidden_tests_do_not(course):
    hidden, visible = "### BEGIN HIDDEN TESTS", "### BEGIN HIDDEN TESTS\nraise RuntimeError('hidden')"
    change(course, (hidden, visible))
    before = course.weeks["week1"].notebook.read_bytes()
    result, report = run("--seeds", "1", "--rows", "10", "--as-student")
    assert result.exit_code == 0
    assert [(r["points"], r["full"], r["hidden"]) for r in report["runs"]] == [(85, 85, False)]
    assert "| week1 | checkpoints | no | 10 |" in (course.root / "reports/check.md").read_text()
    assert course.weeks["week1"].notebook.read_bytes() == before
    assert run("--seeds", "1", "--rows", "10")[0].exit_code == 1


def test_failures_name_week_seed_rows_cell_and_error_and_stop_no_other_run(course):
    seeded = 'print(numbers)\nif SEED == 2:\n    raise RuntimeError("no data for this seed")'
    change(course, ("print(numbers)", seeded))
    result, report = run("--seeds", "2", "--rows", "10")
    assert result.exit_code == 1 and not report["passed"]
    assert [r["passed"] for r in report["runs"]] == [True, False]
    assert "week1, seed 2, 10 rows, cell double_test_code_1: RuntimeError: no data for this seed" in result.stderr
    assert report["runs"][1]["points"] == 85  # the cells after it ran all the same


def test_every_failing_task_is_reported_with_the_marks_left(course):
    change(course, ("number * 2", "number * 2 if SAMPLE_ROWS < 15 else number"))
    result, report = run("--seeds", "1", "--rows", "10", "--rows", "20")
    assert result.exit_code == 1
    assert [r["points"] for r in report["runs"]] == [85, 0]
    assert [f["cell"] for f in report["runs"][1]["failures"]] == ["double_test", "total_test"]
    assert "Twice two is four." in result.stderr


def test_partial_credit_is_no_full_mark(course):
    change(course, ("### END HIDDEN TESTS\nmark\n\n# %%\n", "### END HIDDEN TESTS\n20\n\n# %%\n"))
    result, report = run("--seeds", "1", "--rows", "10")
    assert result.exit_code == 1
    assert report["runs"][0]["points"] == 65
    assert "double_test: earned 20 of 40" in result.stderr


def test_a_warning_on_stderr_costs_nothing_as_in_grading(course):
    change(
        course,
        (
            "mark = checks.Mark(40)\n",
            "mark = checks.Mark(40)\nimport warnings\nwarnings.warn('old')\n",
        ),
    )
    result, report = run("--seeds", "1", "--rows", "10")
    assert result.exit_code == 0
    assert report["runs"][0]["points"] == 85


def test_a_kernel_is_reached_by_no_port_that_another_could_take_first(course):
    transport = "get_connection_info(unpack=True)['transport']"
    check = f"from ipykernel.connect import get_connection_info\nassert {transport} == 'ipc', {transport}"
    change(course, ("print(numbers)", check))
    result, report = run("--seeds", "1", "--rows", "10")
    assert report["passed"], result.stderr


def test_a_kernel_that_dies_fails_its_run_alone(course):
    change(course, ("print(numbers)", "import os\nif SEED == 1:\n    os._exit(3)"))
    result, report = run("--seeds", "2", "--rows", "10", "--workers", "1")
    assert result.exit_code == 1
    assert [r["passed"] for r in report["runs"]] == [False, True]
    assert "the kernel died" in result.stderr


def test_runs_leave_nothing_in_the_course_but_the_report(course):
    change(course, ("print(numbers)", 'open("scratch.csv", "w").write("1")'))
    before = {p for p in course.root.rglob("*") if p.is_file()}
    run("--seeds", "1", "--rows", "10")
    made = {p.name for p in course.root.rglob("*") if p.is_file() and p not in before}
    assert made == {"check.json", "check.md"}


def test_stale_notebook_is_not_checked(course):
    text = course.weeks["week1"].text
    text.write_text(text.read_text() + "\n# %%\nprint(1)\n")
    result, _ = run()
    assert result.exit_code == 2
    assert "course pair" in result.stderr


def test_a_run_without_tests_does_not_pass():
    run = Run("week1", 1, 10)
    assert not run.passed
    assert "no automatic test" in report_markdown([run], 1)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "kill"])
def test_stopping_it_stops_every_kernel_and_keeps_what_was_done(course, sent):
    """On the second run the notebook says through a pipe that it runs, and would then run for ten minutes."""
    pipe = course.root / "running"
    os.mkfifo(pipe)
    heard = os.open(pipe, os.O_RDWR)
    reports = f'import os, time\n    open("{pipe}", "w").write(str(os.getpid()))\n    time.sleep(600)'
    change(course, ("print(numbers)", f"if SEED == 2:\n    {reports}"))
    options = ["check", "--seeds", "2", "--rows", "10", "--workers", "1"]
    command = [sys.executable, "-c", "from grader.cli import app; app()", *options]
    process = subprocess.Popen(command, cwd=course.root, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    family = []
    try:
        assert select.select([heard], [], [], 120)[0], "the notebook did not start"
        family = psutil.Process(process.pid).children(recursive=True)
        assert int(os.read(heard, 100)) in [child.pid for child in family]
        process.send_signal(sent)
        assert process.wait(timeout=60) != 0
        assert not psutil.wait_procs(family, timeout=60)[1]
        report = json.loads((course.root / "reports/check.json").read_text())
        assert [(one["seed"], one["failures"]) for one in report["runs"]] == [(1, [])]
        assert report["runs"][0]["passed"] and not report["passed"]
        assert "1 of 2 runs are missing" in (course.root / "reports/check.md").read_text()
    finally:
        os.close(heard)
        for left in [*family, process]:
            with suppress(psutil.Error):
                left.kill()


LATER = """\
# %% tags=["parameters"]
SEED = 0
SAMPLE_ROWS = 100

# %% tags=["setup"]
from helpers import checks, work

begun = work.path("begun.txt").exists()
work.path("begun.txt").write_text("by this week")

# %% nbgrader={"grade_id": "same", "solution": true}
def same(number: float) -> float:
    \"\"\"Return ``number``.\"\"\"
    ### BEGIN SOLUTION
    return number
    ### END SOLUTION

# %% nbgrader={"grade_id": "same_test", "points": 5 }
checks.require(checks.call(same, 1) == 1, "One is one.")
assert begun == EXPECTED, "the work folder"
"""


@pytest.mark.parametrize("journey", [True, False])
def test_a_journey_takes_over_what_earlier_weeks_left_and_a_week_alone_does_not(course, journey, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_WORK", str(tmp_path / "own"))  # the instructor's: no run may see it
    for week, expected in (("week2", False), ("week3", journey)):
        folder = course.root / "source" / week
        folder.mkdir()
        (folder / "later.py").write_text(LATER.replace("EXPECTED", str(expected)))
    pair_command(None)
    result, report = run("week2", "week3", "--rows", "10", "--seeds", "2", *["--journey"] * journey)
    assert result.exit_code == 0, result.stderr
    assert [(r["week"], r["journey"], r["points"]) for r in report["runs"]] == [
        ("week2", journey, 5),
        ("week2", journey, 5),
        ("week3", journey, 5),
        ("week3", journey, 5),
    ]
    assert not (tmp_path / "own").exists()
