"""An endpoint that really predicts: what runs, what fails and how, what changes safely, and that nothing is left."""

from __future__ import annotations

import base64
import io
import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import numpy as np
import psutil
import pytest
import urllib3
from botocore.exceptions import ClientError, WaiterError

from helpers import aws
from helpers.aws import archives, forkserver, serve
from helpers.aws import servers as aws_servers
from helpers.aws.archives import BadArchive, unpack
from helpers.aws.rollout import Refused, stages

SCRIPT = """
import json
from sagemaker_inference.errors import BaseInferenceToolkitError

def model_fn(model_dir):
    with open(model_dir + "/factor.json") as file:
        return json.load(file)

def input_fn(body, content_type):
    try:
        return [float(value) for value in json.loads(body)]
    except (ValueError, TypeError):
        raise BaseInferenceToolkitError(400, "a list of numbers is wanted", "Bad Request")

def predict_fn(values, model):
    return [model * value for value in values]

def output_fn(prediction, accept):
    return json.dumps(prediction), accept
"""
ERRS = SCRIPT.replace("return [model * value for value in values]", "raise RuntimeError('no such column')")
BROKEN = "def model_fn(model_dir):\n    raise OSError('model.joblib is not in the archive')\n"
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/sklearn:1"
GOOD = {"body": b"[1, 2]"}


def tar(files: dict[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return stream.getvalue()


def model(factor: float = 3.0, script: str = SCRIPT) -> bytes:
    return tar({"factor.json": json.dumps(factor), "code/inference.py": script})


def servers() -> list[psutil.Process]:
    """Model servers of this process that are running."""
    children = psutil.Process().children(recursive=True)
    return [child for child in children if _name(child) == "model server"]


def listening() -> set[tuple[str, int]]:
    """Addresses at which this process listens."""
    found = psutil.Process().net_connections("tcp")
    return {tuple(one.laddr) for one in found if one.status == psutil.CONN_LISTEN}


def _name(process: psutil.Process) -> str:
    with suppress(psutil.NoSuchProcess):
        return process.name()
    return ""


@pytest.fixture(autouse=True)
def nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    for name in (aws.CHOICE, "NBGRADER_EXECUTION"):
        monkeypatch.delenv(name, raising=False)
    before = listening()
    yield
    aws.stop()
    assert not servers()
    assert listening() == before
    assert not list(folder.iterdir())


class Account:
    """What a student's notebook would do with boto3."""

    def __init__(self) -> None:
        aws.start()
        self.s3, self.iam, self.sagemaker = boto3.client("s3"), boto3.client("iam"), boto3.client("sagemaker")
        self.runtime, self.cloudwatch = boto3.client("sagemaker-runtime"), boto3.client("cloudwatch")
        self.s3.create_bucket(Bucket="sagemaker-flights")
        self.role = self.make_role("server", "sagemaker.amazonaws.com")
        self.allow("server", "arn:aws:s3:::sagemaker-flights/*")

    def make_role(self, name: str, service: str) -> str:
        statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        return str(self.iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]["Arn"])

    def allow(self, role: str, resource: str) -> None:
        statement = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": resource}
        document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.iam.put_role_policy(RoleName=role, PolicyName="read", PolicyDocument=document)

    def model(self, name: str, archive: bytes, **environment: str) -> None:
        self.s3.put_object(Bucket="sagemaker-flights", Key=f"{name}/model.tar.gz", Body=archive)
        url = f"s3://sagemaker-flights/{name}/model.tar.gz"
        container = {"Image": IMAGE, "ModelDataUrl": url, "Environment": environment}
        self.sagemaker.create_model(ModelName=name, ExecutionRoleArn=self.role, PrimaryContainer=container)

    def config(self, name: str, *models: str, weights: tuple[float, ...] = (), **more: Any) -> None:
        common = {"InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
        variants = [{"VariantName": one, "ModelName": one, **common} for one in models]
        for variant, weight in zip(variants, weights, strict=False):
            variant["InitialVariantWeight"] = weight
        self.sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=variants, **more)

    def deploy(self, archive: bytes, name: str = "flights", **environment: str) -> str:
        self.model(name, archive, **environment)
        self.config(name, name)
        self.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
        return self.wait(name)

    def wait(self, name: str = "flights") -> str:
        with suppress(WaiterError):
            self.sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=name)
        return str(self.describe(name)["EndpointStatus"])

    def describe(self, name: str = "flights") -> dict[str, Any]:
        return self.sagemaker.describe_endpoint(EndpointName=name)

    def ask(self, body: bytes = b"[1, 2]", name: str = "flights", **more: Any) -> dict[str, Any]:
        given = {"ContentType": "application/json", "Accept": "application/json", **more}
        return self.runtime.invoke_endpoint(EndpointName=name, Body=body, **given)

    def predict(self, body: bytes = b"[1, 2]", **more: Any) -> Any:
        return json.loads(self.ask(body, **more)["Body"].read())

    def alarm(self, variant: str, name: str = "errors", **more: Any) -> None:
        pair = {"EndpointName": "flights", "VariantName": variant}
        given = {"Namespace": "AWS/SageMaker", "MetricName": "Invocation5XXErrors", "Statistic": "Average"}
        numbers = {"Period": 60, "EvaluationPeriods": 1, "Threshold": 0.05}
        dimensions = [{"Name": key, "Value": value} for key, value in pair.items()]
        kind = {"ComparisonOperator": "GreaterThanThreshold", "Dimensions": dimensions}
        self.cloudwatch.put_metric_alarm(AlarmName=name, **{**given, **numbers, **kind, **more})


