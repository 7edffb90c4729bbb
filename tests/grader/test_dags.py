"""A student's DAG file, run by a real Airflow in grading: inside the sandbox, in another process than the notebook."""

import pytest

from grader.author.pair import write_pair
from tests.grader.conftest import Classroom, make_course, write

WEEK = '''\
# %% [markdown]
# # A week of pipelines

# %% tags=["parameters"]
SEED = 0
SAMPLE_ROWS = 100

# %% tags=["setup"]
from helpers import airflow, checks

# %% nbgrader={"grade_id": "double", "solution": true}
def double(word: str) -> str:
    """Return the text of a DAG file whose only task writes ``word`` into DATE.txt of the work folder."""
    ### BEGIN SOLUTION
    return f"""
from airflow.sdk import dag, task

@dag(schedule=None)
def words():
    @task(retries=1)
    def write(ds=None):
        from helpers import work
        work.path(f"{{ds}}.txt").write_text({word!r})

    write()

words()
"""
    ### END SOLUTION

# %% nbgrader={"grade_id": "double_test", "points": 40}
text = checks.returns(checks.call(double, "a"), str, "the DAG file")
outcome = checks.isolated(airflow.run, text, ["2013-02-08", "2013-02-08"], faults={"write": "crash after"}, limit=20.0)
checks.require(not outcome["problem"], f"the file cannot be used: {outcome['problem']}")
checks.require([run["state"] for run in outcome["runs"]] == ["killed", "success"], "the runs did not end as they must")
checks.require(outcome["runs"][1]["files"] == {"2013-02-08.txt": b"a"}, "another word was written")
### BEGIN HIDDEN TESTS
with checks.hidden():
    outcome = checks.isolated(airflow.run, checks.call(double, "b"), ["2013-07-01"])
    checks.require(outcome["runs"][0]["files"] == {"2013-07-01.txt": b"b"}, "another word was written")
### END HIDDEN TESTS

# %% nbgrader={"grade_id": "total", "solution": true}
def total(values: list[float]) -> float:
    """Return the sum."""
    ### BEGIN SOLUTION
    return sum(values)
    ### END SOLUTION

# %% nbgrader={"grade_id": "total_test", "points": 45}
checks.require(checks.call(total, [1, 2]) == 3, "One and two are three.")
### BEGIN HIDDEN TESTS
with checks.hidden():
    checks.require(checks.call(total, [1, 4]) == 5, "One and four are five.")
### END HIDDEN TESTS

# %% [markdown] nbgrader={"grade_id": "memo", "points": 15}
# ### BEGIN SOLUTION
# A memo.
# ### END SOLUTION
'''
DOUBLE = '''\
def double(word):
    return f"""
from airflow.sdk import dag, task

@dag(schedule=None)
def words():
    @task
    def write(ds=None):
        FIRST
        open(f"/{{__import__('os').environ['COURSE_WORK']}}/{{ds}}.txt", "w").write({word!r})

    write()

words()
"""
'''
TOTAL = "def total(values):\n    return sum(values)\n"
CLASS = {
    "right": (DOUBLE.replace("FIRST", "pass"), TOTAL, ("passed", "passed")),
    "no text": (DOUBLE.replace("FIRST", "1 /"), TOTAL, ("failed", "passed")),
    "talks": (
        DOUBLE.replace("FIRST", "print('a word')").replace(
            "@dag(", "__import__('warnings').warn('old', UserWarning)\n@dag("
        ),
        *(TOTAL, ("passed", "passed")),
    ),
    "no file": (DOUBLE.replace("@dag(", "raise ValueError({word * 4!r})\n@dag("), TOTAL, ("failed", "passed")),
    "never ends": (DOUBLE.replace("FIRST", "__import__('signal').pause()"), TOTAL, ("failed", "passed")),
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    room = Classroom(make_course(tmp_path_factory.mktemp("dags") / "course"))
    write(room.root / "source/week1/mini.py", WEEK)
    (room.root / "source/week1/mini.ipynb").unlink()
    write_pair(room.course.weeks["week1"])
    for student, (double, total, _) in CLASS.items():
        room.hand_in(student, room.answered(double=double, total=total))
    room.printed = room.command("grade")
    return room


@pytest.mark.parametrize("student", CLASS)
def test_each_dag_file_ends_in_its_outcome(graded, student):
    outcomes = graded.outcomes(student)
    assert (outcomes["double"], outcomes["total"]) == CLASS[student][2], graded.messages(student)


def test_words_of_a_dag_file_are_not_shown(graded):
    """It was written by code that may have seen hidden data."""
    assert graded.messages("no file")["double"] == "a check failed"
