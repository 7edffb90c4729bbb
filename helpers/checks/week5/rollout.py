"""Task `rollout`: alarms that go off when the promise is broken and at no other time, and a canary that asks them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from helpers import aws
from helpers.aws.rollout import Refused, Stage, stages
from helpers.aws.trial import VARIANT
from helpers.checks import CheckFailed, call, isolated, require, returns
from helpers.checks.week5.archives import SCRIPT, pack

ERRORS, SLOW = "errors", "slow"
Minute = Sequence[tuple[int, float]]  # requests, each as status and seconds that the model took
Story = tuple[Sequence[Minute], set[str]]  # two calm minutes and two others, and the alarms that must go off in these


# --- what alarms and deployment say ---


def named(alarms: Callable[..., Any], endpoint: str, variant: str) -> None:
    """Require the two alarms under their names, each on the endpoint's variant of the arguments."""
    _dimensions(_given(alarms, endpoint, variant), {"EndpointName": endpoint, "VariantName": variant})


def goes_off(alarms: Callable[..., Any], name: str, names: tuple[str, str], stories: Sequence[Story]) -> None:
    """Check when one of the alarms goes off, in an endpoint and a variant of these ``names``."""
    (given,) = [one for one in _given(alarms, *names) if one["AlarmName"] == f"{names[0]}-{name}"]
    outcome = isolated(aws.try_alarms, [_own(given)], [minutes for minutes, _ in stories])
    require(
        not outcome["refused"],
        f"CloudWatch refuses the alarm `{name}`",
        seen=outcome["refused"],
        why="an alarm that does not exist never goes off",
        where="the arguments of put_metric_alarm",
    )
    for (minutes, off), states in zip(stories, outcome["states"], strict=True):
        _goes_off(name, name in off, [state.get(given["AlarmName"]) for state in states], minutes[-1])


def begins_small(deployment_config: Callable[..., Any], names: Sequence[str]) -> None:
    """Require a small first step that is watched for five minutes."""
    _canary(_understood(_configuration(deployment_config, names))[0])


def keeps(deployment_config: Callable[..., Any], names: Sequence[str]) -> None:
    """Require that the old servers are kept for five minutes after the last step."""
    _, _, kept = _understood(_configuration(deployment_config, names))
    require(
        kept >= 300,
        "the old servers are stopped less than 5 minutes after the last step",
        seen=f"TerminationWaitInSeconds {kept}",
        why="while they still run, going back takes no time; afterwards it takes as long as starting them",
        where="TerminationWaitInSeconds in BlueGreenUpdatePolicy",
    )


def is_watched(deployment_config: Callable[..., Any], names: Sequence[str]) -> None:
    """Require that both alarms can take the new version back."""
    _, watched, _ = _understood(_configuration(deployment_config, names))
    require(
        sorted(watched) == sorted(names),
        "no alarm, or not both, can take the new version back",
        seen=str(watched),
        why="a canary that nobody looks at only delays the outage",
        where="AutoRollbackConfiguration: Alarms: AlarmName, for each name that was given",
    )