@pytest.fixture
def account() -> Account:
    return Account()


def failure(call: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        call(*args, **kwargs)
    return dict(caught.value.response)


# --- create, predict ---


def test_an_endpoint_is_creating_until_its_server_answers_and_then_predicts(account: Account, capsys) -> None:
    start = time.perf_counter()
    account.model("flights", model())
    account.config("flights", "flights")
    account.sagemaker.create_endpoint(EndpointName="flights", EndpointConfigName="flights")
    assert account.describe()["EndpointStatus"] == "Creating"
    assert account.wait() == "InService"
    response = account.ask(CustomAttributes="trace=1")
    assert json.loads(response["Body"].read()) == [3.0, 6.0]
    assert (response["ContentType"], response["InvokedProductionVariant"]) == ("application/json", "flights")
    first, start = time.perf_counter() - start, time.perf_counter()
    for _ in range(100):
        account.predict()
    each = (time.perf_counter() - start) / 100
    with capsys.disabled():
        print(f"\n  create to first prediction {first:.2f} s, an invocation {each * 1e3:.1f} ms")


def test_a_server_that_does_not_come_up_fails_with_its_last_lines(account: Account) -> None:
    assert account.deploy(model(script=BROKEN)) == "Failed"
    reason = account.describe()["FailureReason"]
    assert "did not pass the ping health check" in reason
    assert "OSError: model.joblib is not in the archive" in reason
    assert failure(account.ask)["Error"]["Code"] == "ValidationError"


def test_a_server_that_never_answers_fails_too(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aws_servers, "START", 1.5)
    waits = "import sys, time\nprint('still loading', file=sys.stderr, flush=True)\ntime.sleep(60)\n"
    assert account.deploy(model(script=waits + SCRIPT)) == "Failed"
    assert "did not pass the ping health check" in account.describe()["FailureReason"]


class Rule:
    """A class of a notebook's own: a server does not have it."""

    def predict(self, rows: Any) -> Any:
        return rows


def test_a_model_of_a_notebooks_own_class_cannot_be_loaded(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["__main__"], "Rule", Rule, raising=False)
    monkeypatch.setattr(Rule, "__module__", "__main__")
    script = "import pickle\ndef model_fn(folder):\n    return pickle.load(open(folder + '/model.pkl', 'rb'))\n"
    assert account.deploy(tar({"model.pkl": pickle.dumps(Rule()), "code/inference.py": script})) == "Failed"
    assert "Can't get attribute 'Rule'" in account.describe()["FailureReason"]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"inference.py": SCRIPT}, "no code/inference.py"),
        ({"code/inference.py": "import helpers"}, "No module named 'helpers'"),
        ({"code/inference.py": "x = 1"}, "no model_fn"),
        ({"code/inference.py": "import sys; sys.exit(0)"}, "SystemExit"),
        ({"code/inference.py": "import os; os._exit(3)"}, "it wrote nothing"),
    ],
)
def test_what_is_wrong_with_a_script_is_said(files: dict[str, str | bytes], words: str) -> None:
    outcome = aws.try_archive(tar(files), [GOOD])
    assert outcome["status"] == "Failed"
    assert words in outcome["reason"]
    assert outcome["replies"] == []


def test_a_script_finds_its_environment_and_not_the_callers_keys() -> None:
    script = """
import json, os
def model_fn(folder): return {**os.environ, "same": str(os.path.samefile(folder, os.environ["SM_MODEL_DIR"]))}
def input_fn(body, content_type): return body
def predict_fn(name, model): return model.get(name, "")
def output_fn(prediction, accept): return prediction, "text/plain"
"""
    names = ("LEVEL", "same", "AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID")
    requests = [{"body": name.encode(), "content_type": "text/csv"} for name in names]
    outcome = aws.try_archive(tar({"code/inference.py": script}), requests, environment={"LEVEL": "7"})
    assert [reply["body"] for reply in outcome["replies"]] == [b"7", b"True", b"", b""]


def test_the_defaults_read_and_write_json_csv_and_npy() -> None:
    script = "class Sum:\n    def predict(self, x): return x.sum(axis=1)\ndef model_fn(folder): return Sum()\n"
    rows, stream = np.array([[1.0, 2.0], [3.0, 4.0]]), io.BytesIO()
    np.save(stream, rows)
    given = [
        (json.dumps(rows.tolist()).encode(), "application/json; charset=utf-8", "*/*"),
        (b"1,2\n3,4\n", "text/csv", "text/csv"),
        (stream.getvalue(), "application/x-npy", "application/x-npy"),
        (b"<rows/>", "application/xml", "*/*"),
        (b"1,2\n", "text/csv", "application/xml"),
        (b"\xff\xfe", "text/csv", "*/*"),
    ]
    requests = [{"body": body, "content_type": kind, "accept": accept} for body, kind, accept in given]
    replies = aws.try_archive(tar({"code/inference.py": script}), requests)["replies"]
    assert [reply["status"] for reply in replies] == [200, 200, 200, 415, 415, 500]
    assert json.loads(replies[0]["body"]) == [3.0, 7.0]
    assert replies[1]["body"] == b"3.0\n7.0\n"
    assert np.load(io.BytesIO(replies[2]["body"])).tolist() == [3.0, 7.0]


