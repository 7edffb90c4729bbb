"""``python -m bench.endpoint``: week 5's endpoint beside MLflow's own scoring server, both with the same model.

Each is started by a process of its own, which then asks it: seconds until the first answer, and milliseconds for each
after it. The endpoint is asked as a student asks it, by boto3; MLflow's server by a connection that stays open.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import psutil
import typer

from bench import measure
from bench.__main__ import commit
from bench.report import machine, spread
from grader.course import replace_file

FILE = Path(__file__).with_name("ENDPOINT.md")
TEMPLATE = FILE.with_suffix(".template.md")
PACKAGES = ("boto3", "moto", "mlflow", "scikit-learn", "lightgbm", "pandas")
PATIENCE = 120.0  # seconds until a server that does not answer is given up
CONTENDERS = {
    "endpoint": "the course's endpoint, by boto3",
    "second": "a second endpoint of the same process",
    "mlflow": "`mlflow models serve`, over HTTP",
}
SCRIPT = """
import json, os
import joblib, pandas as pd
def model_fn(folder): return joblib.load(os.path.join(folder, "model.joblib"))
def input_fn(body, content_type): return pd.DataFrame(json.loads(body)["rows"])
def predict_fn(rows, model):
    texts = {"carrier", "origin", "dest"}
    kinds = {name: "object" if name in texts else "float64" for name in rows}
    return model.predict_proba(rows.astype(kinds))[:, 1]
"""
POLICY: dict[str, Any] = {"Version": "2012-10-17"}


@dataclass(frozen=True)
class Work:
    """A model as both take it, a row, and the probability of late that both must answer."""

    archive: bytes
    saved: str
    endpoint_body: bytes
    mlflow_body: bytes
    expected: float


@dataclass(frozen=True)
class Figures:
    """What one start took: seconds and processor seconds to the first answer, milliseconds of a request after it."""

    seconds: float
    cpu: float
    milliseconds: float


def prepare(folder: Path) -> Work:
    """Train a small model of the course's kind and save it in both forms."""
    from helpers import checkpoints, registry
    from helpers.checks.week5 import archives, requests

    table = checkpoints.features(quiet=True)
    X, y = registry.plain(table.drop(columns=["sched_dep", "late"])), table["late"].astype(int)
    model, row = archives.small_model(X, y, 0), X.head(1)
    for path, content in archives.mlflow_files(model, X.head(3)).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    values = [list(record.values()) for record in requests.records(row)]
    return Work(
        archives.pack({archives.MODEL: archives.dumped(model), archives.SCRIPT: SCRIPT}),
        str(folder),
        requests.as_json(row),
        json.dumps({"dataframe_split": {"columns": [*row.columns], "data": values}}).encode(),
        float(model.predict_proba(row)[0, 1]),
    )


# --- the contenders, each in a new process ---


def second(work: Work, requests: int) -> Figures:
    """The same as `endpoint`, for a process in which another endpoint is in service."""
    return endpoint(work, requests, ["before"])


def endpoint(work: Work, requests: int, before: Sequence[str] = ()) -> Figures:
    """Create everything that an endpoint needs, wait until it is in service, and ask."""
    import boto3

    from helpers.aws.cloud import LocalCloud

    with LocalCloud():
        for name in before:
            _deploy(work.archive, name)
        begun, used = time.perf_counter(), _cpu()
        _deploy(work.archive, "bench")
        runtime = boto3.client("sagemaker-runtime")
        given = {"EndpointName": "bench", "ContentType": "application/json", "Accept": "application/json"}

        def ask() -> float:
            return float(json.loads(runtime.invoke_endpoint(Body=work.endpoint_body, **given)["Body"].read())[0])

        return _figures(ask, work.expected, begun, used, requests)


def _deploy(archive: bytes, name: str) -> None:
    import boto3

    s3, iam, sagemaker = boto3.client("s3"), boto3.client("iam"), boto3.client("sagemaker")
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="model.tar.gz", Body=archive)
    principal = {"Service": "sagemaker.amazonaws.com"}
    trust = {**POLICY, "Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]}
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    read = {
        **POLICY,
        "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{name}/*"}],
    }
    iam.put_role_policy(RoleName=name, PolicyName="read", PolicyDocument=json.dumps(read))
    container = {
        "Image": "123456789012.dkr.ecr.us-east-1.amazonaws.com/bench:1",
        "ModelDataUrl": f"s3://{name}/model.tar.gz",
    }
    sagemaker.create_model(ModelName=name, ExecutionRoleArn=role, PrimaryContainer=container)
    one = {"VariantName": "all", "ModelName": name, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[one])
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=name)


