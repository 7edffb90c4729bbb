"""Every attack of the bank is graded beside honest work: it earns nothing, learns nothing and harms nobody."""

import re

import pytest

from tests.attacks import MARK, against_stock, load
from tests.attacks.conftest import HONEST, grades

BANK = load()
pytestmark = pytest.mark.slow
each = pytest.mark.parametrize("attack", BANK, ids=lambda attack: attack.student)


@each
def test_earns_nothing(graded, attack):
    results = graded.results(attack.student)
    assert results["points"] == 0
    outcomes = {task["task"]: task["outcome"] for task in results["tasks"]}
    assert outcomes[graded.attacked[attack.student][0]] in attack.outcomes


@each
def test_nothing_hidden_gets_out(graded, attack):
    returned = graded.returned(attack.student)
    assert len(returned) == 1, "only the page goes back to a student"
    shown = [re.sub(r"data:image/\w+;base64,[\w+/=]+", "", page.decode()) for page in returned.values()]
    shown += [task["message"] for task in graded.results(attack.student)["tasks"]]
    found = [words for words in graded.hidden if any(words in text for text in shown)]
    assert found == []
    assert attack.data.get("NOT_SHOWN", "token_of_the_instructor") not in "".join(shown)


@each
def test_was_really_tried(graded, attack):
    page = graded.page(attack.student)
    assert attack.data.get("SHOWN", "") in page
    assert "walls_are_down" not in re.sub(r"<span.*?</span>", "", page)


@each
def test_page_runs_nothing(graded, attack):
    page = graded.page(attack.student)
    assert "<script" not in page
    words = attack.data.get("NOT_IN_TAGS")
    assert not words or not re.search(rf"<[^>]*{words}", page)


def test_nobody_else_notices(graded):
    assert [row for row in grades(graded.course) if row[0] in HONEST] == grades(graded.alone)
    for student in HONEST:
        assert graded.results(student) == graded.results(student, graded.alone)
        assert graded.returned(student) == graded.returned(student, graded.alone)


def test_honest_students_pass_what_they_answered(graded):
    for student in HONEST:
        outcomes = {task["outcome"] for task in graded.results(student)["tasks"]}
        assert "passed" in outcomes
        assert outcomes <= {"passed", "not attempted", "manual"}


def test_gradebook_holds_no_other_points(graded):
    marks = {row[0]: [] for row in grades(graded.course)}
    for student, _, *scores in grades(graded.course):
        marks[student] += [score for score in scores[:3] if score]
    assert set(marks) == set(HONEST) | set(graded.attacked)
    assert not any(marks[student] for student in graded.attacked)


def test_no_process_is_left(graded):
    assert graded.left == []


def test_no_file_is_left(graded):
    assert graded.planted == []


def test_command_says_who_needs_a_person(graded):
    """Attacks are marked like any other work; only what cannot be read needs a person, and no fault occurs."""
    unreadable = {student for student in graded.attacked if graded.results(student)["malformed"]}
    assert set(re.findall(rf"{graded.week.name}, (\S+): malformed", graded.printed.stderr)) == unreadable
    assert "fault of the grader" not in graded.printed.stderr
    assert graded.printed.returncode == 1
    assert not [words for words in graded.hidden if words in graded.printed.stdout + graded.printed.stderr]


def test_bank_is_in_order():
    assert len(BANK) >= 40
    for attack in BANK:
        assert len(attack.tries.splitlines()) >= 3, f"{attack.student} does not say against whom it is known to work"
        assert "canary" not in attack.cell
        assert MARK not in attack.cell


def test_readme_shows_what_stock_nbgrader_gave_to_every_attack_that_was_tried():
    results = against_stock.kept()
    assert set(results) == {attack.student for attack in BANK if attack.name not in against_stock.NOT_TRIED}
    assert "\n".join(against_stock.table(results)) in (against_stock.REPOSITORY / "README.md").read_text()
