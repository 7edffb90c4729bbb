"""Task `server`: right answers, errors that are the caller's, and right answers after them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from helpers import aws
from helpers.checks import call, close, isolated, require, returns
from helpers.checks.week5.archives import MODEL, SAME, SCRIPT, dumped, pack
from helpers.checks.week5.requests import JSON

Request = Mapping[str, Any]  # ``body`` and, where they are not JSON, ``content_type`` and ``accept``


Good = tuple[str, Request, np.ndarray]  # what it is, the request, and the probabilities to be answered, shape (n,)
# What the caller got wrong, the request, the contract's status (None where the service refuses it), where to look.
Bad = tuple[str, Request, int | None, str]


@dataclass
class Server:
    """A model behind the student's script; it is started once, and asked everything that the parts want to know.

    Parameters
    ----------
    good, bad
        requests by part; after each bad one a good one is sent again
    """

    function: Callable[..., Any]
    model: Any
    good: Mapping[str, Sequence[Good]]
    bad: Mapping[str, Sequence[Bad]]
    tried: dict[str, dict[str, Any]] = field(default_factory=dict)

    def answers(self, part: str) -> None:
        """Require that the good requests of a part are answered with the model's own predictions."""
        replies = self._replies()
        for what, request, late in self.good[part]:
            _answers(next(replies[part]), late, what, request.get("accept", JSON))

    def refuses(self, part: str) -> None:
        """Require that the bad requests of a part are the caller's fault, and good ones answered after them."""
        replies = self._replies()
        (_, _, expected), *_ = next(iter(self.good.values()))
        for what, _, status, where in self.bad[part]:
            _refuses(next(replies[part]), what, where, status)
            _answers(next(replies[part]), expected, f"a good request after {what}")

    def takes_the_blame(self, model: Any) -> None:
        """Require a 5xx where the model itself errs, whatever the caller sent."""
        (_, request, _), *_ = next(iter(self.good.values()))
        (reply,) = self._outcome(model, [request])["replies"]
        require(
            reply["status"] >= 500,
            f"an error of the model is told as {reply['status']}: the caller is blamed, or nobody is",
            why="no alarm goes off, no canary stops, and callers look for a mistake that they have not made",
            where="catch errors where you read and check the request; those of `predict_proba` are ours: 500",
        )

    def _replies(self) -> dict[str, Iterator[Mapping[str, Any]]]:
        good = [(part, request) for part, cases in self.good.items() for _, request, _ in cases]
        again = good[0][1]
        bad = [(part, one) for part, cases in self.bad.items() for _, request, *_ in cases for one in (request, again)]
        replies = self._outcome(self.model, [request for _, request in (*good, *bad)])["replies"]
        parts = [part for part, _ in (*good, *bad)]
        return {part: iter([reply for of, reply in zip(parts, replies, strict=True) if of == part]) for part in parts}

    def _outcome(self, model: Any, requests: Sequence[Request]) -> dict[str, Any]:
        script = returns(call(self.function), str, "the script")
        key = f"{id(model)} {script}"
        if key not in self.tried:
            self.tried[key] = isolated(aws.try_archive, pack({MODEL: dumped(model), SCRIPT: script}), requests)
        require(
            self.tried[key]["status"] == "InService",
            "no server can be started with your script",
            seen=self.tried[key]["reason"],
            why="the endpoint is Failed before anybody could ask it",
            where="the last line of the log: what is imported, and where model_fn looks for model.joblib",
        )
        return self.tried[key]


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