def test_transform_fn_stands_for_all_three() -> None:
    script = (
        "def model_fn(folder): return 2\ndef transform_fn(model, body, kind, accept): return f'{model}{body}', kind\n"
    )
    assert aws.try_archive(tar({"code/inference.py": script}), [GOOD])["replies"][0]["body"] == b"2[1, 2]"
    both = script + "def predict_fn(data, model): return data\n"
    assert "in place of input_fn" in aws.try_archive(tar({"code/inference.py": both}), [])["reason"]


# --- errors of a request ---


def test_an_error_of_the_model_keeps_its_status_and_the_next_request_works(account: Account) -> None:
    account.deploy(model())
    answer = failure(account.ask, b"nonsense")
    assert answer["Error"]["Code"] == "ModelError"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 424
    assert answer["OriginalStatusCode"] == 400
    assert "a list of numbers is wanted" in answer["OriginalMessage"]
    assert account.predict() == [3.0, 6.0]


def test_an_endpoint_or_variant_that_does_not_exist_is_a_validation_error(account: Account) -> None:
    account.deploy(model())
    assert "not found" in failure(account.ask, name="no-such")["Error"]["Message"]
    answer = failure(account.ask, TargetVariant="no-such")
    assert (answer["Error"]["Code"], answer["ResponseMetadata"]["HTTPStatusCode"]) == ("ValidationError", 400)
    assert failure(account.describe, "no-such")["Error"]["Code"] == "ValidationException"


def test_a_body_over_six_mebibytes_never_reaches_the_server(account: Account) -> None:
    account.deploy(model())
    answer = failure(account.ask, b"[" + b"1," * 3_200_000 + b"1]")
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 413
    assert answer["Error"]["Code"] == "413"
    assert account.predict(b"[]") == []
    assert failure(account.ask, b"")["OriginalStatusCode"] == 400


def test_a_model_that_takes_too_long_is_given_up(account: Account) -> None:
    account.deploy(
        model(script=SCRIPT.replace("return [model", "import time; time.sleep(values[0])\n    return [model"))
    )
    running = aws.current()
    assert running
    running.answer_within = 0.3
    assert "timed out" in failure(account.ask, b"[5]")["OriginalMessage"]
    assert account.predict(b"[0]") == [0.0]


def test_a_server_that_died_is_started_again(account: Account) -> None:
    dies = SCRIPT.replace("return [model", "import os; values[0] < 0 and os._exit(1)\n    return [model")
    account.deploy(model(script=dies))
    assert failure(account.ask, b"[-1]")["Error"]["Code"] == "ModelError"
    assert account.predict() == [3.0, 6.0]


# --- archives that nobody should unpack ---


