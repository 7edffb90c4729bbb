"""``python -m bench``: grade the same class with each contender in turn, several rounds, and write the figures.

An interrupted run resumes where it stopped, on the same machine with the same packages and options. Each figure
stands beside the commit that it was measured on; ``--again`` forgets those of older ones.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from bench import classes, measure
from bench.contenders import ALONE, METER, OTTERS, Contender, contenders, floor_seconds
from bench.report import machine, markdown, table
from grader.course import CourseError, replace_file, stderr
from tests.sample_class import REPOSITORY

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
BUSY = 0.1  # share of the machine that others may use before a run is worth a warning
UV = str(Path(sys.executable).with_name("uv"))


def bench(
    students: Annotated[int, typer.Option(help="Submissions in the class.", min=2)] = 20,
    rounds: Annotated[int, typer.Option(help="Times that each contender grades them.", min=1)] = 3,
    only: Annotated[list[str] | None, typer.Option(help="Run this contender only; may be repeated.")] = None,
    file: Annotated[Path, typer.Option(help="File for the figures; RESULTS.md is written beside it.")] = RESULTS,
    again: Annotated[bool, typer.Option(help="Drop the figures in the file and start from nothing.")] = False,
) -> None:
    """Grade one class with stock nbgrader, otter-grader and this engine, and compare what they take."""
    chosen = [one for one in contenders() if not only or one.name in only]
    if unknown := set(only or []) - {one.name for one in chosen}:
        raise typer.BadParameter(
            f"no contender {', '.join(unknown)}; there are {', '.join(c.name for c in contenders())}"
        )
    if any(one.name == "otter" for one in chosen):
        _make_otters_environment()
    results = _resumed(file, students, again=again)
    for number, one in _missing(chosen, rounds, results["runs"]):
        results["runs"].append({"round": number, **_run(one, students)})
        replace_file(file, (json.dumps(results, indent=1) + "\n").encode())
        replace_file(file.with_name("RESULTS.md"), markdown(results).encode())
    print(table(results))


def _missing(chosen: list[Contender], rounds: int, runs: list[dict[str, Any]]) -> Iterator[tuple[int, Contender]]:
    """Give every contender once in a round, each round beginning with another one."""
    done = {(run["round"], run["contender"]) for run in runs}
    for number in range(rounds):
        shift = number % len(chosen)
        for one in [*chosen[shift:], *chosen[:shift]]:
            if (number, one.name) not in done:
                yield number, one


def _run(one: Contender, students: int) -> dict[str, Any]:
    """Let one contender grade the class in a fresh folder."""
    handed_in = 1 if one.name in ALONE else students
    with TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as name:
        folder = Path(name) / "course"
        one.prepare(folder, students)
        busy = measure.others()
        if busy > BUSY:
            stderr.print(
                f"{busy:.0%} of this machine is busy with something else: these times say little.", style="red"
            )
        stderr.print(f"{one.title}: {handed_in} submissions …")
        begun = time.time()
        measured = measure.run(one.commands, folder, one.environment)
        run = {
            "contender": one.name,
            "commit": commit(),
            "students": handed_in,
            "busy_before": busy,
            **asdict(measured),
        }
        if (folder / METER).exists():
            run["floor"] = round(floor_seconds(folder), 2)
        if marked := [path.stat().st_mtime for path in folder.glob("autograded/*/*/results.json")]:
            run["first_mark"] = round(min(marked) - begun, 2)  # feedback comes after it
        run["points"] = one.points(folder)
    stderr.print(
        f"  {run['wall']:.1f} s, {run['cpu']:.1f} CPU-seconds, {run['memory']:.0f} MiB, {run['points']:g} points"
    )
    return run


def _resumed(file: Path, students: int, *, again: bool) -> dict[str, Any]:
    """Return the figures that the file holds of this very benchmark, or none."""
    new = {"version": 1, "students": students, "points": classes.POINTS, **machine()}
    if file.exists() and not again:
        old = json.loads(file.read_text())
        if all(old.get(key) == new[key] for key in ("version", "students", "packages", "machine")):
            return old
    return {**new, "runs": []}


def commit() -> str:
    """Name the commit that is measured; it ends in ``-dirty`` when anything was changed since."""
    command = ["git", "describe", "--always", "--dirty", "--exclude=*", "--abbrev=12"]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout.strip()


def _make_otters_environment() -> None:
    """Make .venv-bench: the course's locked versions and otter-grader's own, with one of ours that it cannot take."""
    if OTTERS.exists():
        return
    folder, pins = OTTERS.parents[1], HERE / "otter-requirements.txt"
    stderr.print(f"Making {folder.name} for otter-grader …")
    try:
        with TemporaryDirectory() as name:
            override = Path(name) / "overrides.txt"
            override.write_text("".join(line for line in pins.open() if line.startswith("wrapt==")))
            _uv("venv", "--python", sys.executable, str(folder))
            wanted = ["-r", str(REPOSITORY / "requirements.txt"), "-r", str(pins), "--overrides", str(override)]
            _uv("pip", "install", "--python", str(OTTERS), "--compile-bytecode", *wanted)
    except subprocess.CalledProcessError as error:
        rmtree(folder, ignore_errors=True)
        remedy = "See that the package index can be reached, or leave otter-grader out with --only."
        raise CourseError(f"{folder} could not be made: {error.stderr[-1000:]}", remedy) from error


def _uv(*arguments: str) -> None:
    subprocess.run([UV, *arguments, "--quiet"], check=True, capture_output=True, text=True)


def main() -> None:
    """Run, and report what a person must put right in words."""
    try:
        typer.run(bench)
    except (CourseError, measure.CommandFailed) as error:
        stderr.print(str(error), style="red", markup=False)
        sys.exit(2)


if __name__ == "__main__":
    main()
