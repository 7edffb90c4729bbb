"""Task `server`: right answers, errors that are the caller's, and right answers after them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from helpers import aws
from helpers.checks import close, isolated, require
from helpers.checks.week5.archives import MODEL, SAME, SCRIPT, dumped, pack
from helpers.checks.week5.requests import JSON

Request = Mapping[str, Any]  # ``body`` and, where they are not JSON, ``content_type`` and ``accept``


def serves(
    script: str,
    model: Any,
    good: Sequence[tuple[str, Request, np.ndarray]],
    bad: Sequence[tuple[str, Request, int | None, str]],
) -> None:
    """Check an inference script on an endpoint that serves ``model``; after each bad request, a good one again.

    Parameters
    ----------
    good
        a name, the request, and the probabilities to be answered, shape (n,)
    bad
        what the caller got wrong, the request, the contract's status (None where the service itself refuses it), and
        where to look
    """
    (_, again, expected), *_ = good
    requests = [request for _, request, _ in good] + [one for _, request, _, _ in bad for one in (request, again)]
    outcome = isolated(aws.try_archive, pack({MODEL: dumped(model), SCRIPT: script}), requests)
    require(
        outcome["status"] == "InService",
        "no server can be started with your script",
        seen=outcome["reason"],
        why="the endpoint is Failed before anybody could ask it",
        where="the last line of the log: what is imported, and where model_fn looks for model.joblib",
    )
    replies = iter(outcome["replies"])
    for what, request, late in good:
        _answers(next(replies), late, what, request.get("accept", JSON))
    for what, _, status, where in bad:
        _refuses(next(replies), what, where, status)
        _answers(next(replies), expected, f"a good request after {what}")


def _answers(reply: Mapping[str, Any], expected: np.ndarray, what: str, accept: str = JSON) -> None:
    """Require that a good request is answered with the model's own predictions."""
    require(
        reply["status"] == 200,
        f"a good request is refused: {what}",
        seen=f"{reply['status']}: {reply['message']}",
        why="to the caller, a server that refuses good requests is down",
        where="the contract in part 2: what comes in, in which form; columns in any order; null is a missing number",
    )
    body = reply["body"].decode(errors="replace")
    got = _numbers(body, reply["content_type"])
    require(
        got is not None and reply["content_type"].startswith(accept),
        f"the answer has not the form of the contract ({what})",
        seen=f"{reply['content_type']}: {body[:200]}",
        why="the screen that asked cannot read it",
        where='{"late": [...]} for application/json, one number a line for text/csv, as `accept` says',
    )
    where = (
        "the second column of predict_proba; the whole pipeline; columns by name and not by place; text stays text, "
        "null stays missing; the order of the rows"
    )
    close(got, expected, what=f"the prediction for {what}", tolerance=SAME, where=where)


def _numbers(body: str, kind: str) -> np.ndarray | None:
    try:
        if kind.startswith("application/json"):
            return np.array(json.loads(body)["late"], dtype=float)
        return np.array([float(line) for line in body.split()])
    except (ValueError, KeyError, TypeError):
        return None


def _refuses(reply: Mapping[str, Any], what: str, where: str, status: int | None) -> None:
    """Require that a bad request is the caller's fault."""
    require(
        reply["status"] != 200,
        f"the server predicts for a request that makes no sense: {what}",
        seen=reply["body"].decode(errors="replace")[:120],
        why="the number looks like all others, and somebody acts on it",
        where=where,
    )
    require(
        400 <= reply["status"] < 500,
        f"the server takes the blame (5xx) for its caller's mistake: {what}",
        seen=reply["message"],
        why="5xx is what alarms and canaries look at: any caller can wake the desk, and roll back a good version",
        where=f"{where}; raise BaseInferenceToolkitError with a status of 4xx",
    )
    require(
        status is None or reply["status"] == status,
        f"the server refuses with another status than the contract's: {what}",
        seen=f"{reply['status']}, the contract says {status}",
        why="callers' programs decide by the number: correct the rows, send another type, ask for another form",
        where="the last line of the contract: 400, or 415 for a content type, or 406 for an `accept`",
    )
