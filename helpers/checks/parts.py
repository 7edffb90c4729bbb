"""Parts of a task: each has points and the clause that it stands for; one that fails does not stop the next."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

from helpers.checks.core import CheckFailed, NotAttempted, Noted, hidden

MIME = "application/vnd.course.mark+json"  # the parts as data, for programs that run a notebook
SIGNS = {"passed": "✓", "failed": "✗", "not attempted": "·", "skipped": "↷"}
COLOURS = {"passed": "#1b5e20", "failed": "#8e1b1b", "not attempted": "#616161", "skipped": "#8a6d00"}
MORE = "Grading looks at each part on data that you have not seen, too."


@dataclass
class Part:
    """A part that was tried: what it is worth, the clause of the task that it quotes, and what was found.

    ``failure`` is None where it passed. ``changed`` is a slip that only the least of the parts that saw it pays for.
    ``unexpected`` is an error that no check raised: an answer whose value the check could not handle, or a mistake in
    the check itself.
    """

    name: str
    points: float
    clause: str
    outcome: str = "passed"
    failure: CheckFailed | None = None
    unexpected: BaseException | None = None
    changed: CheckFailed | None = None  # an argument was changed in place

    @property
    def message(self) -> str:
        """What the student reads; empty where the part passed."""
        return str(self.failure or "")

    def document(self, message: str) -> dict[str, str]:
        """Return what was found as plain data; ``ename`` is the kind of an unexpected error."""
        ename = type(self.unexpected).__name__ if self.unexpected else ""
        return {"name": self.name, "outcome": self.outcome, "message": message, "ename": ename}


@dataclass
class Mark:
    """What one test cell found, part by part. It is the cell's value: nbgrader takes its text for the points earned.

    Parameters
    ----------
    points
        what the task is worth. Parts that students do not see count into it; where the cell lacks them, as it does in
        a student's notebook, a task whose other parts pass is shown with all its points
    """

    points: float
    tried: list[Part] = field(default_factory=list)
    _unseen: bool = False  # hidden tests have run in this cell
    _inside: bool = False  # an error comes from within hidden tests

    @contextmanager
    def part(self, name: str, points: float, clause: str, *, after: tuple[str, ...] = ()) -> Iterator[None]:
        """Run one part's checks, record whether they hold, and go on either way (but not under nbgrader's Validate).

        Parameters
        ----------
        clause
            the sentence of the task that this part stands for
        after
            parts without which this one is worth nothing
        """
        tried, self._inside, Noted.kept = Part(name, points, clause), False, []
        try:
            yield
        except CheckFailed as error:
            tried.outcome = "not attempted" if isinstance(error, NotAttempted) else "failed"
            tried.failure = error.with_traceback(None)
        except (Exception, SystemExit) as error:
            self._stopped(tried, error)
        finally:
            tried.changed, Noted.kept = next(iter(Noted.kept or []), None), None
        lacking = [one.name for one in self.tried if one.name in after and one.outcome != "passed"]
        if lacking and tried.outcome == "passed":
            names = " and ".join(f"`{one}`" for one in lacking)
            tried.outcome, tried.failure = "skipped", CheckFailed(f"this part counts only where {names} holds")
        self.tried.append(tried)
        found = tried.failure or tried.changed
        if found and "NBGRADER_VALIDATING" in os.environ:  # its Validate button shows errors, and no values
            raise found

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """Keep every value out of what a failed check says: for tests that students do not see."""
        self._unseen = True
        try:
            with hidden():
                yield
        except Exception:
            self._inside = True
            raise

    def _stopped(self, tried: Part, error: BaseException) -> None:
        """Note an error that is no failed check: its words may be those of hidden data."""
        if isinstance(error, NotImplementedError):
            tried.outcome, tried.failure = "not attempted", NotAttempted("a function of this task")
            return
        tried.outcome, tried.unexpected = "failed", error
        if name := missing(error):
            where = "the cell that defines it: is it there, and did it run?"
            tried.failure = CheckFailed(f"your notebook has no `{name}`", where=where)
            return
        kind = type(error).__name__
        where = "what your function returns: its kind, its shape, its names"
        tried.failure = CheckFailed(f"the checks of this part stopped with {kind}", seen=str(error), where=where)
        if self._inside:
            tried.failure.hide()

    @property
    def parts(self) -> list[Part]:
        """The parts; of those that saw an argument changed in place, and hold otherwise, the least fails for it."""
        saw = [part for part in self.tried if part.changed and part.outcome == "passed"]
        least = min(saw, key=lambda part: part.points, default=None)
        return [replace(one, outcome="failed", failure=one.changed) if one is least else one for one in self.tried]

    @property
    def earned(self) -> float:
        """Points of the parts that passed."""
        sure = sum(part.points for part in self.parts if part.outcome == "passed")
        return self.points if not self._unseen and self.parts and not self.failed else sure

    @property
    def failed(self) -> list[Part]:
        """The parts that did not pass."""
        return [part for part in self.parts if part.outcome != "passed"]

    @property
    def stub(self) -> NotAttempted | None:
        """What a stub says, where nothing of the task passed and one stopped its checks."""
        stubs = [part.failure for part in self.parts if isinstance(part.failure, NotAttempted)]
        return stubs[0] if stubs and len(self.failed) == len(self.parts) else None

    def require_all(self) -> None:
        """Raise what the first failed part found.

        Raises
        ------
        CheckFailed
            when a part failed
        Exception
            when a part stopped with an error that no check raised
        """
        if self.stub:
            raise self.stub
        for part in self.failed:
            raise part.unexpected or part.failure or AssertionError

    def __repr__(self) -> str:
        """Return the points earned, as a number: nbgrader reads them here."""
        return f"{self.earned:g}"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Give the number, a card for people, and the parts for programs."""
        parts = [part.document(part.message) for part in self.parts]
        return {"text/plain": repr(self), "text/html": self._card(), MIME: {"points": self.points, "parts": parts}}

    def _card(self) -> str:
        if self.stub:
            return f"<p>{_prose(str(self.stub))}</p>"
        rows = "".join(map(_row, self.parts))
        waiting = self.points - sum(part.points for part in self.parts)
        after = [MORE] if not self._unseen else []
        if waiting > 0:
            after.append(f"{waiting:g} of the {self.points:g} points are for parts that only grading looks at.")
        head = f"{sum(p.points for p in self.parts if p.outcome == 'passed'):g} of {self.points - max(waiting, 0):g}"
        table = f"<table style='text-align: left'><tbody>{rows}</tbody></table>"
        return f"<div><b>{head} points</b>{table}<small>{' '.join(after)}</small></div>"


