"""Task `operate`: shares that are kept, answers that are recorded, and instances that follow the load."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from helpers import aws
from helpers.checks import call, isolated, require, returns
from helpers.checks.week5.archives import SCRIPT, pack
from helpers.checks.week5.requests import CSV, JSON

ECHO = "def model_fn(folder): return 0\ndef transform_fn(model, body, kind, accept): return body, kind\n"
# Minutes and how many instances' load there is in each: more than two, more than the most, next to none.
BUSY, RUSH, CALM = (9, 2.5), (9, 6), (45, 0.2)


def operates(
    configuration: Callable[..., Any],
    scaling: Callable[..., Any],
    shares: Mapping[str, float],
    *,
    per_minute: float,
    limits: tuple[int, int],
    names: tuple[str, str, str],
) -> None:
    """Bring up an endpoint with the student's arguments, and look at shares, records and instances.

    Parameters
    ----------
    per_minute
        requests that one instance shall get
    limits
        the fewest instances and the most: at most 2, and between 4 and 6
    names
        of configuration, endpoint and bucket; nothing has them yet
    """
    name, endpoint, bucket = names
    config = returns(call(configuration, name, dict(shares), bucket), dict, "the endpoint's configuration")
    given = returns(call(scaling, endpoint, next(iter(shares)), per_minute, *limits), list, "the two arguments")
    require(len(given) == 2, "there are not two sets of arguments", where="the target first, then the policy")
    load = [int(times * per_minute) for minutes, times in (BUSY, RUSH, CALM) for _ in range(minutes)]
    asked = [{"body": b"%d" % k, "content_type": kind, "accept": kind} for k in range(50) for kind in (JSON, CSV)]
    archives = {model: pack({SCRIPT: ECHO}) for model in shares}
    more = {"bucket": bucket, "scaling": given, "load": load}
    outcome = isolated(aws.try_configuration, endpoint, archives, dict(config), asked, **more)
    require(
        not outcome["refused"] and outcome["status"] == "InService",
        "the service refuses the arguments, or the endpoint fails",
        seen=outcome["refused"] or outcome["reason"],
        where="every name that was given is in its place; ResourceId is endpoint/NAME/variant/NAME",
    )
    _shares(outcome["replies"], shares)
    _captured(outcome["captured"], asked)
    _in_their_places(config, name, bucket)
    _follows(np.array(outcome["instances"]), *limits)


def _in_their_places(config: Mapping[str, Any], name: str, bucket: str) -> None:
    place = str((config.get("DataCaptureConfig") or {}).get("DestinationS3Uri"))
    require(
        f"{place}/".startswith(f"s3://{bucket}/captured/"),
        "the records do not go to captured/",
        seen=place,
        why="the role may write below captured/ and nowhere else: on AWS nothing would be written, and nothing said",
        where="DestinationS3Uri: s3://BUCKET/captured",
    )
    require(
        config.get("EndpointConfigName") == name,
        "the configuration has another name than it was given",
        why="the way back is a configuration by its name",
        where="EndpointConfigName",
    )


def _shares(replies: Sequence[Mapping[str, Any]], shares: Mapping[str, float]) -> None:
    total = sum(shares.values())
    for model, share in shares.items():
        got = np.mean([reply["variant"] == model for reply in replies])
        expected = share / total
        spread = math.sqrt(expected * (1 - expected) / len(replies))
        require(
            abs(got - expected) < 4.5 * spread + 1e-9,
            "a model does not get its share of the traffic",
            seen=f"{model}: {got:.1%} of {len(replies)} requests, asked for {expected:.1%}",
            why="the comparison is made with other numbers than was agreed, and more users get the new model",
            where="InitialVariantWeight of each variant; a variant has its model's name",
        )


def _captured(lines: Sequence[Mapping[str, Any]], asked: Sequence[Mapping[str, Any]]) -> None:
    require(
        len(lines) == len(asked),
        "not every request is on record",
        seen=f"{len(lines)} records of {len(asked)} requests",
        why="drift is measured on what was asked: what was not recorded never happened",
        where="EnableCapture, InitialSamplingPercentage, and the bucket of the argument",
    )
    for part in ("endpointInput", "endpointOutput"):
        found = [line["captureData"].get(part) for line in lines]
        require(
            all(found),
            f"the records lack {'the answers' if part == 'endpointOutput' else 'the requests'}",
            why="half of a conversation explains nothing",
            where="CaptureOptions: Input and Output",
        )
        require(
            all(one["encoding"] in ("JSON", "CSV") for one in found),
            "the records are base64 and not text",
            seen=str({one["observedContentType"]: one["encoding"] for one in found}),
            why="every query on them must decode each line first",
            where="CaptureContentTypeHeader: JsonContentTypes and CsvContentTypes",
        )


def _follows(instances: np.ndarray, least: int, most: int) -> None:
    """Require as many instances as the busy minutes need, the most in the rush, and the fewest in the end."""
    busy, rush = instances[BUSY[0] - 1], instances[BUSY[0] + RUSH[0] - 1]
    require(
        busy == math.ceil(BUSY[1]),
        "two and a half times the load of one instance does not bring three instances",
        seen=f"instances minute by minute: {instances[:10].tolist()}",
        why="what is too much for one instance waits, and then fails",
        where="TargetValue is requests per instance and minute; target tracking on "
        "SageMakerVariantInvocationsPerInstance; the policy is of the type TargetTrackingScaling",
    )
    require(
        rush == most and instances.max() <= most and instances.min() >= least,
        "the number of instances leaves its limits, or does not reach them",
        seen=f"between {instances.min()} and {instances.max()}, limits {least} and {most}",
        why="above, it costs more than was agreed; below, nobody answers",
        where="MinCapacity and MaxCapacity",
    )
    require(
        instances[-1] == least,
        "instances are not taken away when the load is gone",
        seen=f"{instances[-1]} at the end",
        why="idle instances cost as much as busy ones",
        where="DisableScaleIn, and a cooldown that is not hours",
    )
