"""Whole deployments with plain data in and out, for tests of archives that somebody hands over.

Each call makes what it needs (bucket, role, models, endpoint) under names of its own and removes it again, so it may
run beside a cloud that is in use. Where none is running, one runs for the time of the call.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import boto3
from botocore.exceptions import ClientError, ParamValidationError, WaiterError

from helpers.aws import permissions
from helpers.aws.cloud import TICK, LocalCloud
from helpers.aws.session import current
from helpers.aws.telemetry import MINUTE, Request

IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/sklearn:1"
VARIANT = "AllTraffic"
READS = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
Variants = Mapping[str, Mapping[str, Any]]


def try_archive(
    archive: bytes, requests: Sequence[Mapping[str, Any]], *, environment: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Deploy a ``model.tar.gz`` by way of S3, IAM and SageMaker, and send it requests one after the other.

    Parameters
    ----------
    archive
        the bytes of the file
    requests
        for each ``body`` (bytes) and, if wanted, ``content_type`` and ``accept`` (``application/json``)

    Returns
    -------
    ``status`` of the endpoint ("InService", "Failed"), ``reason`` (why it failed, or ""), and ``replies``, one for each
    request and none when the endpoint failed: ``status`` (200, the model's own status for an error of the model, or
    that of the service), ``body`` (bytes), ``content_type``, ``variant``, ``error`` (the code, such as "ModelError"),
    ``message`` and ``version`` ("old").
    """
    return try_variants({VARIANT: {"archive": archive, "environment": environment or {}}}, requests)