def missing(error: BaseException | None) -> str:
    """Return the name that a test's own line did not find; empty for any other error, a student's own among them."""
    return error.name or "" if isinstance(error, NameError) and not hasattr(error, "in_answer") else ""


def _row(part: Part) -> str:
    sign = f"<td style='color: {COLOURS[part.outcome]}; vertical-align: top'><b>{SIGNS[part.outcome]}</b></td>"
    worth = f"{part.points:g}" if part.outcome == "passed" else f"0 of {part.points:g}"
    what, *more = part.message.splitlines() or [""]
    told = f"<br><b style='color: {COLOURS[part.outcome]}'>{_prose(what)}</b>" if what else ""
    told += "".join(f"<br>{_prose(line)}" for line in more)
    words = f"<td style='text-align: left; white-space: normal'><code>{escape(part.name)}</code> {_prose(part.clause)}"
    return f"<tr>{sign}{words}{told}</td><td style='vertical-align: top; white-space: nowrap'>{worth}</td></tr>"


def _prose(text: str) -> str:
    """Write text as HTML, with what stands between backticks as code; spaces that make columns stay."""
    pieces = [escape(piece) for piece in text.split("`")]
    pieces[1::2] = [f"<code>{piece}</code>" for piece in pieces[1::2]]
    return "".join(pieces).replace("  ", "&nbsp; ")
