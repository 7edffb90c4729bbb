"""The local cloud: moto's S3, IAM and CloudWatch as they are, and a SageMaker whose endpoints really predict.

moto's classes are changed while a cloud is running and are themselves again when it has ended. Of its SageMaker, what
is kept in books (models, configurations) stays moto's; what runs (endpoints and their traffic) is here.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from copy import deepcopy
from itertools import chain
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Self
from unittest.mock import patch

import botocore.waiter
from moto import mock_aws
from moto.applicationautoscaling.exceptions import AWSValidationException
from moto.applicationautoscaling.models import ApplicationAutoscalingBackend, applicationautoscaling_backends
from moto.cloudwatch.exceptions import ValidationError as AlarmRefused
from moto.cloudwatch.models import CloudWatchBackend, cloudwatch_backends
from moto.core.common_models import CloudWatchMetricProvider
from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.iam.models import IAMBackend
from moto.sagemaker.exceptions import ValidationError
from moto.sagemaker.models import FakeEndpoint, SageMakerModelBackend, sagemaker_backends
from moto.sagemaker.responses import SageMakerResponse
from moto.sagemakerruntime.responses import SageMakerRuntimeResponse

from helpers.aws import permissions, telemetry, traffic
from helpers.aws.archives import BadArchive
from helpers.aws.rollout import Fleet, Refused, Service, retain, stages, summaries
from helpers.aws.servers import START, Server
from helpers.aws.state import State
from helpers.aws.telemetry import MINUTE, Scaling

if TYPE_CHECKING:
    from moto.server import ThreadedMotoServer

Replacement = tuple[Any, str, Any]  # owner, name of its attribute, what stands there instead
REGION = "us-east-1"
_new_record: Any = FakeEndpoint  # its base class has abstract parts that moto never fills in
TICK = 15.0  # simulated seconds between two looks at alarms, and that a look at a changing endpoint takes
PATIENCE = 1.0  # real seconds that a waiter's pause may take while servers start


class LocalCloud(State):
    """A cloud in this process. :func:`helpers.aws.start` makes one; ``stop`` or the end of the process ends it."""

    def __init__(self) -> None:
        super().__init__()
        self._quiet = threading.Condition(self.lock)
        self._starting = 0
        self._retiring: list[Fleet] = []
        self._scaling: dict[str, Scaling] = {}
        self._server: ThreadedMotoServer | None = None
        self._undo = ExitStack()
        self._start()

    # --- life ---

    def _start(self) -> None:
        region = os.environ.get("AWS_DEFAULT_REGION") or os.environ.get("AWS_REGION") or REGION
        if "AWS_DEFAULT_REGION" not in os.environ:
            os.environ["AWS_DEFAULT_REGION"] = region
            self._undo.callback(os.environ.pop, "AWS_DEFAULT_REGION", None)
        for owner, name, replacement in self._replacements():
            self._undo.enter_context(patch.object(owner, name, replacement, create=True))
        self._undo.enter_context(mock_aws())
        atexit.register(self.stop)

    def _replacements(self) -> list[Replacement]:
        """List what is other than moto's while this cloud runs."""
        return [
            (IAMBackend, "_init_aws_policies", permissions.aws_policies),
            *_guards(SageMakerModelBackend),
            *self._endpoints(SageMakerModelBackend),
            *self._telemetry(),
            (botocore.waiter, "time", SimpleNamespace(sleep=self._waiter_pauses)),
        ]

    def _endpoints(self, backends: type[SageMakerModelBackend]) -> list[Replacement]:
        return [
            (backends, "create_endpoint", lambda backend, **given: self._create(backend, **given)),
            (backends, "describe_endpoint", lambda backend, name: self._describe(backend, name)),
            (backends, "delete_endpoint", lambda backend, name: self._delete(backend, name)),
            (backends, "update_endpoint_weights_and_capacities", lambda b, **given: self._reweigh(b, **given)),
            (SageMakerResponse, "update_endpoint", lambda response: self._update(response)),
            (SageMakerRuntimeResponse, "use_raw_body", True),
            (SageMakerRuntimeResponse, "invoke_endpoint", lambda response: traffic.invoke(self, response)),
        ]

    def _telemetry(self) -> list[Replacement]:
        put_alarm = CloudWatchBackend.put_metric_alarm
        register = ApplicationAutoscalingBackend.register_scalable_target

        def checked_target(backend: Any, namespace: str, r_id: str, *args: Any, **kwargs: Any) -> Any:
            if namespace == "sagemaker":
                self._require_variant(backend, *telemetry.names(r_id))
            return register(backend, namespace, r_id, *args, **kwargs)

        def checked_alarm(backend: Any, **kwargs: Any) -> Any:
            if problem := telemetry.problem(kwargs):
                raise AlarmRefused(problem)
            return put_alarm(backend, **kwargs)

        def metrics(backend: Any) -> list[Any]:
            others = CloudWatchMetricProvider.__subclasses__()
            given = (one.get_cloudwatch_metrics(backend.account_id, region=backend.region_name) for one in others)
            return [*chain.from_iterable(given), *telemetry.data(self.requests, self.now)]

        return [
            (CloudWatchBackend, "put_metric_alarm", checked_alarm),
            (CloudWatchBackend, "aws_metric_data", property(metrics)),
            (ApplicationAutoscalingBackend, "register_scalable_target", checked_target),
        ]

    def stop(self) -> None:
        """End every model server and give boto3 back. A second call does nothing."""
        atexit.unregister(self.stop)
        if self._server is not None:
            self._server.stop()
            self._server = None
        with self.lock:
            services, self.services = list(self.services.values()), {}
            for service in services:
                service.gone = True
        for service in services:
            self._retiring += service.fleets()
        for fleet in self._retiring:
            fleet.stop()
        self.settle()
        self._undo.close()

    def __enter__(self) -> Self:
        """Use it in a ``with`` statement."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    def environment(self) -> dict[str, str]:
        """The environment variables with which another process on this machine finds this cloud.

        A boto3 program needs nothing else. The first call starts a server on the loopback interface.
        """
        from moto.server import ThreadedMotoServer

        if self._server is None:
            logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it would write a line for each request
            self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
            self._server.start()
        host, port = self._server.get_host_and_port()
        names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION")
        return {"AWS_ENDPOINT_URL": f"http://{host}:{port}", **{name: os.environ[name] for name in names}}

    # --- time ---

    def sleep(self, seconds: float) -> None:
        """Let simulated time pass: alarms are looked at, deployments go on, autoscaling reacts."""
        with self.lock:
            end = self.now + seconds
            while self.now < end:
                before, self.now = self.now, min(self.now + TICK, end)
                self._tick(before)

    def _waiter_pauses(self, seconds: float) -> None:
        self.settle(PATIENCE)
        self.sleep(seconds)

    def settle(self, longest: float = 2 * START) -> None:
        """Wait, in real time, until no server is being started."""
        with self._quiet:
            self._quiet.wait_for(lambda: self._starting == 0, timeout=longest)

    def _tick(self, before: float) -> None:
        for backend in _all(cloudwatch_backends):
            self._look_at_alarms(backend)
        if self.now // MINUTE > before // MINUTE:
            for backend in _all(applicationautoscaling_backends):
                self._scale(backend)
        for service in list(self.services.values()):
            self._retire(service.progress(self.now, _tripped(service)))

    def _look_at_alarms(self, backend: Any) -> None:
        for alarm in list(backend.alarms.values()):
            if telemetry.watched(alarm):
                found = telemetry.state(alarm, self.requests, self.now)
                if found != alarm.state_value:
                    alarm.update_state(f"The last {alarm.evaluation_periods} periods were looked at", "{}", found)

    def _scale(self, backend: Any) -> None:
        for policy in list(backend.policies.values()):
            target = backend.targets.get(policy.scalable_dimension, {}).get(policy.resource_id)
            variant = self._variant(backend, *telemetry.names(policy.resource_id))
            if target is None or variant is None or not telemetry.follows(policy):
                continue
            scaling = self._scaling.setdefault(policy.policy_arn, Scaling())
            count = scaling.wanted(target, policy, variant["CurrentInstanceCount"], self.requests, self.now)
            variant.update(CurrentInstanceCount=count, DesiredInstanceCount=count)

    def _variant(self, backend: Any, endpoint: str, variant: str) -> dict[str, Any] | None:
        record = sagemaker_backends[backend.account_id][backend.region_name].endpoints.get(endpoint)
        found = [one for one in record.production_variants if one["VariantName"] == variant] if record else []
        return found[0] if found and "CurrentInstanceCount" in found[0] else None

    def _require_variant(self, backend: Any, endpoint: str, variant: str) -> None:
        if self._variant(backend, endpoint, variant) is None:
            raise AWSValidationException(f"Could not find endpoint {endpoint!r} with a variant {variant!r}.")

    # --- control: create, update, describe, delete ---

    def _create(self, backend: Any, endpoint_name: str, endpoint_config_name: str, tags: Any) -> Any:
        with self.lock:
            _require_new(backend.endpoints, endpoint_name, "endpoint", backend)
            config = backend.describe_endpoint_config(endpoint_config_name)
            variants, capture = config["ProductionVariants"], config.get("DataCaptureConfig") or {}
            owner = (backend.account_id, backend.region_name)
            record = _new_record(*owner, endpoint_name, endpoint_config_name, variants, capture, tags)
            record.production_variants, record.endpoint_status = summaries(config), "Creating"
            record.pending_deployment_summary = None
            backend.endpoints[endpoint_name] = record
            service = self.services[record.arn] = Service(record)
            self._bring_up(backend, service, Fleet(config))
        return record

    def _update(self, response: Any) -> ActionResult:
        backend, given = response.sagemaker_backend, json.loads(response.body)
        name, deployment = given["EndpointName"], given.get("DeploymentConfig")
        with self.lock:
            service = self._service(backend, name)
            record = service.endpoint
            if record.endpoint_status != "InService":
                raise ValidationError(message=f"Cannot update in-progress endpoint '{record.arn}'.")
            config = backend.describe_endpoint_config(given["EndpointConfigName"])
            if given.get("RetainDeploymentConfig") and not deployment:
                deployment = getattr(record, "last_deployment_config", None)
            variants = summaries(config)
            if given.get("RetainAllVariantProperties"):
                excluded = [one["VariantPropertyType"] for one in given.get("ExcludeRetainedVariantProperties") or []]
                retain(variants, record.production_variants, excluded)
            self._plan(backend, service, deployment, variants)
            record.endpoint_status, record.failure_reason = "Updating", None
            record.last_deployment_config = deployment
            pending = [{**one, "VariantStatus": [{"Status": "Creating"}]} for one in variants]
            record.pending_deployment_summary = {
                "EndpointConfigName": config["EndpointConfigName"],
                "ProductionVariants": pending,
                "StartTime": utcnow(),
            }
            self._bring_up(backend, service, Fleet(config))
        return ActionResult({"EndpointArn": record.arn})

    def _plan(self, backend: Any, service: Service, deployment: Any, variants: list[dict[str, Any]]) -> None:
        """Take over a deployment configuration, or refuse it."""
        deployment = deployment or {}
        names = [one["AlarmName"] for one in (deployment.get("AutoRollbackConfiguration") or {}).get("Alarms") or []]
        known = cloudwatch_backends[backend.account_id][backend.region_name].alarms
        if missing := [name for name in names if name not in known]:
            raise ValidationError(message=f"Could not find CloudWatch alarms: {', '.join(missing)}.")
        instances = sum(one.get("CurrentInstanceCount", 1) for one in variants)
        try:
            service.waiting = stages(deployment, instances)
        except Refused as error:
            raise ValidationError(message=str(error)) from error
        policy = deployment.get("BlueGreenUpdatePolicy") or {}
        service.termination = policy.get("TerminationWaitInSeconds", 0)
        service.alarms, service.new_variants = names, variants

    def _bring_up(self, backend: Any, service: Service, fleet: Fleet) -> None:
        self._starting += 1
        service.coming = fleet
        threading.Thread(target=self._start_fleet, args=(backend, service, fleet), daemon=True).start()

    def _start_fleet(self, backend: Any, service: Service, fleet: Fleet) -> None:
        reason = ""
        try:
            fleet.start(lambda variant: _make_server(backend, variant))
        except Exception as error:  # whatever it is: the endpoint has failed, and says why
            reason = str(error)
        with self._quiet:
            try:
                self._arrived(service, fleet, reason)
            finally:
                self._starting -= 1
                self._quiet.notify_all()

    def _arrived(self, service: Service, fleet: Fleet, reason: str) -> None:
        record, service.coming = service.endpoint, None
        record.last_modified_time = utcnow()
        if service.gone:
            fleet.stop()
        elif record.endpoint_status == "Updating":
            service.green = fleet
            if reason:
                service.roll_back(reason)
            else:
                service.begin(self.now)
                self._retire(service.progress(self.now, _tripped(service)))
        elif reason:
            record.endpoint_status, record.failure_reason = "Failed", reason[:1024]
        else:
            service.fleet, record.endpoint_status = fleet, "InService"

    def _retire(self, fleet: Fleet | None) -> None:
        if fleet is not None:
            self._retiring.append(fleet)
            threading.Thread(target=fleet.drain, daemon=True).start()

    def _describe(self, backend: Any, endpoint_name: str) -> dict[str, Any]:
        """Describe an endpoint as it is; if it is changing, a little time passes then."""
        service = self._service(backend, endpoint_name)
        with self.lock:
            found: dict[str, Any] = deepcopy(service.endpoint.response_object)
        if service.changing:
            self.settle(PATIENCE / 10)
            self.sleep(TICK)
        return found

    def _delete(self, backend: Any, endpoint_name: str) -> None:
        with self.lock:
            service = self._service(backend, endpoint_name)
            service.gone = True
            del backend.endpoints[endpoint_name], self.services[service.endpoint.arn]
            if service.coming:
                service.coming.stop()
        for fleet in service.fleets():
            self._retire(fleet)

    def _reweigh(self, backend: Any, endpoint_name: str, desired_weights_and_capacities: Any) -> str:
        with self.lock:
            record = self._service(backend, endpoint_name).endpoint
            if record.endpoint_status != "InService":
                raise ValidationError(message=f"Cannot update in-progress endpoint '{record.arn}'.")
            variants = {one["VariantName"]: one for one in record.production_variants}
            unknown = [
                one["VariantName"] for one in desired_weights_and_capacities if one["VariantName"] not in variants
            ]
            if unknown:
                raise ValidationError(
                    message=f'The variant name(s) "{", ".join(unknown)}" is/are not present within endpoint '
                    f'configuration "{record.endpoint_config_name}".'
                )
            for one in desired_weights_and_capacities:
                variant = variants[one["VariantName"]]
                if (weight := one.get("DesiredWeight")) is not None:
                    variant.update(CurrentWeight=weight, DesiredWeight=weight)
                if (count := one.get("DesiredInstanceCount")) is not None:
                    variant.update(CurrentInstanceCount=count, DesiredInstanceCount=count)
        return str(record.arn)

    def _service(self, backend: Any, name: str) -> Service:
        record = backend.endpoints.get(name)
        if record is None or record.arn not in self.services:
            arn = f"arn:aws:sagemaker:{backend.region_name}:{backend.account_id}:endpoint/{name}"
            raise ValidationError(message=f'Could not find endpoint "{arn}".')
        return self.services[record.arn]


# --- checks and small things ---


def _all(backends: Any) -> list[Any]:
    """List every account's and region's part of a service, as far as it was used."""
    return [backend for regions in list(backends.values()) for backend in list(regions.values())]


def _guards(backends: type[SageMakerModelBackend]) -> list[Replacement]:
    """List the calls that refuse what AWS would refuse, and then do what moto does."""
    create_model, create_config = backends.create_model, backends.create_endpoint_config

    def checked_model(backend: Any, *args: Any, **kwargs: Any) -> Any:
        _check_model(backend, kwargs)
        return create_model(backend, *args, **kwargs)

    def checked_config(backend: Any, *args: Any, **kwargs: Any) -> Any:
        _require_new(backend.endpoint_configs, kwargs["endpoint_config_name"], "endpoint configuration", backend)
        return create_config(backend, *args, **kwargs)

    return [(backends, "create_model", checked_model), (backends, "create_endpoint_config", checked_config)]


def _check_model(backend: Any, given: Mapping[str, Any]) -> None:
    """Refuse a model that AWS would refuse."""
    name, role = given["model_name"], given.get("execution_role_arn") or ""
    _require_new(backend._models, name, "model", backend)
    containers = [given["primary_container"]] if given.get("primary_container") else given.get("containers") or []
    if len(containers) != 1:
        raise ValidationError(message="Only models of one container are simulated: give PrimaryContainer.")
    if not containers[0].get("Image"):
        raise ValidationError(message="PrimaryContainer needs an Image.")
    url = containers[0].get("ModelDataUrl") or ""
    if not url.startswith("s3://"):
        raise ValidationError(message=f"ModelDataUrl must be the S3 address of a model.tar.gz, not {url!r}.")
    if refusal := permissions.refusal(backend.account_id, role, url, backend.region_name):
        raise ValidationError(message=refusal)


def _require_new(existing: Mapping[str, Any], name: str, kind: str, backend: Any) -> None:
    if name in existing:
        resource = f"{kind.replace(' configuration', '-config')}/{name}"
        arn = f"arn:aws:sagemaker:{backend.region_name}:{backend.account_id}:{resource}"
        raise ValidationError(message=f'Cannot create already existing {kind} "{arn}".')


def _make_server(backend: Any, variant: Mapping[str, Any]) -> Server:
    """The server of one variant, from the archive in S3.

    Raises
    ------
    LookupError, BadArchive
        when the archive is gone or cannot be trusted
    """
    model = backend.describe_model(variant["ModelName"])
    container = model.primary_container or model.containers[0]
    url = container["ModelDataUrl"]
    if refusal := permissions.refusal(backend.account_id, model.execution_role_arn, url, backend.region_name):
        raise LookupError(refusal)
    archive = permissions.fetch(backend.account_id, url)
    try:
        return Server(archive or b"", container.get("Environment") or {})
    except BadArchive as error:
        raise BadArchive(f"Failed to extract the model data archive from {url}: {error}.") from None


def _tripped(service: Service) -> str:
    """The first of a deployment's alarms that is going off; empty when none is."""
    if not service.alarms:
        return ""
    _, _, _, region, account, _ = service.endpoint.arn.split(":", 5)
    known = cloudwatch_backends[account][region].alarms
    return next((name for name in service.alarms if name in known and known[name].state_value == "ALARM"), "")
