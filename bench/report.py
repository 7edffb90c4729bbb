"""The figures of a benchmark as tables, and the machine they come from."""

from __future__ import annotations

import os
import platform
import time
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from bench.contenders import Contender, contenders

PACKAGES = ("nbgrader", "nbclient", "nbconvert", "ipykernel", "jupyter_client", "pandas", "scikit-learn", "lightgbm")
CLASS = ("stock", "stock2", "stock2-calm", "otter", "engine-all", "engine")
FLOORS = {"engine": "floor", "engine-all": "floor-all"}
TEMPLATE = Path(__file__).with_name("RESULTS.template.md")
UNTOUCHED = "first-untouched"
ALONE = (UNTOUCHED, "first", "stock-untouched")

Runs = list[dict[str, Any]]


def machine() -> dict[str, Any]:
    """Describe what the figures depend on besides the code."""
    names = [line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    memory = int(_lines("/proc/meminfo")[0].split()[1]) // (1 << 20)
    return {
        "machine": {
            "processor": names[0] if names else platform.machine(),
            "cores": os.cpu_count(),
            "memory_gib": memory,
            "system": f"{platform.system()} {platform.release().split('-')[0]}",
            "python": platform.python_version(),
        },
        "packages": {name: version(name) for name in PACKAGES} | {"otter-grader": _otters_version()},
        "date": time.strftime("%Y-%m-%d"),
    }


def _otters_version() -> str:
    lines = _lines(str(Path(__file__).with_name("otter-requirements.txt")))
    return next(line.removeprefix("otter-grader==") for line in lines if line.startswith("otter-grader=="))


def _lines(path: str) -> list[str]:
    return Path(path).read_text(encoding="utf-8").splitlines()


def of(runs: Runs, name: str) -> dict[int, dict[str, Any]]:
    """Return one contender's runs, by round."""
    return {run["round"]: run for run in runs if run["contender"] == name}


def spread(values: list[float], form: str = ".1f") -> str:
    """Median, with the least and the most where they differ."""
    if not values:
        return "–"
    middle, least, most = (format(value, form) for value in (median(values), min(values), max(values)))
    return middle if least == most else f"{middle} ({least}–{most})"


def ratios(runs: Runs, slower: str, faster: str, key: str = "wall") -> list[float]:
    """Divide what the one took by what the other took, round by round: what a machine does changes with the hour."""
    above, below = of(runs, slower), of(runs, faster)
    return [above[number][key] / below[number][key] for number in sorted(above.keys() & below.keys())]


def overheads(runs: Runs, name: str, cores: int) -> list[float]:
    """Divide what a contender took by its floor, round by round."""
    took, floor = of(runs, name), of(runs, FLOORS[name])
    return [took[n]["wall"] * cores / floor[n]["floor"] for n in sorted(took.keys() & floor.keys())]


def table(results: dict[str, Any]) -> str:
    """Write the class and the single submissions as Markdown."""
    return "\n".join([*_class_table(results), "", *_floor_lines(results), "", *_single_table(results["runs"])])


def _class_table(results: dict[str, Any]) -> list[str]:
    runs = results["runs"]
    head = "| | s a submission | times as fast as stock | CPU-s a submission | MiB in all | MiB a worker | marks |"
    lines = [head, "|---|---|---|---|---|---|---|"]
    for one in contenders():
        mine = list(of(runs, one.name).values())
        if one.name in CLASS and mine:
            lines.append(_row(one, mine, ratios(runs, "stock", one.name), results["points"]))
    return lines


def _row(one: Contender, mine: Runs, faster: list[float], full: float) -> str:
    cells = [
        one.title,
        spread([run["wall"] / run["students"] for run in mine]),
        spread(faster, ".2f"),
        spread([run["cpu"] / run["students"] for run in mine]),
        spread([run["memory"] for run in mine], ".0f"),
        spread([run["memory"] / one.workers for run in mine], ".0f"),
        spread([100 * run["points"] / (full * run["students"]) for run in mine], ".0f") + " %",
    ]
    return f"| {' | '.join(cells)} |"


def _floor_lines(results: dict[str, Any]) -> list[str]:
    cores, lines = results["machine"]["cores"], ["| | floor, s a submission | times the floor |", "|---|---|---|"]
    titles = {one.name: one.title for one in contenders()}
    for name, floor in FLOORS.items():
        found = of(results["runs"], floor).values()
        if found:
            least = spread([run["floor"] / cores / run["students"] for run in found])
            lines.append(f"| {titles[name]} | {least} | {spread(overheads(results['runs'], name, cores), '.2f')} |")
    return lines if len(lines) > 2 else []


def _single_table(runs: Runs) -> list[str]:
    head = "| seconds from the command | to its first mark | to its end | the first mark, times stock's untouched |"
    lines, stock = [head, "|---|---|---|---|"], of(runs, "stock-untouched")
    titles = {one.name: one.title for one in contenders()}
    for name in ALONE:
        if mine := of(runs, name).values():
            marked = {run["round"]: run["first_mark"] for run in mine if "first_mark" in run}
            both = marked.keys() & stock.keys() if name == UNTOUCHED else set()
            share = [marked[number] / stock[number]["wall"] for number in both]
            end = spread([run["wall"] for run in mine])
            lines.append(f"| {titles[name]} | {spread([*marked.values()])} | {end} | {spread(share, '.2f')} |")
    return lines if len(lines) > 2 else []


def markdown(results: dict[str, Any]) -> str:
    """Write the content of RESULTS.md."""
    found, runs = results["machine"], results["runs"]
    # Single submissions may have been timed again since; where nothing else was, theirs are the rounds.
    rounds = len({run["round"] for run in runs if run["contender"] in CLASS} or {run["round"] for run in runs})
    machine_line = (
        f"{found['processor']}, {found['cores']} cores, {found['memory_gib']} GiB, {found['system']}, "
        f"Python {found['python']}. {', '.join(f'{name} {number}' for name, number in results['packages'].items())}."
    )
    busy = max((run["busy_before"] for run in runs), default=0.0)
    return TEMPLATE.read_text(encoding="utf-8").format(
        students=results["students"],
        rounds=rounds,
        date=results["date"],
        commits=", ".join(dict.fromkeys(run["commit"] for run in runs)),
        machine=machine_line,
        busy=f"{busy:.0%}",
        table=table(results),
    )
