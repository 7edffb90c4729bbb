"""Task `deploy`: what a role may do, and an endpoint that comes up, changes, survives and goes back."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from helpers.aws import permissions
from helpers.checks import CheckFailed, NotAttempted, call, require, returns
from helpers.checks.week5.archives import SCRIPT, pack
from helpers.checks.week5.requests import CSV, JSON

# --- the role's two documents ---


def policies(
    trust: Callable[..., Any],
    role_policy: Callable[..., Any],
    bucket: str,
    allowed: Mapping[str, str],
    forbidden: Mapping[str, tuple[str, str]],
) -> None:
    """Check what a role's two documents allow, and what they do not.

    Parameters
    ----------
    allowed
        resources by the action that must be allowed on each
    forbidden
        pairs of action and resource that must not be, by what they would let the role do
    """
    trusting = returns(call(trust), dict, "the trust policy")
    rights = returns(call(role_policy, bucket), dict, "the role's policy")
    for document in (trusting, rights):
        require(_is_policy(document), "that is no policy document", where='"Version" and a list "Statement"')
    _sagemaker_alone(trusting)
    for action, resource in allowed.items():
        require(
            permissions.allows([rights], action, resource),
            f"the role may not do {action} where it must",
            why="the endpoint fails, or captures nothing and says nothing",
            where="the resource of an object is arn:aws:s3:::BUCKET/KEY; the bucket's name is the argument",
        )
    for what, (action, resource) in forbidden.items():
        require(
            not permissions.allows([rights], action, resource),
            f"the role may {what}",
            why="who gets into the server gets what its role may do",
            where="two actions, each with its own resource, and no star where a name will do",
        )


def _is_policy(document: Mapping[str, Any]) -> bool:
    statements = document.get("Statement")
    return isinstance(statements, dict | list) and bool(statements)


def _sagemaker_alone(trusting: Mapping[str, Any]) -> None:
    require(
        permissions.trusts(dict(trusting)),
        "the role cannot be taken by SageMaker",
        why="create_model is refused: the role is for the server, and the server cannot take it",
        where="Principal: Service: sagemaker.amazonaws.com; Action: sts:AssumeRole",
    )
    require(
        set(_principals(trusting)) == {permissions.SERVICE} and '"*"' not in json.dumps(trusting),
        "somebody else than SageMaker can take the role",
        why="whoever can take it has all its rights",
        where="one principal, and no star",
    )


def _principals(document: Mapping[str, Any]) -> Iterator[str]:
    """Yield every service, account and star that a trust policy lets take the role."""
    statements = document["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        allows = isinstance(statement, dict) and statement.get("Effect") == "Allow"
        found = statement.get("Principal", "*") if allows else {}
        for named in found.values() if isinstance(found, dict) else [found]:
            yield from map(str, named if isinstance(named, list) else [named])


# --- the endpoint ---

FACTOR = """
import json
from sagemaker_inference.errors import BaseInferenceToolkitError

def model_fn(folder):
    return FACTOR

def transform_fn(model, body, content_type, accept):
    if accept != "application/json":
        raise BaseInferenceToolkitError(406, "JSON only", "Not Acceptable")
    try:
        values = map(float, body.split(",")) if content_type == "text/csv" else json.loads(body)
        return json.dumps([model * value for value in values]), accept
    except ValueError:
        raise BaseInferenceToolkitError(422, "WORD", "Unprocessable Entity")
"""


@dataclass(frozen=True)
class Answer:
    """The three functions of a student's answer, and the names under which they shall deploy."""

    deploy: Callable[..., Any]
    move: Callable[..., Any]
    ask: Callable[..., Any]
    endpoint: str
    bucket: str
    role: str
    word: str  # of the server's own message

    def deployed(self, archive: bytes) -> dict[str, str]:
        """Deploy an archive, and return the configuration's name and the reason."""
        result = call(self.deploy, self.endpoint, archive, bucket=self.bucket, role=self.role)
        result = returns(result, dict, "deploy's result")
        for name in ("config", "reason"):
            require(isinstance(result.get(name), str), f"deploy's result has no text `{name}`", where="the docstring")
        return dict(result)

    def version(self, factor: int) -> bytes:
        """Return an archive whose server multiplies by a factor."""
        return pack({SCRIPT: FACTOR.replace("FACTOR", str(factor)).replace("WORD", self.word)})


def deployed(
    deploy: Callable[..., Any],
    move: Callable[..., Any],
    ask: Callable[..., Any],
    *,
    endpoint: str,
    bucket: str,
    role: str,
    factors: tuple[int, int],
) -> None:
    """Deploy three versions of a tiny server with the student's functions, one of them broken, and go back.

    The first and the second version multiply what they are sent by the two ``factors``.
    """
    # What an earlier answer left behind under these names must not matter to this one.
    fresh = uuid.uuid4().hex[:6]
    endpoint, bucket, role = (f"{name}-{fresh}" for name in (endpoint, bucket, role))
    answer = Answer(deploy, move, ask, endpoint, bucket, role, f"nonsense-{fresh}")
    first, second = factors
    one = _comes_up(answer, first)
    _changes(answer, second, one)
    _survives(answer, second)
    _goes_back(answer, first, one)
    _is_created_anew(answer, first, one)


