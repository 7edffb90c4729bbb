"""Task `load_test`: the sums of a load test, its price, and the choice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from helpers.checks import call, call_or_none, close, refuses, require, returns


def latency(summarise: Callable[..., Any], requests: pd.DataFrame, expected: Mapping[str, float], what: str) -> None:
    """Compare the percentiles of latency with what is expected; ``what`` names what is special in these requests."""
    found = _summary(summarise, requests, expected)
    percentiles = [name for name in expected if name.startswith("p") and name[1:].isdigit()]
    got = {name: returns(found[name], float, name) for name in percentiles}
    for name in percentiles:
        in_seconds = abs(got[name] * 1e3 - expected[name]) <= 1e-6 * expected[name]
        where = "milliseconds: times are in seconds" if in_seconds else _WHERE[what]
        close(got[name], expected[name], what=f"{name} {_OF[what]}", why=_WHY[what], where=where)


PLAIN, PAUSE, FAILED = "plain", "pause", "failed"
_OF = {
    PLAIN: "of requests that were all sent when due, and answered",
    PAUSE: "of a load test in which the server hung",
    FAILED: "of a load test in which requests failed",
}
_WHY = {
    PLAIN: "the numbers go into the promise to the users",
    PAUSE: "a pause of the server that hits fifty users would count as one slow request",
    FAILED: "an error is quick: a server that errs would look like a fast one",
}
_WHERE = {
    PLAIN: "one percentile of all latencies together, as NumPy's default has them",
    PAUSE: "latency runs from `due`, not from `sent`",
    FAILED: "latency is that of the answered requests only",
}


def throughput(summarise: Callable[..., Any], requests: pd.DataFrame, expected: Mapping[str, float]) -> None:
    """Compare the rows answered in a second with what is expected."""
    found = returns(_summary(summarise, requests, expected)["per_second"], float, "per_second")
    close(
        found,
        expected["per_second"],
        what="throughput",
        why="capacity is planned with it, and the price of a prediction",
        where="rows of the answered requests, over the time from the first due to the last done of all requests",
    )


def errors(summarise: Callable[..., Any], requests: pd.DataFrame, expected: Mapping[str, float]) -> None:
    """Compare the share of requests that failed with what is expected."""
    found = returns(_summary(summarise, requests, expected)["errors"], float, "errors")
    close(found, expected["errors"], what="the share of errors", where="of all requests, not of rows or of seconds")


def unanswered(summarise: Callable[..., Any], requests: pd.DataFrame) -> None:
    """Require a ValueError where no request was answered, and where there is none."""
    _summary(summarise, requests, ())
    _raises(summarise, (requests.assign(ok=False),), "a load test without a single answer")
    _raises(summarise, (requests.head(0),), "a load test without a single request")


def _summary(summarise: Callable[..., Any], requests: pd.DataFrame, names: Iterable[str]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = returns(call(summarise, requests), dict, "the summary")
    missing = [name for name in names if name not in found]
    require(not missing, f"the summary has no {', '.join(missing)}", where="the docstring names its keys")
    return found


def costs(cost: Callable[..., Any], expected: Mapping[tuple[float, ...], float]) -> None:
    """Compare the dollars for a million predictions with what is ``expected`` by the arguments."""
    where = "dollars an hour over predictions an hour, times a million; an instance that is half idle costs twice"
    for arguments, dollars in expected.items():
        found = returns(call(cost, *arguments), float, "the cost")
        if len(arguments) == 3:
            close(found, dollars, what="the cost of a million predictions", where=where)
        else:
            close(found, dollars, what="the cost at full load", where="busy=1.0")


def costs_nothing(cost: Callable[..., Any], senseless: Sequence[tuple[float, ...]]) -> None:
    """Require a ValueError for arguments that make no sense, and none for those that just do."""
    returns(call(cost, 1.0, 1e-3, 1.0), float, "the cost")
    for arguments in senseless:
        _raises(cost, arguments, "the cost of predictions that are not made")


def chooses(choose: Callable[..., Any], table: pd.DataFrame, expected: Mapping[tuple[float, float], Any]) -> None:
    """Check the choice from a table: ``expected`` has the best label by the limits of p99 and errors."""
    for (p99, errors), label in expected.items():
        _cheapest(choose, table, p99, errors, label)


def keeps_to_the_dot(
    choose: Callable[..., Any], table: pd.DataFrame, expected: Mapping[tuple[float, float], Any]
) -> None:
    """Require set-ups of which a figure, or both, are the limits themselves: ``expected`` by the limits."""
    for (p99, errors), label in expected.items():
        _keeps_it_exactly(choose, table, p99, errors, label)


def chooses_none(choose: Callable[..., Any], table: pd.DataFrame, limits: Sequence[tuple[float, float]]) -> None:
    """Require a ValueError where no set-up is within the limits, and where there is none."""
    call(choose, table, float(table["p99"].max()), float(table["errors"].max()))
    for p99, errors in limits:
        _raises(choose, (table, p99, errors), "a promise that no set-up keeps")
    _raises(choose, (table.head(0), 100.0, 0.5), "a choice among no set-ups")


def _cheapest(choose: Callable[..., Any], table: pd.DataFrame, p99: float, errors: float, label: Any) -> None:
    chosen = call(choose, table, p99, errors)
    require(
        any(chosen == name for name in table.index),
        "what was chosen is no label of the table",
        seen=f"{chosen!r}\n{table}",
        why="nobody knows which set-up that is",
        where="the index label of the row, not its position and not the row itself",
    )
    for name, most in {"p99": p99, "errors": errors}.items():
        require(
            table.loc[chosen, name] <= most,
            f"the chosen set-up breaks the promise: its {name}",
            seen=f"{chosen!r}, limits {p99} ms and {errors}\n{table}",
            why="cheap and too slow is not cheap, and an error is no answer",
            where="both limits, each from its argument",
        )
    require(
        chosen == label,
        "a cheaper set-up keeps the promise too",
        seen=f"{chosen!r}\n{table}",
        why="one instance costs the same whatever it does: the cheapest is the one that does most",
        where="largest per_second among those within the limits, not the lowest p99",
    )


def _keeps_it_exactly(choose: Callable[..., Any], table: pd.DataFrame, p99: float, errors: float, label: Any) -> None:
    """Require a set-up whose figures are the limits themselves."""
    found = call_or_none(choose, table, p99, errors)  # it raises where no other one is within the limits
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
