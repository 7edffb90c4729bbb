"""Feedback speaks to the student and shows nothing that is hidden, whatever the student's code did."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from grader.feedback import clean_html, without_scripts

SPY = """
SEEN = []
def double(number):
    SEEN.append(number)
    print("printed", number)
    open("leak.txt", "a").write(f"{number}\\n")
    if number > 1000:
        raise ValueError(f"leaked {number}")
    return 2 * number
"""
TELLTALE = """
def total(values):
    kind = type("Leak" + str(SEEN), (Exception,), {})
    raise kind(f"first\\nWhy it matters: {SEEN}\\nWhere to look: {SEEN}")
"""
SHOW = """
import matplotlib.pyplot as plt
from IPython.display import HTML, display
print(SEEN)
display(HTML(str(SEEN)))
open("leak2.txt", "w").write(str(SEEN))
SEEN
"""
SCRIPT = "<script>document.title = 'taken over'</script>"
EVIL_MARKDOWN = f"{SCRIPT}<img src=x onerror=alert(1)><a href='javascript:alert(1)'>a</a>"
SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>'
SNEAKY = [
    "print('z' * 150_000)",
    f"from IPython.display import *\ndisplay(HTML({SCRIPT!r} + '<b>fine</b>'), Javascript('1'), SVG({SVG!r}))",
    "publish_display_data({'image/png': '\"><script>1</script>'})",
]
TOTAL = "def total(values):\n    return 2 * sum(values)"
CANARIES = ("canary", "8675309", "17350618", "BEGIN HIDDEN", "mark.hidden")


@pytest.fixture(scope="module")
def graded(classroom):
    """A student who spies on hidden tests, one who sends scripts, and one with much output."""
    spy = classroom.answered(double=SPY, total=TELLTALE)
    spy.cells += [new_code_cell(SHOW), new_code_cell("raise RuntimeError(SEEN)")]
    classroom.hand_in("spy", spy)
    classroom.hand_in("spy", "my notes", "notes.txt")
    right = {"double": "def double(number):\n    return 2 * number", "memo": f"{SCRIPT}\n\n$x$ **bold**"}
    sneaky = classroom.answered(**right, total="def total(values):\n    return [SCRIPT]\nSCRIPT = " + repr(SCRIPT))
    sneaky.cells = [new_markdown_cell(EVIL_MARKDOWN), *map(new_code_cell, SNEAKY), *sneaky.cells]
    classroom.hand_in("sneaky", sneaky)
    classroom.hand_in("full", classroom.answered(**{**right, "memo": "Fine.", "total": TOTAL}))
    classroom.printed = classroom.command("grade")
    return classroom


def test_nothing_hidden_is_in_what_students_get(graded):
    assert graded.printed.exit_code == 0
    for path in (graded.root / "feedback").rglob("*"):
        text = path.read_text() if path.is_file() else ""
        assert [canary for canary in CANARIES if canary in text] == [], path


def test_nothing_hidden_is_in_messages_or_on_the_terminal(graded):
    for student in ("spy", "sneaky", "full"):
        text = str(graded.results(student)) + graded.printed.output
        assert [canary for canary in CANARIES if canary in text] == []


def test_feedback_is_the_page_alone(graded):
    assert [path.name for path in (graded.root / "feedback/spy/week1").iterdir()] == ["mini.html"]


def test_a_failing_hidden_test_is_explained_without_values(graded):
    message = graded.messages("spy")["double"]
    assert "`double` raised ValueError" in message
    assert "data that you have not seen" in message
    assert "leaked" not in message


def test_summary_tells_task_points_outcome_message_and_hint(graded):
    page = graded.feedback("spy")
    top = page[page.index('id="summary"') : page.index("</table>")]
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", top))
    assert "week1: 0 of 100 points" in text
    assert re.search(r"double 0 / 40 failed 0 / 30 two .*double raised ValueError", text)
    assert "helpers.hint(&quot;week1.double&quot;)" in text.replace('"', "&quot;")
    full = graded.feedback("full")
    assert "helpers.hint" not in full
    assert "30 / 30" in full and "Return twice" in full


def test_own_outputs_are_shown_until_the_first_hidden_test(graded):
    page = graded.feedback("sneaky")
    assert "<b>fine</b>" in page
    assert "z" * 1000 in page
    assert len(page) < 400_000
    assert "cut off here" in page


def test_no_script_of_a_student_runs(graded):
    page = graded.feedback("sneaky")
    assert "<script" not in page.lower()
    assert "onerror" not in re.sub(r"<pre>.*?</pre>", "", page, flags=re.DOTALL)
    assert 'href="javascript' not in page
    assert "<svg" not in page
    assert "default-src 'none'" in page
    assert "<strong>bold</strong>" in page


def test_cleaning_keeps_tables_and_pictures_of_the_page():
    table = '<table class="dataframe"><tbody><tr><td>1</td></tr></tbody></table>'
    assert clean_html(table) == table
    assert "data:image/png;base64,aGk=" in clean_html('<img src="data:image/png;base64,aGk=">')
    assert "http" not in clean_html('<img src="http://example.org/track.png">')
    assert clean_html('<p style="x" onclick="y">t</p>') == "<p>t</p>"


def test_scripts_of_the_template_go_too():
    page = without_scripts("<head><SCRIPT src='x'>\n1</SCRIPT ></head>")
    assert "SCRIPT" not in page
    assert "Content-Security-Policy" in page


def test_feedback_on_a_notebook_that_this_course_did_not_grade_says_so(graded):
    path = graded.root / "autograded/full/week1/mini.ipynb"
    notebook = nbformat.read(path, as_version=4)
    del notebook.metadata["course"]
    path.chmod(0o644)
    nbformat.write(notebook, path)
    (graded.root / "feedback/full/week1/mini.html").unlink()
    again = graded.command("grade", "--student", "full")  # the feedback is missing: graded again
    assert again.exit_code == 0
    assert "All checks passed." in graded.feedback("full")
