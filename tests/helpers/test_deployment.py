"""What week 5 stands on: .dockerignore, quantities, a simulated rollout, a load test, alarms without servers."""

from __future__ import annotations

from itertools import product

import pytest

from helpers import aws, load, rollouts
from helpers.checks import CheckFailed
from helpers.checks.week5 import archives, dockerfiles, kubernetes, manifests, operate

ECHO = archives.pack({archives.SCRIPT: operate.ECHO})


@pytest.mark.parametrize(
    ("path", "rules", "out"),
    [
        ("data/raw/x.csv", "data", True),
        ("data/raw/x.csv", "*.csv", False),
        ("data/raw/x.csv", "**/*.csv", True),
        ("x.csv", "**/*.csv", True),
        ("model/x", "*\n!model", False),
        ("model/x", "!model\n*", True),
        (".env", "# .env\n", False),
        ("a1", "a[0-9]", True),
        ("ab/c", "a?/c", True),
    ],
)
def test_the_last_rule_that_fits_decides_what_goes_into_the_context(path, rules, out):
    assert dockerfiles.ignored(path, rules) is out


def test_continued_lines_flags_and_defaults_of_arguments_are_read():
    text = "ARG V=3.11.9\nFROM --platform=linux/amd64 python:${V} AS a\nRUN one \\\n  # a remark\n  && two\n"
    first, second, third = dockerfiles.parse(text)
    assert (second.items, second.flags) == (["python:3.11.9", "AS", "a"], ("--platform=linux/amd64",))
    assert third.rest == "one    && two"
    assert (first.stage, third.stage) == (-1, 0)


def test_hadolint_finds_what_is_wrong():
    assert "DL3006" in {one["code"] for one in dockerfiles.hadolint("FROM python\n")}


@pytest.mark.parametrize(("text", "number"), [("250m", 0.25), (2, 2.0), ("1Gi", 2.0**30), ("0.5", 0.5), ("3M", 3e6)])
def test_quantities_are_numbers(text, number):
    assert manifests.amount(text) == pytest.approx(number)


@pytest.mark.parametrize(
    "text", ["a: [", "- 1\n- 2\n", "kind: Deployment\n", "kind: Deployment\napiVersion: apps/v1\n"]
)
def test_what_is_no_manifest_is_said_to_be_none(text):
    with pytest.raises(CheckFailed):
        kubernetes.agree(text, "image:1.0.0", 2)


def test_with_a_probe_no_request_fails_and_without_one_many_do():
    failed = {probe: rollouts.simulate(probe=probe, seed=1)["failed"].sum() for probe in (True, False)}
    assert failed[True] == 0
    assert failed[False] > 100
    assert rollouts.simulate(max_surge=0, max_unavailable=1)["answered"].sum() > 0
    with pytest.raises(ValueError, match="nothing could ever begin"):
        rollouts.simulate(max_surge=0, max_unavailable=0)


def test_a_load_test_comes_from_another_process_and_notes_what_was_due():
    aws.start()
    try:
        outcome = _deploy()
        found = load.run(outcome, {3: [b"1", b"2"], 1: [b"4"]}, workers=(1, 2), rates=(50, 200), count=20)
        tests = found.groupby(["workers", "rows", "rate"], sort=False)["due"].agg(["size", "max"])
        assert list(tests.index) == list(product((1, 2), (3, 1), (50, 200)))
        assert set(tests["size"]) == {20}
        assert list(tests["max"]) == [19 / 50, 19 / 200] * 4
        assert found["ok"].all()
        assert (found["done"] >= found["due"]).all()
        assert not load.run("no-such", {1: [b"1"]}, count=2)["ok"].any()
    finally:
        aws.stop()


def _deploy() -> str:
    from tests.helpers.test_aws import Account

    assert Account().deploy(ECHO, "echo") == "InService"
    return "echo"


def test_an_earlier_configuration_leaves_nothing_for_the_next_one():
    shares = {"m": 1.0}
    variant = {"VariantName": "m", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    config = {"EndpointConfigName": "c", "ProductionVariants": [variant]}
    aws.start()
    try:
        for _ in shares, shares:
            outcome = aws.try_configuration("e", {"m": ECHO}, config, [{"body": b"x"}], bucket="b-1")
            assert (outcome["status"], outcome["refused"]) == ("InService", "")
        assert "ValidationException" in aws.try_configuration("e", {}, config, [], bucket="b-1")["refused"]
    finally:
        aws.stop()
