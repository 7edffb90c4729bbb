"""What students and instructors meet in JupyterLab, opened by `make lab` and `make formgrader`, in a real browser."""

import json
import os
import re
import shutil
import signal
import subprocess
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import nbformat
import pytest
import urllib3
from playwright.sync_api import expect, sync_playwright

from grader.course import Course
from tests.sample_class import BANK, REFERENCE, answered, course_of

ROOT = Path(__file__).parents[2]
TOKEN = "a-token-for-tests"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync"]
START, RUN = 60_000, 120_000  # milliseconds: a busy machine starts kernels slowly

LATE_AT_16 = """def label_delays(flights):
outcome = pd.Series("on_time", index=flights.index)
outcome[flights["arr_delay"].isna()] = "diverted"
outcome[flights["dep_time"].isna()] = "cancelled"
outcome[flights["arr_delay"] > 5] = "late"
return outcome"""
RIGHT = LATE_AT_16.replace("> 5", ">= 15")
# What warns is not wrong, although nbgrader by itself takes anything on stderr for a failure.
RIGHT_WITH_A_WARNING = RIGHT.replace("return", 'import warnings\nwarnings.warn("slow, but right")\nreturn')

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def browser():
    program = shutil.which("chromium")
    remedy = "apt-get install -y --no-install-recommends chromium"
    assert program, f"Chromium is missing. Run: {remedy} (`make setup` does, where it may)."
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser):
    expect.set_options(timeout=START)
    page = browser.new_page(viewport={"width": 1400, "height": 1600})
    page.set_default_timeout(START)
    yield page
    page.close()


@contextmanager
def made(target: str, folder: Path, root: Path = ROOT):
    """Run a target of the Makefile that opens JupyterLab; give its address. Nothing of this user's own is read."""
    (folder / "config").mkdir()
    settings = {"ServerApp": {"port": 0, "open_browser": False, "ip": "127.0.0.1"}}
    (folder / "config" / "jupyter_server_config.json").write_text(json.dumps(settings))
    own = {f"JUPYTER_{name.upper()}_DIR": str(folder / name) for name in ("config", "data", "runtime")}
    dropped = {"CI", "NBGRADER_EXECUTION", "COURSE_STATE", "PYTHONDONTWRITEBYTECODE", "MAKEFLAGS", "MAKELEVEL"}
    environment = {name: value for name, value in os.environ.items() if name not in dropped} | own
    process = subprocess.Popen(
        ["make", "--assume-old=.venv/ready", *target.split()],
        cwd=root,
        env=environment | {"JUPYTER_TOKEN": TOKEN, "IPYTHONDIR": str(folder / "ipython")},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    said = []
    try:
        for line in process.stderr:
            said.append(line)
            if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                break
        else:
            pytest.fail(f"`make {target}` stopped:\n{''.join(said)}")
        Thread(target=said.extend, args=(process.stderr,), daemon=True).start()  # a full pipe would stop the server
        # It says so shortly before it listens.
        urllib3.request("GET", f"{found[0]}/api", retries=urllib3.Retry(connect=10, backoff_factor=0.1))
        yield found[0]
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=60)


def cell(page, text: str):
    return page.locator(".jp-Notebook .jp-CodeCell").filter(has_text=text)


def run(page, text: str):
    """Run the cell that holds this text and wait for its end; give its output."""
    chosen = cell(page, text)
    chosen.locator(".cm-content").click()
    page.keyboard.press("Shift+Enter")
    expect(chosen.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]:"), timeout=RUN)
    return chosen.locator(".jp-Cell-outputArea")


def rewrite(page, text: str, source: str):
    """Replace a cell's source and run it; lines after the first get their indentation from the editor."""
    cell(page, text).locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(source.replace("\n", "\n    "))
    return run(page, text)


def test_a_student_fails_a_check_asks_a_hint_mends_it_and_validates(page, tmp_path):
    with made(f"lab STUDENT={tmp_path / 'student'}", tmp_path) as address:
        page.goto(f"{address}/lab?token={TOKEN}")
        page.locator(".jp-DirListing-item", has_text="week1").dblclick()
        page.locator(".jp-DirListing-item", has_text="boosting.ipynb").dblclick()
        expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
        expect(page.locator(".jp-Dialog")).to_have_count(0)

        run(page, "SEED = 0")
        run(page, "notebook.setup()")
        expect(run(page, "flights = data.flights()")).to_contain_text("336,776 flights left New York")

        rewrite(page, "def label_delays", LATE_AT_16)
        message = run(page, "week1.label_delays.outcomes(label_delays, cases)")
        expect(message).to_contain_text("14 minutes after schedule")
        expect(message).to_contain_text("Where to look")
        expect(message).not_to_contain_text("Traceback")

        page.keyboard.press("Escape")
        page.keyboard.press("a")  # a cell of one's own, above the next one
        page.keyboard.press("Enter")
        page.keyboard.insert_text('helpers.hint("week1.label_delays")')
        expect(run(page, 'helpers.hint("week1.label_delays")')).to_contain_text("Hint 1 of 3, a nudge.")

        rewrite(page, "def label_delays", RIGHT_WITH_A_WARNING)
        card = run(page, "week1.label_delays.outcomes(label_delays, cases)")
        expect(card).to_contain_text("✓")
        expect(card).not_to_contain_text("✗")

        run(page, "def time_split(")
        untouched = run(page, "week1.time_split.on_its_side(time_split")
        expect(untouched).to_contain_text("not attempted yet: time_split still holds the stub")
        expect(page.locator(".Toastify__toast")).to_have_count(0)

        page.get_by_role("toolbar").get_by_text("Validate", exact=True).click()
        verdict = page.locator(".jp-Dialog", has_text="Validation Results")
        expect(verdict).to_contain_text("week1.time_split.on_its_side(time_split", timeout=RUN)
        expect(verdict).not_to_contain_text("week1.label_delays.outcomes(label_delays, cases)")
    assert json.loads((tmp_path / "student/week1/.course/hints.json").read_text()) == {"week1.label_delays": 1}


