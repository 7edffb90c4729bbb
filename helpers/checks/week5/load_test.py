"""Task `load_test`: the sums of a load test, its price, and the choice."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from helpers.checks import CheckFailed, NotAttempted, call, close, refuses, require, returns


def sums_up(summarise: Callable[..., Any], requests: pd.DataFrame, expected: Mapping[str, float]) -> None:
    """Check the summary of a load test: ``p50``, ``p95``, ``p99``, ``per_second`` and ``errors``."""
    found = returns(call(summarise, requests), dict, "the summary")
    missing = [name for name in expected if name not in found]
    require(not missing, f"the summary has no {', '.join(missing)}", where="the docstring names its keys")
    for name, (what, why, where) in _SUMS.items():
        close(found[name], expected[name], what=what, why=why, where=where)
    _raises(summarise, (requests.assign(ok=False),), "a load test without a single answer")
    _raises(summarise, (requests.head(0),), "a load test without a single request")


_PAUSE = "a pause of the server that hits fifty users would count as one slow request"
_FROM_DUE = "from `due`, not from `sent`; answered requests only; milliseconds; all of them in one percentile"
_SUMS = {name: (name, _PAUSE, _FROM_DUE) for name in ("p50", "p95", "p99")} | {
    "per_second": (
        "throughput",
        "",
        "rows of the answered requests, over the time from the first due to the last done",
    ),
    "errors": ("the share of errors", "", "of all requests"),
}


def costs(
    cost: Callable[..., Any], expected: Mapping[tuple[float, ...], float], senseless: Sequence[tuple[float, ...]]
) -> None:
    """Check the cost of a million predictions: ``expected`` by the arguments; an error where it makes no sense."""
    where = "dollars an hour over predictions an hour, times a million; an instance that is half idle costs twice"
    for arguments, dollars in expected.items():
        found = returns(call(cost, *arguments), float, "the cost")
        if len(arguments) == 3:
            close(found, dollars, what="the cost of a million predictions", where=where)
        else:
            close(found, dollars, what="the cost at full load", where="busy=1.0")
    for arguments in senseless:
        _raises(cost, arguments, "the cost of predictions that are not made")


def chooses(
    choose: Callable[..., Any], table: pd.DataFrame, expected: Mapping[tuple[float, float], str | None]
) -> None:
    """Check the choice from a table: ``expected`` by the limits of p99 and errors; None where nothing is within."""
    for (p99, errors), label in expected.items():
        if label is None:
            _raises(choose, (table, p99, errors), "a promise that no set-up keeps")
        elif (table.loc[label, "p99"], table.loc[label, "errors"]) == (p99, errors):
            _keeps_it_exactly(choose, table, p99, errors, label)
        else:
            _cheapest(choose, table, p99, errors, label)


def _cheapest(choose: Callable[..., Any], table: pd.DataFrame, p99: float, errors: float, label: str) -> None:
    chosen = call(choose, table, p99, errors)
    known = chosen in set(table.index)
    require(
        known and table.loc[chosen, "p99"] <= p99 and table.loc[chosen, "errors"] <= errors,
        "the chosen set-up breaks the promise, or is no label of the table",
        seen=f"{chosen!r}\n{table}",
        why="cheap and too slow is not cheap",
        where="both limits, p99 and errors; the index label, not a position",
    )
    require(
        chosen == label,
        "a cheaper set-up keeps the promise too",
        seen=f"{chosen!r}\n{table}",
        why="one instance costs the same whatever it does: the cheapest is the one that does most",
        where="largest per_second among those within the limits, not the lowest p99",
    )


def _keeps_it_exactly(choose: Callable[..., Any], table: pd.DataFrame, p99: float, errors: float, label: str) -> None:
    """Require a set-up whose figures are the limits themselves."""
    try:
        found = call(choose, table, p99, errors)
    except NotAttempted:
        raise
    except CheckFailed:  # a ValueError, when no other one is within the limits
        found = None
    require(
        found == label,
        "a set-up that just keeps the promise is not chosen",
        seen=f"limits {p99} ms and {errors}, the best within them is {label!r}\n{table}",
        why="the limit is the most that was promised: who keeps it to the dot keeps it",
        where="<= for both limits",
    )


def _raises(function: Callable[..., Any], arguments: tuple[Any, ...], what: str) -> None:
    refuses(
        function,
        arguments,
        what,
        instead="is given a value, though there is none",
        why="a zero or an infinity goes into a report, and nobody asks where it came from",
        where="the docstring's section Raises: test first, then compute",
    )