def mlflow(work: Work, requests: int) -> Figures:
    """Start MLflow's scoring server by its own command, wait until it answers, and ask."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    program = [str(Path(sys.executable).with_name("mlflow")), "models", "serve", "--env-manager", "local"]
    where = ["--model-uri", work.saved, "--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
    quiet = {"MLFLOW_DISABLE_TELEMETRY": "true", "OMP_NUM_THREADS": "1"}
    begun, used = time.perf_counter(), _cpu()
    server = subprocess.Popen(
        [*program, *where],
        env={**os.environ, **quiet},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        connection = _connected(port, begun)

        def ask() -> float:
            connection.request("POST", "/invocations", work.mlflow_body, {"Content-Type": "application/json"})
            return float(json.loads(connection.getresponse().read())["predictions"][0][1])

        return _figures(ask, work.expected, begun, used, requests)
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _connected(port: int, begun: float) -> http.client.HTTPConnection:
    while time.perf_counter() < begun + PATIENCE:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.connect()
            return connection
        except ConnectionRefusedError:
            time.sleep(0.01)
    raise RuntimeError(f"mlflow models serve did not listen within {PATIENCE:.0f} seconds")


def _figures(ask: Callable[[], float], expected: float, begun: float, used: float, requests: int) -> Figures:
    """Ask once, and then so many times more.

    Raises
    ------
    RuntimeError
        when the answer is not the model's own
    """
    first = ask()
    seconds, cpu, each = time.perf_counter() - begun, _cpu() - used, list[float]()
    if abs(first - expected) > 1e-9:
        raise RuntimeError(f"the server answers {first}, the model predicts {expected}")
    for _ in range(requests):
        begun = time.perf_counter()
        ask()
        each.append((time.perf_counter() - begun) * 1e3)
    return Figures(round(seconds, 2), round(cpu, 2), round(median(each), 2))


def _cpu() -> float:
    """Processor seconds of this process and of all that it has started."""
    own = psutil.Process()
    times = [one.cpu_times() for one in (own, *own.children(recursive=True))]
    return sum(one.user + one.system + one.children_user + one.children_system for one in times)


# --- the comparison ---


def bench(
    rounds: Annotated[int, typer.Option(help="How often each is started.", min=1)] = 3,
    requests: Annotated[int, typer.Option(help="How many requests each answers after the first.", min=1)] = 200,
    record: Annotated[bool, typer.Option(help=f"Write the figures to {FILE.name}, too.")] = False,
) -> None:
    """Start an endpoint and MLflow's scoring server with the same model, ask both, and compare what they take."""
    found: dict[str, list[Figures]] = {name: [] for name in CONTENDERS}
    with TemporaryDirectory() as folder:
        work, busy = prepare(Path(folder)), measure.others()
        for number in range(rounds):
            names = [*CONTENDERS] if number % 2 == 0 else [*reversed(CONTENDERS)]
            for name in names:
                with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
                    found[name].append(alone.submit(partial(globals()[name], work, requests)).result())
    text = table(found)
    print(f"{text}\n\nBefore it, other programs used {busy:.0%} of the machine.")
    if record:
        replace_file(FILE, _document(text, rounds, requests, busy).encode())


def table(found: dict[str, list[Figures]]) -> str:
    """The figures and, in the last line, MLflow's over the endpoint's, round by round, as Markdown."""
    rows = ["| | s to the first answer | CPU-s until then | ms a request |", "|---|---|---|---|"]
    for name, title in CONTENDERS.items():
        values = [list(column) for column in zip(*(asdict(one).values() for one in found[name]), strict=True)]
        rows.append(f"| {title} | {' | '.join(spread(column, '.2f') for column in values)} |")
    pairs = zip(found["mlflow"], found["endpoint"], strict=True)
    ratios = [
        [a / b for a, b in zip(asdict(one).values(), asdict(other).values(), strict=True)] for one, other in pairs
    ]
    columns = [spread(list(column), ".2f") for column in zip(*ratios, strict=True)]
    return "\n".join([*rows, f"| MLflow's over the endpoint's | {' | '.join(columns)} |"])


def _document(text: str, rounds: int, requests: int, busy: float) -> str:
    """The content of ENDPOINT.md."""
    found = machine()
    where = found["machine"]
    return TEMPLATE.read_text(encoding="utf-8").format(
        rounds=rounds,
        requests=requests,
        date=found["date"],
        commit=commit(),
        machine=f"{where['processor']}, {where['cores']} cores, {where['memory_gib']} GiB, {where['system']}, "
        f"Python {where['python']}. {', '.join(f'{name} {version(name)}' for name in PACKAGES)}.",
        busy=f"{busy:.0%}",
        table=text,
    )


if __name__ == "__main__":
    typer.run(bench)
