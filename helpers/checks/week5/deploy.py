"""Task `deploy`: what a role may do, and an endpoint that comes up, changes, survives and goes back."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from helpers.aws import permissions
from helpers.checks import CheckFailed, NotAttempted, beside, call, require, returns
from helpers.checks.week5.archives import SCRIPT, pack
from helpers.checks.week5.requests import CSV, JSON

# --- the role's two documents ---


def trusts(trust: Callable[..., Any]) -> None:
    """Require that SageMaker, and nobody else, can take the role."""
    _sagemaker_alone(_document(call(trust), "the trust policy"))


def rights(
    role_policy: Callable[..., Any],
    bucket: str,
    allowed: Mapping[str, str],
    forbidden: Mapping[str, tuple[str, str]],
) -> None:
    """Check what a role's policy allows, and what it does not.

    Parameters
    ----------
    allowed
        resources by the action that must be allowed on each
    forbidden
        pairs of action and resource that must not be, by what they would let the role do
    """
    _rights([_document(call(role_policy, bucket), "the role's policy")], allowed, forbidden)


def _document(value: Any, what: str) -> dict[str, Any]:
    document = dict(returns(value, dict, what))
    require(_is_policy(document), f"{what} is no policy document", where='"Version" and a list "Statement"')
    return document


def _rights(
    documents: Sequence[Any], allowed: Mapping[str, str], forbidden: Mapping[str, tuple[str, str]], whose: str = ""
) -> None:
    for action, resource in allowed.items():
        require(
            permissions.allows(documents, action, resource),
            f"the role{whose} may not do {action} where it must",
            why="the endpoint fails, or captures nothing and says nothing",
            where="the resource of an object is arn:aws:s3:::BUCKET/KEY; the bucket's name is the argument",
        )
    for what, (action, resource) in forbidden.items():
        require(
            not permissions.allows(documents, action, resource),
            f"the role{whose} may {what}",
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


class Deployment:
    """Versions of a tiny server, deployed with the student's functions; what one part has deployed, the next one uses.

    The first and the second version multiply what they are sent by the two ``factors``.
    """

    def __init__(
        self, deploy: Callable[..., Any], move: Callable[..., Any], ask: Callable[..., Any], factors: tuple[int, int]
    ) -> None:
        # What an earlier answer left behind under these names must not matter to this one.
        fresh = uuid.uuid4().hex[:8]
        endpoint, bucket, role = (f"desk-{word}-{fresh}" for word in ("endpoint", "bucket", "role"))
        self.answer = Answer(deploy, move, ask, endpoint, bucket, role, f"nonsense-{fresh}")
        self.factors = factors
        self._first: dict[str, str] = {}

    def _deployed(self) -> str:
        """Return the first version's configuration, deployed if it is not yet."""
        if not self._first:
            self._first = self.answer.deployed(self.answer.version(self.factors[0]))
        return self._first["config"]

    def comes_up(self) -> None:
        """Require that a first version serves."""
        self._deployed()
        require(
            not self._first["reason"],
            "the first deployment does not serve",
            seen=self._first["reason"],
            why="nobody can ask it",
            where="the reason: a role that SageMaker may take and may read with; a waiter before you look",
        )
        _serves_version(self.answer.ask, self.answer.endpoint, self.factors[0], "after the first deployment")

    def is_asked(self) -> None:
        """Require what callers see: the server's own status and message, and JSON whatever was sent."""
        self._deployed()
        _asked(self.answer)

    def changes(self) -> None:
        """Require that a second version serves in the first one's place, under a configuration of its own."""
        _changes(self.answer, self.factors[1], self._deployed())

    def survives(self) -> None:
        """Require that a version which does not start is reported, and that the one before still serves."""
        self._deployed()
        two = self.answer.deployed(self.answer.version(self.factors[1]))
        require(not two["reason"], "a version that is well does not serve", seen=two["reason"])
        _survives(self.answer, self.factors[1])

    def goes_back(self) -> None:
        """Require that the first version serves again, and that an endpoint is created where there is none."""
        one = self._deployed()
        self.answer.deployed(self.answer.version(self.factors[1]))
        _goes_back(self.answer, self.factors[0], one)
        _is_created_anew(self.answer, self.factors[0], one)

    def role_is_narrow(self, role_policy: Callable[..., Any], allowed: Rights, forbidden: Forbidden) -> None:
        """Look at what the role that was made has beside ``role_policy``, and at the bucket.

        ``allowed`` and ``forbidden`` take the bucket's name and return what `rights` wants.
        """
        self._deployed()
        role, bucket = self.answer.role, self.answer.bucket
        found = returns(beside(made, role, bucket), dict, "what the cloud holds after `deploy`")
        require(
            bool(found.get("role")) and bool(found.get("bucket")),
            "`deploy` makes no role or no bucket under the name that it is given",
            where="`bucket` and `role` are arguments: names of what is to be there, made if it is not",
        )
        documents = [_document(one, "a policy of the role that `deploy` makes") for one in found["policies"]]
        own = call(role_policy, bucket)  # another part judges it
        _rights([one for one in documents if one != own], {}, forbidden(bucket), " that `deploy` makes")
        _rights(documents, {} if own in documents else allowed(bucket), {}, " that `deploy` makes")
        require(
            not found["public"],
            "everybody can read the bucket that `deploy` makes",
            why="the model and what was captured are open to the world",
            where="create_bucket without an ACL, and no policy of the bucket's own",
        )


