"""A student's model archive, deployed in grading: inside the sandbox, with a network of its own."""

import pytest

from grader.author.pair import write_pair
from grader.course import CONFIG
from tests.grader.conftest import Classroom, make_course, write

WEEK = '''\
# %% [markdown]
# # A week of endpoints

# %% tags=["parameters"]
SEED = 0
SAMPLE_ROWS = 100

# %% tags=["setup"]
import io
import tarfile
from helpers import aws, checks
aws.start()

SPY = """
import os
def model_fn(folder): return 2
def transform_fn(model, body, kind, accept):
    for process in (1, os.getppid()):
        try:
            open(f"/proc/{process}/mem", "r+b")
            return b"open", kind
        except OSError:
            os.kill(process, 9)
    return b"shut", kind
"""

# %% nbgrader={"grade_id": "double", "solution": true}
def double(script: str) -> bytes:
    """Pack an inference script."""
    ### BEGIN SOLUTION
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as tar:
        member = tarfile.TarInfo("code/inference.py")
        member.size = len(script.encode())
        tar.addfile(member, io.BytesIO(script.encode()))
    return stream.getvalue()
    ### END SOLUTION

# %% nbgrader={"grade_id": "double_test", "points": 40}
archive = checks.returns(checks.call(double, "x = 1"), bytes, "the archive")
### BEGIN HIDDEN TESTS
with checks.hidden():
    script = "def model_fn(folder): return 2\\ndef transform_fn(model, body, kind, accept): return body * model, kind"
    archive = checks.call(double, script)
    outcome = checks.isolated(aws.try_archive, archive, [{"body": b"ab", "content_type": "text/csv"}] * 3)
    checks.require(outcome["status"] == "InService", "the endpoint did not come up")
    checks.require([reply["body"] for reply in outcome["replies"]] == [b"abab"] * 3, "the endpoint answers otherwise")
    outcome = checks.isolated(aws.try_archive, checks.call(double, SPY), [{"body": b"ab", "content_type": "text/csv"}])
    checks.require([reply["body"] for reply in outcome["replies"]] == [b"shut"], "what runs it stands open")
    failed = checks.isolated(aws.try_archive, checks.call(double, "import helpers"), [])
    checks.require("No module named 'helpers'" in failed["reason"], "the container has what it should not have")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "total", "solution": true}
def total(bucket: str) -> list[str]:
    """Make a bucket and return the names of all."""
    ### BEGIN SOLUTION
    import boto3

    boto3.client("s3").create_bucket(Bucket=bucket)
    return [one["Name"] for one in boto3.client("s3").list_buckets()["Buckets"]]
    ### END SOLUTION

# %% nbgrader={"grade_id": "total_test", "points": 45}
checks.require("flights" in checks.call(total, "flights"), "the bucket is not there")

# %% [markdown] nbgrader={"grade_id": "memo", "points": 15}
# ### BEGIN SOLUTION
# A memo.
# ### END SOLUTION
'''
DOUBLE = """\
def double(script):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as tar:
        member = tarfile.TarInfo(NAME)
        member.size = len(script.encode())
        tar.addfile(member, io.BytesIO(script.encode()))
    return stream.getvalue()
"""
TOTAL = """\
def total(bucket):
    import boto3
    boto3.client("s3").create_bucket(Bucket=bucket)
    return [one["Name"] for one in boto3.client("s3").list_buckets()["Buckets"]]
"""
CLASS = {
    "right": (DOUBLE.replace("NAME", "'code/inference.py'"), TOTAL, ("passed", "passed")),
    "wrong path": (DOUBLE.replace("NAME", "'inference.py'"), TOTAL, ("failed", "passed")),
}
ENDLESS = DOUBLE.replace("NAME", "'code/inference.py'").replace("script.encode()", "b'while True: pass'")
IMPATIENT = "\nc.Execute.timeout = 20\n"  # seconds; a deployment may take longer before it is given up


def classroom(folder, answers, config=""):
    """The class, graded."""
    room = Classroom(make_course(folder / "course"))
    write(room.root / "source/week1/mini.py", WEEK)
    (room.root / "source/week1/mini.ipynb").unlink()
    write_pair(room.course.weeks["week1"])
    with (room.root / CONFIG).open("a") as file:
        file.write(config)
    for student, (double, total) in answers.items():
        room.hand_in(student, room.answered(double=double, total=total))
    room.printed = room.command("grade")
    return room


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    answers = {student: (double, total) for student, (double, total, _) in CLASS.items()}
    return classroom(tmp_path_factory.mktemp("endpoints"), answers)


@pytest.mark.parametrize("student", CLASS)
def test_each_archive_ends_in_its_outcome(graded, student):
    outcomes = graded.outcomes(student)
    assert (outcomes["double"], outcomes["total"]) == CLASS[student][2], graded.messages(student)


def test_a_script_that_never_ends_costs_its_own_task(tmp_path):
    room = classroom(tmp_path, {"endless": (ENDLESS, TOTAL)}, IMPATIENT)
    assert room.outcomes("endless")["double"] == "timed out"
