"""Real submissions behind the walls: each task gets the outcome it must get, and no task ends another."""

import json
import socket
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest

from grader.engine import forkserver, forkserver_main, isolate
from tests.grader.conftest import Classroom, make_course, write

DOUBLE = "def double(number):\n    return 2 * number"
TOTAL = "def total(values):\n    return 2 * sum(values)"
TASKS = ("double", "total")
# What a class hands in: two answers, cells of the student's own after the first, and the outcomes that must follow.
CLASS = {
    "right": (DOUBLE, TOTAL, "", ("passed", "passed")),
    "wrong": ("def double(number):\n    return number", TOTAL, "", ("failed", "passed")),
    "untouched": (None, None, "", ("not attempted", "not attempted")),
    "needing": (
        "def double(number):\n    return 0",
        "def total(v):\n    return sum(map(double, v))",
        "",
        ("failed", "skipped"),
    ),
    "looping": ("def double(number):\n    while True: pass", TOTAL, "", ("timed out", "passed")),
    "stubborn": (
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ndef double(number):\n    while True: pass",
        *(TOTAL, "", ("timed out", "passed")),
    ),
    "deaf": (
        "def double(number):\n    while True:\n        try:\n            while True: pass\n        except: pass",
        *(TOTAL, "", ("timed out", "passed")),
    ),
    "greedy": ("def double(number):\n    return len(bytearray(5 << 30))", TOTAL, "", ("out of memory", "passed")),
    "leaving": ("import os\ndef double(number):\n    os._exit(0)", TOTAL, "", ("crashed", "passed")),
    "hanging up": (  # grading ends this kernel itself, and must not report that it was killed from outside
        "import os, time\ndef double(number):\n    os.closerange(3, 999)\n    while True: time.sleep(1)",
        *(TOTAL, "", ("crashed", "passed")),
    ),
    "fallen": ("import ctypes\ndef double(number):\n    ctypes.string_at(0)", TOTAL, "", ("crashed", "passed")),
    "exiting": ("def double(number):\n    raise SystemExit", TOTAL, "", ("failed", "passed")),
    "dying late": (
        "import os\ndef double(number):\n    return 2 * number if number > 0 else os._exit(1)",
        *(TOTAL, "", ("partial", "passed")),
    ),
    "looping late": (
        "def double(number):\n    while number < 0: pass\n    return 2 * number",
        *(TOTAL, "", ("partial", "passed")),
    ),
    "explained": (
        "def double(number):\n    if number > 0: return 2 * number\n"
        "    raise ValueError(f'Found unknown categories {number}')",
        *(TOTAL, "", ("partial", "passed")),
    ),
    "lacking": ("def twice(number):\n    return 2 * number", TOTAL, "", ("failed", "passed")),
    "own end": (DOUBLE, TOTAL, "import os\nos._exit(1)", ("passed", "passed")),
    "own loop": (DOUBLE, TOTAL, "while True: pass", ("passed", "passed")),
    "noisy": (
        "import sys, warnings\ndef double(number):\n    warnings.warn('old')\n    print('x' * 9_000, file=sys.stderr)\n"
        "    return 2 * number",
        *(TOTAL, "", ("passed", "passed")),
    ),
    "awaiting": (
        "import asyncio\nawait asyncio.sleep(0)\n" + DOUBLE,
        *(
            "%matplotlib inline\n" + TOTAL,
            "%%time\nimport matplotlib.pyplot as plt\nplt.plot([1])",
            ("passed", "passed"),
        ),
    ),
    "with widgets": (DOUBLE, TOTAL, "import ipywidgets\nipywidgets.IntSlider()", ("passed", "passed")),
    "rebinding": (
        "def helper(number):\n    return 2 * number\ndef double(number):\n    return helper(number)",
        *("def helper(number):\n    return 3 * number\n" + TOTAL, "", ("passed", "passed")),
    ),
    "rebinding too early": (
        "def helper(number):\n    return 2 * number\ndef double(number):\n    return helper(number)",
        *("def total(values):\n    return sum(double(v) for v in values)",),
        *("def helper(number):\n    return 3 * number", ("passed", "failed")),
    ),
    "reading files": (DOUBLE, TOTAL, "assert open('data/mine.txt').read() == 'hello'\n", ("passed", "passed")),
}


