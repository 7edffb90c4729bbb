"""Formulas are seen in feedback although the page runs no script, and whatever somebody typed does no harm."""

import base64
import re
from pathlib import Path

import pytest

from grader import formulas
from grader.author.pair import notebook_from_text
from grader.feedback import clean_html
from grader.formulas import LONGEST, PREFIX, markdown_to_html

SOURCES = sorted((Path(__file__).parents[2] / "source").glob("*/*.py"))


def render(source):
    return clean_html(markdown_to_html(source, escape=False))


def pictures(page):
    return [base64.b64decode(data) for data in re.findall(rf'src="{re.escape(PREFIX)}([^"]+)"', page)]


def test_formulas_become_pictures_that_say_what_they_are():
    page = render("The weight $w$ of\n\n$$ -\\frac{G}{H + \\lambda} $$")
    assert [b"<svg" in picture for picture in pictures(page)] == [True, True]
    assert 'class="formula" alt="w"' in page
    assert 'class="formula display"' in page
    assert "$" not in page


def test_code_stays_code():
    assert render("`$PATH$`") == "<p><code>$PATH$</code></p>\n"


def test_equal_formulas_give_equal_pictures():
    first = pictures(render("$x_i^2$"))
    assert first
    formulas._draw.cache_clear()
    assert pictures(render("$x_i^2$")) == first


@pytest.mark.parametrize("tex", [r"\nosuchthing{x}", '"><script>1</script>', "x" * (LONGEST + 1), "{" * 150])
def test_what_cannot_be_drawn_is_shown_as_it_was_typed(tex):
    page = render(f"${tex}$")
    assert pictures(page) == []
    assert "<script" not in page
    assert tex[:10].replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;") in page.replace('"', "&quot;")


@pytest.mark.parametrize("text", SOURCES, ids=lambda path: path.parent.name)
def test_every_formula_of_the_course_can_be_drawn(text):
    cells = notebook_from_text(text.read_text()).cells
    words = [re.sub(r"`[^`]*`", "", cell.source) for cell in cells if cell.cell_type == "markdown"]
    assert "<code>" not in "".join(map(render, words))