def member(name: str, **fields: Any) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        one = tarfile.TarInfo(name)
        for field, value in fields.items():
            setattr(one, field, value)
        archive.addfile(one)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("archive", "words"),
    [
        (tar({"../outside": "x"}), "leads out"),
        (tar({"code/../../outside": "x"}), "leads out"),
        (tar({"/outside": "x"}), "leads out"),
        (member("link", type=tarfile.SYMTYPE, linkname="/etc/passwd"), "neither a plain file"),
        (member("link", type=tarfile.LNKTYPE, linkname="/etc/passwd"), "neither a plain file"),
        (member("device", type=tarfile.CHRTYPE, devmajor=1, devminor=5), "neither a plain file"),
        (tar({"large": b"0" * 70_000}), "larger than"),
        (tar({f"file{number}": "" for number in range(30)}), "more than 20"),
        (tar({"file": "x", "file/inside": "x"}), "cannot be unpacked"),
        (tar({"file": b"0" * 5_000})[:-30], "not a gzipped tar"),
        (b"PK\x03\x04", "not a gzipped tar"),
        (b"", "not a gzipped tar"),
    ],
)
def test_a_tampered_archive_is_refused(archive: bytes, words: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(archives, "LARGEST", 1 << 16)
    monkeypatch.setattr(archives, "MOST_MEMBERS", 20)
    with pytest.raises(BadArchive, match=words):
        unpack(archive, tmp_path / "model")
    assert not (tmp_path / "outside").exists()


def test_a_header_that_grows_without_end_is_refused(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(archives, "LARGEST", 1 << 16)
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz", format=tarfile.PAX_FORMAT) as archive:
        one = tarfile.TarInfo("file")
        one.pax_headers = {"comment": "x" * 1_000_000}
        archive.addfile(one)
    with pytest.raises(BadArchive, match="larger than"):
        unpack(stream.getvalue(), tmp_path)


def test_a_tampered_archive_makes_the_endpoint_fail() -> None:
    outcome = aws.try_archive(tar({"../outside": "x"}), [])
    assert outcome["status"] == "Failed"
    assert "leads out of the model's folder" in outcome["reason"]


# --- what AWS refuses ---


def test_a_model_needs_a_role_that_exists_trusts_sagemaker_and_may_read(account: Account) -> None:
    account.s3.put_object(Bucket="sagemaker-flights", Key="model.tar.gz", Body=model())
    container = {"Image": IMAGE, "ModelDataUrl": "s3://sagemaker-flights/model.tar.gz"}
    missing = account.role.replace("server", "nobody")
    other = account.make_role("other", "lambda.amazonaws.com")
    account.allow("other", "*")
    unable = account.make_role("unable", "sagemaker.amazonaws.com")
    for role in (missing, other, unable):
        given = {"ModelName": "m", "ExecutionRoleArn": role, "PrimaryContainer": container}
        assert "Could not access model data" in failure(account.sagemaker.create_model, **given)["Error"]["Message"]
    policy = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess"
    account.iam.attach_role_policy(RoleName="unable", PolicyArn=policy)
    account.sagemaker.create_model(ModelName="m", ExecutionRoleArn=unable, PrimaryContainer=container)


def test_model_data_must_be_there(account: Account) -> None:
    for url in ("s3://sagemaker-flights/no-such", "s3://sagemaker-flights/"):
        given = {"Image": IMAGE, "ModelDataUrl": url}
        answer = failure(
            account.sagemaker.create_model, ModelName="m", ExecutionRoleArn=account.role, PrimaryContainer=given
        )
        assert answer["Error"]["Message"] == f"Could not find model data at {url}."
    account.model("later", model())
    account.config("later", "later")
    account.s3.delete_object(Bucket="sagemaker-flights", Key="later/model.tar.gz")
    account.sagemaker.create_endpoint(EndpointName="later", EndpointConfigName="later")
    assert account.wait("later") == "Failed"


def test_a_name_that_is_taken_is_refused(account: Account) -> None:
    account.deploy(model())
    for call in (
        lambda: account.model("flights", model()),
        lambda: account.config("flights", "flights"),
        lambda: account.sagemaker.create_endpoint(EndpointName="flights", EndpointConfigName="flights"),
    ):
        assert "Cannot create already existing" in failure(call)["Error"]["Message"]


# --- variants ---


def test_weights_are_obeyed_and_a_variant_can_be_asked_for(account: Account) -> None:
    for name, factor in (("a", 1.0), ("b", 2.0)):
        account.model(name, model(factor))
    account.config("flights", "a", "b", weights=(9, 1))
    account.sagemaker.create_endpoint(EndpointName="flights", EndpointConfigName="flights")
    account.wait()
    to_b = sum(account.ask()["InvokedProductionVariant"] == "b" for _ in range(300))
    assert 12 <= to_b <= 55  # 30 expected, with a standard deviation of 5
    assert account.predict(TargetVariant="b") == [2.0, 4.0]
    weights = [{"VariantName": "a", "DesiredWeight": 0}, {"VariantName": "b", "DesiredWeight": 1}]
    account.sagemaker.update_endpoint_weights_and_capacities(
        EndpointName="flights", DesiredWeightsAndCapacities=weights
    )
    assert [one["CurrentWeight"] for one in account.describe()["ProductionVariants"]] == [0.0, 1.0]
    assert {account.ask()["InvokedProductionVariant"] for _ in range(20)} == {"b"}


def test_archives_side_by_side_in_one_call() -> None:
    variants = {"a": {"archive": model(1.0), "weight": 0}, "b": {"archive": model(2.0)}}
    outcome = aws.try_variants(variants, [GOOD, {**GOOD, "variant": "a"}])
    assert [reply["variant"] for reply in outcome["replies"]] == ["b", "a"]


# --- change, and the way back ---

CANARY = {
    "BlueGreenUpdatePolicy": {
        "TrafficRoutingConfiguration": {
            "Type": "CANARY",
            "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": 20},
            "WaitIntervalInSeconds": 120,
        },
        "TerminationWaitInSeconds": 60,
    },
    "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": "errors"}]},
}
ALARM = {
    "AlarmName": "errors",
    "Namespace": "AWS/SageMaker",
    "MetricName": "Invocation5XXErrors",
    "Dimensions": [{"Name": "EndpointName", "Value": "?"}, {"Name": "VariantName", "Value": "v"}],
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 0,
    "ComparisonOperator": "GreaterThanThreshold",
}
TRAFFIC = [{"requests": [GOOD] * 40, "seconds": 60}] * 5


def test_a_good_version_gets_a_share_and_then_everything() -> None:
    old, new = {"v": {"archive": model(1.0)}}, {"v": {"archive": model(2.0)}}
    outcome = aws.try_rollout(old, new, TRAFFIC, deployment=CANARY, alarms=[ALARM])
    assert (outcome["status"], outcome["serves"], outcome["reason"]) == ("InService", "new", "")
    assert {reply["status"] for reply in outcome["replies"]} == {200}
    shares = [sum(r["version"] == "new" for r in outcome["replies"] if r["seconds"] == at) for at in range(0, 300, 60)]
    assert 0 < shares[0] < 20
    assert 0 < shares[1] < 20
    assert shares[2:] == [40, 40, 40]
    assert outcome["states"] == [(0.0, "Updating"), (300.0, "InService")]


def test_a_version_that_errs_is_rolled_back_when_the_alarm_goes_off() -> None:
    old, new = {"v": {"archive": model(1.0)}}, {"v": {"archive": model(script=ERRS)}}
    outcome = aws.try_rollout(old, new, TRAFFIC, deployment=CANARY, alarms=[ALARM])
    assert (outcome["status"], outcome["serves"]) == ("InService", "old")
    assert "The alarm errors went off" in outcome["reason"]
    failed = [reply for reply in outcome["replies"] if reply["status"] != 200]
    assert failed
    assert {(reply["version"], reply["seconds"]) for reply in failed} == {("new", 0.0)}