def test_on_a_clean_clone_a_student_meets_nothing_that_is_an_instructors(page, tmp_path):
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
    (clone / ".venv").symlink_to(ROOT / ".venv")
    with made(f"lab STUDENT={tmp_path / 'student'}", tmp_path, clone) as address:
        page.goto(f"{address}/lab/tree/week1/boosting.ipynb?token={TOKEN}")
        expect(page.get_by_role("toolbar").get_by_text("Validate", exact=True)).to_be_visible()
        expect(
            page.get_by_text("Python 3 (ipykernel) | Idle")
        ).to_be_visible()  # until then the notebook takes the focus
        page.get_by_role("menuitem", name="View", exact=True).click()
        page.get_by_text("Activate Command Palette").click()
        for command in ("Formgrader", "Create Assignment", "Course List", "Assignment List"):
            page.locator(".lm-CommandPalette-input").fill(command)
            expect(page.locator(".lm-CommandPalette-emptyMessage, .lm-CommandPalette-item").first).to_be_visible()
            expect(page.locator(".lm-CommandPalette-item").filter(has_text=re.compile(command, re.I))).to_have_count(0)
        page.screenshot(path=tmp_path / "lab.png")
        expect(page.get_by_role("menuitem", name="Nbgrader")).to_have_count(0)
        for path in ("formgrader", "courses", "assignments"):
            assert urllib3.request("GET", f"{address}/{path}?token={TOKEN}").status == 404, path


# Of every later week its first task, and a wrong answer that students give.
LATER = {
    "week2": ("quality_report", "wrong_utc_hours"),
    "week3": ("metrics", "wrong_ties_lose"),
    "week4": ("ingest", "wrong_duplicates"),
    "week5": ("archive", "wrong_times"),
    "week6": ("groups", "wrong_precision"),
}


def put(page, source: str, answer: str):
    """Replace the whole cell that begins as ``source`` does, and run it."""
    begins = re.search(r"def \w+\(", source)[0]
    cell(page, begins).first.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.evaluate("text => navigator.clipboard.writeText(text)", answer)
    page.keyboard.press("Control+v")
    page.keyboard.press("Shift+Enter")


@pytest.mark.parametrize("name", LATER)
def test_the_first_task_of_every_later_week_tells_wrong_from_right(page, tmp_path, name):
    task, wrong = LATER[name]
    told = re.search("Caught by: (.*)", (BANK / name / task / f"{wrong}.py").read_text())[1].replace("`", "")
    week = Course(ROOT).weeks[name]
    released = nbformat.read(ROOT / "release" / name / week.notebook.name, as_version=4).cells
    named = {c.metadata.get("nbgrader", {}).get("grade_id"): c.source for c in released if c.cell_type == "code"}
    lines = [line.strip() for line in named[f"{task}_test"].splitlines()]
    check = next(line for line in lines if line and sum(line in source for source in named.values()) == 1)
    with made(f"lab STUDENT={tmp_path / 'student'}", tmp_path) as address:
        page.goto(f"{address}/lab/tree/{name}/{week.notebook.name}?token={TOKEN}")
        page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
        expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
        expect(page.locator(".jp-Dialog")).to_have_count(0)
        for source in [c.source for c in released if {"parameters", "setup"} & {*c.metadata.get("tags", [])}]:
            expect(run(page, source.splitlines()[0])).not_to_contain_text("Traceback")
        put(page, named[task], answered(week, task, wrong))
        message = run(page, check)
        expect(message).to_contain_text(told)
        expect(message).not_to_contain_text("Traceback")
        put(page, named[task], answered(week, task, REFERENCE))
        card = run(page, check)
        expect(card).to_contain_text("✓")
        expect(card).not_to_contain_text("✗")


def hand_in(course: Path, student: str, answer: str) -> None:
    notebook = nbformat.read(ROOT / "release/week1/boosting.ipynb", as_version=4)
    (solution,) = (c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "label_delays")
    solution.source = answer.replace("\n", "\n    ")
    folder = course / "submitted" / student / "week1"
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / "boosting.ipynb")


def test_an_instructor_grades_in_formgrader(page, tmp_path):
    course = tmp_path / "course"
    course_of(Course(ROOT).weeks["week1"], course)
    hand_in(course, "ann", RIGHT)
    with made(f"formgrader COURSE={course}", tmp_path) as address:
        page.goto(f"{address}/?token={TOKEN}")
        week = page.get_by_role("row", name="week1")
        week.locator(".assign a").click()  # makes the release and tells the gradebook
        expect(page.locator(".modal.in")).to_contain_text("Successfully created")
        page.locator(".modal.in").get_by_role("button", name="OK").click()
        week.locator(".num-submissions a").click()
        ann = page.get_by_role("row", name="ann")
        ann.locator(".autograde a").click()
        expect(page.locator(".modal.in")).to_contain_text("Successfully autograded", timeout=RUN)
        page.locator(".modal.in").get_by_role("button", name="OK").click()
        expect(ann).to_contain_text("8 / 100")
    marks = subprocess.run(["course", "marks", "--json"], cwd=course, capture_output=True, text=True, check=True)
    assert '"ann"' in marks.stdout and "8.0" in marks.stdout
    released = "release/week1/boosting.ipynb"
    assert (course / released).read_bytes() == (ROOT / released).read_bytes()