def arguments(
    alarms: Callable[..., Any], deployment_config: Callable[..., Any], endpoint: str, variant: str
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return alarms, for the variant that trials have, and the deployment that they watch."""
    given = _given(alarms, endpoint, variant)
    return [_own(one) for one in given], _configuration(deployment_config, [one["AlarmName"] for one in given])


def _configuration(deployment_config: Callable[..., Any], names: Sequence[str]) -> dict[str, Any]:
    return dict(returns(call(deployment_config, list(names)), dict, "the deployment's configuration"))


def _given(alarms: Callable[..., Any], endpoint: str, variant: str) -> list[dict[str, Any]]:
    given = [dict(one) for one in returns(call(alarms, endpoint, variant), list, "the alarms")]
    require(
        sorted(str(one.get("AlarmName")) for one in given) == [f"{endpoint}-{ERRORS}", f"{endpoint}-{SLOW}"],
        "the two alarms are not named ENDPOINT-errors and ENDPOINT-slow",
        seen=str([one.get("AlarmName") for one in given]),
        why="the deployment speaks of alarms by name",
    )
    return given


def _dimensions(given: Sequence[Mapping[str, Any]], wanted: Mapping[str, str]) -> None:
    """Require that each alarm names the endpoint and the variant of the arguments, and nothing else."""
    for one in given:
        pairs = [pair for pair in one.get("Dimensions") or [] if isinstance(pair, Mapping)]
        found = {str(pair.get("Name")): pair.get("Value") for pair in pairs}
        missing = [name for name in wanted if name not in found]
        why = "it finds no data there, and says OK for ever"
        require(
            not missing,
            f"an alarm has no dimension {' and no '.join(missing)}",
            seen=f"{one.get('AlarmName')}: {found}",
            why=why,
            where="SageMaker's metrics exist for the pair of EndpointName and VariantName",
        )
        require(
            found == wanted and len(pairs) == 2,
            "an alarm looks at another endpoint or variant than the one it was asked for",
            seen=f"{one.get('AlarmName')}: {found}",
            why=why,
            where="both arguments, each as the Value of its dimension",
        )


def _own(alarm: Mapping[str, Any]) -> dict[str, Any]:
    """Return the alarm on the endpoint and the variant that trials have: another part looks at its own."""
    dimensions = [{"Name": "EndpointName", "Value": ""}, {"Name": "VariantName", "Value": VARIANT}]
    return {**alarm, "Dimensions": dimensions}


def _goes_off(name: str, expected: bool, found: list[str | None], last: Minute) -> None:
    """Require that an alarm goes off within the two bad minutes, or in none of the four."""
    counts = {
        "5xx": sum(status >= 500 for status, _ in last),
        "4xx": sum(400 <= status < 500 for status, _ in last),
        "over 0.8 s": sum(seconds > 0.8 for _, seconds in last),
    }
    numbers = ", ".join(f"{count} {what}" for what, count in counts.items())
    seen = f"{len(last)} requests a minute, of them {numbers}; states {found}"
    require(
        "ALARM" in found[2:] or not expected,
        f"the alarm `{name}` stays silent though the promise is broken",
        seen=seen,
        why="the canary asks this alarm: the bad version would go to everybody",
        where=_SILENT[name],
    )
    require(
        "ALARM" not in found[: 2 if expected else 4],
        f"the alarm `{name}` goes off though the promise is kept",
        seen=seen,
        why="a good version is taken back, and after the third false alarm nobody looks",
        where=_LOUD[name],
    )


_SILENT = {
    ERRORS: "both dimensions, EndpointName and VariantName; the Average of Invocation5XXErrors is a share, and "
    "3 % of it is 0.03; one period of 60 seconds",
    SLOW: "ModelLatency counts microseconds; a mean hides one slow request in ten, a percentile (p95) shows it",
}
_LOUD = {
    ERRORS: "a share and not a number of errors; 4xx are the callers'; no data is no incident (TreatMissingData)",
    SLOW: "one slow request in a hundred is within the promise: not p99, not the maximum; 0.8 seconds are 800,000 "
    "microseconds; missing data",
}


def _understood(config: Mapping[str, Any]) -> tuple[list[Stage], list[str], float]:
    """Return the stages of a deployment, its alarms, and the seconds for which the old servers are kept."""
    try:
        planned = stages(config, 10)
        watched = [one["AlarmName"] for one in (config.get("AutoRollbackConfiguration") or {}).get("Alarms") or []]
        kept = (config.get("BlueGreenUpdatePolicy") or {}).get("TerminationWaitInSeconds", 0)
    except Refused as error:
        raise CheckFailed(
            "SageMaker refuses this deployment",
            seen=str(error),
            why="a canary that gets all the traffic, or half of it, is none",
            where="CanarySize: at most 50 percent; here at most 20",
        ) from None
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise CheckFailed(
            "that is no DeploymentConfig",
            seen=f"{type(error).__name__}: {error}",
            where="BlueGreenUpdatePolicy with TrafficRoutingConfiguration, and AutoRollbackConfiguration",
        ) from None
    return planned, watched, kept


def _canary(planned: Sequence[Stage]) -> None:
    """Require a small first step that is watched for five minutes."""
    small = [stage for stage in planned if stage.share <= 0.2 + 1e-9]
    require(
        planned[0].share <= 0.2 + 1e-9,
        "the first step sends more than 20 % of the traffic to the new version",
        seen=str([f"{stage.share:.0%}" for stage in planned]),
        why="that many users are the ones who find out",
        where="Type CANARY (or LINEAR) and its size, in CAPACITY_PERCENT",
    )
    require(
        sum(stage.seconds for stage in small) >= 300,
        "the canary is not watched for five minutes",
        seen=str([(f"{stage.share:.0%}", stage.seconds) for stage in planned]),
        why="an alarm looks at whole minutes: what is not waited for is not seen",
        where="WaitIntervalInSeconds",
    )


# --- versions that behave in a given way, rolled out while requests arrive ---

BEHAVIOUR = """
import json, time
from sagemaker_inference.errors import BaseInferenceToolkitError

def model_fn(folder): return 0

def transform_fn(model, body, content_type, accept):
    number = int(body)
    DOES
    return json.dumps("NAME"), accept
"""
GOOD, ERRS = "pass", "raise RuntimeError('no such column')"


def _version(does: str, name: str) -> dict[str, dict[str, Any]]:
    script = BEHAVIOUR.replace("DOES", does).replace("NAME", name)
    return {VARIANT: {"archive": pack({SCRIPT: script})}}


def _minutes(number: int, requests: int, seed: int) -> list[dict[str, Any]]:
    bodies = np.random.default_rng(seed).integers(0, 10**6, (number, requests))
    return [{"requests": [{"body": str(n).encode()} for n in minute], "seconds": 60} for minute in bodies]


def picture(alarms: Sequence[Mapping[str, Any]], config: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return, for a picture, twelve minutes in which a version that always errs is rolled out."""
    watching = [_own(one) for one in alarms] if config else []
    traffic = _minutes(12, 40, 0)
    return aws.try_rollout(_version(GOOD, "old"), _version(ERRS, "new"), traffic, deployment=config, alarms=watching)


def rolls_out(
    what: str,
    does: str,
    given: tuple[Sequence[Mapping[str, Any]], Mapping[str, Any]],
    *,
    stays: bool,
    old: str = GOOD,
    requests: int = 40,
    seed: int = 0,
) -> None:
    """Roll a version out while requests arrive, and require that it stays, or that it is taken back in time.

    Parameters
    ----------
    what, does
        how it behaves, in words, and as a line of its inference script; ``number`` is a random one, sent by the caller
    given
        the student's alarms and deployment, as `arguments` returns them
    old
        what the version before does
    requests
        in each minute
    """
    traffic = [*_minutes(6, requests, seed), {"seconds": 7_200}, *_minutes(1, 20, seed + 1)]
    versions = _version(old, "old"), _version(does, "new")
    outcome = isolated(aws.try_rollout, *versions, traffic, deployment=dict(given[1]), alarms=list(given[0]))
    require(not outcome["refused"], "update_endpoint refuses the deployment", seen=outcome["refused"])
    minutes = pd.DataFrame([{**reply, "minute": reply["seconds"] // 60} for reply in outcome["replies"]])
    if stays:
        _gets_through(what, outcome, minutes)
    else:
        _is_taken_back(what, outcome, minutes, most=0.45 * requests * 2)


def _story_of(minutes: pd.DataFrame) -> str:
    """Return a table of how many requests the new version got in each minute, and the worst status."""
    return str(minutes.groupby("minute").agg(new=("version", lambda v: (v == "new").sum()), worst=("status", "max")))


def _gets_through(what: str, outcome: Mapping[str, Any], minutes: pd.DataFrame) -> None:
    require(
        outcome["serves"] == "new" and set(minutes["version"].tail(20)) == {"new"},
        f"a version that is well does not get through: {what}",
        seen=lambda: f"{outcome['reason']}\n{_story_of(minutes)}",
        why="whoever cannot deploy goes on with the old model for ever",
        where="what the alarms count; the times of the deployment together",
    )


def _is_taken_back(what: str, outcome: Mapping[str, Any], minutes: pd.DataFrame, most: float) -> None:
    require(
        outcome["serves"] == "old",
        f"a bad version is not taken back: {what}",
        seen=lambda: f"{outcome['status']}, {outcome['serves']}\n{_story_of(minutes)}",
        why="all users get it, until somebody wakes up",
        where="share and threshold belong together: what share of all requests fails while the canary runs?",
    )
    reached = minutes[minutes["version"] == "new"]
    require(
        len(reached) <= most and set(minutes.loc[minutes["minute"] >= 4, "version"]) == {"old"},
        f"a bad version reached more users than it had to: {what}",
        seen=lambda: _story_of(minutes),
        why="the canary is there so that few users find out for all",
        where="the first step's share, and how soon the alarm goes off",
    )
    lost = minutes[(minutes["version"] == "old") & (minutes["status"] >= 500)]
    require(
        lost.empty,
        "requests to the good version failed while the bad one was taken back",
        seen=lambda: _story_of(minutes),
    )