def test_without_an_alarm_nobody_notices() -> None:
    old, new = {"v": {"archive": model(1.0)}}, {"v": {"archive": model(script=ERRS)}}
    outcome = aws.try_rollout(old, new, TRAFFIC[:1])
    assert (outcome["serves"], outcome["status"]) == ("new", "InService")
    assert {reply["status"] for reply in outcome["replies"]} == {500}


def test_a_version_that_does_not_start_costs_no_request(account: Account) -> None:
    account.deploy(model())
    account.model("broken", model(script="import time; time.sleep(1)\n" + BROKEN))
    account.config("broken", "broken")
    failed, stop = [], threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                account.predict()
            except ClientError as error:
                failed.append(error)

    users = [threading.Thread(target=ask) for _ in range(2)]
    for user in users:
        user.start()
    account.sagemaker.update_endpoint(EndpointName="flights", EndpointConfigName="broken")
    assert account.describe()["PendingDeploymentSummary"]["EndpointConfigName"] == "broken"
    account.wait()
    stop.set()
    for user in users:
        user.join()
    assert not failed
    described = account.describe()
    assert (described["EndpointStatus"], described["EndpointConfigName"]) == ("InService", "flights")
    assert "model.joblib is not in the archive" in described["FailureReason"]


def test_requests_under_way_are_answered_by_the_version_that_got_them(account: Account) -> None:
    slow = SCRIPT.replace("return [model", "import time; time.sleep(values[0])\n    return [model")
    account.deploy(model(1.0, slow))
    account.model("next", model(2.0, slow))
    account.config("next", "next")
    answers: list[Any] = []
    user = threading.Thread(target=lambda: answers.append(account.predict(b"[1]")))
    user.start()
    account.sagemaker.update_endpoint(EndpointName="flights", EndpointConfigName="next")
    account.wait()
    assert account.predict(b"[0, 1]") == [0.0, 2.0]
    user.join()
    assert answers in ([[1.0]], [[2.0]])


@pytest.mark.parametrize(
    ("deployment", "words"),
    [
        ({"Type": "CANARY", "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": 100}}, "at most 50%"),
        ({"Type": "CANARY", "CanarySize": {"Type": "INSTANCE_COUNT", "Value": 1}}, "at most 50%"),
        ({"Type": "CANARY"}, "needs CanarySize"),
        ({"Type": "SLOWLY"}, "none of ALL_AT_ONCE"),
        ({"Type": 7}, "ParamValidationError"),
        ({"Type": "LINEAR", "LinearStepSize": {"Type": "CAPACITY_PERCENT", "Value": 5}}, "at least 10%"),
    ],
)
def test_a_canary_that_is_none_is_refused(deployment: dict[str, Any], words: str) -> None:
    routing = {"WaitIntervalInSeconds": 60, **deployment}
    config = {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing}}
    one = {"v": {"archive": model()}}
    outcome = aws.try_rollout(one, one, TRAFFIC[:1], deployment=config)
    assert words in outcome["refused"]
    assert outcome["serves"] == "old"
    assert {reply["version"] for reply in outcome["replies"]} == {"old"}


@pytest.mark.parametrize("given", [{"deployment": "slowly"}, {"alarms": ["errors"]}, {"alarms": [{"AlarmName": "x"}]}])
def test_what_is_no_configuration_is_refused_too(given: dict[str, Any]) -> None:
    one = {"v": {"archive": model()}}
    outcome = aws.try_rollout(one, one, TRAFFIC[:1], **given)
    assert outcome["refused"]
    assert (outcome["status"], outcome["serves"]) == ("InService", "old")


