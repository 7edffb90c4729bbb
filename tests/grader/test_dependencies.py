"""The author's demonstrations run in grading when, and only when, a student's code can see what they bind."""

import nbformat
import pytest

from grader.engine.dependencies import dependencies, imported
from grader.engine.names import bound, free, used

AUTHORS = {1: "base = 1", 2: "table = base + 1", 3: "plot(table)", 4: "def tool():\n    return table", 5: "other = 2"}


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a + b", {"a", "b"}),
        ("def f(x):\n    y = x\n    return y + z", {"z"}),
        ("lambda x: x + y", {"y"}),
        ("[i for i in rows if i > low]", {"rows", "low"}),
        ("class A(B):\n    c = d\n    def m(self):\n        return e", {"B", "d", "e"}),
        ("def f(x=default) -> kind:\n    pass", {"default", "kind"}),
        ("def f():\n    global g\n    g = h\n    return g", {"g", "h"}),
        ("@decorate\ndef f():\n    def inner():\n        return deep", {"decorate", "deep"}),
        ("f'{value:>{width}}'", {"value", "width"}),
        ("%time run(x)", {"get_ipython"}),
        ("x = (", set()),
        ("a\0b", set()),
        ("await x", {"x"}),
        ("def f():\n    a = 1\n    global a", set()),
    ],
)
def test_names_that_a_cell_reads(source, names):
    assert names <= used(source)
    assert used(source) - names <= {"str", "A", "f"}


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("a = b = 1; c, (d, *e) = x; f += 1; g: int = 2", set("abcdefg")),
        ("import os.path, numpy as np\nfrom x import y as z", {"os", "np", "z"}),
        ("for i in x:\n    with y as j:\n        k = 1", {"i", "j", "k"}),
        ("def f(a):\n    b = 1\nclass C:\n    d = 1", {"f", "C"}),
        ("try:\n    pass\nexcept E as error:\n    h = 1", {"error", "h"}),
        ("match x:\n    case [a, *b]:\n        pass\n    case {'k': c, **d}:\n        pass", {"a", "b", "c", "d"}),
        ("(walrus := 1)", {"walrus"}),
        ("[hidden for hidden in x if (seen := hidden)]", {"seen"}),
        ("def f():\n    global g\n    g = 1", {"f", "g"}),
        ("del a", {"a"}),
        ("lambda inner: (inner, [i for i in rows])", set()),
        ("x = (", set()),
    ],
)
def test_names_that_a_cell_binds(source, names):
    assert bound(source) == names


def test_names_that_a_cell_takes_from_outside():
    cell = "import numpy as np\ntotal = sum(np.square(i) for i in rows)\nprint(total, i)"
    assert free(cell) == {"rows", "i"}


@pytest.mark.parametrize(
    ("students", "indices"),
    [
        (["pass"], set()),
        (["base"], {1}),
        (["table"], {1, 2}),
        (["tool()"], {1, 2, 4}),
        (["def f():\n    return other"], {5}),
        (["def f(other):\n    return other"], set()),
        (["x = ("], set()),
        *((([f"{name}('base')"], set(AUTHORS))) for name in ("eval", "globals", "get_ipython", "vars", "exec")),
        (["from somewhere import *"], set(AUTHORS)),
        (["%run other.py"], set(AUTHORS)),
        (["pass", "print(other)"], {5}),
    ],
)
def test_cells_that_must_run_for_a_students_cells(students, indices):
    assert dependencies(students, AUTHORS) == indices


def test_modules_that_a_notebook_imports():
    cells = ["import a.b\nfrom c import d", "def f():\n    import late", "x = (", "from . import near"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells])
    assert imported(notebook) == ["a.b", "c", "c.d", "late"]
