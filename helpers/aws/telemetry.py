"""Traces of requests: metrics, alarms on them, and autoscaling that follows them, all in simulated time."""

from __future__ import annotations

import json
import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from moto.applicationautoscaling.models import FakeApplicationAutoscalingPolicy, FakeScalableTarget
from moto.cloudwatch.models import Alarm, MetricDatum
from moto.core.utils import utcnow

NAMESPACE = "AWS/SageMaker"
MINUTE = 60.0
COMPARE: dict[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
STATISTICS: dict[str, Callable[[list[float]], float]] = {
    "Sum": sum,
    "Average": lambda values: sum(values) / len(values),
    "Minimum": min,
    "Maximum": max,
    "SampleCount": len,
}


@dataclass(frozen=True)
class Request:
    """One invocation that reached a variant; ``at`` in simulated seconds, ``latency`` in real microseconds."""

    at: float
    endpoint: str
    variant: str
    model: str
    status: int  # the server's own; 0 when it gave none
    latency: float
    instances: int


METRICS: dict[str, Callable[[Request], float]] = {
    "Invocations": lambda request: 1,
    "Invocation4XXErrors": lambda request: 400 <= request.status < 500,
    "Invocation5XXErrors": lambda request: request.status >= 500 or request.status == 0,
    "InvocationModelErrors": lambda request: not 200 <= request.status < 300,
    "InvocationsPerInstance": lambda request: 1 / max(1, request.instances),
    "ModelLatency": lambda request: request.latency,
}


def between(requests: Sequence[Request], start: float, end: float) -> Iterator[Request]:
    """Requests from ``start`` on and before ``end``. They are stored in the order of time."""
    for request in reversed(requests):
        if request.at < start:
            return
        if request.at < end:
            yield request


def data(requests: Sequence[Request], now: float) -> list[MetricDatum]:
    """Every request's metrics as CloudWatch holds them; what happened a simulated hour ago is dated an hour ago."""
    present = utcnow()
    found = []
    for request in requests:
        when = present - timedelta(seconds=now - request.at + 1)  # an end of "now" in a query leaves out what is now
        named = [("EndpointName", request.endpoint), ("VariantName", request.variant)]
        dimensions = [{"Name": name, "Value": value} for name, value in named]
        for metric, value in METRICS.items():
            unit = "Microseconds" if metric == "ModelLatency" else "None"
            found.append(MetricDatum(NAMESPACE, metric, float(value(request)), dimensions, when, unit))
    return found


# --- alarms ---


def state(alarm: Alarm, requests: Sequence[Request], now: float) -> str:
    """The state of an alarm on one of these metrics: OK, ALARM or INSUFFICIENT_DATA.

    The last ``EvaluationPeriods`` periods up to now are looked at. As on AWS, the metrics exist only for the pair of
    dimensions EndpointName and VariantName: an alarm on less finds no data.
    """
    periods = range(alarm.evaluation_periods)
    ends = [now - number * alarm.period for number in periods]
    values = [_statistic(alarm, list(between(requests, end - alarm.period, end))) for end in ends]
    compare = COMPARE[alarm.comparison_operator]
    breaching = [value is not None and compare(value, alarm.threshold) for value in values]
    missing = values.count(None)
    treatment = alarm.treat_missing_data or "missing"
    if missing == len(values) and treatment in ("missing", "ignore"):
        return "INSUFFICIENT_DATA" if treatment == "missing" else alarm.state_value
    over = sum(breaching) + (missing if treatment == "breaching" else 0)
    return "ALARM" if over >= (alarm.datapoints_to_alarm or len(values)) else "OK"


def watched(alarm: Alarm) -> bool:
    """Tell whether an alarm is on one metric of an endpoint. Others keep the state that SetAlarmState gave them."""
    return alarm.namespace == NAMESPACE and alarm.metric_name in METRICS and alarm.comparison_operator in COMPARE


def problem(given: Mapping[str, Any]) -> str:
    """Say why CloudWatch would refuse an alarm on one metric; empty when it would not. Metric math is not looked at."""
    if given.get("metric_data_queries") or given.get("rule"):
        return ""
    needed = ("metric_name", "namespace", "period", "evaluation_periods", "threshold", "comparison_operator")
    if missing := [name for name in needed if given.get(name) is None]:
        return f"An alarm on a metric needs {', '.join(name.title().replace('_', '') for name in missing)}."
    if given["comparison_operator"] not in COMPARE:
        return f"ComparisonOperator must be one of {', '.join(COMPARE)}."
    if given["period"] < 10:
        return "Period must be 10 seconds or more."
    extended = re.fullmatch(r"p\d{1,2}(\.\d+)?|p100", given.get("extended_statistic") or "")
    if given.get("statistic") not in STATISTICS and not extended:
        return f"Statistic must be one of {', '.join(STATISTICS)}, or ExtendedStatistic a percentile such as p99."
    return ""


def _statistic(alarm: Alarm, requests: list[Request]) -> float | None:
    wanted = {dimension.name: dimension.value for dimension in alarm.dimensions}
    if wanted.keys() != {"EndpointName", "VariantName"}:
        return None
    of_alarm = [r for r in requests if (r.endpoint, r.variant) == (wanted["EndpointName"], wanted["VariantName"])]
    values = sorted(float(METRICS[alarm.metric_name](request)) for request in of_alarm)
    if not values:
        return None
    if alarm.extended_statistic:
        rank = math.ceil(float(alarm.extended_statistic[1:]) / 100 * len(values))
        return values[max(0, rank - 1)]
    return STATISTICS[alarm.statistic](values)


# --- autoscaling ---

OUT, IN = 3, 15  # minutes above the target before instances are added, and well below it before they are taken away
WELL_BELOW = 0.9
COOLDOWN = 300.0


@dataclass
class Scaling:
    """The state of one variant's target tracking: when it last changed the number of instances."""

    last_out: float = -math.inf
    last_in: float = -math.inf

    def wanted(
        self,
        target: FakeScalableTarget,
        policy: FakeApplicationAutoscalingPolicy,
        current: int,
        requests: Sequence[Request],
        now: float,
    ) -> int:
        """Number of instances that a variant should have after this minute.

        Three minutes above the target add instances, fifteen below nine tenths of it take some away, and after a
        change comes a cooldown. A minute without a request gives no metric, so that a variant without any traffic
        keeps its instances: AWS documents the same.
        """
        body = _configuration(policy)
        aim = float(body["TargetValue"])
        rates = _rates(target.resource_id, requests, now)
        proposed = math.ceil(current * (rates[0] or 0) / aim)
        bounded = min(max(proposed, target.min_capacity or 0), target.max_capacity or current)
        if all(rate is not None and rate > aim for rate in rates[:OUT]) and bounded > current:
            return self._out(bounded, current, now, body)
        low = all(rate is not None and rate < WELL_BELOW * aim for rate in rates)
        if low and bounded < current and not body.get("DisableScaleIn"):
            return self._in(bounded, current, now, body)
        return min(max(current, target.min_capacity or 0), target.max_capacity or current)

    def _out(self, bounded: int, current: int, now: float, body: dict[str, Any]) -> int:
        if now - self.last_out < float(body.get("ScaleOutCooldown", COOLDOWN)):
            return current
        self.last_out = now
        return bounded

    def _in(self, bounded: int, current: int, now: float, body: dict[str, Any]) -> int:
        if now - max(self.last_in, self.last_out) < float(body.get("ScaleInCooldown", COOLDOWN)):
            return current
        self.last_in = now
        return bounded


def follows(policy: FakeApplicationAutoscalingPolicy) -> bool:
    """Tell whether a policy tracks requests per instance, the only kind that is simulated."""
    specification = _configuration(policy).get("PredefinedMetricSpecification") or {}
    kind = specification.get("PredefinedMetricType")
    return policy.policy_type == "TargetTrackingScaling" and kind == "SageMakerVariantInvocationsPerInstance"


def _configuration(policy: FakeApplicationAutoscalingPolicy) -> dict[str, Any]:
    body: Any = policy.target_tracking_scaling_policy_configuration or {}
    return json.loads(body) if isinstance(body, str) else body


def names(resource_id: str) -> tuple[str, str]:
    """Endpoint and variant of ``endpoint/NAME/variant/NAME``."""
    parts = resource_id.split("/")
    return (parts[1], parts[3]) if len(parts) == 4 else ("", "")


def _rates(resource_id: str, requests: Sequence[Request], now: float) -> list[float | None]:
    """Requests per instance that there was then, of each of the last minutes, newest first; None without a request."""
    rates: list[float | None] = [None] * IN
    for request in between(requests, now - IN * MINUTE, now):
        if (request.endpoint, request.variant) == names(resource_id):
            minute = math.ceil((now - request.at) / MINUTE) - 1
            rates[minute] = (rates[minute] or 0.0) + METRICS["InvocationsPerInstance"](request)
    return rates