def try_variants(variants: Variants, requests: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Deploy several archives side by side.

    Each has a name and ``archive`` (bytes) and, if wanted, ``weight`` (1), ``instances`` (1) and ``environment``. A
    request may have a ``variant``, which it is sent to. Returns what `try_archive` returns.
    """
    with _running() as cloud, _Trial(cloud) as trial:
        trial.create(variants)
        replies = [trial.ask(request) for request in requests] if trial.status() == "InService" else []
        return {**trial.outcome(), "replies": replies}


def try_rollout(
    old: Variants,
    new: Variants,
    traffic: Sequence[Mapping[str, Any]],
    *,
    deployment: Mapping[str, Any] | None = None,
    alarms: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Update an endpoint from one configuration to another while requests arrive.

    Parameters
    ----------
    old, new
        as in `try_variants`
    traffic
        what happens after ``update_endpoint`` and once the new servers are up or have failed: steps with ``requests``
        and ``seconds``, which pass after them in simulated time (60)
    deployment
        the ``DeploymentConfig`` of ``update_endpoint``
    alarms
        arguments of ``put_metric_alarm``; the dimension EndpointName gets the name of the endpoint

    Returns
    -------
    ``status`` and ``reason`` of the endpoint at the end; ``serves``: "old" or "new", the configuration that it has
    then; ``states``: pairs of simulated seconds since the update and status, one at each change; ``replies`` as in
    `try_archive`, each with ``seconds`` and ``version`` ("old" or "new": who answered). If ``update_endpoint`` refuses,
    ``refused`` has its message (otherwise ""), and all traffic goes to the old configuration.
    """
    with _running() as cloud, _Trial(cloud) as trial:
        trial.create(old)
        if trial.status() != "InService":
            return {**trial.outcome(), "serves": "old", "states": [], "replies": [], "refused": ""}
        refused = trial.update(new, deployment, alarms)
        states, replies = [(0.0, trial.status())], []
        start = cloud.now
        for step in traffic:
            for request in step.get("requests", ()):
                replies.append({**trial.ask(request), "seconds": cloud.now - start})
            for seconds in _portions(step.get("seconds", 60)):
                cloud.sleep(seconds)
                if trial.status() != states[-1][1]:
                    states.append((cloud.now - start, trial.status()))
        return {**trial.outcome(), "serves": trial.serves(), "states": states, "replies": replies, "refused": refused}


Minute = Sequence[tuple[int, float]]  # requests, each as status and seconds that the model took


def try_alarms(alarms: Sequence[Mapping[str, Any]], stories: Sequence[Sequence[Minute]]) -> dict[str, Any]:
    """See which alarms go off when requests come as they are told here; no server runs.

    Parameters
    ----------
    alarms
        arguments of ``put_metric_alarm``, on one endpoint and its variant
    stories
        each a list of minutes, on an endpoint of its own

    Returns
    -------
    ``states``: for each story and each of its minutes, when it is over, the state of each alarm by its name;
    ``refused`` as in `try_rollout`
    """
    with _running() as cloud, _Trial(cloud) as trial:
        base, states = trial.name, []
        try:
            for number, story in enumerate(stories):
                trial.name = f"{base}-{number}"
                for alarm in alarms:
                    trial.alarm(alarm)
                states.append([trial.tell(minute) for minute in story])
        except _NO_REQUEST as error:
            return {"states": [], "refused": f"{type(error).__name__}: {error}"}
        return {"states": states, "refused": ""}


def try_configuration(
    endpoint: str,
    archives: Mapping[str, bytes],
    configuration: Mapping[str, Any],
    requests: Sequence[Mapping[str, Any]],
    *,
    bucket: str,
    scaling: Sequence[Mapping[str, Any]] = (),
    load: Sequence[int] = (),
) -> dict[str, Any]:
    """Bring up an endpoint with somebody's arguments of ``create_endpoint_config``, and put it under load.

    Parameters
    ----------
    endpoint, bucket
        their names, which nobody has yet
    archives
        by the names of the models that the configuration speaks of
    configuration
        the arguments
    requests
        as in `try_archive`
    scaling
        arguments of ``register_scalable_target`` and of ``put_scaling_policy``
    load
        requests in each of the minutes that follow; they are counted, not sent

    Returns
    -------
    what `try_archive` returns; ``captured``: the lines in the bucket, parsed; ``instances``: how many the first variant
    has after each minute of load; ``refused``: what the service said if it took the arguments not, otherwise ""
    """
    with _running() as cloud, _Trial(cloud, endpoint, bucket) as trial:
        nothing: dict[str, Any] = {"status": "", "reason": "", "replies": [], "captured": [], "instances": []}
        try:
            trial.configure(archives, configuration)
            if trial.status() != "InService":
                return {**nothing, **trial.outcome(), "refused": ""}
            trial.scale(scaling)
        except _NO_REQUEST as error:
            return {**nothing, "refused": f"{type(error).__name__}: {error}"}
        replies = [trial.ask(request) for request in requests]
        captured = trial.captured()
        instances = [trial.minute(number) for number in load]
        return {**trial.outcome(), "replies": replies, "captured": captured, "instances": instances, "refused": ""}


# What boto3 raises for arguments that are none: they may be anything that somebody took for some.
_NO_REQUEST = (ClientError, ParamValidationError, TypeError, ValueError, KeyError)


def _portions(seconds: float) -> Iterator[float]:
    """As long as the cloud itself looks: each change of state is seen when it happens."""
    while seconds > 0:
        yield min(TICK, seconds)
        seconds -= TICK


@contextmanager
def _running() -> Iterator[LocalCloud]:
    if running := current():
        yield running
    else:
        with LocalCloud() as cloud:
            yield cloud


class _Trial:
    """One endpoint and all that it needs, for the time of a ``with`` statement."""

    def __init__(self, cloud: LocalCloud, name: str = "", bucket: str = "") -> None:
        self.cloud, self.name, self.watched = cloud, name or f"trial-{uuid.uuid4().hex[:12]}", VARIANT
        self.bucket = bucket or self.name
        self.s3, self.iam = boto3.client("s3"), boto3.client("iam")
        self.sagemaker, self.cloudwatch = boto3.client("sagemaker"), boto3.client("cloudwatch")
        self.runtime = boto3.client("sagemaker-runtime")
        self.made: list[tuple[Any, dict[str, Any]]] = []  # what to call to remove each thing, in the order of making

    def __enter__(self) -> _Trial:
        return self

    def __exit__(self, *_: object) -> None:
        for remove, arguments in reversed(self.made):
            remove(**arguments)

    def create(self, variants: Variants) -> None:
        """Bucket, role and an endpoint that has been waited for."""
        self._bucket()
        self._role()
        self._configure("old", variants)
        self.sagemaker.create_endpoint(EndpointName=self.name, EndpointConfigName=f"{self.name}-old")
        self._later(self.sagemaker.delete_endpoint, EndpointName=self.name)
        self._wait()

    def update(
        self, variants: Variants, deployment: Mapping[str, Any] | None, alarms: Sequence[Mapping[str, Any]]
    ) -> str:
        """Start an update, and wait until its servers have come up or failed; what the service said if it refused."""
        self._configure("new", variants)
        try:
            for alarm in alarms:
                self.alarm(alarm)
            more = {"DeploymentConfig": dict(deployment)} if deployment else {}
            self.sagemaker.update_endpoint(EndpointName=self.name, EndpointConfigName=f"{self.name}-new", **more)
        except _NO_REQUEST as error:
            return f"{type(error).__name__}: {error}"
        self.cloud.settle()
        return ""

    def ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Send a request, and return its reply or what came in place of one."""
        more = {"TargetVariant": request["variant"]} if "variant" in request else {}
        before = len(self.cloud.requests)
        try:
            response = self.runtime.invoke_endpoint(
                EndpointName=self.name,
                Body=request["body"],
                ContentType=request.get("content_type", "application/json"),
                Accept=request.get("accept", "application/json"),
                **more,
            )
        except ClientError as error:
            found = _failure(error, self._noted(before))
        else:
            kind, variant = response["ContentType"], response["InvokedProductionVariant"]
            found = {"status": 200, "body": response["Body"].read(), "content_type": kind, "variant": variant}
            found.update(error="", message="")
        served = [one.model for one in self._noted(before)]
        own = [model.removeprefix(f"{self.name}-") for model in served if model.startswith(f"{self.name}-")]
        return {**found, "version": own[0].split("-")[0] if own else ""}

    def _noted(self, before: int) -> list[Request]:
        """Return what the cloud has noted of requests to this endpoint since there were so many."""
        return [one for one in self.cloud.requests[before:] if one.endpoint == self.name]

    def configure(self, archives: Mapping[str, bytes], configuration: Mapping[str, Any]) -> None:
        """Bucket, role, models and an endpoint with this configuration, waited for."""
        self._bucket()
        self._role()
        for name, archive in archives.items():
            self._model(name, archive, {})
        self.sagemaker.create_endpoint_config(**configuration)
        name = configuration["EndpointConfigName"]
        self._later(self.sagemaker.delete_endpoint_config, EndpointConfigName=name)
        self.watched = configuration["ProductionVariants"][0]["VariantName"]
        self.sagemaker.create_endpoint(EndpointName=self.name, EndpointConfigName=name)
        self._later(self.sagemaker.delete_endpoint, EndpointName=self.name)
        self._wait()

    def scale(self, scaling: Sequence[Mapping[str, Any]]) -> None:
        """Have the endpoint follow its load."""
        client = boto3.client("application-autoscaling")
        which = ("ServiceNamespace", "ResourceId", "ScalableDimension")
        steps = (
            (client.register_scalable_target, client.deregister_scalable_target, which),
            (client.put_scaling_policy, client.delete_scaling_policy, (*which, "PolicyName")),
        )
        for (put, remove, keys), given in zip(steps, scaling, strict=False):
            put(**given)
            self._later(remove, **{key: given[key] for key in keys})

    def captured(self) -> list[Any]:
        """What data capture has written so far."""
        found = self.s3.list_objects_v2(Bucket=self.bucket).get("Contents", ())
        keys = [one["Key"] for one in found if one["Key"].endswith(".jsonl")]
        bodies = [self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read() for key in keys]
        return [json.loads(line) for body in bodies for line in body.splitlines()]

    def minute(self, requests: int) -> int:
        """Let a minute pass with so many requests to the first variant: how many instances it has then."""
        count = int(self._first_variant()["CurrentInstanceCount"])
        one = Request(self.cloud.now, self.name, self.watched, "", 200, 5_000.0, count)
        self.cloud.requests += [one] * requests
        self.cloud.sleep(MINUTE)
        return int(self._first_variant()["CurrentInstanceCount"])

    def _first_variant(self) -> dict[str, Any]:
        return next(one for one in self._record().production_variants if one["VariantName"] == self.watched)

    def tell(self, minute: Minute) -> dict[str, str]:
        """Let a minute pass with these requests spread over it: the state of each alarm, ALARM if it was that once."""
        looks, found = int(MINUTE / TICK), dict[str, str]()
        for look in range(looks):
            for status, seconds in minute[look::looks]:
                one = Request(self.cloud.now, self.name, VARIANT, "", int(status), seconds * 1e6, 1)
                self.cloud.requests.append(one)
            self.cloud.sleep(TICK)
            found |= {name: state for name, state in self._states().items() if found.get(name) != "ALARM"}
        return found

    def _states(self) -> dict[str, str]:
        own = {given["AlarmNames"][0] for _, given in self.made if "AlarmNames" in given}
        found = self.cloudwatch.describe_alarms(AlarmNames=sorted(own))["MetricAlarms"] if own else []
        return {alarm["AlarmName"]: alarm["StateValue"] for alarm in found}

    def status(self) -> str:
        """The endpoint's status, without the time that a description takes."""
        return str(self._record().endpoint_status)

    def serves(self) -> str:
        """Which configuration the endpoint has: "old" or "new"."""
        return str(self._record().endpoint_config_name).rsplit("-", 1)[1]

    def outcome(self) -> dict[str, Any]:
        """Status and reason."""
        return {"status": self.status(), "reason": self._record().failure_reason or ""}

    def _record(self) -> Any:
        return next(
            service.endpoint for service in self.cloud.services.values() if service.endpoint.endpoint_name == self.name
        )

    def _later(self, remove: Any, **arguments: Any) -> None:
        self.made.append((remove, arguments))

    def _bucket(self) -> None:
        region = self.s3.meta.region_name
        more = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        self.s3.create_bucket(Bucket=self.bucket, **more)
        self._later(self._empty)

    def _empty(self) -> None:
        for page in self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket):
            for one in page.get("Contents", ()):
                self.s3.delete_object(Bucket=self.bucket, Key=one["Key"])
        self.s3.delete_bucket(Bucket=self.bucket)

    def _role(self) -> None:
        """Make a role that may do more than a model's role needs: how narrow one can be is a task of week 5."""
        services = {"Service": [permissions.SERVICE, "lambda.amazonaws.com"]}
        statement = {"Effect": "Allow", "Principal": services, "Action": "sts:AssumeRole"}
        trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.role = self.iam.create_role(RoleName=self.name, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        self._later(self.iam.delete_role, RoleName=self.name)
        self.iam.attach_role_policy(RoleName=self.name, PolicyArn=READS)
        self._later(self.iam.detach_role_policy, RoleName=self.name, PolicyArn=READS)

    def _configure(self, version: str, variants: Variants) -> None:
        described = [self._variant(version, *item) for item in variants.items()]
        name = f"{self.name}-{version}"
        self.sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=described)
        self._later(self.sagemaker.delete_endpoint_config, EndpointConfigName=name)

    def _variant(self, version: str, variant: str, given: Mapping[str, Any]) -> dict[str, Any]:
        name = f"{self.name}-{version}-{variant}"
        self._model(name, given["archive"], given.get("environment") or {})
        numbers = {"InitialVariantWeight": given.get("weight", 1.0), "InitialInstanceCount": given.get("instances", 1)}
        return {"VariantName": variant, "ModelName": name, "InstanceType": "ml.m5.large", **numbers}

    def _model(self, name: str, archive: bytes, environment: Mapping[str, str]) -> None:
        key = f"{name}/model.tar.gz"
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=archive)
        container: dict[str, Any] = {"Image": IMAGE, "ModelDataUrl": f"s3://{self.bucket}/{key}"}
        container["Environment"] = dict(environment)
        self.sagemaker.create_model(ModelName=name, ExecutionRoleArn=self.role, PrimaryContainer=container)
        self._later(self.sagemaker.delete_model, ModelName=name)

    def alarm(self, given: Mapping[str, Any]) -> None:
        """Set an alarm on this endpoint, whatever endpoint it was meant for."""
        alarm = dict(given)
        alarm["Dimensions"] = [
            {**one, "Value": self.name} if one["Name"] == "EndpointName" else one for one in given.get("Dimensions", [])
        ]
        self.cloudwatch.put_metric_alarm(**alarm)
        self._later(self.cloudwatch.delete_alarms, AlarmNames=[alarm["AlarmName"]])

    def _wait(self) -> None:
        try:
            self.sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=self.name)
        except WaiterError:
            return  # the status says it


def _failure(error: Any, noted: Sequence[Request]) -> dict[str, Any]:
    """Describe an error by the status that the cloud has noted of the server, or the service's own."""
    said = error.response["Error"]
    status = noted[-1].status if noted else error.response["ResponseMetadata"]["HTTPStatusCode"]
    code, message = said["Code"], said["Message"]
    return {"status": status, "body": b"", "content_type": "", "variant": "", "error": code, "message": message}
