"""One request's way: to an endpoint, a fleet, a variant, its server, and back, with what it leaves behind."""

from __future__ import annotations

import base64
import json
import time
import uuid
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from moto.sagemaker.models import sagemaker_backends

from helpers.aws import permissions
from helpers.aws.rollout import Fleet, Service
from helpers.aws.servers import Reply, Unhealthy
from helpers.aws.state import State
from helpers.aws.telemetry import Request

LARGEST_BODY = 6_291_456  # bytes: the most that InvokeEndpoint takes, by botocore's description of the service
ATTRIBUTES = "X-Amzn-SageMaker-Custom-Attributes"
TARGET = "x-amzn-sagemaker-target-variant"


@dataclass
class Refused(Exception):
    """A request that reaches no server."""

    status: int
    kind: str
    message: str


@dataclass(frozen=True)
class Aim:
    """Destination of a request."""

    service: Service
    fleet: Fleet
    variant: str
    instances: int

    @property
    def model(self) -> str:
        """The name of the model that answers."""
        variants = self.fleet.config["ProductionVariants"]
        return str(next(one["ModelName"] for one in variants if one["VariantName"] == self.variant))


def invoke(state: State, response: Any) -> Any:
    """Answer ``invoke_endpoint``: ``response`` is moto's object for the request, and what returns is what it takes."""
    account, region, name = response.current_account, response.region, response.parsed_url.path.split("/")[2]
    headers = {key.lower(): value for key, value in response.headers.items()}
    body = response.body if isinstance(response.body, bytes) else str(response.body or "").encode()
    try:
        with ExitStack() as under_way:
            with state.lock:  # a server that was chosen is not stopped before it has answered
                aim = _aim(state, account, region, name, headers.get(TARGET), len(body))
                under_way.enter_context(aim.fleet.servers[aim.variant].busy())
            reply, latency, message = _ask(aim, body, headers, state.answer_within)
    except Refused as refused:
        return _error(refused.status, refused.kind, refused.message)
    status = reply.status if reply else 0
    with state.lock:
        state.requests.append(Request(state.now, name, aim.variant, aim.model, status, latency, aim.instances))
        chance = state.chance.random()
    if reply is None or not 200 <= status < 300:
        return _model_error(status, message, f"{region}:{account}", name)
    _capture(aim, account, chance, (body, _content_type(headers)), reply)
    extra = {ATTRIBUTES: reply.attributes} if reply.attributes else {}
    named = {"Content-Type": reply.content_type, "x-Amzn-Invoked-Production-Variant": aim.variant}
    return 200, {**named, **extra}, reply.body


def _aim(state: State, account: str, region: str, name: str, wanted: str | None, size: int) -> Aim:
    """Choose the server for a request.

    Raises
    ------
    Refused
        when there is none, or the body is too large for any
    """
    if size > LARGEST_BODY:
        raise Refused(413, "", f"HTTP content length exceeded {LARGEST_BODY} bytes.")
    record = sagemaker_backends[account][region].endpoints.get(name)
    service = state.services.get(record.arn) if record else None
    if service is None:
        raise Refused(400, "ValidationError", f"Endpoint {name} of account {account} not found.")
    if service.fleet is None:
        status = service.endpoint.endpoint_status
        raise Refused(400, "ValidationError", f"Endpoint {name} is not InService: its status is {status}.")
    fleet, variants = service.fleet, service.endpoint.production_variants
    if service.green and state.chance.random() < service.share:
        fleet, variants = service.green, service.new_variants
    if wanted and wanted not in fleet.servers:
        raise Refused(400, "ValidationError", f"Variant {wanted} not found for endpoint {name}.")
    if not wanted:
        weights = [one["CurrentWeight"] for one in variants]
        wanted = state.chance.choices([one["VariantName"] for one in variants], weights if any(weights) else None)[0]
    chosen = next(one for one in variants if one["VariantName"] == wanted)
    return Aim(service, fleet, str(wanted), chosen.get("CurrentInstanceCount", 1))


