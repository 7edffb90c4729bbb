"""Marks are the same every time, none is lost whatever dies, and nothing is left running."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress

import nbformat
import psutil
import pytest

from grader import gradebook
from grader.engine import forkserver, isolate
from grader.engine.dependencies import imported
from grader.engine.forkserver import EngineFault, ForkServer
from grader.grade import STAGE
from tests.grader.conftest import REPOSITORY, Classroom, make_course

DOUBLE = "def double(number):\n    return 2 * number"
TOTAL = "def total(values):\n    return 2 * sum(values)"
WRONG = "def total(values):\n    return sum(values)"
CLASS = {
    "ann": (DOUBLE, TOTAL, 85),
    "bob": (DOUBLE, WRONG, 40),
    "cem": ("def double(number):\n    return {number}", TOTAL, 45),
    "dee": ("import os\ndef double(number):\n    os._exit(1)", TOTAL, 45),
    "eva": (DOUBLE, "def total(values):\n    raise ValueError(values)", 40),
    "fay": ("import random\ndef double(number):\n    return number + number", TOTAL, 85),
}
MARKS = {student: points for student, (_, _, points) in CLASS.items()}


def classroom_of(root, students=CLASS):
    room = Classroom(make_course(root))
    for student in students:
        double, total, _ = CLASS[student]
        room.hand_in(student, room.answered(double=double, total=total, memo=f"{student} thinks so."))
    return room


@pytest.fixture
def room(tmp_path):
    return classroom_of(tmp_path / "course", ("ann", "bob"))


def recorded(room):
    """Read the gradebook, without the times and the identifiers that differ from run to run."""
    query = (
        "select s.id, a.name, b.name, g.auto_score, g.manual_score, g.needs_manual_grade, g.extra_credit "
        "from grade g join base_cell b on g.cell_id = b.id join submitted_notebook n on g.notebook_id = n.id "
        "join submitted_assignment t on n.assignment_id = t.id join assignment a on t.assignment_id = a.id "
        "join student s on t.student_id = s.id order by 1, 2, 3"
    )
    with closing(sqlite3.connect(room.root / "gradebook.db")) as database:
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)
        return database.execute(query).fetchall()


def results(room):
    return {path.parts[-3]: path.read_bytes() for path in room.root.glob("autograded/*/week1/results.json")}


# --- the same every time ---


def test_marks_do_not_depend_on_order_workers_or_repetition(tmp_path):
    rooms = [classroom_of(tmp_path / str(number)) for number in range(3)]
    assert rooms[0].command("grade", "--workers", "1").exit_code == 0
    for student in reversed(CLASS):
        assert rooms[1].command("grade", "--student", student).exit_code == 0
    assert rooms[2].command("grade", "--workers", "4").exit_code == 0
    assert rooms[2].command("grade", "--workers", "2", "--force").exit_code == 0
    assert results(rooms[0]) == results(rooms[1]) == results(rooms[2])
    assert recorded(rooms[0]) == recorded(rooms[1]) == recorded(rooms[2])
    assert rooms[0].marks() == MARKS


def test_a_corrected_test_changes_marks_in_the_open_and_keeps_those_given_by_hand(room):
    first = room.command("grade")
    assert "marks that changed" not in first.stdout
    with gradebook.opened(gradebook.load_config(room.course)) as book:
        book.find_grade("memo", "mini", "week1", "bob").manual_score = 9
        book.db.commit()
    room.correct_total_tests()
    again = room.command("grade")
    assert "week1, ann: total 45 → 0 (-45)" in again.stdout
    assert "week1, bob: total 0 → 45 (+45)" in again.stdout
    assert room.marks() == {"ann": 40, "bob": 94}
    unchanged = json.loads(room.command("grade", "--json", "--force").stdout)
    assert [one["changes"] for one in unchanged["submissions"]] == [[], []]


# --- deaths ---


def killing(monkeypatch, deaths):
    """Kill the first examiners, as many as ``deaths``, once they are asked to run a test."""
    left = [None] * deaths
    ask = isolate.Examination.ask

    def ask_the_dead(self, source, bind):
        if left:
            left.pop()
            os.kill(self.spawned.pid, signal.SIGKILL)
        ask(self, source, bind)

    monkeypatch.setattr(isolate.Examination, "ask", ask_the_dead)


def test_a_dead_examiner_is_tried_again(room, monkeypatch):
    killing(monkeypatch, 1)
    assert room.command("grade", "--workers", "1").exit_code == 0
    assert room.marks() == {"ann": 85, "bob": 40}


def test_an_examiner_that_dies_twice_is_a_fault_and_stops_nobody_else(room, monkeypatch):
    killing(monkeypatch, 2)
    graded = room.command("grade", "--workers", "1")
    assert graded.exit_code == 1
    assert "week1, ann: fault of the grader, no mark was recorded" in graded.stderr
    assert "examiner" in graded.stderr
    assert not (room.root / "autograded/ann").exists()
    assert room.outcomes("bob")["double"] == "passed"
    monkeypatch.undo()
    assert room.command("grade").exit_code == 0
    assert room.marks() == {"ann": 85, "bob": 40}


def start(room, *arguments):
    command = [sys.executable, "-m", "grader.cli", "grade", "--force", "--workers", "2", *arguments]
    code = "import sys; from grader.cli import app; sys.argv[0] = 'course'; app()"
    command[1:3] = ["-c", code]
    return psutil.Popen(command, cwd=room.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def family(parent):
    """Find all processes below a grader, by depth: 2 the fork server, 3 supervisors, 4 kernels and examiners."""
    found: dict[int, list[psutil.Process]] = {}
    with suppress(psutil.Error):
        depth = {parent.pid: 0}
        for one in parent.children(recursive=True):
            with suppress(psutil.Error):
                depth[one.pid] = depth.get(one.ppid(), 0) + 1
                found.setdefault(depth[one.pid], []).append(one)
    return found


class Killer:
    """Follows a grader's processes and kills some of them when enough have been seen."""

    def __init__(self, parent, draw):
        self.parent, self.draw = parent, draw
        self.seen: dict[int, psutil.Process] = {}
        self.folders: set[str] = set()
        self.killed = 0

    def until(self, more):
        """Watch until this many processes more have been seen, or the grader is done."""
        goal = len(self.seen) + more
        while len(self.seen) < goal and self.parent.poll() is None:
            for one in (one for group in family(self.parent).values() for one in group):
                if one.pid not in self.seen:
                    self.seen[one.pid] = one
                    with suppress(psutil.Error):
                        self.folders.update(word for word in one.cmdline() if word.startswith("/tmp/course-"))
        return self.parent.poll() is None

    def kill(self, depths):
        """Kill one process that stands so deep."""
        candidates = [one for depth, group in family(self.parent).items() if depth in depths for one in group]
        if candidates:
            with suppress(psutil.Error):
                self.draw.choice(candidates).kill()
                self.killed += 1


