"""Verdicts of an audit, and docs/ACCURACY.md, which publishes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from grader.course import Course

KINDS = ("right", "wrong", "overfit", "mutant")
FOLDER = Path("tests") / "audit"  # weekN.yaml: task → mutant → why it is right; unseen.yaml: answers written blind
ENOUGH_KILLED = 0.95


@dataclass
class Verdict:
    """What the tests said of one answer: the outcome and message of each part, in order.

    ``stopped`` says how the tests ended if they did not get through; ``seconds`` is the time that they took.
    """

    kind: str
    name: str
    parts: dict[str, tuple[str, str]] = field(default_factory=dict)
    stopped: str = ""
    seconds: float = 0.0

    @property
    def accepted(self) -> bool:
        """True where every part passed."""
        return not self.stopped and all(outcome == "passed" for outcome, _ in self.parts.values())

    @property
    def killers(self) -> list[str]:
        """Names of the parts that rejected it by themselves."""
        return [name for name, (outcome, _) in self.parts.items() if outcome not in ("passed", "skipped")]

    @property
    def right(self) -> bool:
        """True where the tests said what is true of this answer."""
        return self.accepted == (self.kind == "right")


@dataclass
class Audit:
    """All verdicts on one task, under one seed, with the names of the parts that its test cell declares."""

    task: str
    points: dict[str, float]
    verdicts: list[Verdict]
    equivalent: dict[str, str]
    seed: int = 1

    def of(self, kind: str) -> list[Verdict]:
        """Return the verdicts on answers of one kind; mutants that are known to be right are left out."""
        return [one for one in self.verdicts if one.kind == kind and one.name not in self.equivalent]

    @property
    def false(self) -> list[Verdict]:
        """Return the answers that the tests got wrong, but for mutants, of which some are right answers."""
        return [one for kind in ("right", "wrong", "overfit") for one in self.of(kind) if not one.right]

    @property
    def survivors(self) -> list[Verdict]:
        """Return the mutants that passed and that nobody has said to be equivalent."""
        return [one for one in self.of("mutant") if one.accepted]

    @property
    def idle(self) -> list[str]:
        """Return the parts that are the only killer of no wrong answer."""
        sole = {one.killers[0] for kind in KINDS[1:] for one in self.of(kind) if len(one.killers) == 1}
        return [name for name in self.points if name not in sole]

    @property
    def killed(self) -> float:
        """Return the share of mutants that a part rejects; 1 where there are none."""
        found = self.of("mutant")
        return 1 - len(self.survivors) / len(found) if found else 1.0

    @property
    def good(self) -> bool:
        """True where every answer got its due, and enough mutants were killed."""
        return not self.false and self.killed >= ENOUGH_KILLED


# --- docs/ACCURACY.md ---


def listed(course: Course, name: str) -> dict[str, Any]:
    """Read one of the lists of ``tests/audit``; empty where there is none."""
    path = course.root / FOLDER / f"{name}.yaml"
    return (yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else None) or {}


def accuracy(course: Course, audits: list[Audit]) -> str:
    """Write docs/ACCURACY.md: a row for each task, what is wrong, and how unseen answers fared."""
    lines = [HEAD, *_tasks(audits), "", "## What is not as it should be", "", *_faults(audits)]
    return "\n".join([*lines, "", *_unseen(listed(course, "unseen"))]) + "\n"


HEAD = """\
# Accuracy

How often the tests of each task are wrong about an answer. `make audit` measures it and writes this file; for one
task, `course audit week3 threshold`. *Right* answers must be accepted, in every round: each has another seed,
sample size, time zone, locale and number of threads. *Wrong* answers (each violates one clause of the text),
*overfitters* of the visible checks and *mutants* of the author's answer must be rejected. A mutant that is a right
answer is listed with the reason in `tests/audit/weekN.yaml`, and not counted.

| task | parts | rounds | right accepted | wrong rejected | overfit rejected | mutants killed | equivalent |
|---|---:|---:|---:|---:|---:|---:|---:|"""

UNSEEN = """\
## Answers that nobody who wrote the tests had seen

Written from the released notebooks alone, and judged before anybody looked at them. After that they join the bank.

| judged | weeks | right, rejected | wrong, accepted | overfit, accepted |
|---|---|---:|---:|---:|"""


def _tasks(audits: list[Audit]) -> Iterator[str]:
    for task in dict.fromkeys(one.task for one in audits):
        rounds = [one for one in audits if one.task == task]
        first, right = rounds[0], [verdict for one in rounds for verdict in one.of("right")]
        counts = [_count(right), _count(first.of("wrong")), _count(first.of("overfit"))]
        killed = f"{_count(first.of('mutant'))} ({first.killed:.0%})" if first.of("mutant") else "–"
        row = (task, len(first.points), len(rounds), *counts, killed, len(first.equivalent))
        yield f"| {' | '.join(map(str, row))} |"


def _count(verdicts: list[Verdict]) -> str:
    return f"{sum(one.right for one in verdicts)} of {len(verdicts)}"


def _faults(audits: list[Audit]) -> list[str]:
    found = [
        f"- `{one.task}`, seed {one.seed}: {fault.kind} answer `{fault.name}`" for one in audits for fault in one.false
    ]
    found += [f"- `{one.task}`: mutant survives: `{lives.name}`" for one in audits for lives in one.survivors]
    found += [
        f"- `{one.task}`: parts that alone reject nothing: {', '.join(one.idle)}"
        for one in audits
        if one.idle and one.of("wrong")
    ]
    return found or ["Nothing was found."]


def _unseen(rounds: dict[str, Any]) -> Iterator[str]:
    """Give a table of answers that were written from the released notebooks alone, as they fared when first judged."""
    yield UNSEEN
    for one in rounds.get("rounds", []):
        cells = [f"{one[kind][0]} of {one[kind][1]}" for kind in KINDS[:3]]
        yield f"| {one['judged']} | {one['weeks']} | {' | '.join(cells)} |"
    yield from ("", *rounds.get("notes", []))
