"""Changes of an endpoint: a new fleet beside the old one, traffic that moves in steps, and the way back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from helpers.aws.servers import Server, Unhealthy

LARGEST_CANARY, LARGEST_STEP = 0.5, 0.5
SMALLEST_STEP = 0.1


class Refused(ValueError):
    """A deployment configuration that the service would not take."""


@dataclass
class Fleet:
    """The servers of one endpoint configuration, by variant. One process stands for all instances of a variant."""

    config: dict[str, Any]
    servers: dict[str, Server] = field(default_factory=dict)
    stopped: bool = False

    def start(self, make: Callable[[dict[str, Any]], Server]) -> None:
        """Start every variant's server, side by side.

        Raises
        ------
        Unhealthy, BadArchive
            when one does not come up; those that did are stopped
        """
        try:
            for variant in self.config["ProductionVariants"]:
                if not self.stopped:
                    self.servers[variant["VariantName"]] = make(variant)
            with ThreadPoolExecutor() as pool:
                list(pool.map(_start, self.servers.items()))
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End every server at once."""
        self.stopped = True
        for server in list(self.servers.values()):
            server.stop()

    def drain(self) -> None:
        """End every server once it has answered what it was asked."""
        for server in self.servers.values():
            server.drain()


def _start(item: tuple[str, Server]) -> None:
    name, server = item
    try:
        server.start()
    except Unhealthy as error:
        raise Unhealthy(
            f"The primary container for production variant {name} did not pass the ping health check. "
            f"Please check CloudWatch logs for this endpoint. Its last lines: {error}"
        ) from None


