"""What a newcomer meets who imports `helpers` and presses Tab."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell

import helpers

COURSE = Path(__file__).parents[2]
ROW = re.compile(r"^``(\w+)``\s+(\S+(?:, \S+)*)\s{2,}\S", re.MULTILINE)


def said(code):
    """What a fresh Python prints."""
    done = subprocess.run([sys.executable, "-c", code], cwd=COURSE, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def table():
    """The weeks of every name in the package's table."""
    weeks = {}
    for name, spans in ROW.findall(helpers.__doc__):
        bounds = [span.split("–") for span in spans.split(", ")]
        weeks[name] = {week for ends in bounds for week in range(int(ends[0]), int(ends[-1]) + 1)}
    return weeks


def used(week):
    """The names of the package that a week's notebook imports or speaks of."""
    text = "\n".join(path.read_text() for path in (COURSE / "release" / f"week{week}").glob("*.ipynb"))
    imported = re.findall(r"from helpers import ([\w, ]+)", text)
    return {*re.findall(r"\bhelpers\.(\w+)", text), *(name for names in imported for name in names.split(", "))}


def test_the_table_says_for_each_week_what_its_notebook_uses():
    assert {week: {name for name, weeks in table().items() if week in weeks} for week in range(1, 7)} == {
        week: used(week) for week in range(1, 7)
    }


@pytest.mark.parametrize("jedi", [True, False])
def test_tab_shows_the_names_of_the_table_and_nothing_else(jedi):
    shell = InteractiveShell()
    shell.Completer.use_jedi = jedi
    shell.user_ns["helpers"] = helpers
    with provisionalcompleter():
        shown = [completion.text.lstrip(".") for completion in shell.Completer.completions("helpers.", 8)]
    assert sorted(shown) == sorted(table()) == dir(helpers)


def test_importing_helpers_loads_nothing_heavy():
    code = "import helpers, sys; print({'numpy', 'pandas', 'matplotlib', 'sklearn', 'yaml'} & set(sys.modules))"
    assert said(code) == "set()\n"


def test_what_helpers_offers_is_there_on_first_use():
    shown = said("import helpers; print([getattr(helpers, name).__name__ for name in dir(helpers)])")
    assert re.findall(r"[\w.]+", shown) == [name if name == "hint" else f"helpers.{name}" for name in dir(helpers)]


def test_a_name_that_helpers_lacks_is_answered_with_those_it_has():
    with pytest.raises(AttributeError, match=r"helpers has no 'dta'\. It has: .*data"):
        helpers.dta  # noqa: B018