def made(role: str, bucket: str) -> dict[str, Any]:
    """Return what the cloud of this process holds of a role and a bucket.

    Returns
    -------
    dict
        ``role`` and ``bucket``, whether each is there; ``policies``, all documents that are attached to the role;
        ``public``, whether an access list or a policy opens the bucket to everybody
    """
    found: dict[str, Any] = {"role": False, "bucket": False, "policies": [], "public": False}
    with suppress(ClientError, BotoCoreError):
        found["policies"] = _policies_of(role)
        found["role"] = True
        s3 = boto3.client("s3")
        grants = str(s3.get_bucket_acl(Bucket=bucket)["Grants"])
        found["bucket"] = True
        found["public"] = "AllUsers" in grants or "AuthenticatedUsers" in grants
        policy = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])  # an error where there is none
        found["public"] |= any(one.get("Principal") in ("*", {"AWS": "*"}) for one in policy["Statement"])
    return found


def _policies_of(role: str) -> list[dict[str, Any]]:
    iam = boto3.client("iam")
    names = iam.list_role_policies(RoleName=role)["PolicyNames"]
    documents = [iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"] for name in names]
    for one in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        version = iam.get_policy(PolicyArn=one["PolicyArn"])["Policy"]["DefaultVersionId"]
        found = iam.get_policy_version(PolicyArn=one["PolicyArn"], VersionId=version)
        documents.append(found["PolicyVersion"]["Document"])
    return documents


Rights = Callable[[str], Mapping[str, str]]
Forbidden = Callable[[str], Mapping[str, tuple[str, str]]]


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
    _serves_version(answer.ask, answer.endpoint, factor, "after the second deployment")
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
    _serves_version(answer.ask, answer.endpoint, factor, "after a version that does not start")


def _goes_back(answer: Answer, factor: int, config: str) -> None:
    back = call(answer.move, answer.endpoint, config)
    require(
        back == "",
        "going back to the first configuration does not work",
        seen=repr(back),
        why="that is the call at three in the morning",
        where="`move` with a configuration that exists: update_endpoint, wait, compare names",
    )
    _serves_version(answer.ask, answer.endpoint, factor, "after going back")


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
    _serves_version(answer.ask, another, factor, "when `move` has created it")


# --- what callers see ---


def _asked(answer: Answer) -> None:
    """Require answers in JSON whatever was sent, and the server's own status and message."""
    name = answer.endpoint
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
        status == 422 and answer.word.encode() in body and b"InvokeEndpoint operation" not in body,
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