def test_a_linear_rollout_moves_in_steps() -> None:
    size = {"Type": "CAPACITY_PERCENT", "Value": 50}
    routing = {"Type": "LINEAR", "LinearStepSize": size, "WaitIntervalInSeconds": 60}
    config = {"BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing}}
    one = {"v": {"archive": model()}}
    outcome = aws.try_rollout(one, one, TRAFFIC[:3], deployment=config)
    new = [sum(r["version"] == "new" for r in outcome["replies"] if r["seconds"] == at) for at in (0, 60, 120)]
    assert 8 <= new[0] <= 32
    assert new[1:] == [40, 40]
    assert outcome["states"][-1] == (120.0, "InService")


def test_an_update_needs_its_alarms_and_an_endpoint_at_rest(account: Account) -> None:
    account.deploy(model())
    account.model("next", model())
    account.config("next", "next")
    update = {"EndpointName": "flights", "EndpointConfigName": "next", "DeploymentConfig": CANARY}
    assert "errors" in failure(account.sagemaker.update_endpoint, **update)["Error"]["Message"]
    account.alarm("flights")
    account.sagemaker.update_endpoint(**update)
    answer = failure(account.sagemaker.update_endpoint, **update)
    assert "Cannot update in-progress endpoint" in answer["Error"]["Message"]
    assert account.wait() == "InService"
    assert account.describe()["EndpointConfigName"] == "next"


def test_an_alarm_that_is_on_already_takes_a_version_back_at_once(account: Account) -> None:
    account.deploy(model(script=ERRS))
    account.model("next", model(2.0))
    account.config("next", "next")
    account.alarm("flights")
    failure(account.ask)
    aws.sleep(30)
    account.sagemaker.update_endpoint(EndpointName="flights", EndpointConfigName="next", DeploymentConfig=CANARY)
    assert account.wait() == "InService"
    described = account.describe()
    assert described["EndpointConfigName"] == "flights"
    assert "The alarm errors went off" in described["FailureReason"]


def test_an_update_may_keep_the_weights_that_were_set_since(account: Account) -> None:
    for name in ("a", "b"):
        account.model(name, model())
    account.config("flights", "a", "b", weights=(9, 1))
    account.config("again", "a", "b", weights=(5, 5))
    account.sagemaker.create_endpoint(EndpointName="flights", EndpointConfigName="flights")
    account.wait()
    shares = [{"VariantName": "a", "DesiredWeight": 1}, {"VariantName": "b", "DesiredWeight": 2}]
    account.sagemaker.update_endpoint_weights_and_capacities(EndpointName="flights", DesiredWeightsAndCapacities=shares)
    for keep, weights in ((True, [1.0, 2.0]), (False, [5.0, 5.0])):
        account.sagemaker.update_endpoint(
            EndpointName="flights", EndpointConfigName="again", RetainAllVariantProperties=keep
        )
        account.wait()
        assert [one["CurrentWeight"] for one in account.describe()["ProductionVariants"]] == weights


def test_a_rolling_update_is_planned_in_its_batches_and_takes_no_longer_than_it_may() -> None:
    size = {"Type": "INSTANCE_COUNT", "Value": 1}
    rolling = {"RollingUpdatePolicy": {"MaximumBatchSize": size, "WaitIntervalInSeconds": 60}}
    assert [(one.share, one.seconds) for one in stages(rolling, 4)] == [(0.25, 60), (0.5, 60), (0.75, 60), (1.0, 60)]
    with pytest.raises(Refused, match="Only one of"):
        stages({**rolling, "BlueGreenUpdatePolicy": {}, **CANARY}, 4)
    policy = {**CANARY["BlueGreenUpdatePolicy"], "MaximumExecutionTimeoutInSeconds": 299}
    with pytest.raises(Refused, match="MaximumExecutionTimeoutInSeconds"):
        stages({"BlueGreenUpdatePolicy": policy}, 4)
    assert stages({"BlueGreenUpdatePolicy": {**policy, "MaximumExecutionTimeoutInSeconds": 300}}, 4)[0].share == 0.2


# --- metrics, alarms, autoscaling, capture ---


def test_requests_are_metrics_and_metrics_are_alarms(account: Account) -> None:
    account.deploy(model())
    account.alarm("flights", MetricName="Invocation4XXErrors")
    account.alarm("flights", "too-little", Dimensions=[{"Name": "EndpointName", "Value": "flights"}])

    def states() -> dict[str, str]:
        found = account.cloudwatch.describe_alarms()["MetricAlarms"]
        return {alarm["AlarmName"]: alarm["StateValue"] for alarm in found}

    for body in (b"[1]", b"[2]", b"nonsense"):
        with suppress(ClientError):
            account.ask(body)
    aws.sleep(60)
    assert states() == {"errors": "ALARM", "too-little": "INSUFFICIENT_DATA"}
    now = datetime.now(UTC)
    pair = {"EndpointName": "flights", "VariantName": "flights"}
    sums = account.cloudwatch.get_metric_statistics(
        Namespace="AWS/SageMaker",
        MetricName="Invocations",
        Dimensions=[{"Name": key, "Value": value} for key, value in pair.items()],
        StartTime=now - timedelta(minutes=10),
        EndTime=now,
        Period=600,
        Statistics=["Sum"],
    )
    assert [point["Sum"] for point in sums["Datapoints"]] == [3.0]
    account.predict()
    aws.sleep(60)
    assert states()["errors"] == "OK"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"Statistic": "Mean"}, "Statistic must be"),
        ({"ComparisonOperator": "MoreThan"}, "ComparisonOperator must be"),
        ({"Period": 1}, "Period must be"),
    ],
)
def test_an_alarm_that_could_never_go_off_is_refused(account: Account, change: dict[str, Any], words: str) -> None:
    assert words in failure(account.alarm, "flights", **change)["Error"]["Message"]


def test_an_alarm_may_watch_a_percentile(account: Account) -> None:
    account.deploy(model())
    given = {key: value for key, value in ALARM.items() if key != "Statistic"}
    pair = [{"Name": "EndpointName", "Value": "flights"}, {"Name": "VariantName", "Value": "flights"}]
    account.cloudwatch.put_metric_alarm(
        **{**given, "ExtendedStatistic": "p99", "MetricName": "ModelLatency", "Threshold": 1.0, "Dimensions": pair}
    )
    account.predict()
    aws.sleep(60)
    assert account.cloudwatch.describe_alarms()["MetricAlarms"][0]["StateValue"] == "ALARM"