def summaries(config: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The variants of a configuration as a description of the endpoint shows them."""
    found = []
    for variant in config["ProductionVariants"]:
        weight, count = variant.get("InitialVariantWeight"), variant.get("InitialInstanceCount") or 1
        weight = 1.0 if weight is None else float(weight)
        numbers = {"CurrentInstanceCount": count, "DesiredInstanceCount": count}
        if serverless := variant.get("ServerlessConfig"):
            numbers = {"CurrentServerlessConfig": serverless}
        found.append(
            {"VariantName": variant["VariantName"], "CurrentWeight": weight, "DesiredWeight": weight, **numbers}
        )
    return found


def retain(new: list[dict[str, Any]], old: Sequence[Mapping[str, Any]], excluded: Sequence[str]) -> None:
    """Give variants that stay the weights and instance counts that they have (RetainAllVariantProperties)."""
    kept = {"DesiredWeight": ("CurrentWeight", "DesiredWeight")}
    kept["DesiredInstanceCount"] = ("CurrentInstanceCount", "DesiredInstanceCount")
    for variant in new:
        before = next((one for one in old if one["VariantName"] == variant["VariantName"]), {})
        for kind, names in kept.items():
            if kind not in excluded:
                variant.update({name: before[name] for name in names if name in before})


# --- traffic ---


@dataclass(frozen=True)
class Stage:
    """A share of the traffic for the new fleet, and how long it bakes, in simulated seconds."""

    share: float
    seconds: float


def stages(deployment: Mapping[str, Any] | None, instances: int) -> list[Stage]:
    """The steps in which traffic moves to a new fleet of so many instances.

    Raises
    ------
    Refused
        when SageMaker would not take the configuration: a canary or a step of more than half, both policies, no time
        to carry it out
    """
    deployment = deployment or {}
    blue_green, rolling = deployment.get("BlueGreenUpdatePolicy"), deployment.get("RollingUpdatePolicy")
    if blue_green and rolling:
        raise Refused("Only one of BlueGreenUpdatePolicy and RollingUpdatePolicy can be specified.")
    if rolling:
        size = _share(rolling["MaximumBatchSize"], instances, "MaximumBatchSize", LARGEST_STEP)
        planned = _linear(size, rolling["WaitIntervalInSeconds"])
    else:
        planned = _blue_green((blue_green or {}).get("TrafficRoutingConfiguration") or {}, instances)
    policy = blue_green or rolling or {}
    total = sum(stage.seconds for stage in planned) + policy.get("TerminationWaitInSeconds", 0)
    if total > policy.get("MaximumExecutionTimeoutInSeconds", 28_800):
        raise Refused("MaximumExecutionTimeoutInSeconds must be larger than the total waiting time of the deployment.")
    return planned


def _blue_green(routing: Mapping[str, Any], instances: int) -> list[Stage]:
    kind, wait = routing.get("Type", "ALL_AT_ONCE"), routing.get("WaitIntervalInSeconds", 0)
    if kind == "ALL_AT_ONCE":
        return [Stage(1.0, wait)]
    if kind not in ("CANARY", "LINEAR"):
        raise Refused(f"Traffic routing of type {kind!r} is none of ALL_AT_ONCE, CANARY and LINEAR.")
    size = routing.get("CanarySize" if kind == "CANARY" else "LinearStepSize")
    if size is None:
        raise Refused(f"Traffic routing of type {kind} needs {'CanarySize' if kind == 'CANARY' else 'LinearStepSize'}.")
    if kind == "CANARY":
        return [Stage(_share(size, instances, "CanarySize", LARGEST_CANARY), wait), Stage(1.0, wait)]
    return _linear(_share(size, instances, "LinearStepSize", LARGEST_STEP, SMALLEST_STEP), wait)


def _linear(size: float, wait: float) -> list[Stage]:
    shares, share = [], size
    while share < 1 - 1e-9:
        shares.append(share)
        share += size
    return [Stage(share, wait) for share in (*shares, 1.0)]


def _share(size: Mapping[str, Any], instances: int, name: str, most: float, least: float = 0.0) -> float:
    """Convert a size to a share of the fleet."""
    percent = size["Type"] == "CAPACITY_PERCENT"
    share = size["Value"] / 100 if percent else size["Value"] / max(1, instances)
    if not least <= share <= most:
        raise Refused(
            f"{name} must be at most {most:.0%}{f' and at least {least:.0%}' if least else ''} of the new fleet's "
            f"capacity; {size['Value']} {'percent' if percent else 'instances'} of {instances} is {share:.0%}."
        )
    return share


@dataclass
class Service:
    """The fleets and the deployment behind one endpoint's name."""

    endpoint: Any  # moto's record, which a description shows
    fleet: Fleet | None = None  # blue: what serves
    green: Fleet | None = None  # what is to serve
    coming: Fleet | None = None  # what is being started
    new_variants: list[dict[str, Any]] = field(default_factory=list)
    share: float = 0.0  # of the traffic, for the green fleet
    waiting: list[Stage] = field(default_factory=list)
    until: float = 0.0
    termination: float = 0.0  # seconds that the old fleet is kept after the last step
    terminating: bool = False
    alarms: list[str] = field(default_factory=list)
    gone: bool = False

    @property
    def changing(self) -> bool:
        """Tell whether a deployment is under way."""
        return self.endpoint.endpoint_status in ("Creating", "Updating", "RollingBack")

    def fleets(self) -> list[Fleet]:
        """Every fleet that has servers."""
        return [fleet for fleet in (self.fleet, self.green, self.coming) if fleet]

    def begin(self, now: float) -> None:
        """Send the green fleet, which is well, the first share of the traffic."""
        stage = self.waiting.pop(0)
        self.share, self.until = stage.share, now + stage.seconds
        if self.endpoint.pending_deployment_summary:
            status = "Baking" if stage.seconds else "ActivatingTraffic"
            for variant in self.endpoint.pending_deployment_summary["ProductionVariants"]:
                variant["VariantStatus"] = [{"Status": status}]

    def progress(self, now: float, tripped: str) -> Fleet | None:
        """Take the steps that are due; return a fleet that is of no more use."""
        if self.green is None or not self.share:
            return None
        if tripped and not self.terminating:
            return self.roll_back(f"The alarm {tripped} went off while the new fleet was watched")
        while now >= self.until and self.waiting:
            self.begin(self.until)
        if now < self.until:
            return None
        if self.termination and not self.terminating:
            self.until, self.terminating = self.until + self.termination, True
            return self.progress(now, "")
        return self.finish()

    def finish(self) -> Fleet | None:
        """Make the green fleet the fleet; return the old one."""
        old, self.fleet = self.fleet, self.green
        assert self.fleet
        self.endpoint.endpoint_config_name = self.fleet.config["EndpointConfigName"]
        self.endpoint.data_capture_config = deepcopy(self.fleet.config.get("DataCaptureConfig") or {})
        self.endpoint.production_variants = self.new_variants
        self._settle("")
        return old

    def roll_back(self, reason: str) -> Fleet | None:
        """Send all traffic to the old fleet again; return the new one."""
        failed = self.green
        self._settle(f"{reason}; the endpoint serves its former configuration again.")
        return failed

    def _settle(self, reason: str) -> None:
        self.green, self.share, self.waiting, self.terminating = None, 0.0, [], False
        self.endpoint.endpoint_status = "InService"
        self.endpoint.failure_reason = reason[:1024] or None
        self.endpoint.pending_deployment_summary = None
