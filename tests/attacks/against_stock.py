"""The same bank against stock nbgrader: ``python -m tests.attacks.against_stock`` writes the table of README.md.

Each attack is handed in to the small course beside two honest students, and graded by nbgrader as it is installed, in
bubblewrap: with processes, a network and a disk of its own, so that what succeeds harms nobody. What could only be
bounded by a whole machine (memory, numbers of processes) is not tried.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from tests.attacks import Attack, load

REPOSITORY = Path(__file__).parents[2]
NOT_TRIED = {"memory", "shared_memory", "many_processes_memory", "fork_bomb", "threads", "recursion", "giant_json"}
PATIENCE = 240  # seconds for one class of three
COURSE = Path("/mnt")  # within bubblewrap: an empty folder
STOCK = """
c = get_config()
c.CourseDirectory.root, c.CourseDirectory.course_id = "/course", "stock"
c.Execute.timeout, c.Execute.interrupt_on_timeout = 5, True
"""
SEEN = ("points", "hidden", "others", "down", "left")
TITLES = (
    "attacks",
    "tried",
    "earned points",
    "got hidden tests",
    "changed others' marks",
    "left no result",
    "lived on",
)


# --- inside: one class ---


def one_class(name: str) -> dict[str, Any]:
    """Grade one attack and two honest students with stock nbgrader; what came of it."""
    import psutil
    from nbgrader.apps.api import NbGraderAPI
    from traitlets.config import Config, PyFileConfigLoader

    from tests.attacks.conftest import FIRST, MINI, SECRETS, grades
    from tests.grader.conftest import Classroom, make_course

    attack = next(attack for attack in load() if attack.student == name)
    room = Classroom(make_course(COURSE / "course"))
    root = room.root
    for student in ("aaron", "zoe"):
        room.hand_in(student, room.answered(**MINI))
    attack.hand_in(root, "week1", "mini.ipynb", room.released(), FIRST)
    (root / "nbgrader_config.py").write_text(STOCK.replace("/course", str(root)))
    config: Config = PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config()
    api = NbGraderAPI(config=config)
    api.coursedir.root = str(root)
    api.generate_assignment("week1")
    told = {s: api.autograde("week1", s, create=True)["success"] for s in ("aaron", attack.student, "zoe")}
    api.generate_feedback("week1", attack.student)
    marks = {s: sum(row[2] or 0 for row in grades(room.course) if row[0] == s) for s in told}
    pages = [p.read_text(errors="replace") for p in (root / f"feedback/{attack.student}").rglob("*") if p.is_file()]
    return {
        "points": marks[attack.student] > 0,
        "hidden": any(word in page for page in pages for word in SECRETS),
        "others": any(marks[student] != sum((40, 45)) for student in ("aaron", "zoe")),
        "down": not all(told.values()),
        "left": len(psutil.pids()) > 2,  # bubblewrap's own and this one
    }


# --- outside ---


def try_out(attack: Attack) -> dict[str, Any]:
    """Run one class in bubblewrap."""
    walls = ["--unshare-all", "--die-with-parent", "--hostname", "sandbox", "--ro-bind", "/", "/", "--dev", "/dev"]
    walls += ["--proc", "/proc", "--size", str(512 << 20), "--tmpfs", "/tmp", "--size", str(512 << 20)]
    walls += ["--perms", "0755", "--tmpfs", str(COURSE), "--chdir", str(REPOSITORY)]
    program = [sys.executable, "-m", "tests.attacks.against_stock", attack.student]
    try:
        done = subprocess.run(["bwrap", *walls, *program], capture_output=True, text=True, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return dict.fromkeys(SEEN, False) | {"down": True}
    if done.stderr.startswith("bwrap:"):
        raise RuntimeError(done.stderr)
    lines = [line for line in done.stdout.splitlines() if line.startswith('{"points"')]
    if lines:
        return json.loads(lines[-1])
    return dict.fromkeys(SEEN, False) | {"down": True, "why": f"{done.returncode} {done.stderr[-300:]}"}


def table(found: dict[str, list[dict[str, Any]]], bank: list[Attack]) -> Iterable[str]:
    """The README's table, line by line."""
    yield "| " + " | ".join(TITLES) + " |"
    yield "|---" + "|---:" * (len(TITLES) - 1) + "|"
    sums = [0] * 6
    for group, results in found.items():
        numbers = [len(results), *(sum(bool(one[key]) for one in results) for key in SEEN)]
        sums = [a + b for a, b in zip(sums, numbers, strict=True)]
        yield f"| {group} | " + " | ".join(map(str, numbers)) + " |"
    yield f"| all | {' | '.join(map(str, sums))} |"


def main() -> None:
    """Try every attack, two at a time, and print what each got and the table."""
    bank = load()
    tried = [attack for attack in bank if attack.name not in NOT_TRIED]
    found: dict[str, list[dict[str, Any]]] = {}
    with ThreadPoolExecutor(2) as pool:
        for attack, result in zip(tried, pool.map(try_out, tried), strict=True):
            found.setdefault(attack.group, []).append(result)
            got = ", ".join(key for key in SEEN if result[key]) or "nothing"
            print(f"{attack.student}: {got} {result.get('why', '')}", flush=True)
    print("\n".join(table(found, bank)))


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    if len(sys.argv) > 1:
        print(json.dumps(one_class(sys.argv[1])), flush=True)
    else:
        main()