def test_instances_follow_the_load_in_simulated_time(account: Account) -> None:
    account.deploy(model())
    scaling = boto3.client("application-autoscaling")
    which = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": "endpoint/flights/variant/flights",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    }
    wrong = {**which, "ResourceId": "endpoint/flights/variant/other", "MinCapacity": 1, "MaxCapacity": 4}
    assert failure(scaling.register_scalable_target, **wrong)["Error"]["Code"] == "ValidationException"
    scaling.register_scalable_target(**which, MinCapacity=1, MaxCapacity=4)
    metric = {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"}
    scaling.put_scaling_policy(
        **which,
        PolicyName="load",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration={"TargetValue": 10.0, "PredefinedMetricSpecification": metric},
    )

    def minutes(number: int, requests: int) -> int:
        for _ in range(number):
            for _ in range(requests):
                account.predict()
            aws.sleep(60)
        return int(account.describe()["ProductionVariants"][0]["DesiredInstanceCount"])

    assert minutes(2, 25) == 1
    assert minutes(1, 25) == 3
    assert minutes(15, 2) == 1
    minutes(3, 45)
    assert minutes(5, 45) == 4
    assert minutes(20, 0) == 4  # no request, no metric, no reason to scale in


def test_requests_and_answers_are_captured(account: Account) -> None:
    account.model("flights", model())
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": "s3://sagemaker-flights/captured",
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
        "CaptureContentTypeHeader": {"JsonContentTypes": ["application/json"]},
    }
    account.config("flights", "flights", DataCaptureConfig=capture)
    account.sagemaker.create_endpoint(EndpointName="flights", EndpointConfigName="flights")
    account.wait()
    account.predict()
    account.ask(b"[3]", ContentType="application/octet-stream")
    found = account.s3.list_objects_v2(Bucket="sagemaker-flights", Prefix="captured/flights/flights/")["Contents"]
    lines = [account.s3.get_object(Bucket="sagemaker-flights", Key=one["Key"])["Body"].read() for one in found]
    inputs = [json.loads(line)["captureData"]["endpointInput"] for line in lines]
    assert {(one["encoding"], one["data"]) for one in inputs} == {
        ("JSON", "[1, 2]"),
        ("BASE64", base64.b64encode(b"[3]").decode()),
    }
    assert json.loads(lines[0])["captureData"]["endpointOutput"]["mode"] == "OUTPUT"


def test_a_sample_of_the_requests_may_be_captured(account: Account) -> None:
    account.model("flights", model())
    destination = {"DestinationS3Uri": "s3://sagemaker-flights/captured", "CaptureOptions": [{"CaptureMode": "Input"}]}
    capture = {"EnableCapture": True, "InitialSamplingPercentage": 50, **destination}
    account.config("flights", "flights", DataCaptureConfig=capture)
    account.sagemaker.create_endpoint(EndpointName="flights", EndpointConfigName="flights")
    account.wait()
    for _ in range(60):
        account.predict()
    found = account.s3.list_objects_v2(Bucket="sagemaker-flights", Prefix="captured/")["Contents"]
    assert 15 <= len(found) <= 45  # 30 expected, with a standard deviation of 4
    line = json.loads(account.s3.get_object(Bucket="sagemaker-flights", Key=found[0]["Key"])["Body"].read())
    assert line["captureData"].keys() == {"endpointInput"}


# --- time, other processes, nothing left ---


def test_waiting_takes_no_time_and_time_passes_nowhere_else(account: Account) -> None:
    account.deploy(model())
    running = aws.current()
    assert running
    before = running.now
    account.predict()
    account.describe()
    assert running.now == before
    aws.sleep(3_600)
    assert running.now == before + 3_600


def test_another_process_finds_the_same_cloud(account: Account) -> None:
    account.deploy(model())
    program = (
        "import boto3; answer = boto3.client('sagemaker-runtime').invoke_endpoint(EndpointName='flights', "
        "Body=b'[5]', ContentType='application/json'); print(answer['Body'].read().decode())"
    )
    environment = {"PATH": os.environ["PATH"], "HOME": tempfile.gettempdir(), **aws.environment()}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [15.0]


