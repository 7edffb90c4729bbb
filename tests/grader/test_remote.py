"""Files and texts of a student's in grading: read across the wall, and run where their notebook never ran."""

from pathlib import Path

import pytest

from grader.author.pair import write_pair
from helpers import checks
from helpers.checks import remote
from tests.grader.conftest import Classroom, make_course, write

WEEK = '''\
# %% [markdown]
# # A week of files

# %% tags=["parameters"]
SEED = 0
SAMPLE_ROWS = 100

# %% tags=["setup"]
from helpers import checks, work
from helpers.checks.remote import read_folder

# %% nbgrader={"grade_id": "double", "solution": true}
def double(text: str) -> str:
    """Write ``text`` to parts/first.txt and a link's target below the work folder; return the folder."""
    ### BEGIN SOLUTION
    file = work.path("week1", "parts", "first.txt")
    file.write_text(text)
    return str(file.parents[1])
    ### END SOLUTION

# %% nbgrader={"grade_id": "double_test", "points": 40}
folder = checks.returns(checks.call(double, "a"), str, "the folder")
first = checks.artifacts(folder) / "parts" / "first.txt"
checks.require(first.is_file() and first.read_text() == "a", "The file must hold the text.")
### BEGIN HIDDEN TESTS
with checks.hidden():
    again = checks.artifacts(checks.call(double, "b" * 100_000))
    checks.require(str(again) == folder, "The folder must stay the same.")
    checks.require((again / "parts" / "first.txt").read_text() == "b" * 100_000, "A long text too.")
    given = checks.hand_over({"in/a.txt": b"a", "b.bin": bytes(range(256))})
    back = checks.artifacts(given)
    checks.require(
        {file.name: file.read_bytes() for file in back.rglob("*") if file.is_file()}
        == {"a.txt": b"a", "b.bin": bytes(range(256))},
        "What is handed over does not come back.",
    )
    checks.require(not list(checks.artifacts(checks.hand_over({})).iterdir()), "An empty folder holds something.")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "total", "solution": true}
def total(text: str) -> str:
    """Return ``text`` in capitals; how often it was called must not show."""
    ### BEGIN SOLUTION
    return text.upper()
    ### END SOLUTION

# %% nbgrader={"grade_id": "total_test", "points": 45}
checks.require(checks.call(total, "a") == "A", "Capitals.")
### BEGIN HIDDEN TESTS
with checks.hidden():
    seen = checks.isolated(read_folder, "/dev/shm")  # not /tmp: the course may lie there
    checks.require(isinstance(seen, dict), "what comes from the isolated process is not plain data")
    checks.require(not any("student_was_here" in name for name in seen), "what the student left is there")
    for gone in ("/nowhere", "/tmp/student_was_here"):
        try:
            checks.isolated(read_folder, gone)
        except AssertionError as error:
            checks.require(gone not in str(error), "what it raised brought its words")
        else:
            checks.require(False, "what it raised did not arrive")
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade_id": "memo", "points": 15}
# ### BEGIN SOLUTION
# A memo.
# ### END SOLUTION
'''
RIGHT = """\
def double(text):
    file = work.path("week1", "parts", "first.txt")
    file.write_text(text)
    return str(file.parents[1])
"""
TOTAL = "def total(text):\n    return text.upper()\n"
# Two answers, and the outcomes that must follow.
CLASS = {
    "right": (RIGHT, TOTAL, ("passed", "passed")),
    "other folder": (
        RIGHT.replace('work.path("week1"', 'Path("/student/mine"').replace("def", "from pathlib import Path\ndef"),
        TOTAL,
        ("failed", "passed"),
    ),
    "own folder": (
        "from pathlib import Path\ndef double(text):\n    folder = Path('/student/mine')\n"
        "    (folder / 'parts').mkdir(parents=True, exist_ok=True)\n"
        "    (folder / 'parts' / 'first.txt').write_text(text)\n"
        "    return str(folder)\n",
        *(TOTAL, ("failed", "passed")),
    ),
    "nothing written": ("def double(text):\n    return '/student/nothing'\n", TOTAL, ("failed", "passed")),
    "a link": (
        RIGHT.replace("file.write_text(text)", "file.unlink(missing_ok=True); file.symlink_to('/etc/passwd')"),
        *(TOTAL, ("failed", "passed")),
    ),
    "too much": (
        RIGHT.replace("return", "(file.parent / 'big').write_bytes(bytes(51 << 20)); return"),
        *(TOTAL, ("failed", "passed")),
    ),
    "climbing": (
        RIGHT.replace("return str(file.parents[1])", "return '/tmp/work-of-course-x/../..'"),
        TOTAL,
        ("failed", "passed"),
    ),
    "forging": (
        "import helpers.checks.remote as remote, grader.engine.serve as serve\n"
        + RIGHT
        + "serve.read_folder = lambda folder: {'../../../etc/cron.d/x': b'', 'parts/first.txt': 'a'}\n",
        *(
            "import os\nos.mkdir('/tmp/student_was_here')\nopen('/dev/shm/student_was_here', 'w').close()\n"
            "remote.read_folder = lambda *_: {'student_was_here': b''}\n" + TOTAL,
        ),
        ("failed", "passed"),
    ),
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The class, graded."""
    room = Classroom(make_course(tmp_path_factory.mktemp("remote") / "course"))
    write(room.root / "source/week1/mini.py", WEEK)
    (room.root / "source/week1/mini.ipynb").unlink()
    write_pair(room.course.weeks["week1"])
    for student, (double, total, _) in CLASS.items():
        room.hand_in(student, room.answered(double=double, total=total))
    room.printed = room.command("grade")
    return room


@pytest.mark.parametrize("student", CLASS)
def test_each_task_ends_in_its_outcome(graded, student):
    outcomes = graded.outcomes(student)
    assert (outcomes["double"], outcomes["total"]) == CLASS[student][2], graded.messages(student)


def test_what_is_wrong_with_the_folder_is_named(graded):
    for student in ("nothing written", "a link", "too much"):
        assert "missing, too large, or holds a link" in graded.messages(student)["double"]


# --- the same in a student's own notebook ---


def test_files_are_read_where_they_are(tmp_path):
    write(tmp_path / "a/b.txt", "text")
    assert checks.artifacts(str(tmp_path)) == tmp_path
    assert remote.read_folder(str(tmp_path)) == {"a/b.txt": b"text"}


def test_links_and_missing_folders_are_refused(tmp_path):
    with pytest.raises(checks.CheckFailed, match="not there"):
        checks.artifacts(str(tmp_path / "nothing"))
    (tmp_path / "link").symlink_to("/etc")
    with pytest.raises(checks.CheckFailed, match="no plain file"):
        checks.artifacts(str(tmp_path))


def test_too_many_files_are_refused(tmp_path):
    for number in range(remote.MOST_FILES + 1):
        (tmp_path / str(number)).touch()
    with pytest.raises(checks.CheckFailed, match="more than 2,000"):
        checks.artifacts(str(tmp_path))


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x", "", "a\0b"])
def test_no_name_leads_out_of_the_folder(tmp_path, name):
    with pytest.raises(ValueError, match="leads out"):
        remote.write_folder(tmp_path / "in", {"good": b"", name: b""})
    assert not list(tmp_path.iterdir())


def test_files_are_handed_over_here_too():
    folder = checks.hand_over({"in/a.txt": b"a"})
    assert remote.read_folder(folder) == {"in/a.txt": b"a"}
    with pytest.raises(ValueError, match="leads out"):
        checks.hand_over({"../a": b""})


def test_texts_run_here(tmp_path):
    assert checks.isolated(remote.read_folder, str(tmp_path), content=False) == {}


def test_a_file_name_cannot_hide_a_path(tmp_path):
    remote.write_folder(tmp_path, {"a/b": b"1"})
    assert Path(tmp_path, "a", "b").read_bytes() == b"1"
