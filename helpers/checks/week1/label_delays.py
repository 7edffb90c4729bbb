"""Checks of `label_delays`: every flight has the outcome that its case says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from helpers.checks import call, require, returns, same_rows

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
    ("late", "on_time"): ("it arrived too late", "the definition: on which side is a flight exactly on the line?"),
    ("on_time", "late"): ("it arrived in time", "what counts is the delay at arrival, not the one at departure"),
    ("late", "cancelled"): (_HAS_ARRIVED, _MISSING),
    ("late", "diverted"): (_HAS_ARRIVED, _MISSING),
    ("on_time", "cancelled"): (_HAS_ARRIVED, _MISSING),
    ("on_time", "diverted"): (_HAS_ARRIVED, _MISSING),
}


def outcomes(label_delays: Callable[..., Any], cases: pd.DataFrame) -> None:
    """Check the outcome of each case.

    Parameters
    ----------
    cases
        raw flight rows with two more columns: ``what`` (the case in words) and ``expected`` (its outcome)
    """
    flights = cases.drop(columns=["what", "expected"])
    labels = returns(call(label_delays, flights), pd.Series, "label_delays")
    same_rows(flights, labels)
    labels = labels.reindex(flights.index).astype("object")
    _all_labelled(labels)
    for what, expected, actual in zip(cases["what"], cases["expected"], labels, strict=True):
        fact, where = _CONFUSED.get((expected, actual), ("", ""))
        require(
            actual == expected,
            f"{_A[expected]} flight counted as {actual.replace('_', ' ')}: {fact}",
            seen=f"{what}: {actual!r}",
            why="every later number of the desk stands on this column",
            where=where,
        )


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
