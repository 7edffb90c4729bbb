"""Task `operate`: shares that are kept, answers that are recorded, and instances that follow the load."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from helpers import aws
from helpers.checks import call, isolated, require, returns
from helpers.checks.week5.archives import SCRIPT, pack
from helpers.checks.week5.requests import CSV, JSON

ECHO = "def model_fn(folder): return 0\ndef transform_fn(model, body, kind, accept): return body, kind\n"
# Minutes and how many instances' load there is in each: more than two, far more than the most, next to none.
BUSY, RUSH, CALM = (9, 2.5), (9, 30), (45, 0.2)


@dataclass
class Operation:
    """Shares, a bucket and names that an endpoint is brought up with, by the student's arguments; it is tried once.

    Parameters
    ----------
    shares
        of the traffic by model
    per_minute
        requests that one instance shall get
    limits
        the fewest instances and the most: at most 2, and between 4 and 6
    names
        of configuration, endpoint and bucket; nothing has them yet
    """

    configuration: Callable[..., Any]
    scaling: Callable[..., Any]
    shares: Mapping[str, float]
    per_minute: float
    limits: tuple[int, int]
    names: tuple[str, str, str]
    tried: dict[str, dict[str, Any]] = field(default_factory=dict)

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of ``create_endpoint_config``."""
        name, _, bucket = self.names
        given = returns(call(self.configuration, name, dict(self.shares), bucket), dict, "the configuration")
        return dict(given)

    def keeps_shares(self) -> None:
        """Require that each model gets its share of the traffic."""
        _shares(self._tried(self.arguments())["replies"], self.shares)

    def records(self) -> None:
        """Require that each request and each answer is on record, as text."""
        _captured(self._tried(self.arguments())["captured"], ASKED)

    def in_their_places(self) -> None:
        """Require the names of the arguments, and records where the role may write."""
        config = self.arguments()
        _in_their_places(config, self.names[0], self.names[2])
        self._tried(config)

    def follows(self) -> None:
        """Require as many instances as the busy minutes need."""
        _follows_load(self._instances())

    def within(self) -> None:
        """Require a number of instances that reaches its limits and does not leave them."""
        _within(self._instances(), *self.limits)

    def comes_back(self) -> None:
        """Require that instances are taken away when the load is gone."""
        _comes_back(self._instances(), self.limits[0])

    def _instances(self) -> np.ndarray:
        """Return the instances after each minute of load, behind an endpoint whose configuration is the checks' own."""
        _, endpoint, _ = self.names
        given = call(self.scaling, endpoint, next(iter(self.shares)), self.per_minute, *self.limits)
        given = returns(given, list, "the two arguments")
        require(len(given) == 2, "there are not two sets of arguments", where="the target first, then the policy")
        variants = [{**_PLAIN, "VariantName": model, "ModelName": model} for model in self.shares]
        load = [int(times * self.per_minute) for minutes, times in (BUSY, RUSH, CALM) for _ in range(minutes)]
        plain = {"EndpointConfigName": f"{endpoint}-plain", "ProductionVariants": variants}
        return np.array(self._tried(plain, [dict(one) for one in given], load)["instances"])

    def _tried(self, config: dict[str, Any], given: Sequence[Any] = (), load: Sequence[int] = ()) -> dict[str, Any]:
        _, endpoint, bucket = self.names
        key = repr((config, given))
        if key not in self.tried:
            archives = {model: pack({SCRIPT: ECHO}) for model in self.shares}
            more = {"bucket": bucket, "scaling": given, "load": load}
            asked = [] if given else ASKED
            self.tried[key] = isolated(aws.try_configuration, endpoint, archives, config, asked, **more)
        outcome = self.tried[key]
        require(
            not outcome["refused"] and outcome["status"] == "InService",
            f"the service refuses the arguments of {'the scaling' if given else 'the configuration'}, "
            "or the endpoint fails",
            seen=outcome["refused"] or outcome["reason"],
            where="ResourceId is endpoint/NAME/variant/NAME" if given else "every name that was given is in its place",
        )
        return outcome


_PLAIN = {"InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
ASKED = [{"body": b"%d" % k, "content_type": kind, "accept": kind} for k in range(50) for kind in (JSON, CSV)]


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


def _follows_load(instances: np.ndarray) -> None:
    """Require as many instances as the busy minutes need."""
    require(
        instances[BUSY[0] - 1] == math.ceil(BUSY[1]),
        "two and a half times the load of one instance does not bring three instances",
        seen=f"instances minute by minute: {instances[:10].tolist()}",
        why="what is too much for one instance waits, and then fails",
        where="TargetValue is requests per instance and minute; target tracking on "
        "SageMakerVariantInvocationsPerInstance; the policy is of the type TargetTrackingScaling",
    )


def _within(instances: np.ndarray, least: int, most: int) -> None:
    """Require the most instances in the rush, and never more or fewer than agreed."""
    for broke, holds, why, where in (
        (
            "there are more instances than `most`",
            instances.max() <= most,
            "it costs more than was agreed",
            "MaxCapacity",
        ),
        (
            "there are fewer instances than `least`",
            instances.min() >= least,
            "when the next rush comes, nobody answers",
            "MinCapacity",
        ),
        (
            "the rush does not bring as many instances as there may be",
            instances[BUSY[0] + RUSH[0] - 1] == most,
            "the load is there, and the money for it too",
            "MaxCapacity",
        ),
    ):
        require(holds, broke, seen=f"between {instances.min()} and {instances.max()}", why=why, where=where)


def _comes_back(instances: np.ndarray, least: int) -> None:
    require(
        instances[-1] == least,
        "instances are not taken away when the load is gone",
        seen=f"{instances[-1]} at the end",
        why="idle instances cost as much as busy ones",
        where="DisableScaleIn, and a cooldown that is not hours",
    )
