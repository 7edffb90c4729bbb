"""Whether SageMaker may use a role, and the role a file: as much of IAM as a model's role needs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import cache
from itertools import chain
from typing import Any

from moto.core.exceptions import ServiceException
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, iam_backends
from moto.s3.models import s3_backends

SERVICE = "sagemaker.amazonaws.com"


def aws_policies(backend: Any) -> list[AWSManagedPolicy]:
    """AWS's own policies for S3 and SageMaker. All of them would take each cloud a second."""
    place = (backend.account_id, backend.region_name)
    return [AWSManagedPolicy.from_data(name, *place, policy) for name, policy in _kept().items()]


@cache
def _kept() -> dict[str, Any]:
    every: dict[str, Any] = json.loads(aws_managed_policies_data)
    return {name: policy for name, policy in every.items() if name.startswith(("AmazonS3", "AmazonSageMaker"))}


def refusal(account: str, role_arn: str, url: str, region: str) -> str:
    """Why SageMaker cannot fetch a model's archive with this role, in AWS's words; empty when it can."""
    role = _role(account, role_arn)
    trusted = role is not None and trusts(role.assume_role_policy_document)
    if not trusted or not _may_read(role, url):
        return (
            f'Could not access model data at {url}. Please ensure that the role "{role_arn}" exists and that its trust '
            f'relationship policy allows the action "sts:AssumeRole" for the service principal "{SERVICE}". Also '
            f'ensure that the role has "s3:GetObject" permissions and that the object is located in {region}.'
        )
    return "" if fetch(account, url) is not None else f"Could not find model data at {url}."


def fetch(account: str, url: str) -> bytes | None:
    """The bytes of an object in S3; None when there is none."""

    bucket, _, key = url.removeprefix("s3://").partition("/")
    try:
        found = s3_backends[account]["aws"].get_object(bucket, key)
    except ServiceException:  # no such bucket
        return None
    return found.value if found is not None else None


def store(account: str, bucket: str, key: str, content: bytes) -> None:
    """Put an object into S3; nothing happens when there is no such bucket."""

    try:
        s3_backends[account]["aws"].put_object(bucket, key, content)
    except ServiceException:
        return


def _role(account: str, arn: str) -> Any:

    return next((role for role in iam_backends[account]["aws"].get_roles() if role.arn == arn), None)


def trusts(document: str | dict[str, Any], service: str = SERVICE) -> bool:
    """Whether a role with this trust policy may be assumed by a service."""
    return any(
        statement.get("Effect") == "Allow"
        and service in _list(_services(statement))
        and _matches(statement.get("Action"), "sts:AssumeRole")
        for statement in _statements(document)
    )


def _services(statement: dict[str, Any]) -> Any:
    principal = statement.get("Principal")
    return principal.get("Service") if isinstance(principal, dict) else None


def _may_read(role: Any, url: str) -> bool:
    """Whether a role's policies allow it to read an object."""
    resource = "arn:aws:s3:::" + url.removeprefix("s3://")
    versions = chain.from_iterable(policy.versions for policy in role.managed_policies.values())
    documents = [*role.policies.values(), *(version.document for version in versions if version.is_default)]
    return allows(documents, "s3:GetObject", resource)


def allows(documents: Iterable[str | dict[str, Any]], action: str, resource: str) -> bool:
    """Whether policies together allow an action. Statements that hold on a condition do not count."""
    effects = {
        statement.get("Effect")
        for document in documents
        for statement in _statements(document)
        if not statement.get("Condition")
        and _matches(statement.get("Action"), action)
        and _matches(statement.get("Resource"), resource)
    }
    return "Allow" in effects and "Deny" not in effects


def _statements(document: str | dict[str, Any]) -> list[dict[str, Any]]:
    parsed = json.loads(document) if isinstance(document, str) else document
    return [statement for statement in _list(parsed.get("Statement")) if isinstance(statement, dict)]


def _matches(patterns: Any, name: str) -> bool:
    return any(fnmatchcase(name.lower(), str(pattern).lower()) for pattern in _list(patterns))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