def _ask(aim: Aim, body: bytes, headers: Mapping[str, str], limit: float) -> tuple[Reply | None, float, str]:
    """The server's reply or None, the microseconds that it took, and what to say if it is no success."""
    passed = {"Content-Type": _content_type(headers), "Accept": headers.get("accept") or "*/*"}
    if attributes := headers.get(ATTRIBUTES.lower()):
        passed[ATTRIBUTES] = attributes
    server, start, reply = aim.fleet.servers[aim.variant], time.perf_counter(), None
    try:
        reply = server.post(body, passed, limit)
        message = "" if reply.status < 300 else reply.body.decode(errors="replace")
    except TimeoutError:
        message = "Your invocation timed out while waiting for a response from container primary."
    except OSError:
        message = f"The container primary ended without a response. Its last lines: {server.last_lines()}"
    except Unhealthy as error:
        message = f"The container primary does not come up again. Its last lines: {error}"
    return reply, (time.perf_counter() - start) * 1e6, message


def _content_type(headers: Mapping[str, str]) -> str:
    return headers.get("content-type") or "application/octet-stream"


def _error(status: int, kind: str, message: str, **more: Any) -> Any:
    named = {"x-amzn-errortype": kind} if kind else {}
    return json.dumps({"Message": message, **more}), {"status": status, **named}


def _model_error(status: int, message: str, owner: str, name: str) -> Any:
    text = f'Received server error ({status}) from primary with message "{message}".'
    log = f"arn:aws:logs:{owner}:log-group:/aws/sagemaker/Endpoints/{name}"
    return _error(424, "ModelError", text, OriginalStatusCode=status, OriginalMessage=message, LogStreamArn=log)


# --- data capture ---


def _capture(aim: Aim, account: str, chance: float, asked: tuple[bytes, str], reply: Reply) -> None:
    """Store a request and its answer in S3, if the configuration asks for it."""
    config = aim.service.endpoint.data_capture_config or {}
    if not config.get("EnableCapture") or chance * 100 >= float(config["InitialSamplingPercentage"]):
        return
    modes = {option["CaptureMode"] for option in config["CaptureOptions"]}
    captured = {}
    if modes & {"Input", "InputAndOutput"}:
        captured["endpointInput"] = _captured(*asked, "INPUT", config)
    if modes & {"Output", "InputAndOutput"}:
        captured["endpointOutput"] = _captured(reply.body, reply.content_type, "OUTPUT", config)
    now, event = datetime.now(UTC), str(uuid.uuid4())
    meta = {"eventId": event, "inferenceTime": now.strftime("%Y-%m-%dT%H:%M:%SZ")}
    line = json.dumps({"captureData": captured, "eventMetadata": meta, "eventVersion": "0"}) + "\n"
    bucket, _, prefix = config["DestinationS3Uri"].removeprefix("s3://").partition("/")
    parts = (prefix.strip("/"), aim.service.endpoint.endpoint_name, aim.variant, f"{now:%Y/%m/%d/%H}")
    folder = "/".join(part for part in parts if part)
    permissions.store(
        account, bucket, f"{folder}/{now:%M-%S}-{now.microsecond // 1000:03d}-{event}.jsonl", line.encode()
    )


def _captured(content: bytes, content_type: str, mode: str, config: Mapping[str, Any]) -> dict[str, str]:
    headers = config.get("CaptureContentTypeHeader") or {}
    plain = {"CSV": headers.get("CsvContentTypes") or [], "JSON": headers.get("JsonContentTypes") or []}
    encoding = next((name for name, kinds in plain.items() if content_type in kinds), "BASE64")
    data = base64.b64encode(content).decode() if encoding == "BASE64" else content.decode(errors="replace")
    return {"observedContentType": content_type, "mode": mode, "data": data, "encoding": encoding}
