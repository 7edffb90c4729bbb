"""Checks of `label_delays`: every flight has the outcome that its case says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

from helpers.checks import CheckFailed, call, call_or_none, require, returns, same_rows

OUTCOMES = ("on_time", "late", "cancelled", "diverted")

_A = {"on_time": "an on-time", "late": "a late", "cancelled": "a cancelled", "diverted": "a diverted"}
_MISSING = "the definition above the task: which of dep_time and arr_delay are missing? Decide these cases first"
_HAS_ARRIVED = "it has an arrival delay, so it did arrive"
_CONFUSED = {  # what the flight is, what it was counted as: the fact that speaks against it, and the place to look
    ("cancelled", "on_time"): ("passengers who never flew were not served on time", _MISSING),
    ("diverted", "on_time"): ("it has no arrival delay at its destination", _MISSING),
    ("cancelled", "late"): ("it never arrived, and the desk reports it apart", _MISSING),
    ("diverted", "late"): ("it has no arrival delay, and the desk reports it apart", _MISSING),
    ("diverted", "cancelled"): ("it did leave", _MISSING),
    ("cancelled", "diverted"): (
        "it never left",
        "an assignment further down overwrites the one before: mind their order",
    ),
    ("late", "on_time"): (
        "it arrived too late",
        "late is an arrival delay of 15 or more; is each outcome its own flight's?",
    ),
    ("on_time", "late"): ("it arrived in time", "what counts is the delay at arrival, not the one at departure"),
    ("late", "cancelled"): (_HAS_ARRIVED, _MISSING),
    ("late", "diverted"): (_HAS_ARRIVED, _MISSING),
    ("on_time", "cancelled"): (_HAS_ARRIVED, _MISSING),
    ("on_time", "diverted"): (_HAS_ARRIVED, _MISSING),
}


def outcomes(
    label_delays: Callable[..., Any],
    cases: pd.DataFrame,
    *,
    of: Sequence[str] = OUTCOMES,
    on_the_line: bool = False,
) -> None:
    """Check the outcome of each case.

    Parameters
    ----------
    cases
        raw flight rows, numbered from 0, with two more columns: ``what`` (the case in words) and ``expected``
    of
        the outcomes that are looked at; rows of others are company
    on_the_line
        the cases lie at 15 minutes, or next to it
    """
    labels = _labels(label_delays, cases.drop(columns=["what", "expected"]))
    for what, expected, actual in zip(cases["what"], cases["expected"], labels, strict=True):
        fact, where = _CONFUSED.get((expected, actual), ("", ""))
        require(
            actual == expected or expected not in of,
            f"{_A[expected]} flight counted as {actual.replace('_', ' ')}: {fact}",
            seen=f"{what}: {actual!r}",
            why="every later number of the desk stands on this column",
            where="the definition: on which side is a flight exactly on the line?" if on_the_line else where,
        )


def same_index(label_delays: Callable[..., Any], flights: pd.DataFrame, index: pd.Index) -> None:
    """Check that flights get the same outcomes under another index, each under its own flight's label."""
    plain, other = _labels(label_delays, flights), flights.set_axis(index)
    labels = returns(call(label_delays, other), pd.Series, "label_delays")
    same_rows(other, labels)
    require(
        labels.index.equals(index),
        "the index of the outcomes is not that of the flights: it comes in another order",
        why="who puts the two side by side takes one flight's outcome for another's",
        where="sorting, joining groups and numbering anew: begin with a Series that has the index of the flights",
    )
    require(
        labels.astype("object").tolist() == plain.tolist(),
        "where the index is not 0, 1, 2, … flights get outcomes of other flights",
        why="the whole table, sorted or sampled, has such an index",
        where="which step matches by label, and which by position?",
    )


def none_of_none(label_delays: Callable[..., Any], flights: pd.DataFrame) -> None:
    """Check that a table without flights gets a Series without outcomes."""
    labels = call_or_none(label_delays, flights)
    require(
        isinstance(labels, pd.Series) and len(labels) == 0,
        "a table without flights does not get an empty Series",
        seen=type(labels).__name__ if labels is not None else "an error, or None",
        why="a day or an airport without flights stops whoever counts outcomes",
        where="what does each step do without a row? `np.vectorize` stops, masks and `np.select` give no outcome",
    )


def two_columns(label_delays: Callable[..., Any], flights: pd.DataFrame) -> None:
    """Check that nothing is asked of flights but ``dep_time`` and ``arr_delay``."""
    plain = _labels(label_delays, flights)
    try:
        found = call(label_delays, flights[["dep_time", "arr_delay"]])
        alike = _labels(lambda _: found, flights).tolist() == plain.tolist()
    except CheckFailed:
        alike = False
    require(
        alike,
        "with a table of `dep_time` and `arr_delay` alone there are other outcomes, or none",
        why="the docstring promises these two columns and no other",
        where="which other column does your function read?",
    )


def _labels(label_delays: Callable[..., Any], flights: pd.DataFrame) -> pd.Series:
    labels = returns(call(label_delays, flights), pd.Series, "label_delays")
    require(
        len(labels) == len(flights),
        "there is not one outcome for each flight: some were lost, or doubled",
        seen=f"{len(labels):,} outcomes for {len(flights):,} flights",
        why="a flight that is missing or counted twice bends every rate computed from here on, without an error",
        where="`dropna` and filters lose rows, a merge with several matches doubles them",
    )
    labels = labels.astype("object")
    _all_labelled(labels)
    return labels


def _all_labelled(labels: pd.Series) -> None:
    missing, strange = int(labels.isna().sum()), sorted({str(x) for x in labels.dropna()} - set(OUTCOMES))
    require(
        missing == 0,
        "some flights have no outcome",
        seen=f"{missing} of {len(labels)} flights",
        why="a flight without an outcome drops out of every count without anybody noticing",
        where="comparisons with a missing value are False: decide the missing cases first",
    )
    require(
        not strange,
        "outcomes that the desk does not know",
        seen=", ".join(map(repr, strange[:5])),
        where="the four outcomes are " + ", ".join(OUTCOMES),
    )
