"""Each authoring rule, broken once: the finding says where, what was found and what to do."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from grader.author import lint
from grader.author.pair import pair_command
from grader.author.release import release_command
from grader.cli import app
from grader.course import Course

FEW_TASKS = "task count"  # the small course has three tasks, and this is its only finding


def run(*arguments):
    result = CliRunner().invoke(app, ["lint", "--json", *arguments])
    return result, [finding for finding in json.loads(result.stdout)["findings"] if finding["rule"] != FEW_TASKS]


@pytest.fixture
def course(course_folder, monkeypatch):
    monkeypatch.chdir(course_folder)
    pair_command(None)
    release_command(None)
    return Course(course_folder)


@pytest.fixture
def reading_only(monkeypatch):
    """Leave out the rule that runs notebooks: it has tests of its own."""
    monkeypatch.setattr(lint, "RULES", lint.RULES[:-1])


def rewrite(course, *replacements):
    """Change the text, and make notebook and release from it."""
    week = course.weeks["week1"]
    text = week.text.read_text()
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    week.text.write_text(text)
    week.notebook.unlink()
    pair_command(None)
    release_command(None)


def test_good_week_has_one_finding_which_is_its_size(course):
    result = CliRunner().invoke(app, ["lint", "--json"])
    document = json.loads(result.stdout)
    assert result.exit_code == 1 and document["version"] == 1
    assert [(finding["rule"], finding["found"]) for finding in document["findings"]] == [(FEW_TASKS, "3")]


LONG = "\n".join(f"line_{number} = {number}" for number in range(21))
LONG_REGION = "\n".join(f"    line_{number} = {number}" for number in range(31))

BROKEN = {
    "points": ('"points": 45', '"points": 44', "points", "all tasks", "99"),
    "too little by machine": ('"points": 45', '"points": 20', "automatic points", "all tasks", "60"),
    "test without solution": (
        '"grade_id": "double_test"',
        '"grade_id": "twice_test"',
        "task",
        "cell twice_test",
        "a test cell alone",
    ),
    "solution without test": (
        "# %% [markdown]\n# ## Twice",
        '# %% nbgrader={"grade_id": "lonely", "solution": true}\ndef lonely():\n    """Be alone."""\n'
        "    ### BEGIN SOLUTION\n    return None\n    ### END SOLUTION",
        "task",
        "cell lonely",
        "a solution cell alone",
    ),
    "docstring within the region": (
        '    """Return twice ``number``, in the unit of ``number``."""\n    ### BEGIN SOLUTION',
        "    ### BEGIN SOLUTION",
        "stub",
        "task double",
        "no docstring in double",
    ),
    "no hidden test": (
        """    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        canary_sum = 2 * sum(numbers)
        checks.require(checks.call(total, numbers) == canary_sum, "The sum must count every value.")
    ### END HIDDEN TESTS
### BEGIN HIDDEN TESTS
with mark.part("long", 10, "Each value, of a long list too.", after=("pair",)), mark.hidden():
    checks.require(checks.call(total, 9 * numbers) == 9 * canary_sum, "The sum must count every value.")