def short(classroom: Classroom, **more: object) -> None:
    """Let time run out soon."""
    lines = [f"c.{name.replace('__', '.')} = {value}" for name, value in more.items()]
    path = classroom.root / "nbgrader_config.py"
    path.write_text(path.read_text() + "\nc.Execute.timeout = 3\n" + "\n".join(lines) + "\n")


def with_own(notebook, source, after="double"):
    """Return the notebook with a cell of the student's own after a task's answer cell and tests."""
    names = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in notebook.cells]
    if source:
        notebook.cells.insert(names.index(f"{after}_test") + 1, nbformat.v4.new_code_cell(source))
    return notebook


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The class, graded."""
    room = Classroom(make_course(tmp_path_factory.mktemp("isolate") / "course"))
    short(room)
    isolate_grace, isolate.GRACE = isolate.GRACE, 2.0
    for student, (double, total, own, _) in CLASS.items():
        answers = {name: text for name, text in (("double", double), ("total", total)) if text is not None}
        room.hand_in(student, with_own(room.answered(**answers), own))
    write(room.root / "submitted/reading files/week1/data/mine.txt", "hello")
    room.hand_in("unreadable", "{")
    room.printed = room.command("grade")
    isolate.GRACE = isolate_grace
    return room


@pytest.mark.parametrize("student", CLASS)
def test_each_task_ends_in_its_outcome(graded, student):
    outcomes = graded.outcomes(student)
    assert (outcomes["double"], outcomes["total"]) == CLASS[student][3], graded.messages(student)


def test_a_malformed_submission_is_not_run(graded):
    assert set(graded.outcomes("unreadable").values()) == {"malformed"}
    assert graded.printed.exit_code == 1


def test_only_what_passed_earns(graded):
    for student, (*_, outcomes) in CLASS.items():
        earned = sum(most for most, outcome in zip((40, 45), outcomes, strict=True) if outcome == "passed")
        assert graded.marks()[student] == earned + 30 * (outcomes[0] == "partial")


@pytest.mark.parametrize("student", ["dying late", "looping late"])
def test_parts_that_held_before_the_end_of_the_kernel_count(graded, student):
    double = graded.results(student)["tasks"][0]
    assert [(part["outcome"], part["points"]) for part in double["parts"]] == [("passed", 30), ("not run", 0)]
    assert "while this was checked" in double["message"]


@pytest.mark.parametrize(
    ("student", "words"),
    [
        ("looping", "The time for one cell ran out"),
        ("stubborn", "Is there a loop that does not end?"),
        ("greedy", "more memory than grading gives (4 GiB)"),
        ("leaving", "The kernel died while this was checked"),
        ("exiting", "`double` left the program (SystemExit)"),
        ("wrong", "Twice two is four."),
        ("lacking", "need `double`, and your notebook has no such name"),
        ("explained", "Where to look: an encoder met a category that was not in the rows it was fitted on."),
    ],
)
def test_the_message_says_what_happened(graded, student, words):
    assert words in graded.messages(student)["double"]


def test_a_cell_that_kills_the_kernel_is_not_run_again(graded):
    notebook = nbformat.read(graded.root / "autograded/own end/week1/mini.ipynb", as_version=4)
    notes = [cell.metadata.course["status"] for cell in notebook.cells if "course" in cell.metadata]
    assert notes.count("crashed") == 1


def test_a_name_that_only_the_tests_lack_is_no_students_zero(tmp_path):
    room = Classroom(make_course(tmp_path / "course"))
    path = room.root / "source/week1/mini.ipynb"
    path.write_text(path.read_text().replace("expected = [2 *", "globals().pop('numbers')\\n        expected = [2 *"))
    room.hand_in("ann", room.answered(double=DOUBLE, total=TOTAL))
    printed = room.command("grade")
    assert printed.exit_code == 1
    assert "the tests know no `numbers`" in printed.output
    assert not (room.root / "autograded/ann/week1/results.json").exists()


def test_results_say_that_there_were_walls(graded):
    assert graded.results("right")["sandbox"] == "bubblewrap"


# --- many answers to one task, with and without walls ---

HONEST = {
    "generator": "return (2 * v for v in values)",
    "endless": "import itertools\n    return itertools.islice(itertools.count(), 0, None, 2)",
    "zip": "return zip(values, [2 * v for v in values])",
    "map": "return map(double, values)",
    "keys": "return dict.fromkeys(values).keys()",
    "values": "return dict(enumerate(values)).values()",
    "items": "return dict(zip(values, values)).items()",
    "matrix": "import numpy as np\n    return np.matrix([values])",
    "index": "import pandas as pd\n    return pd.Index(values, name='n')",
    "dates": "import pandas as pd\n    return pd.date_range('2013-01-01', periods=3, freq='D')",
    "namedtuple": "from collections import namedtuple\n    return namedtuple('Point', 'x y')(1, 2)",
    "dataclass": "from dataclasses import make_dataclass\n    return make_dataclass('Point', ['x', 'y'])(1, 2)",
    "enum": "from enum import Enum\n    return Enum('Colour', 'red blue').blue",
    "intenum": "from enum import IntEnum\n    return IntEnum('Colour', 'red blue').blue",
    "decimal": "from decimal import Decimal\n    return Decimal('2.50')",
    "path": "from pathlib import Path\n    return Path('a/b.csv')",
    "ordered": "from collections import OrderedDict\n    return OrderedDict(a=1, b=2)",
    "default": "from collections import defaultdict\n    d = defaultdict(list)\n    d['a'].append(1)\n    return d",
    "counter": "from collections import Counter\n    return Counter('aab')",
    "deque": "from collections import deque\n    return deque(values, maxlen=9)",
    "series": "import pandas as pd\n    class Mine(pd.Series):\n        pass\n    return Mine(values)",
    "bins": "import pandas as pd\n    return pd.cut(pd.Series([1, 5]), [0, 2, 9])",
    "lists": "import pandas as pd\n    return pd.Series([[1], [2, 3]])",
    "nothing": "return None",
    "model": "from sklearn.linear_model import Ridge\n    return Ridge().fit([[1.0], [2.0]], [1.0, 2.0])",
    "same": "global kept\n    kept = globals().get('kept') or object()\n    return kept",
    "callback": "return check(values, list, 'it')",
    "own helper": "return checks.returns(values, list, 'it')",
    "mutating": "import numpy as np\n    table.iloc[0, 0] = 9\n    return 1",
    "raising": "raise KeyError('x')",
    "exiting": "raise SystemExit(3)",
    "stub": "raise NotImplementedError",
    "nested stub": "def inner():\n        raise NotImplementedError\n    return inner()",
}
EXAMINED = {
    "generator": "list(got) == [2, 4, 6]",
    "endless": "[next(iter(got)) for _ in range(1)] == [0]",
    "zip": "dict(got) == {1: 2, 2: 4, 3: 6}",
    "map": "sorted(got) == [2, 4, 6]",
    "keys": "got == {1, 2, 3} and 2 in got and len(got) == 3",
    "values": "list(got) == [1, 2, 3]",
    "items": "sorted(got) == [(1, 1), (2, 2), (3, 3)]",
    "matrix": "np.asarray(got).ravel().tolist() == [1, 2, 3]",
    "index": "got.name == 'n' and list(got) == [1, 2, 3]",
    "dates": "got.equals(pd.date_range('2013-01-01', periods=3)) and got.freqstr == 'D'",
    "namedtuple": "got.x == 1 and tuple(got) == (1, 2)",
    "dataclass": "got.x == 1 and got.y == 2",
    "enum": "got.name == 'blue' and got.value == 2",
    "intenum": "got == 2",
    "decimal": "got == 2.5",
    "path": "got.name == 'b.csv' and got.suffix == '.csv'",
    "ordered": "list(got) == ['a', 'b'] and got == {'a': 1, 'b': 2}",
    "default": "got == {'a': [1]}",
    "counter": "got == {'a': 2, 'b': 1}",
    "deque": "list(got) == [1, 2, 3] and len(got) == 3 and got[0] == 1 and 2 in got",
    "series": "got.tolist() == [1, 2, 3] and isinstance(got, pd.Series)",
    "bins": "pd.Interval(0, 2) in got.tolist()",
    "lists": "got.map(len).tolist() == [1, 2]",
    "nothing": "got is None",
    "model": "abs(got.predict(np.array([[3.0]]))[0] - got.coef_[0] * 3 - got.intercept_) < 1e-9 and got.alpha == 1",
    "same": "got is checks.call(answer_same, [1], table=None, check=None)",
    "callback": "got == [1, 2, 3]",
    "own helper": "got == [1, 2, 3]",
}
TASK = '''

# %% nbgrader={{"grade_id": "{name}", "solution": true}}
def answer_{name}(values, table=None, check=None):
    """Return what is asked for."""
    ### BEGIN SOLUTION
    return values
    ### END SOLUTION

# %% nbgrader={{"grade_id": "{name}_test", "points": 1}}
import numpy as np
import pandas as pd

### BEGIN HIDDEN TESTS
with checks.hidden():
    got = checks.call(answer_{name}, [1, 2, 3], table=pd.DataFrame({{"a": [1, 2]}}), check=apply)
    checks.require({condition}, "It must be what was asked for.")
### END HIDDEN TESTS
'''


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """Grade the same honest answers without walls, tests and answers in one process, and behind walls."""
    rooms = []
    for name, options in (("plain", ["--sandbox", "none"]), ("walled", [])):
        room = Classroom(make_course(tmp_path_factory.mktemp(name) / "course"))
        text = room.root / "source/week1/mini.py"
        tasks = [TASK.format(name=n.replace(" ", "_"), condition=EXAMINED.get(n, "True")) for n in HONEST]
        source = text.read_text().replace(
            "from helpers import checks\n", "from helpers import checks\nfrom helpers.checks import returns as apply\n"
        )
        text.write_text(source + "".join(tasks))
        assert room.command("pair").exit_code == 0
        answers = {
            n.replace(" ", "_"): f"def answer_{n.replace(' ', '_')}(values, table=None, check=None):\n    {body}"
            for n, body in HONEST.items()
        }
        room.hand_in("ann", room.answered(double=DOUBLE, total=TOTAL, **answers))
        graded = room.command("grade", *options)
        assert graded.exit_code == 0, graded.output
        rooms.append(room)
    return rooms


@pytest.mark.parametrize("kind", HONEST)
def test_an_answer_has_the_same_outcome_with_and_without_walls(both, kind):
    name = kind.replace(" ", "_")
    plain, walled = (room.outcomes("ann")[name] for room in both)
    messages = [room.messages("ann")[name] for room in both]
    assert plain == walled, messages
    assert plain == ("passed" if kind in EXAMINED else plain), messages
    if kind == "mutating":
        assert messages[0] == messages[1]
        assert "changed its input in place (argument `table`)" in messages[1]


def test_without_walls_that_is_stamped_into_the_results(both):
    assert [room.results("ann")["sandbox"] for room in both] == ["none", "bubblewrap"]


def test_the_folder_of_the_sockets_is_sealed_before_the_first_cell_runs(tmp_path):
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setblocking(False)
    spawned = forkserver.Spawned(ours, tmp_path)
    with ours, theirs, ThreadPoolExecutor() as pool:
        sealing = pool.submit(spawned.seal)
        assert theirs.recv(100) == forkserver_main.SEAL.encode()
        with pytest.raises(TimeoutError):
            sealing.result(timeout=0.2)
        theirs.send(json.dumps(forkserver_main.SEALED).encode())
        sealing.result(timeout=60)
        assert spawned.poll() is None
        theirs.send(json.dumps({"exit": 3, "over": ""}).encode())
        assert spawned.wait(60) == 3
