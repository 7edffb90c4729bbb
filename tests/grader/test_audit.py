"""`course audit`: tests that are wrong about an answer are found, each in its own way."""

from __future__ import annotations

import json

import pytest

from grader.author.mutate import mutants
from tests.grader.conftest import VARIANTS, Classroom, make_course, write

TRUE, FALSE = "right", "wrong"


@pytest.fixture
def room(tmp_path):
    return Classroom(make_course(tmp_path / "course"))


def audited(room, *options):
    """The exit code, and the audit of each task."""
    done = room.command("audit", "--json", *options)
    return done.exit_code, {one["task"].split("/")[1]: one for one in json.loads(done.stdout)["tasks"]}


def accepted(one):
    return {
        v["name"] for v in one["verdicts"] if not v["stopped"] and all(p[0] == "passed" for p in v["parts"].values())
    }


def test_tests_that_are_right_are_found_so(room):
    code, tasks = audited(room)
    assert code == 0
    assert accepted(tasks["double"]) == {"reference", "right_sum", "right_loop"}
    kinds = {v["kind"] for v in tasks["double"]["verdicts"]}
    assert kinds == {"right", "wrong", "mutant"}
    square = next(v for v in tasks["double"]["verdicts"] if v["name"] == "wrong_square")
    assert {name: outcome for name, (outcome, _) in square["parts"].items()} == {"two": "failed", "others": "failed"}


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("right_but_rejected", "def double(number):\n    return 0"),
        ("wrong_but_accepted", "def double(number):\n    return number * 2"),
        ("overfit_but_accepted", "def double(number):\n    return number + number"),
        ("right_that_stops", "raise RuntimeError"),
        ("right_that_dies", "import os\nos._exit(0)"),
    ],
)
def test_a_wrong_verdict_is_found_and_named(room, name, answer):
    write(room.root / f"tests/variants/week1/double/{name}.py", f'"""An idea.\n\nCaught by: x\n"""\n{answer}\n')
    done = room.command("audit", "week1", "double", "--kind", name.split("_")[0])
    assert done.exit_code == 1
    assert "1 wrong verdicts" in done.stdout and name in done.stdout


def test_answers_from_outside_are_judged_instead_of_the_bank(room, tmp_path):
    write(tmp_path / "outside/week1/total/wrong_nothing.py", "def total(values):\n    return None")
    write(tmp_path / "outside/week1/total/right_sum.py", "def total(values):\n    return 2 * sum(values)")
    code, tasks = audited(room, "--variants", str(tmp_path / "outside"))
    assert code == 0
    assert {v["name"] for v in tasks["total"]["verdicts"]} == {"wrong_nothing", "right_sum", "reference"}
    assert set(tasks) == {"total"}


def test_weak_tests_let_mutants_live_until_somebody_says_why(room):
    text = room.root / "source/week1/mini.py"
    write(
        text,
        text.read_text().replace(
            "canary_of_double = number * 2", "canary_of_double = number * 2 if number < 1e9 else 0"
        ),
    )
    done = room.command("audit", "week1", "double")
    assert done.exit_code == 1 and "accepts mutant" in done.stdout
    survivors = [line.split("accepts mutant: ")[1] for line in done.stdout.splitlines() if "accepts mutant" in line]
    write(
        room.root / "tests/audit/week1.yaml", json.dumps({"double": dict.fromkeys(survivors, "no number is so large")})
    )
    assert room.command("audit", "week1", "double").exit_code == 0


def test_right_answers_are_tried_under_other_conditions(room):
    write(
        room.root / "tests/variants/week1/double/right_here.py",
        '"""Right where this was written."""\nimport time\n\n'
        'def double(number):\n    return number * (2 if time.tzname[0] == "UTC" else 3)',
    )
    code, _ = audited(room, "week1", "double", "--kind", "right")
    again, _ = audited(room, "week1", "double", "--kind", "right", "--seeds", "2")
    assert (code, again) == (0, 1)


@pytest.mark.parametrize(
    ("names", "words"),
    [(["week9"], "weeks week1"), (["week1", "triple"], "double, total"), (["--kind", "odd"], "mutant")],
)
def test_a_name_that_is_not_known_is_refused_with_those_that_are(room, names, words):
    done = room.command("audit", *names)
    assert done.exit_code == 2
    assert words in " ".join(done.stderr.split())


# --- mutants ---

ANSWER = '''\
def share(minutes, limit=15):
    """Return the share; 15 minutes are late."""
    if len(minutes) == 0:
        raise ValueError("nothing 1 + 1")
    return sorted(minutes, reverse=True)[0] + 2 * minutes.copy() >= limit
'''


def test_mutants_differ_in_one_place_and_run():
    found = mutants(ANSWER)
    assert len({one.source for one in found}) == len(found)
    for one in found:
        compile(one.source, "mutant", "exec")
    changes = {(one.before, one.after) for one in found}
    assert {
        ("sorted(minutes, reverse=True)", "minutes"),
        ("sorted(minutes, reverse=True)", "sorted(minutes)"),
        ("minutes.copy()", "minutes"),
        ("len(minutes) == 0", "len(minutes) != 0"),
        ("True", "False"),
        ("2", "3"),
    } <= changes
    assert any("limit=16" in one.source for one in found)


def test_texts_and_errors_are_not_mutated():
    assert not [one for one in mutants(ANSWER) if "15 minutes are late" not in one.source or "1 + 1" not in one.source]


def test_a_text_that_is_an_answer_is_mutated_within():
    docker = 'def f():\n    return """FROM x\nRUN y\nUSER 1\nCMD z\n"""'
    assert [one.before for one in mutants(docker)] == ["FROM x", "RUN y", "USER 1", "CMD z"]
    script = 'def f():\n    return """\ndef g(a):\n    return a < 1\n\n\nx = 3\n"""'
    assert "return a <= 1" in [one.after for one in mutants(script)]


def test_a_cell_that_is_not_python_has_no_mutants():
    assert mutants("%%writefile x\nFROM") == []


def test_the_variants_of_the_small_course_have_both_kinds():
    assert {name.split("_")[0] for files in VARIANTS.values() for name in files} == {TRUE, FALSE}
