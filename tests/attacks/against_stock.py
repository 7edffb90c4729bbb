"""The same bank against stock nbgrader: ``python -m tests.attacks.against_stock`` prints the table of README.md.

Each attack is handed in to the small course beside two honest students, and graded by nbgrader as it is installed, in
bubblewrap: with processes, a network and a disk of its own, so that what succeeds harms nobody. What could only be
bounded by a whole machine (memory, numbers of processes) is not tried. It takes about an hour; what each attack got is
kept in ``against_stock.json``, and a run that was broken off goes on where it stopped (remove the file to begin anew).
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.attacks import Attack, load

REPOSITORY = Path(__file__).parents[2]
NOT_TRIED = {"memory", "shared_memory", "many_processes_memory", "fork_bomb", "threads", "recursion", "giant_json"}
PATIENCE = 600  # seconds for one class of three
KEPT = Path(__file__).with_suffix(".json")
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
    graded = {s: api.autograde("week1", s, create=True)["success"] for s in ("aaron", attack.student, "zoe")}
    api.generate_feedback("week1", attack.student)
    marks = {s: sum(row[2] or 0 for row in grades(room.course) if row[0] == s) for s in graded}
    pages = [p.read_text(errors="replace") for p in (root / f"feedback/{attack.student}").rglob("*") if p.is_file()]
    return {
        "points": marks[attack.student] > 0,
        "hidden": any(word in page for page in pages for word in SECRETS),
        "others": any(marks[student] != sum((40, 45)) for student in ("aaron", "zoe")),
        "down": not all(graded.values()),
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


def kept() -> dict[str, dict[str, bool]]:
    """What each attack got, by its student, as far as it was tried."""
    return json.loads(KEPT.read_text()) if KEPT.exists() else {}


def table(results: dict[str, dict[str, bool]]) -> list[str]:
    """The README's table, line by line."""
    bank = load()
    rows = []
    for group in dict.fromkeys(attack.group for attack in bank):
        students = [attack.student for attack in bank if attack.group == group]
        tried = [results[student] for student in students if student in results]
        rows.append([len(students), len(tried), *(sum(one[key] for one in tried) for key in SEEN)])
    groups = [*dict.fromkeys(attack.group for attack in bank), "all"]
    rows.append([sum(column) for column in zip(*rows, strict=True)])
    lines = [[group, *map(str, row)] for group, row in zip(groups, rows, strict=True)]
    return [_line(TITLES), "|---" + "|---:" * (len(TITLES) - 1) + "|", *map(_line, lines)]


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Try every attack that was not tried yet, and print what each got and the table."""
    results = kept()
    for attack in load():
        if attack.name in NOT_TRIED or attack.student in results:
            continue
        found = try_out(attack)
        print(f"{attack.student}: {', '.join(key for key in SEEN if found[key]) or 'nothing'} {found.pop('why', '')}")
        results[attack.student] = found
        KEPT.write_text(json.dumps(dict(sorted(results.items())), indent=1) + "\n")
    print("\n".join(table(results)))


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    if len(sys.argv) > 1:
        print(json.dumps(one_class(sys.argv[1])), flush=True)
    else:
        main()