def _comes_up(answer: Answer, factor: int) -> str:
    """Require that a first version serves, and return its configuration's name."""
    one = answer.deployed(answer.version(factor))
    require(
        not one["reason"],
        "the first deployment does not serve",
        seen=one["reason"],
        why="nobody can ask it",
        where="the reason: a role that SageMaker may take and that may read the object; a waiter before you look",
    )
    _asked(answer, factor, "after the first deployment")
    return one["config"]


def _changes(answer: Answer, factor: int, before: str) -> None:
    """Require that a second version serves in its place, and that the first configuration is still there."""
    two = answer.deployed(answer.version(factor))
    require(
        not two["reason"],
        "deploying a second version under the same name does not work",
        seen=two["reason"],
        why="each new model would need a new name, and all callers a new address",
        where="update_endpoint where the endpoint exists; names of models and configurations that are new each time",
    )
    _asked(answer, factor, "after the second deployment")
    require(
        before != two["config"],
        "two deployments have one endpoint configuration between them: the first was overwritten",
        why="the way back is the old configuration: it is gone",
        where="a name that is new each time: the archive's digest, a version, a uuid",
    )


def _survives(answer: Answer, factor: int) -> None:
    """Require that a version which does not start is reported with its reason, and that the one before still serves."""
    reason = f"no-such-disk-{uuid.uuid4().hex[:9]}"
    broken = pack({SCRIPT: f"def model_fn(folder):\n    raise OSError({reason!r})\n"})
    three = answer.deployed(broken)
    require(
        reason in str(three["reason"]),
        "a version that does not start is reported without SageMaker's reason",
        seen=repr(three["reason"]),
        why="whoever is on call sees that it failed and not why; or, worse, hears that all is well",
        where="FailureReason of describe_endpoint, and whether EndpointConfigName is the new one: "
        "after an update that failed, the status is InService",
    )
    _asked(answer, factor, "after a version that does not start")


def _goes_back(answer: Answer, factor: int, config: str) -> None:
    back = call(answer.move, answer.endpoint, config)
    require(
        back == "",
        "going back to the first configuration does not work",
        seen=repr(back),
        why="that is the call at three in the morning",
        where="`move` with a configuration that exists: update_endpoint, wait, compare names",
    )
    _asked(answer, factor, "after going back")


def _is_created_anew(answer: Answer, factor: int, config: str) -> None:
    # Its name is part of the other one's: who looks for names that contain it finds the wrong endpoint.
    another = answer.endpoint[:-1]
    new = call(answer.move, another, config)
    require(
        new == "",
        "`move` does not create an endpoint where there is none",
        seen=repr(new),
        why="the day on which somebody deleted the endpoint is the day on which the way back is needed",
        where="whether this very name exists: `NameContains` also finds longer names; create_endpoint if it does not",
    )
    _asked(answer, factor, "when `move` has created it", another)


# --- what callers see ---


def _asked(answer: Answer, factor: int, when: str, endpoint: str = "") -> None:
    """Require right answers, in JSON whatever was sent, and the server's own status and message."""
    name = endpoint or answer.endpoint
    _serves_version(answer.ask, name, factor, when)
    status, body = _reply(call(answer.ask, name, b"1,2.5", content_type=CSV))
    require(
        status == 200 and body.strip().startswith(b"["),
        "a request in CSV is not answered in JSON",
        seen=f"{status}: {body[:200]!r}",
        why="a server reads a body as its content type says: the wrong one makes nonsense of a good request",
        where="ContentType is the argument, Accept is always application/json",
    )
    status, body = _reply(call(answer.ask, name, b"nonsense", content_type=JSON))
    require(
        status == 422 and answer.word.encode() in body,
        "the server's own status and message are lost on the way to the caller",
        seen=f"{status}: {body[:200]!r}",
        why="SageMaker wraps every error of a model in a 424: without the original, whose fault it is cannot be told",
        where="ModelError has OriginalStatusCode and OriginalMessage in the exception's response",
    )


def _serves_version(ask: Callable[..., Any], endpoint: str, factor: int, when: str) -> None:
    wrong = f"the endpoint does not answer as the version that should serve ({when})"
    why = "users get another model than the one that you believe to be live, or none at all"
    waiter = "`create_endpoint` and `update_endpoint` only begin: a waiter comes back when the endpoint serves"
    # Whether nobody answers yet, or the version before does, may depend on milliseconds: one message for both.
    answer, raised = None, ""
    try:
        answer = call(ask, endpoint, b"[1, 2.5]")
    except NotAttempted:
        raise
    except CheckFailed as failure:
        raised = str(failure)
    require(not raised, wrong, seen=raised, why=why, where=f"{waiter}; or what `ask` does besides asking")
    status, body = _reply(answer)
    try:
        right = status == 200 and json.loads(body) == [factor, 2.5 * factor]
    except ValueError:
        right = False
    require(
        right,
        wrong,
        seen=f"{status}: {body[:200]!r}",
        why=why,
        where=f"{waiter}; one that is changed keeps serving meanwhile, one that is deleted and made anew does not",
    )


def _reply(result: Any) -> tuple[int, bytes]:
    result = returns(result, tuple, "ask's result")
    require(len(result) == 2 and isinstance(result[1], bytes | str), "ask gives a status and the body's bytes")
    body = result[1].encode() if isinstance(result[1], str) else result[1]
    return returns(result[0], int, "the status"), body