### END HIDDEN TESTS
""",
        "",
        "markers",
        "task total",
        "no hidden region",
    ),
    "hidden test that shows values": (
        'after=("pair",)), mark.hidden():',
        'after=("pair",)):',
        "markers",
        "task total",
        "without `with mark.hidden():`",
    ),
    "parts that give too little": ('part("two", 30', 'part("two", 29', "parts", "task double", "39 points in parts"),
    "a core that is too small": ('"pair", 35, "Return', '"pair", 15, "Return', "core", "task total", "15 of 45"),
    "one part alone": ('part("others", 10', 'part("two", 10', "parts", "task double", "two, two"),
    "parts in another order": ('after=("two",)', 'after=("third",)', "after", "task double", "third"),
    "a value that is no mark": ("mark\n\n# %%\nprint", "20\n\n# %%\nprint", "mark", "task double", "last line"),
    "no seed": ("SEED = 0\n", "from numpy.random import get_state as SEED_STATE\n", "set-up", "parameters", "SEED"),
    "no set-up": ('# %% tags=["setup"]', "# %%", "set-up", "cell tagged setup", "none"),
    "needs that do not exist": ('needs=["double"]', 'needs=["triple"]', "needs", "task total", "triple"),
    "needs that come later": ('"points": 40}', '"points": 40} needs=["total"]', "needs", "task double", "total"),
    "magic": ("print(numbers)\n", "# %time print(numbers)\n", "plain Python", "cell double_test_code_1", "%time"),
    "shell": ("print(numbers)\n", "# !ls\n", "plain Python", "cell double_test_code_1", "!ls"),
    "long cell": ("print(numbers)\n", f"{LONG}\n", "length", "cell double_test_code_1", "21 lines shown"),
    "long region": (
        "    canary_of_double = number * 2\n",
        f"{LONG_REGION}\n    canary_of_double = number * 2\n",
        "length",
        "cell double",
        "33 in the longest region",
    ),
}


@pytest.mark.parametrize(("old", "new", "rule", "where", "found"), BROKEN.values(), ids=BROKEN.keys())
def test_broken_rule_is_found(course, reading_only, old, new, rule, where, found):
    rewrite(course, (old, new))
    result, findings = run()
    matching = [f for f in findings if f["rule"] == rule and where in f["where"] and found in f["found"]]
    assert result.exit_code == 1
    assert matching, findings
    assert all(f["file"].startswith("source/week1/") and f["expected"] and f["remedy"] for f in matching)


def test_test_cell_that_uses_a_demonstration_is_found_in_nested_functions_too(course, reading_only):
    rewrite(
        course,
        ("print(numbers)\n", "shown = sorted(numbers)\n"),
        ("    canary_sum = 2 * sum(numbers)\n", "    canary_sum = 2 * sum((lambda: [n for n in shown])())\n"),
    )
    _, findings = run()
    assert [(f["rule"], f["where"], f["found"]) for f in findings] == [("own feet", "cell total_test", "shown")]


def test_undeclared_need_is_found(course, reading_only):
    rewrite(
        course,
        (' needs=["double"]', ""),
        ("    canary_sum = 2 * sum(numbers)\n", "    canary_sum = sum(double(n) for n in numbers)\n"),
    )
    _, findings = run()
    assert [(f["rule"], f["where"], f["found"]) for f in findings] == [("own feet", "cell total_test", "double")]


def test_name_that_only_the_solution_makes_is_not_for_tests(course, reading_only):
    rewrite(
        course,
        (
            "    return canary_of_double\n    ### END SOLUTION",
            "    return canary_of_double\n    ### END SOLUTION\n\n\n"
            "### BEGIN SOLUTION\nmade_by_solution = 2\n### END SOLUTION",
        ),
        ("call(double, 2) == 4", "call(double, made_by_solution) == 4"),
    )
    _, findings = run()
    assert ("own feet", "made_by_solution") in [(f["rule"], f["found"]) for f in findings]


def test_long_cell_with_a_reason_is_accepted(course, reading_only):
    rewrite(course, ("# %%\nprint(numbers)\n", f'# %% long="one table, read as one"\n{LONG}\n'))
    assert run()[1] == []


def test_comments_and_docstrings_do_not_count_as_length(course, reading_only):
    words = '"""Explain.\n\n' + "\n".join(f"Line {number}." for number in range(30)) + '\n"""\n'
    rewrite(course, ("print(numbers)\n", f"{words}# why\nprint(numbers)\n"))
    assert run()[1] == []


def test_notebook_that_differs_from_its_text_is_found(course, reading_only):
    text = course.weeks["week1"].text
    text.write_text(text.read_text().replace("Twice two is four.", "Two and two is four."))
    _, findings = run()
    assert {finding["rule"] for finding in findings} == {"pair", "release"}
    assert "double_test" in findings[0]["found"]


def test_release_that_differs_from_the_source_is_found(course, reading_only):
    released = course.root / "release/week1/mini.ipynb"
    released.write_text(released.read_text().replace("Twice two is four.", "Two and two is four."))
    _, findings = run()
    assert [finding["rule"] for finding in findings] == ["release"]
    assert "double_test" in findings[0]["found"] and "course release week1" in findings[0]["remedy"]


@pytest.mark.parametrize("path", ["source/week1/data.csv", "release/week1/notes.txt", "release/week9/old.ipynb"])
def test_stray_file_is_found(course, reading_only, path):
    (course.root / path).parent.mkdir(exist_ok=True)
    (course.root / path).write_text("left over")
    result, findings = run()
    assert result.exit_code == 1
    assert any(path.split("/")[1] in f["file"] and f["rule"] in ("stray file", "release") for f in findings)


def test_two_cells_of_one_name_are_found(course, reading_only):
    text = course.weeks["week1"].text
    text.write_text(text.read_text().replace('"grade_id": "total_test"', '"grade_id": "double_test"'))
    result, findings = run()
    assert result.exit_code == 1
    assert "double_test" in findings[0]["found"]


@pytest.mark.parametrize(
    ("old", "new", "where", "found"),
    [
        ("  - One operator is enough.\n", "", "task double", "2"),
        ("One operator is enough.", '""', "task double", "2"),
        ("double:", "dobule:", "task dobule", "3"),
        ("double:", "double: [", "", "expected"),
    ],
)
def test_hints_that_are_not_three_good_ones_are_found(course, reading_only, old, new, where, found):
    hints = course.root / "helpers/hints/week1.yaml"
    hints.write_text(hints.read_text().replace(old, new, 1))
    _, findings = run()
    assert any(f["rule"] == "hints" and f["where"] == where and found in f["found"] for f in findings), findings
    assert all(f["file"] == "helpers/hints/week1.yaml" for f in findings)


def test_missing_variant_is_found(course, reading_only):
    (course.root / "tests/variants/week1/total/wrong_list.py").unlink()
    _, findings = run()
    assert [(f["file"], f["found"]) for f in findings] == [("tests/variants/week1/total", "2 right, 2 wrong")]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("total/wrong_more.py", '"""An idea, but no message."""\n'),
        ("total/right_more.py", "def total(values):\n    return 2 * sum(values)\n"),
        ("total/another.py", '"""Neither right nor wrong."""\n'),
        ("triple/right_one.py", '"""Of no task."""\n'),
    ],
)
def test_variant_that_does_not_explain_itself_is_found(course, reading_only, name, content):
    path = course.root / "tests/variants/week1" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content)
    _, findings = run()
    assert [(f["file"], f["rule"]) for f in findings] == [(f"tests/variants/week1/{name}", "variants")]


def test_variant_with_a_syntax_error_may_explain_itself_all_the_same(course, reading_only):
    path = course.root / "tests/variants/week1/total/wrong_syntax.py"
    path.write_text('"""Forgets a colon.\n\nCaught by: not attempted\n"""\n\n\ndef total(values)\n    return 0\n')
    assert run()[1] == []


def test_stub_that_passes_and_solution_that_fails_are_found(course):
    rewrite(
        course,
        (
            'checks.require(checks.call(double, 2) == 4, "Twice two is four.")',
            "checks.require(callable(double), 'a function')",
        ),
        ("return sum(double(value) for value in values)", "return sum(double(value) for value in values) + 1"),
    )
    result, findings = run()
    assert result.exit_code == 1
    assert [(f["rule"], f["where"]) for f in findings] == [
        ("stub fails", "cell double_test of the release"),
        ("solution passes", "cell total_test"),
    ]
    assert findings[0]["found"] == "two" and "Twice one and twice two" in findings[1]["found"]


def test_solution_that_kills_its_kernel_is_found(course):
    rewrite(course, ("    return canary_of_double", "    __import__('os')._exit(1)\n    return canary_of_double"))
    _, findings = run()
    assert [(f["rule"], f["where"]) for f in findings] == [("run", "the whole notebook")]
    assert "the kernel died" in findings[0]["found"]


def test_people_read_where_what_and_what_to_do(course, reading_only):
    rewrite(course, ('"points": 45', '"points": 44'))
    output = CliRunner().invoke(app, ["lint"]).stdout
    assert "source/week1/mini.py, all tasks: points\n  found: 99 points\n  expected: 100\n  What to do:" in output


def test_weeks_are_checked_side_by_side_and_reported_in_order(course):
    shutil.copytree(course.root / "source/week1", course.root / "source/week2")
    (course.root / "source/week2/mini.ipynb").unlink()
    pair_command(None)
    release_command(None)
    text = course.weeks["week1"].text
    text.write_text(text.read_text().replace('"points": 45', '"points": 44'))
    _, findings = run()
    found = [(finding["file"], finding["rule"]) for finding in findings]
    first, second = ("source/week1/mini.py", "points"), ("helpers/hints/week2.yaml", "hints")
    assert found.index(first) < found.index(second)  # the second week has no hints of its own
