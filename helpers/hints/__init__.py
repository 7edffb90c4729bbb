"""Three hints for each task: a nudge, the approach, nearly there. They are counted and never cost a point."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from importlib.resources import files

import yaml
from IPython.display import Markdown, display

from helpers.internal.state import changing
from helpers.notebook import PlainError

STAGES = ("a nudge", "the approach", "nearly there")


class NoSuchHint(PlainError, LookupError):
    """An error for a task, or a stage, that does not exist."""


class _Shown(Markdown):
    """Markdown in a notebook, plain text in a terminal."""

    def __repr__(self) -> str:
        return str(self.data)


@cache
def texts() -> dict[str, tuple[str, ...]]:
    """The three hints of every task by its full name, e.g. ``week1.time_split``."""
    weeks = [file for file in files(__name__).iterdir() if file.name.endswith(".yaml")]
    return {
        f"{file.name.removesuffix('.yaml')}.{task}": tuple(hints)
        for file in sorted(weeks, key=lambda file: file.name)
        for task, hints in yaml.safe_load(file.read_text(encoding="utf-8")).items()
    }


def hint(task: str, stage: int | None = None) -> None:
    """Show the next hint of a task, or a given one (1 to 3) again.

    Parameters
    ----------
    task
        week and task, e.g. ``"week1.time_split"``

    Raises
    ------
    NoSuchHint
        for an unknown task, with the names that come near, or a stage outside 1 to 3
    """
    hints = _of(task)
    with changing("hints") as seen:
        number = min(seen.get(task, 0) + 1, len(hints)) if stage is None else stage
        if number not in range(1, len(hints) + 1):
            raise NoSuchHint(f"`{task}` has hints 1 to {len(hints)}, not {stage!r}.")
        seen[task] = max(seen.get(task, 0), number)
    text = f"**Hint {number} of {len(hints)}, {STAGES[number - 1]}.** {hints[number - 1].strip()}"
    display(_Shown(f"{text}\n\n{_left(task, number)}"))


def _of(task: str) -> tuple[str, ...]:
    known = texts()
    if task in known:
        return known[task]
    near = get_close_matches(str(task), known, n=3, cutoff=0.5) or [n for n in known if n.endswith(f".{task}")]
    names = near or list(known)
    raise NoSuchHint(f"There is no hint `{task}`. {'Did you mean' if near else 'There are'}: {', '.join(names)}?")


def _left(task: str, number: int) -> str:
    remaining = len(STAGES) - number
    if not remaining:
        return f'*That was the last one. `helpers.hint("{task}", 1)` shows the first again.*'
    return f"*{remaining} more if you need {'it' if remaining == 1 else 'them'}. Hints cost no points.*"
