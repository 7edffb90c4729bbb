"""What `setup` changes in a notebook, seen in a real kernel; and progress bars."""

from __future__ import annotations

import linecache
import re
import sys

import pytest

from helpers import notebook
from helpers.notebook import setup
from helpers.progress import progress


@pytest.fixture(scope="module")
def outputs(run_cells):
    names = ["setup", "stub", "bare", "library", "other", "plot", "again", "later", "early", "inside", "quiet"]
    cells = [
        "from helpers import notebook\nnotebook.setup()\nnotebook.setup()\n"
        "def time_split(flights):\n    raise NotImplementedError",
        "time_split(1)",
        "raise NotImplementedError('not here')",
        "import pandas as pd\npd.api.extensions.ExtensionArray()[0]",
        "{}['key']",
        "import matplotlib.pyplot as plt\nplt.plot([1, 2]);",
        "notebook.setup()\ntime_split(1)",
        "import pandas as pd\nprint('later', pd.options.display.max_columns, plt.rcParams['axes.titlelocation'])",
        "flights_that_arrived.sum()",
        "def one_more():\n    return nothing + 1\none_more()",
        "import numpy as np\nfor _ in range(20):\n    junk = [np.full(2_000, 1e308) for _ in range(20)]\n    del junk\n"
        "    found = pd.to_timedelta(np.where(np.arange(2_000) % 2, np.nan, 3.0), unit='min')\n"
        "print(found.isna().sum())",
    ]
    return dict(zip(names, run_cells(*cells), strict=True))


def test_a_stub_shows_one_line_and_is_still_an_error(outputs):
    (stub,) = outputs["stub"]
    assert (stub.output_type, stub.ename) == ("error", "NotImplementedError")
    assert stub.traceback == [stub.evalue] == ["Not attempted yet: `time_split`. Its cell still holds the stub."]


def test_missing_minutes_make_no_warning(outputs):
    assert [output.text for output in outputs["quiet"]] == ["1000\n"]


def test_a_cell_that_is_itself_a_stub_is_named_as_such(outputs):
    assert outputs["bare"][0].traceback == ["Not attempted yet: this cell still holds the stub."]


def test_setting_up_again_changes_nothing(outputs):
    assert outputs["setup"] == []
    assert outputs["again"][0].traceback == outputs["stub"][0].traceback


def test_other_errors_keep_their_traceback(outputs):
    assert outputs["other"][0].ename == "KeyError"
    assert "Traceback" in "\n".join(outputs["other"][0].traceback)


def test_a_librarys_not_implemented_keeps_its_traceback(outputs):
    assert outputs["library"][0].ename == "AbstractMethodError"  # pandas' kind of NotImplementedError
    assert "Traceback" in "\n".join(outputs["library"][0].traceback)


def test_a_value_that_no_cell_has_made_says_what_to_run(outputs):
    (early,) = outputs["early"]
    assert (early.ename, early.evalue) == ("NameError", "name 'flights_that_arrived' is not defined")
    assert early.traceback[0] == "NameError: name 'flights_that_arrived' is not defined"
    assert "run that one first" in early.traceback[1]


def test_a_missing_name_inside_a_function_shows_the_line(outputs):
    assert "return nothing + 1" in re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(outputs["inside"][0].traceback))


def test_later_cells_run_in_the_courses_style(outputs):
    assert outputs["later"][0].text == "later 30 left\n"
    assert "image/png" in outputs["plot"][0].data


def test_setup_outside_a_notebook_does_no_harm(capfd):
    setup()
    assert capfd.readouterr() == ("", "")


def test_progress_gives_every_item_and_writes_to_stdout(capsys, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    assert list(progress(iter("abc"), "letters", total=3)) == ["a", "b", "c"]
    captured = capsys.readouterr()
    assert "letters" in captured.out and "3/3" in captured.out
    assert captured.err == ""


@pytest.mark.parametrize("variable", ["CI", "NBGRADER_EXECUTION"])
def test_progress_is_quiet_where_nobody_watches(variable, capsys, monkeypatch):
    monkeypatch.setenv(variable, "1")
    assert list(progress(range(3), "numbers")) == [0, 1, 2]
    assert capsys.readouterr() == ("", "")


def test_progress_in_a_notebook_stays_at_its_end_when_the_notebook_is_saved(run_cells):
    source = "import os\nos.environ.pop('CI', None)\nfrom helpers.progress import progress\n"
    outputs = run_cells(source + "for i in progress(range(3), 'numbers'):\n    pass")[0]
    assert {(output.output_type, output.name) for output in outputs} == {("stream", "stdout")}
    assert "numbers: 100%" in "".join(output.text for output in outputs).split("\r")[-1]


def test_importing_the_module_does_not_import_ipython():
    import subprocess

    code = (
        "import helpers.notebook, helpers.progress, sys; print('IPython' in sys.modules, 'matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False False\n"


# --- a module from cells ---

CELLS = (
    "import math as m\nfrom pathlib import Path\nFACTOR = 3\nTABLE = object()",
    "def helper(x):\n    return m.floor(x) * FACTOR",
    "STEP = max(1, 2)\ndef scaled(x):\n    return helper(x) + STEP\n\nprint(scaled(2.5))\nresult = scaled(1)",
    "def where(name: Path) -> str:\n    return str(Path(name) / 'a')",
)


def _run_cells():
    """Run cells as a kernel does: it keeps their text where Python looks for it."""
    names = {"__name__": "__main__"}
    for number, source in enumerate(CELLS):
        file = f"<test cell {number}>"
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        exec(compile(source, file, "exec"), names)
    return names


def test_functions_become_a_module_with_all_that_they_need(capsys):
    names = _run_cells()
    text = notebook.module(names["scaled"], names["where"])
    capsys.readouterr()
    alone: dict = {"__name__": "steps"}
    exec(compile(text, "steps.py", "exec", dont_inherit=True), alone)
    assert (alone["scaled"](2.5), alone["where"]("b")) == (8, "b/a")
    assert capsys.readouterr().out == ""  # a trial call is left out
    assert "result" not in alone and "TABLE" not in alone


def test_a_function_that_no_cell_defines_is_refused():
    with pytest.raises(ValueError, match="cell of this notebook"):
        notebook.module(eval("lambda: 1"))