def test_a_server_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    (tmp_path / "model.tar.gz").write_bytes(model())
    program = (
        "import sys, time; from helpers.aws.servers import Server; "
        f"server = Server(open({str(tmp_path / 'model.tar.gz')!r}, 'rb').read()); server.start(); "
        "print(server.process.pid, flush=True); time.sleep(60)"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, env=environment) as owner:
        assert owner.stdout
        server = psutil.Process(int(owner.stdout.readline()))
        fork_server = server.parent()
        owner.send_signal(signal.SIGKILL)
    psutil.wait_procs([server, fork_server], timeout=30)
    assert not [one for one in (server, fork_server) if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def test_servers_share_what_they_import_and_nothing_else(account: Account) -> None:
    tells = SCRIPT.replace(
        "return [model * value for value in values]",
        "import os, random, sys, numpy\n    sys.shared = getattr(sys, 'shared', 0) + 1\n"
        "    chance = random.random(), numpy.random.rand()\n"
        "    return [*chance, os.environ.get('WHO'), os.getcwd(), os.getsid(0), sys.shared]",
    )
    for name in ("one", "two"):
        assert account.deploy(model(script=tells), name, WHO=name) == "InService"
    one, two = (account.predict(name=name) for name in ("one", "two"))
    assert not {*one[:5]} & {*two[:5]}
    assert (one[2], two[2], one[5], two[5]) == ("one", "two", 1, 1)


def test_when_the_fork_server_is_killed_its_servers_live_and_the_next_one_starts_all_the_same(
    account: Account,
) -> None:
    assert account.deploy(model()) == "InService"
    (server,) = servers()
    server.parent().kill()
    assert account.predict() == [3.0, 6.0]
    assert account.deploy(model(5.0), "others") == "InService"
    assert account.predict(name="others") == [5.0, 10.0]
    aws.stop()
    assert not server.is_running() or server.status() == psutil.STATUS_ZOMBIE


def test_a_fork_server_that_is_ending_costs_no_endpoint(account: Account) -> None:
    ending = forkserver.start()
    ending._process.send_signal(signal.SIGSTOP)  # like one that is being killed, it has not ended yet ...
    ending._channel.shutdown(socket.SHUT_RDWR)  # ... but its files are closed
    assert ending.usable()
    assert account.deploy(model()) == "InService"
    assert account.predict() == [3.0, 6.0]


def test_an_endpoint_whose_process_cannot_be_started_fails_and_says_why(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forkserver, "_PROGRAM", "raise SystemExit(1)")
    monkeypatch.setattr(forkserver, "_servers", [])
    assert account.deploy(model()) == "Failed"
    assert "its process could not be started" in account.describe()["FailureReason"]


def test_what_a_script_started_ends_with_its_server(account: Account) -> None:
    script = SCRIPT.replace("import json", "import json, subprocess\nchild = subprocess.Popen(['sleep', '60'])", 1)
    assert account.deploy(model(script=script)) == "InService"
    (server,) = servers()
    (child,) = server.children()
    account.sagemaker.delete_endpoint(EndpointName="flights")
    aws.stop()
    _, alive = psutil.wait_procs([server, child], timeout=10)
    assert all(process.status() == psutil.STATUS_ZOMBIE for process in alive)


def test_in_an_image_the_server_listens_by_itself_and_ends_when_it_is_told_to(tmp_path: Path) -> None:
    unpack(model(), tmp_path / "model")
    (tmp_path / "server.py").write_bytes(Path(serve.__file__).read_bytes())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    environment = {"SM_MODEL_DIR": str(tmp_path / "model"), "SAGEMAKER_BIND_TO_PORT": str(port)}
    with subprocess.Popen([sys.executable, "server.py"], cwd=tmp_path, env=environment) as server:
        address = f"http://127.0.0.1:{port}"
        retries = urllib3.Retry(connect=200, backoff_factor=0.01, backoff_max=0.1)
        assert urllib3.request("GET", f"{address}/ping", retries=retries).status == 200
        kind = {"Content-Type": "application/json"}
        assert urllib3.request("POST", f"{address}/invocations", body=b"[1, 2]", headers=kind).json() == [3.0, 6.0]
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=30) == 0


def test_an_endpoint_may_be_deleted_while_it_is_created(account: Account) -> None:
    slow = SCRIPT.replace("def model_fn(model_dir):", "def model_fn(model_dir):\n    import time; time.sleep(30)")
    account.model("flights", model(script=slow))
    account.config("flights", "flights")
    account.sagemaker.create_endpoint(EndpointName="flights", EndpointConfigName="flights")
    account.sagemaker.delete_endpoint(EndpointName="flights")
    assert failure(account.describe)["Error"]["Code"] == "ValidationException"


def test_two_endpoints_start_side_by_side_and_a_trial_beside_them(account: Account) -> None:
    for name, factor in (("one", 1.0), ("two", 2.0)):
        account.model(name, model(factor))
        account.config(name, name)
        account.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    assert aws.try_archive(model(5.0), [GOOD])["replies"][0]["body"] == b"[5.0, 10.0]"
    assert [account.wait(name) for name in ("one", "two")] == ["InService", "InService"]
    assert [account.predict(name=name) for name in ("one", "two")] == [[1.0, 2.0], [2.0, 4.0]]
    assert [one["EndpointName"] for one in account.sagemaker.list_endpoints()["Endpoints"]] == ["one", "two"]
    assert [bucket["Name"] for bucket in account.s3.list_buckets()["Buckets"]] == ["sagemaker-flights"]


def test_a_new_start_is_a_new_cloud_and_the_end_gives_boto3_back(account: Account) -> None:
    account.deploy(model())
    aws.start()
    assert boto3.client("sagemaker").list_endpoints()["Endpoints"] == []
    assert not servers()
    aws.stop()
    import botocore.waiter

    assert botocore.waiter.time is time
    assert aws.current() is None


# --- a real account ---


@pytest.mark.parametrize("said", ["", "0", "a lot", "inf", "nan", "-5"])
def test_a_real_account_needs_a_word_on_spending(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(aws.CHOICE, "real")
    monkeypatch.setenv(aws.SPEND, said)
    with pytest.raises(RuntimeError, match="costs money"):
        aws.start()
    assert aws.current() is None


def test_a_real_account_is_used_when_somebody_said_so(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    monkeypatch.setenv(aws.CHOICE, "real")
    monkeypatch.setenv(aws.SPEND, "5")
    aws.start()
    assert "your own account" in capsys.readouterr().out
    assert aws.current() is None
    assert aws.environment() == {}
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")
    aws.start()
    assert aws.current() is not None
