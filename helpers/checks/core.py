"""Failed checks: what they say, and what a hidden test leaves out of it."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Self

LONGEST = 600  # characters of `seen`: enough for a small table, too few to bury the message


class CheckFailed(AssertionError):
    """A property that does not hold, in words for the student.

    Parameters
    ----------
    broke
        one line: what is wrong. It is shown by hidden tests too, so it holds no value of the data
    seen
        the values that show it; hidden tests leave it out
    why
        what would go wrong at the desk because of it
    where
        the place to look at next
    """

    def __init__(self, broke: str, *, seen: str = "", why: str = "", where: str = "") -> None:
        super().__init__(broke)
        self.broke, self.why, self.where = broke, why, where
        self.seen = seen if len(seen) <= LONGEST else seen[:LONGEST] + " …"
        self.on_unseen_data = False

    def __str__(self) -> str:
        """Return the message, one line for each field that has something to say."""
        lines = [self.broke, "This was found on data that you have not seen." if self.on_unseen_data else ""]
        seen = self.seen.replace("\n", "\n  ")  # values cannot pass for the lines after them
        labelled = (("Seen", seen), ("Why it matters", self.why), ("Where to look", self.where))
        lines += [f"{label}: {text}" if text else "" for label, text in labelled]
        return "\n".join(line for line in lines if line)

    def _render_traceback_(self) -> list[str]:
        """Return what Jupyter shows in place of a traceback."""
        return str(self).splitlines()

    def hide(self) -> None:
        """Drop every value: the field that shows them, the exceptions behind this one and the frames."""
        self.seen, self.on_unseen_data = "", True
        self.__cause__ = self.__context__ = self.__traceback__ = None


class NotAttempted(CheckFailed):
    """The task's function is still the stub of the release."""

    def __init__(self, name: str) -> None:
        super().__init__(f"not attempted yet: `{name}` still holds the stub")

    def hide(self) -> None:
        """Say the same as in a visible test: a stub has seen no data."""
        super().hide()
        self.on_unseen_data = False


class Noted:
    """Slips that cost something by themselves and let a check go on; in a part of a task they are kept here."""

    kept: list[CheckFailed] | None = None  # None: there is no part, and the slip is raised


class hidden:
    """Context of hidden tests: a failed check names the property and why it matters, and shows no value.

    An error that is not a failed check comes from the test itself and passes through unchanged.
    """

    def __enter__(self) -> Self:
        """Open the context."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        """Take the values out of a failed check on its way up."""
        if isinstance(error, CheckFailed):
            error.hide()


def require(
    condition: object, broke: str, *, seen: str | Callable[[], str] = "", why: str = "", where: str = ""
) -> None:
    """Fail the check unless ``condition`` is true.

    ``seen`` may be a function without arguments; it is called only when the check fails.
    """
    if not condition:
        raise CheckFailed(broke, seen=seen() if callable(seen) else seen, why=why, where=where)


def passed(text: str) -> None:
    """Tell the student what was found to hold."""
    print(f"✓ {text}")