def one_round(room, draw):
    """Grade everything again, with deaths: of processes below the grader, and at last of the grader itself."""
    killer = Killer(start(room), draw)
    killer.until(2)
    for depths in draw.sample([(1,), (2,), (3,), (4,), (4,), (3, 4)], 4):
        if killer.until(draw.randint(1, 6)):
            killer.kill(depths)
    if killer.until(draw.randint(0, 12)):
        killer.parent.kill()
        killer.killed += 1
    killer.parent.wait()
    _, alive = psutil.wait_procs(killer.seen.values(), timeout=20)
    assert not alive, "processes outlived the grader"
    return killer


@pytest.mark.slow
def test_nothing_is_lost_whatever_dies(tmp_path):
    room = classroom_of(tmp_path / "course")
    assert room.command("grade").exit_code == 0
    before = results(room), recorded(room)
    with gradebook.opened(gradebook.load_config(room.course)) as book:
        book.find_grade("memo", "mini", "week1", "ann").manual_score = 7
        book.db.commit()
    marks = {**MARKS, "ann": 92}
    draw, deaths, folders = random.Random(11), 0, set()
    while deaths < 50:
        killer = one_round(room, draw)
        deaths += killer.killed
        folders |= killer.folders
        assert room.marks() == marks, {student: room.messages(student) for student in CLASS}
    final = start(room)
    assert final.wait() == 0
    assert results(room) == before[0]
    assert [row[:4] for row in recorded(room)] == [row[:4] for row in before[1]]
    assert room.marks() == marks
    assert not (room.root / STAGE).exists()
    assert not [folder for folder in folders if os.path.exists(folder)]  # noqa: PTH110 (names, from command lines)


# --- the fork server ---


def test_a_child_that_was_left_behind_is_not_waited_for(tmp_path):
    """bubblewrap leaves one when it is killed while it starts: it holds the pipe, and will never write to it."""
    noted = tmp_path / "child"
    left = ForkServer([])
    left.process = subprocess.Popen(
        ["sh", "-c", 'sleep 600 & echo $! >"$0"', str(noted)], stdout=subprocess.PIPE, start_new_session=True
    )
    left.process.wait()
    child = psutil.Process(int(noted.read_text()))
    with pytest.raises(EngineFault, match="ended with code 0"):
        left.ready()
    # A killed process is gone a moment later, and a container's first process may never collect it.
    _, alive = psutil.wait_procs([child], timeout=10)
    assert all(one.status() == psutil.STATUS_ZOMBIE for one in alive)
    left.close()


def test_a_fork_server_that_fails_is_quoted():
    broken = ForkServer([], preparation="helpers.no_such_module")
    with pytest.raises(EngineFault, match=r"(?s)ended with code 1.*No module named 'helpers.no_such_module'"):
        broken.ready()
    broken.close()


TRAINING = """
import numpy as np
from catboost import CatBoostClassifier
from lightgbm import LGBMClassifier
from sklearn.cluster import KMeans
from sklearn.ensemble import HistGradientBoostingClassifier
from xgboost import XGBClassifier

draw = np.random.default_rng(0)
rows, late = draw.normal(size=(2_000, 5)), draw.integers(0, 2, 2_000)
for model in (
    LGBMClassifier(n_estimators=3, n_jobs=2, verbose=-1),
    XGBClassifier(n_estimators=3, n_jobs=2),
    CatBoostClassifier(iterations=3, thread_count=2, verbose=False, allow_writing_files=False),
    HistGradientBoostingClassifier(max_iter=3),
    KMeans(3, n_init=1),
):
    model.fit(rows, late).predict(rows)
"""


@pytest.fixture(scope="module")
def week1():
    """A fork server with all that week 1 imports."""
    notebook = nbformat.read(REPOSITORY / "source/week1/boosting.ipynb", as_version=4)
    server = ForkServer(imported(notebook))
    yield server
    server.close()


def test_the_fork_server_has_one_thread(week1):
    status = week1.ready()
    assert week1.excluded == []
    assert set(status["missing"]) & {"lightgbm", "xgboost", "catboost", "sklearn", "pandas"} == set()
    inside = psutil.Process(week1.process.pid).children(recursive=True)
    assert {one.num_threads() for one in inside} == {1}


def test_models_train_in_a_fork_of_it(week1):
    ours, theirs = forkserver.socket.socketpair()
    with ours, theirs:
        examination = isolate.Examination(week1, theirs, [TRAINING], {}, [])
        try:
            examination.prepare()  # a library that hangs after a fork would not let this end
        finally:
            examination.close()
