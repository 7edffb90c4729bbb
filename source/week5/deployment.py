# %% [markdown]
# # Week 5 · Deployment
#
# ## The desk's question: how do we put it in front of users, and take it back safely?
#
# The champion lies in a registry, and the desk's screens need an answer while somebody is looking at a flight. Until now a wrong number cost a
# notebook. From today it costs a morning at three airports. Deploying is easy; this week is about everything around it: what a server says to a request
# that makes no sense, who notices that the new version is worse, how many users it reaches before that, and how long the way back is.
#
# **When you are done you can**
#
# - pack a model so that a machine which has never seen your notebook can load it,
# - write a server that tells its own faults from its callers',
# - bring up an endpoint with boto3, change it while it is in use, and take it back,
# - have a canary and an alarm decide, before a person is awake,
# - write an image and manifests that a security review will let through,
# - say what a million predictions cost, and what p99 means.
#
# **Time:** 6 to 8 hours. A full run takes about a minute.
#
# **Why now:** week 3 registered a champion and week 4 keeps it fresh. What nobody can reach is of no use, and what nobody can take back should not be
# reachable. Week 6 asks whom the running system fails. You need Python's `with`, dictionaries, and the shape of an HTTP request.

# %% [markdown]
# ## How to work in this notebook
#
# As in the weeks before: fill in a cell, run the check under it, and ask `helpers.hint("week5.server")` when you are stuck.
#
# | task | points | |
# |---|---|---|
# | `archive` | 9 | a model that travels |
# | `server` | 14 | whose fault is it? |
# | `deploy` | 12 | up, and back |
# | `rollout` | 11 | the canary and the alarm |
# | `operate` | 8 | shares, records, and instances that follow the load |
# | `container` | 10 | an image that somebody else will run |
# | `kubernetes` | 11 | four documents that must agree |
# | `champion` | 6 | the registry leads, the server follows |
# | `load_test` | 7 | p99, and what a million predictions cost |
# | `plan` | 12 | the rollout and rollback plan, marked by hand |
#
# **Points.** A check has parts, each with its points and the sentence of the task that it stands for. One that fails does not stop the
# next; a few count only where the core of the task holds, and say so. Some parts are looked at in grading only.
# A function leaves the tables and arrays that it is given as they are.
#
# **The cloud.** `aws.start()` gives boto3 a cloud on this machine. Its S3 and IAM are moto's; its SageMaker endpoints are real servers, started from
# your archive. Nothing in your code knows the difference. `help(aws)` says line by line what is real, what is simulated (time, above all) and what a real account would do
# differently. With `COURSE_AWS=real` the same cells run on your own account, and cost money for every hour that an endpoint exists; so it also asks for `COURSE_AWS_SPEND`,
# in dollars.

# %% nbgrader={"grade_id": "parameters"} tags=["parameters"]
SEED = 0
SAMPLE_ROWS = 30_000  # flights from which those to be scored are drawn
USD_PER_HOUR = 0.269  # of one ml.m5.xlarge in us-east-1, October 2025; part 9 says where the figure comes from

# %% nbgrader={"grade_id": "setup"} tags=["setup"]
import json

import boto3
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

import helpers
from helpers import aws, checkpoints, checks, load, notebook, plots, registry, rollouts, work
from helpers.checks import week5

notebook.setup()
aws.start()
runtime = boto3.client("sagemaker-runtime")  # one for all requests: making a client takes as long as a prediction
IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/delays:1.4.2"  # in your account's registry: its number, its name

# %% nbgrader={"grade_id": "load"} tags=["setup"]
table = checkpoints.features().sample(SAMPLE_ROWS, random_state=SEED).sort_values("sched_dep", kind="stable")
X, y = registry.plain(table.drop(columns=["sched_dep", "late"])), table["late"].astype(int)

# %% [markdown]
# ## 1 · A model that travels
#
# A pickle does not hold a class. It holds its *name*: where to import it from. That works where the same module is, and fails where
# it is not; a class of your notebook lives in `__main__`, and on the server `__main__` is somebody else. The same is true of versions: a
# tree of scikit-learn 1.9 may not load in 1.8.
#
# SageMaker fetches one file, `model.tar.gz`, and unpacks it:
#
# ```
# model.joblib              the fitted pipeline, all of it: what learned in `fit` goes along
# code/inference.py         the script that serves it
# code/requirements.txt     one line for each package, with its version
# ```
#
# An archive goes through many hands. So it holds these three and nothing else: no notebook, no `.env`, no name of yours in its headers. And no
# time: `tar` and `gzip` both write the hour of packing into their headers, and then no digest can say whether two archives hold the same files.
#
# **Task `archive`.** Pack a model that MLflow has saved.


# %% nbgrader={"grade_id": "archive", "solution": true}
def package(model_folder: str, script: str, requirements: list[str]) -> bytes:
    """Pack a model for SageMaker.

    Parameters
    ----------
    model_folder : a folder in which ``mlflow.sklearn.save_model`` left a fitted pipeline
    script : the text of inference.py
    requirements : lines such as "scikit-learn==1.9.0"

    Returns
    -------
    the bytes of ``model.tar.gz``, with the three files above; its headers hold no time (0, or one that never changes) and no name of a user or a group
    """
    ### BEGIN SOLUTION
    import gzip
    import io
    import tarfile

    import joblib
    import mlflow

    dumped, packed = io.BytesIO(), io.BytesIO()
    joblib.dump(mlflow.sklearn.load_model(model_folder), dumped)
    files = {
        "model.joblib": dumped.getvalue(),
        "code/inference.py": script.encode(),
        "code/requirements.txt": "".join(f"{line}\n" for line in requirements).encode(),
    }
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as zipped, tarfile.open(fileobj=zipped, mode="w") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)  # no time, no owner
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()
    ### END SOLUTION


# %% nbgrader={"grade_id": "archive_test", "points": 9}
mark = checks.Mark(9)
few, rows, lines = week5.archives.small_model(X, y, SEED), X.head(20), registry.requirements()
saved, late = week5.archives.mlflow_files(few, rows), few.predict_proba(rows)[:, 1]
with mark.part(
    "files", 2, "`model.joblib`, `code/inference.py`, `code/requirements.txt`: these three and nothing else."
):
    week5.archive.three_files(package, saved, lines)
with mark.part("given", 1.5, "The script that serves it, and one line for each of the requirements."):
    week5.archive.as_given(package, saved, lines)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        for script, other in oracles.ARCHIVE_TEXTS:
            week5.archive.as_given(package, saved, other, script)
    ### END HIDDEN TESTS
with mark.part("model", 3, "The fitted pipeline, all of it: what learned in `fit` goes along."):
    week5.archive.predicts(package, saved, lines, rows, late)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        others = X[X.columns[:9]].tail(30)
        model = week5.archives.small_model(X, y, SEED + 17, [*others])
        files, expected = week5.archives.mlflow_files(model, others), oracles.late(model, others)
        week5.archive.predicts(package, files, lines, others, expected)
        week5.archive.saved_anew(package, saved, files, lines)
    ### END HIDDEN TESTS
with mark.part("time", 1.5, "Its headers hold no time.", after=("files",)):
    week5.archive.without_time(package, saved, lines)
with mark.part("names", 1, "Its headers hold no name of a user.", after=("files",)):
    week5.archive.without_names(package, saved, lines)
mark

# %% [markdown]
# ## 2 · Whose fault is it?
#
# SageMaker's container calls four functions of `inference.py`: `model_fn(model_dir)` once, at the start; for each request
# `input_fn(body, content_type)`, `predict_fn(data, model)` and `output_fn(prediction, accept)`. An exception becomes a status. Which one decides what happens next:
#
# | status | says | who acts |
# |---|---|---|
# | 2xx | here is the answer | |
# | 4xx | *your* request is wrong; sending it again will not help | the caller |
# | 5xx | *we* are broken | an alarm, the canary, somebody on call |
#
# A server that answers 500 to nonsense lets any caller wake the desk at night, and roll back a good version. One that answers 200 to nonsense is worse: a row without
# a column becomes a row of missing values, and a probability comes out that looks like all others.
#
# To send a status of your own, raise
# `sagemaker_inference.errors.BaseInferenceToolkitError(400, message, "Bad Request")`; every other exception is a 500.
#
# **The contract of the desk.**
#
# - JSON in: `{"rows": [{"departs": 615.0, …, "carrier": "UA"}, …]}`. CSV in: a line with the names, then one line a flight. Columns in any order.
# - JSON out: `{"late": [0.18, …]}`, CSV out: one probability a line; in the order of the rows.
# - The model says which columns it needs (`feature_names_in_`). A row has exactly these.
# - `carrier`, `origin` and `dest` are text, all others finite numbers. A number that is not known is `null` in JSON, empty in CSV. JSON knows no `NaN`, whatever
#   Python's `json` says.
# - No rows, a missing, an unknown or a doubled column, a line of CSV with too few or too many fields, text (`"615"` too), a list or `true` for a number, `null` for a text (in CSV: nothing), what cannot be read: 400. Another content
#   type: 415. Another `accept`: 406 (what `*/*` gets is yours to decide). When the model itself errs, that is a 500.
#
# Here is the contract for twelve flights: seven requests to answer, and four to refuse, each with its status. The check below sends them to your server, and the
# hidden tests send more.

# %% nbgrader={"grade_id": "requests"} tags=["setup"] long="requests of the contract, to be read one by one"
as_json, as_csv = week5.requests.as_json, week5.requests.as_csv
FLIGHTS, CSV = X.head(12).fillna(0.0), {"content_type": "text/csv", "accept": "text/csv"}
GOOD: dict[str, list] = {  # by part: what it is, the request, and the flights in the order of the answer
    "json": [
        ("JSON", {"body": as_json(FLIGHTS)}, FLIGHTS),
        ("JSON of a single row", {"body": as_json(FLIGHTS.head(1))}, FLIGHTS.head(1)),
        ("JSON of the same rows in another order", {"body": as_json(FLIGHTS[::-1])}, FLIGHTS[::-1]),
    ],
    "csv": [
        ("CSV", {"body": as_csv(FLIGHTS), **CSV}, FLIGHTS),
        ("CSV, answered in JSON", {"body": as_csv(FLIGHTS), "content_type": "text/csv"}, FLIGHTS),
    ],
    "columns": [
        ("JSON with the columns in another order", {"body": as_json(FLIGHTS[sorted(FLIGHTS.columns)])}, FLIGHTS)
    ],
}
number = FLIGHTS.select_dtypes("number").columns[0]
HOLES = FLIGHTS.assign(**{number: np.nan})
GOOD["missing"] = [("JSON with a number that is null", {"body": as_json(HOLES)}, HOLES)]
flight = week5.requests.records(FLIGHTS)[0]
short = {name: value for name, value in flight.items() if name != number}
no_number = {"body": as_json([flight, {**flight, number: float("nan")}])}
without = {"body": as_json([flight, short])}
xml = {"body": as_json(FLIGHTS), "content_type": "application/xml"}
BAD = {  # by part: what is wrong with it, the request, the status, and where to look
    "unreadable": [("malformed JSON", {"body": b'{"rows": ['}, 400, "json.loads raises ValueError")],
    "other columns": [("a row without one of the columns", without, 400, "check each row before you make a table")],
    "values": [("NaN, which JSON does not know", no_number, 400, "parse_constant of json.loads")],
    "types": [("an unknown content type", xml, 415, "the end of input_fn")],
}

# %% [markdown]
# **Task `server`.** Give the text of `inference.py`. It can import what is in `requirements.txt`, and nothing of this course: a container does not
# have it.


# %% nbgrader={"grade_id": "server", "solution": true} long="the script itself is thirty lines of text"
def inference_script() -> str:
    """Give the text of inference.py, for ``model.joblib`` and the desk's contract above."""
    ### BEGIN SOLUTION
    return """
import csv, io, json, math, os, sys

import joblib
import pandas as pd
from sagemaker_inference.errors import BaseInferenceToolkitError

TEXT = {"carrier", "origin", "dest"}


def bad(message, status=400, phrase="Bad Request"):
    return BaseInferenceToolkitError(status, message, phrase)


def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "model.joblib"))


def no_number(word):
    raise ValueError(f"{word} is not JSON")


def input_fn(body, content_type):
    try:
        if content_type == "application/json":
            return json.loads(body, parse_constant=no_number)["rows"]
        if content_type == "text/csv":
            return from_csv(body)
    except (ValueError, KeyError, TypeError, RecursionError, csv.Error) as error:
        raise bad(f"the body cannot be read: {error}")
    raise bad("send application/json or text/csv", 415, "Unsupported Media Type")


def from_csv(text):
    names, *lines = [line for line in csv.reader(io.StringIO(text)) if line]
    if len(set(names)) < len(names) or any(len(line) != len(names) for line in lines):
        raise ValueError("a column twice, or a line with too many fields or too few")
    return [dict(zip(names, map(cell, names, line))) for line in lines]


def cell(name, word):
    return word or None if name in TEXT else float(word) if word else None


def number(name, value):
    if value is None:
        return math.nan
    if isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= sys.float_info.max:
        return float(value)
    raise bad(f"{name} must be a finite number")


def checked(row, columns):
    if not isinstance(row, dict) or set(row) != set(columns):
        raise bad(f"a row has these columns: {', '.join(columns)}")
    if not all(isinstance(row[name], str) for name in columns if name in TEXT):
        raise bad("carrier, origin and dest are text")
    return {name: row[name] if name in TEXT else number(name, row[name]) for name in columns}


def predict_fn(rows, model):
    columns = list(model.feature_names_in_)
    if not isinstance(rows, list) or not rows:
        raise bad("there are no rows")
    frame = pd.DataFrame([checked(row, columns) for row in rows], columns=columns)
    return model.predict_proba(frame)[:, 1]


def output_fn(prediction, accept):
    values = [float(value) for value in prediction]
    if accept == "application/json":
        return json.dumps({"late": values}), accept
    if accept == "text/csv":
        return "".join(f"{value!r}\\n" for value in values), accept
    raise bad("accept application/json or text/csv", 406, "Not Acceptable")
"""
    ### END SOLUTION


# %% nbgrader={"grade_id": "server_test", "points": 14} long="nine parts of the contract, and what each is asked"
mark = checks.Mark(14)
few = week5.archives.small_model(X, y, SEED)
good = {part: [(what, sent, few.predict_proba(rows)[:, 1]) for what, sent, rows in GOOD[part]] for part in GOOD}
server = week5.server.Server(inference_script, few, good, BAD)
### BEGIN HIDDEN TESTS
with mark.hidden():
    from source.week5 import oracles

    rows = X[X.columns[2:12]].sample(300, random_state=SEED).fillna(0.0)  # what is not known, a part of its own asks
    other = week5.archives.small_model(X, y, SEED + 3, [*rows])
    more = oracles.server_good_requests(other, rows, SEED + 3), oracles.server_bad_requests(rows, SEED + 3)
    unseen = week5.server.Server(inference_script, other, *more)
### END HIDDEN TESTS
with mark.part(
    "json",
    3,
    'JSON in: `{"rows": [{"departs": 615.0, …}, …]}`; JSON out: `{"late": [0.18, …]}`, in the order of the rows.',
):
    server.answers("json")
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        unseen.answers("json")
    ### END HIDDEN TESTS
with mark.part("csv", 2, "CSV in: a line with the names, then one line a flight; CSV out: one probability a line."):
    server.answers("csv")
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        unseen.answers("csv")
    ### END HIDDEN TESTS
with mark.part("columns", 1, "Columns in any order."):
    server.answers("columns")
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        unseen.answers("columns")
    ### END HIDDEN TESTS
with mark.part("missing", 1, "A number that is not known is `null` in JSON, empty in CSV."):
    server.answers("missing")
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        unseen.answers("missing")
    ### END HIDDEN TESTS
with mark.part("unreadable", 1.5, "No rows, what cannot be read: 400.", after=("json",)):
    server.refuses("unreadable")
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        unseen.refuses("unreadable")
    ### END HIDDEN TESTS
with mark.part("other columns", 1.5, "A missing, an unknown or a doubled column: 400.", after=("json",)):
    server.refuses("other columns")
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        unseen.refuses("other columns")
    ### END HIDDEN TESTS
with mark.part("values", 2, "Text, a list or `true` for a number, `null` for a text, `NaN`: 400.", after=("json",)):
    server.refuses("values")
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        unseen.refuses("values")
    ### END HIDDEN TESTS
with mark.part("types", 1, "Another content type: 415. Another `accept`: 406.", after=("json",)):
    server.refuses("types")
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        unseen.refuses("types")
    ### END HIDDEN TESTS
### BEGIN HIDDEN TESTS
with mark.part("our fault", 1, "An error of the model itself is a 500.", after=("json",)), mark.hidden():
    unseen.takes_the_blame(oracles.server_broken(other))
### END HIDDEN TESTS
mark

# %% [markdown]
# ## 3 · Up, and back
#
# Five things make an endpoint, and each names the one before it:
#
# | thing | says | can be changed |
# |---|---|---|
# | object in a **bucket** | the archive | overwritten, but do not |
# | **role** | who may read it, on whose behalf | yes |
# | **model** | image, archive, role | no |
# | **endpoint configuration** | models, instances, shares of the traffic | no |
# | **endpoint** | which configuration serves under this name | `update_endpoint` |
#
# That models and configurations cannot be changed is the point: **the way back is a configuration that is still there.** Whoever overwrites, or deletes the
# endpoint and creates it anew, has no way back, and an outage in between. `update_endpoint` starts new servers beside the old ones and moves the traffic only when they are healthy.
#
# The role is for the server, not for you. It trusts `sagemaker.amazonaws.com` and nobody else. It may read the objects of its bucket, write below `captured/` (part 5), and
# nothing more: a server that can delete its own model can be made to.
#
# boto3's calls return long before anything is up. *Waiters* ask until it is: `get_waiter("endpoint_in_service")`. It raises when the endpoint has failed; the reason stands in
# `describe_endpoint`. An update that failed leaves the endpoint `InService` with what it had, so look at the configuration's name, too.
#
# **Task `deploy`.** Policies, deployment, the way back, and a caller that keeps the server's status.


# %% nbgrader={"grade_id": "deploy", "solution": true}
def trust_policy() -> dict:
    """Give the policy document that says who may take the role: SageMaker alone."""
    ### BEGIN SOLUTION
    principal = {"Service": "sagemaker.amazonaws.com"}
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}
    ### END SOLUTION


def role_policy(bucket: str) -> dict:
    """Give the policy document of what the role may do: read objects of the bucket, write those below captured/."""
    ### BEGIN SOLUTION
    objects = f"arn:aws:s3:::{bucket}"
    rights = {"s3:GetObject": f"{objects}/*", "s3:PutObject": f"{objects}/captured/*"}
    statements = [{"Effect": "Allow", "Action": action, "Resource": where} for action, where in rights.items()]
    return {"Version": "2012-10-17", "Statement": statements}
    ### END SOLUTION


def move(endpoint: str, config: str) -> str:
    """Have an endpoint serve a configuration that exists, and wait; the endpoint is created if there is none.

    An endpoint that exists is in service, by this or by another configuration.

    Returns
    -------
    "" when it serves this configuration now, otherwise the reason that SageMaker gives why it does not
    """
    ### BEGIN SOLUTION
    from contextlib import suppress

    from botocore.exceptions import WaiterError

    client = boto3.client("sagemaker")
    known = [one["EndpointName"] for one in client.list_endpoints(NameContains=endpoint)["Endpoints"]]
    act = client.update_endpoint if endpoint in known else client.create_endpoint
    act(EndpointName=endpoint, EndpointConfigName=config)
    with suppress(WaiterError):  # the description says more
        client.get_waiter("endpoint_in_service").wait(EndpointName=endpoint)
    found = client.describe_endpoint(EndpointName=endpoint)
    if found["EndpointStatus"] == "InService" and found["EndpointConfigName"] == config:
        return ""
    return found.get("FailureReason") or found["EndpointStatus"]
    ### END SOLUTION


def deploy(endpoint: str, archive: bytes, bucket: str, role: str) -> dict:
    """Deploy an archive under an endpoint's name, whether the name is in use or not.

    Parameters
    ----------
    endpoint : its name; requests to it are answered all the time, if it exists
    archive : bytes of model.tar.gz
    bucket, role : names; made if they do not exist

    Returns
    -------
    ``config``: name of the endpoint configuration, another one for each archive; ``reason``: as ``move`` gives it
    """
    ### BEGIN SOLUTION
    import uuid

    s3, iam, client = boto3.client("s3"), boto3.client("iam"), boto3.client("sagemaker")
    if bucket not in [one["Name"] for one in s3.list_buckets()["Buckets"]]:
        s3.create_bucket(Bucket=bucket)
    if role not in [one["RoleName"] for one in iam.list_roles()["Roles"]]:
        iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(trust_policy()))
        iam.put_role_policy(RoleName=role, PolicyName="models", PolicyDocument=json.dumps(role_policy(bucket)))
    name = f"{endpoint}-{uuid.uuid4().hex[:12]}"
    s3.put_object(Bucket=bucket, Key=f"models/{name}/model.tar.gz", Body=archive)
    client.create_model(
        ModelName=name,
        ExecutionRoleArn=iam.get_role(RoleName=role)["Role"]["Arn"],
        PrimaryContainer={"Image": IMAGE, "ModelDataUrl": f"s3://{bucket}/models/{name}/model.tar.gz"},
    )
    variant = {"VariantName": "all", "ModelName": name, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    client.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
    return {"config": name, "reason": move(endpoint, name)}
    ### END SOLUTION


def ask(endpoint: str, body: bytes, content_type: str = "application/json") -> tuple:
    """Send one request (``runtime``, the client in the first cell, is there for it), and take JSON for an answer.

    Returns
    -------
    (200, the answer's bytes), or (the server's own status, the message's bytes) when the server refuses or errs
    """
    ### BEGIN SOLUTION
    from botocore.exceptions import ClientError

    given = {"ContentType": content_type, "Accept": "application/json"}
    try:
        answer = runtime.invoke_endpoint(EndpointName=endpoint, Body=body, **given)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ModelError":
            raise
        return error.response["OriginalStatusCode"], error.response["OriginalMessage"].encode()
    return 200, answer["Body"].read()
    ### END SOLUTION


# %% nbgrader={"grade_id": "deploy_test", "points": 12} long="eight parts, and the rights that are looked at"
mark = checks.Mark(12)
objects = "arn:aws:s3:::delay-desk-models"
allowed = {"s3:GetObject": f"{objects}/models/7/model.tar.gz", "s3:PutObject": f"{objects}/captured/monday.jsonl"}
forbidden = {
    "read another bucket": ("s3:GetObject", "arn:aws:s3:::salaries/2013.csv"),
    "write beside captured/": ("s3:PutObject", f"{objects}/captured-elsewhere/monday.jsonl"),
    "delete its own model": ("s3:DeleteObject", f"{objects}/models/7/model.tar.gz"),
}
with mark.part("trust", 1.5, "It trusts `sagemaker.amazonaws.com` and nobody else."):
    week5.deploy.trusts(trust_policy)
with mark.part("rights", 2, "It may read the objects of its bucket, write below `captured/`, and nothing more."):
    week5.deploy.rights(role_policy, "delay-desk-models", allowed, forbidden)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        for name in oracles.names(SEED + 29, 2):
            more = oracles.deploy_allowed(name), oracles.deploy_forbidden(name)
            week5.deploy.rights(role_policy, name, *more)
    ### END HIDDEN TESTS
tried = week5.deploy.Deployment(deploy, move, ask, (3, 7))  # two servers: one multiplies by 3, one by 7
### BEGIN HIDDEN TESTS
with mark.hidden():
    from source.week5 import oracles

    hidden = week5.deploy.Deployment(deploy, move, ask, oracles.deploy_factors(SEED + 29))
### END HIDDEN TESTS
with mark.part("first", 2.5, 'Deploy an archive under an endpoint\'s name; `reason` is "" when it serves.'):
    tried.comes_up()
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        hidden.comes_up()
    ### END HIDDEN TESTS
with mark.part(
    "ask", 1.5, "JSON for an answer, or the server's own status and message when the server refuses or errs."
):
    tried.is_asked()
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        hidden.is_asked()
    ### END HIDDEN TESTS
with mark.part("second", 1.5, "Whether the name is in use or not; `config` is another one for each archive."):
    tried.changes()
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        hidden.changes()
    ### END HIDDEN TESTS
with mark.part(
    "failed",
    1,
    "Otherwise the reason that SageMaker gives; requests are answered all the time, if the endpoint exists.",
    after=("first",),
):
    tried.survives()
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        hidden.survives()
    ### END HIDDEN TESTS
with mark.part(
    "back",
    1.5,
    "Have an endpoint serve a configuration that exists, and wait; it is created if there is none.",
    after=("first",),
):
    tried.goes_back()
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        hidden.goes_back()
    ### END HIDDEN TESTS
### BEGIN HIDDEN TESTS
with mark.part("made", 0.5, "The role that is made may nothing more.", after=("first",)), mark.hidden():
    hidden.role_is_narrow(role_policy, oracles.deploy_allowed, oracles.deploy_forbidden)
### END HIDDEN TESTS
mark

# %% [markdown]
# Now the champion itself. The cell takes it from the registry, packs it, and lets your server answer for it. From `create_endpoint` to the first answer it
# takes seconds here, minutes on AWS.

# %% nbgrader={"grade_id": "first_endpoint"}
import time

champion = registry.champion()
archive = package(week5.archives.saved(champion, X.head(3)), inference_script(), registry.requirements())
start = time.perf_counter()
first = deploy("delays", archive, "delay-desk", "delay-server")
status, body = ask("delays", as_json(X.head(5)))
print(f"{time.perf_counter() - start:.1f} s to the first answer: {status}, {json.loads(body)}")
start = time.perf_counter()
for _ in range(50):
    ask("delays", as_json(X.head(1)))
print(f"{(time.perf_counter() - start) / 50 * 1e3:.1f} ms for each answer after it")

# %% [markdown]
# ## 4 · The canary and the alarm
#
# A version that does not start is no danger: nobody sees it. The dangerous one starts, answers `/ping`, and errs on real requests. To find that out takes real requests,
# and as few as possible. That is a **canary**: a small share of the traffic first, everything later, if nothing happened in between. "Nothing happened" must be said in numbers, by an
# **alarm** on what CloudWatch counts.
#
# How small? Let a share $c$ of $n$ requests a minute go to a version that fails each with probability $q$. In $m$ minutes it hurts about $c\,q\,n\,m$ users, and the endpoint's
# error rate is $c\,q$. With $c = 10\,\%$, a version that always fails shows as 10 %. An alarm at 15 % would never see it. **Share and threshold belong together.**
#
# What an alarm counts matters as much. `Invocation4XXErrors` are the callers' faults: a new user who sends nonsense must not roll back a good version. A *number* of
# errors (`Sum`) means one thing at noon and another at night; their *share* is the `Average` of `Invocation5XXErrors`, which is 0 or 1 for each request. Latency is `ModelLatency`, in
# **microseconds**, and a mean hides the tail: look at a percentile (`ExtendedStatistic`; the course's cloud knows those of the form `p95`). No request, no data: a quiet night is not an incident.
#
# SageMaker's metrics exist for the pair of dimensions `EndpointName` and `VariantName`. An alarm on the endpoint alone finds no data, and says OK for ever.
#
# **Task `rollout`.** Two alarms and a deployment. The desk's promise to its users:
#
# - *errors*: more than 3 % of a minute's requests with a 5xx is an alarm; 1 % is not;
# - *slow*: more than one in ten requests of a minute over 0.8 seconds is an alarm; one in a hundred is not;
# - an alarm within two minutes, and none because nobody asks;
# - at most 20 % of the traffic on the new version until it has been watched for 5 minutes; the old servers kept for another 5 after the last step; back by
#   itself when one of the alarms goes off.


# %% nbgrader={"grade_id": "rollout", "solution": true}
def alarms(endpoint: str, variant: str) -> list[dict]:
    """Give the arguments of ``put_metric_alarm`` for two alarms, ENDPOINT-errors and ENDPOINT-slow."""
    ### BEGIN SOLUTION
    which = {"EndpointName": endpoint, "VariantName": variant}
    common = {
        "Namespace": "AWS/SageMaker",
        "Dimensions": [{"Name": name, "Value": value} for name, value in which.items()],
        "Period": 60,
        "EvaluationPeriods": 1,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
    }
    errors = {"MetricName": "Invocation5XXErrors", "Statistic": "Average", "Threshold": 0.03}
    slow = {"MetricName": "ModelLatency", "ExtendedStatistic": "p95", "Threshold": 0.8e6}
    return [
        {"AlarmName": f"{endpoint}-errors", **common, **errors},
        {"AlarmName": f"{endpoint}-slow", **common, **slow},
    ]
    ### END SOLUTION


def deployment_config(alarm_names: list[str]) -> dict:
    """Give the ``DeploymentConfig`` of ``update_endpoint``: a canary, watched by these alarms."""
    ### BEGIN SOLUTION
    routing = {
        "Type": "CANARY",
        "CanarySize": {"Type": "CAPACITY_PERCENT", "Value": 20},
        "WaitIntervalInSeconds": 300,
    }
    return {
        "BlueGreenUpdatePolicy": {"TrafficRoutingConfiguration": routing, "TerminationWaitInSeconds": 300},
        "AutoRollbackConfiguration": {"Alarms": [{"AlarmName": name} for name in alarm_names]},
    }
    ### END SOLUTION


# %% nbgrader={"grade_id": "rollout_test", "points": 11} long="minutes of requests, and the alarms that must go off"
mark = checks.Mark(11)
names, both = ("desk", "blue"), ["desk-errors", "desk-slow"]
ok = (200, 0.01)  # one request: its status, and the seconds that the model took
err, late = [(500, 0.01)], [(200, 0.9)]
errors = {4: {"errors"}, 1: set()}  # errors of a hundred requests, and the alarms that must go off
minutes = [(err * n + [ok] * (100 - n), off) for n, off in errors.items()]
minutes.append(([(400, 0.01)] * 50 + [ok] * 50, set()))  # the callers' mistakes
slow = [(late * 12 + [ok] * 88, {"slow"}), (late + [ok] * 99, set()), ([(200, 0.6)] * 50 + [ok] * 50, set())]
calm = [[ok] * 100] * 2  # two calm minutes, and then two of those
with mark.part(
    "which", 1.5, "Two alarms, ENDPOINT-errors and ENDPOINT-slow, on the pair of `EndpointName` and `VariantName`."
):
    week5.rollout.named(alarms, *names)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        week5.rollout.named(alarms, *oracles.names(SEED + 7, 2))
    ### END HIDDEN TESTS
with mark.part(
    "errors", 2, "More than 3 % of a minute's requests with a 5xx is an alarm, within two minutes; 1 % is not."
):
    week5.rollout.goes_off(alarms, "errors", names, [([*calm, one, one], off) for one, off in minutes])
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        week5.rollout.goes_off(alarms, "errors", ("a", "b"), oracles.rollout_stories(SEED + 7, 3))
    ### END HIDDEN TESTS
with mark.part(
    "slow",
    2,
    "One in ten requests of a minute over 0.8 seconds is an alarm, within two minutes; one in a hundred is not.",
):
    week5.rollout.goes_off(alarms, "slow", names, [([*calm, one, one], off) for one, off in slow])
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        week5.rollout.goes_off(alarms, "slow", ("a", "b"), oracles.rollout_stories(SEED + 7, 3))
    ### END HIDDEN TESTS
with mark.part("quiet", 1, "An alarm … none because nobody asks.", after=("errors", "slow")):
    for name in ("errors", "slow"):
        week5.rollout.goes_off(alarms, name, names, [([*calm, [], []], set()), ([[], [], [], []], set())])
with mark.part(
    "canary", 1.5, "At most 20 % of the traffic on the new version until it has been watched for 5 minutes."
):
    week5.rollout.begins_small(deployment_config, both)
with mark.part("old", 1, "The old servers kept for another 5 after the last step."):
    week5.rollout.keeps(deployment_config, both)
with mark.part("back", 2, "Back by itself when one of the alarms goes off."):
    week5.rollout.is_watched(deployment_config, both)
    given = week5.rollout.arguments(alarms, deployment_config, *names)
    week5.rollout.rolls_out("errs", "raise RuntimeError('no such column')", given, stays=False)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        week5.rollout.is_watched(deployment_config, oracles.names(SEED + 8, 2))
        for what, does, more in oracles.ROLLOUT_VERSIONS:
            week5.rollout.rolls_out(what, does, given, seed=SEED + 7, **more)
    ### END HIDDEN TESTS
mark

# %% [markdown]
# The same once more, as a picture: requests arrive while a version that always errs is rolled out, with your canary and without one.

# %% nbgrader={"grade_id": "canary_picture"}
watching = alarms("delays", "all")
with_canary = week5.rollout.picture(watching, deployment_config([one["AlarmName"] for one in watching]))
at_once = week5.rollout.picture(watching, None)
fig, axes = plt.subplots(1, 2, figsize=(11, 3.4), sharey=True)
for axis, outcome, title in zip(axes, (with_canary, at_once), ("Your canary", "All at once, no alarm")):
    rollouts.draw_answers(outcome["replies"], title=title, ax=axis)
plt.show()
print(with_canary["reason"])

# %% [markdown]
# ## 5 · Shares, records, and instances that follow the load
#
# Two more reasons to change a configuration. **Weights**: two models side by side, each with a share of the traffic, for as long as a comparison takes (a canary lasts minutes). A share is a weight divided by
# the sum of all. **Data capture**: what was asked and what was answered, in S3. Without it nobody can say next month whether the flights of today look like those of
# training; week 4's drift monitor reads it. Bodies are stored as base64 unless `CaptureContentTypeHeader` says that they are text. Passengers' names do not belong there, and 100 % is expensive.
#
# **Autoscaling** is another service, `application-autoscaling`: a *target* (which number may move, between which limits) and a *policy* (what it follows). Target tracking on
# `SageMakerVariantInvocationsPerInstance` keeps requests per instance and minute near a value. Measure first what one instance can take (part 9), and stay below it: new instances need minutes.
#
# **Task `operate`.** The arguments of `create_endpoint_config`, `register_scalable_target` and `put_scaling_policy`.


# %% nbgrader={"grade_id": "operate", "solution": true}
def endpoint_config(name: str, shares: dict[str, float], bucket: str) -> dict:
    """Give the arguments of ``create_endpoint_config``.

    Parameters
    ----------
    name : of the configuration
    shares : of the traffic, by the name of a model; they need not add up to 1; each model's variant has its name
    bucket : requests and answers, all of them and readable (JSON and CSV), go to captured/ in it, or below that
    """
    ### BEGIN SOLUTION
    variants = [
        {
            "VariantName": model,
            "ModelName": model,
            "InstanceType": "ml.m5.large",
            "InitialInstanceCount": 1,
            "InitialVariantWeight": share,
        }
        for model, share in shares.items()
    ]
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 100,
        "DestinationS3Uri": f"s3://{bucket}/captured/",
        "CaptureOptions": [{"CaptureMode": "Input"}, {"CaptureMode": "Output"}],
        "CaptureContentTypeHeader": {"JsonContentTypes": ["application/json"], "CsvContentTypes": ["text/csv"]},
    }
    return {"EndpointConfigName": name, "ProductionVariants": variants, "DataCaptureConfig": capture}
    ### END SOLUTION


def scaling(endpoint: str, variant: str, per_minute: float, least: int, most: int) -> list[dict]:
    """Give the arguments of ``register_scalable_target`` and of ``put_scaling_policy``, in this order.

    Parameters
    ----------
    per_minute : requests that one instance shall get in a minute
    least, most : instances
    """
    ### BEGIN SOLUTION
    which = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": f"endpoint/{endpoint}/variant/{variant}",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    }
    follow = {
        "TargetValue": per_minute,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
        "ScaleOutCooldown": 60,
        "ScaleInCooldown": 300,
    }
    policy = {"PolicyName": f"{endpoint}-load", "PolicyType": "TargetTrackingScaling"}
    return [
        {**which, "MinCapacity": least, "MaxCapacity": most},
        {**which, **policy, "TargetTrackingScalingPolicyConfiguration": follow},
    ]
    ### END SOLUTION


# %% nbgrader={"grade_id": "operate_test", "points": 8}
mark = checks.Mark(8)
names = ("try-config", "try-shares", "try-records")  # of the configuration, the endpoint and the bucket
tried = week5.operate.Operation(endpoint_config, scaling, {"delays-7": 0.9, "delays-8": 0.1}, 20.0, (1, 4), names)
### BEGIN HIDDEN TESTS
with mark.hidden():
    from source.week5 import oracles

    hidden = [week5.operate.Operation(endpoint_config, scaling, *more) for more in oracles.operate_cases(SEED + 31)]
### END HIDDEN TESTS
with mark.part(
    "shares", 2, "`shares` : of the traffic, by the name of a model; each model's variant has the model's name."
):
    tried.keeps_shares()
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        for other in hidden:
            other.keeps_shares()
    ### END HIDDEN TESTS
with mark.part("records", 1.5, "Requests and answers, all of them and readable (JSON and CSV)."):
    tried.records()
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        for other in hidden:
            other.records()
    ### END HIDDEN TESTS
with mark.part("places", 1, "`name` : of the configuration; records go to `captured/` in the `bucket`."):
    tried.in_their_places()
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        for other in hidden:
            other.in_their_places()
    ### END HIDDEN TESTS
with mark.part("load", 1.5, "`per_minute` : requests that one instance shall get in a minute."):
    tried.follows()
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        for other in hidden:
            other.follows()
    ### END HIDDEN TESTS
with mark.part("limits", 1, "`least`, `most` : instances."):
    tried.within()
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        for other in hidden:
            other.within()
    ### END HIDDEN TESTS
with mark.part("calm", 1, "Instances that follow the load: when it is gone, they go.", after=("load",)):
    tried.comes_back()
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        for other in hidden:
            other.comes_back()
    ### END HIDDEN TESTS
mark

# %% [markdown]
# ## 6 · An image that somebody else will run
#
# Not everybody runs SageMaker. The same script in an image runs anywhere, and then its maker answers for what is inside. An image is a stack of **layers**, one for each
# line that changes files; a layer is rebuilt when its line, the files that it copies, or any layer above it has changed. And a layer stays for ever: a secret that line 5 copies in and line 6
# deletes is in the image.
#
# What the builder gets is the **context**: this folder without what `.dockerignore` excludes (the last rule that matches decides; `!` includes again).
#
# ```
# Dockerfile   .dockerignore   requirements.txt   server.py        the course's server: SageMaker's contract on port 8080
# model/model.joblib   model/code/inference.py                     your archive, unpacked
# .env   .git/   notebooks/   data/                                keys, history, 300 MB of flights
# ```
#
# `server.py` finds the model by the variable `SM_MODEL_DIR`, and ends when it is not set. The trees are LightGBM's, which needs the Debian package `libgomp1`; a slim base has none.
# Three habits of images that survive a review: a base with its full version or digest, a **user** that is not root (as a number, so that
# Kubernetes can tell), a **health check** that asks `/ping`, with a program that is in the image, and fails when the answer is no 200. `CMD` is a JSON list: with a shell in between,
# the signal to stop never arrives. A new model or a new server must not install anything again. The packages need Python 3.11 or newer. hadolint, a linter for Dockerfiles, must
# have neither errors nor warnings (other files than those above may lie in the folder tomorrow).
#
# **Task `container`.** Dockerfile and .dockerignore for this context.


# %% nbgrader={"grade_id": "container", "solution": true}
def image_files() -> dict[str, str]:
    """Give the texts of "Dockerfile" and ".dockerignore"."""
    ### BEGIN SOLUTION
    dockerfile = """\
FROM python:3.11.9-slim-bookworm

RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/* \\
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin server
WORKDIR /srv
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY server.py .
COPY model/ /opt/ml/model/

ENV SM_MODEL_DIR=/opt/ml/model PYTHONUNBUFFERED=1
USER 10001
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \\
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/ping', timeout=2)"]
CMD ["python", "server.py"]
"""
    dockerignore = """\
*
!requirements.txt
!server.py
!model
**/__pycache__
"""
    return {"Dockerfile": dockerfile, ".dockerignore": dockerignore}
    ### END SOLUTION


# %% nbgrader={"grade_id": "container_test", "points": 10} long="ten parts of an image, and the folder"
mark = checks.Mark(10)
context = {  # the folder above, with sizes in bytes
    **{"Dockerfile": 900, ".dockerignore": 80, "requirements.txt": 240, "server.py": 9_000},
    **{"model/model.joblib": 223_000, "model/code/inference.py": 2_000, "model/code/requirements.txt": 240},
    **{".env": 120, ".git/config": 300, "notebooks/deployment.ipynb": 2_000_000, "data/raw/flights.csv": 300_000_000},
}
with mark.part("context", 1, "What the image needs goes to the builder; keys, history, notebooks and data do not."):
    week5.container.small_context(week5.container.described(image_files, context))
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        for seed in range(SEED + 41, SEED + 45):
            week5.container.small_context(week5.container.described(image_files, oracles.container_context(seed)))
    ### END HIDDEN TESTS
with mark.part("packages", 1.5, "The packages of `requirements.txt` are where the server's Python finds them."):
    week5.container.packages(week5.container.described(image_files, context))
with mark.part("library", 0.5, "The trees need the Debian package `libgomp1`; a slim base has none."):
    week5.container.library(week5.container.described(image_files, context))
with mark.part("start", 2, "`server.py` finds the model by `SM_MODEL_DIR`; `CMD` is a JSON list."):
    week5.container.starts(week5.container.described(image_files, context))
with mark.part("base", 0.5, "A base with its full version or digest."):
    week5.container.pinned_base(week5.container.described(image_files, context))
with mark.part("user", 1, "A user that is not root (as a number, so that Kubernetes can tell)."):
    week5.container.not_root(week5.container.described(image_files, context))
with mark.part(
    "health", 1.5, "A health check that asks `/ping`, and fails when the answer is no 200 or there is none."
):
    week5.container.health(week5.container.described(image_files, context))
with mark.part("layers", 1, "A new model or a new server must not install anything again."):
    week5.container.layers(week5.container.described(image_files, context))
with mark.part("secrets", 0.5, "A layer stays for ever: no secret is in one.", after=("start",)):
    week5.container.no_secrets(week5.container.described(image_files, context))
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        for seed in range(SEED + 41, SEED + 45):
            week5.container.no_secrets(week5.container.described(image_files, oracles.container_context(seed)))
    ### END HIDDEN TESTS
with mark.part(
    "builds", 0.5, "What is copied is there, and hadolint has neither errors nor warnings.", after=("start",)
):
    week5.container.builds(week5.container.described(image_files, context))
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        for seed in range(SEED + 41, SEED + 45):
            week5.container.builds(week5.container.described(image_files, oracles.container_context(seed)))
    ### END HIDDEN TESTS
mark

# %% [markdown]
# Reading a Dockerfile is not running it. The next cell writes the context into your work folder, as `docker build` or `buildah bud` would be given it. Where buildah and podman are installed,
# `python -m helpers.containers work/week5/image` builds it, runs it without root or network, and asks it for flights.

# %% nbgrader={"grade_id": "image_context"}
context_folder = week5.container.write_context(work.path("week5", "image", "Dockerfile").parent, image_files(), archive)
for path in sorted(one for one in context_folder.rglob("*") if one.is_file()):
    print(f"{path.stat().st_size:9,} bytes  {path.relative_to(context_folder)}")

# %% [markdown]
# ## 7 · Four documents that must agree
#
# You tell Kubernetes what should exist, not what to do, and it keeps working towards that. It finds things by **labels**, not by names, and does not complain when nothing fits: a Service whose selector matches
# no pod is valid, and answers nobody. Most outages that manifests cause are two documents that disagree.
#
# - **Deployment**: which image, how many pods, how they are replaced. *Readiness* decides which pods get requests; *liveness* which are killed, so it must be more patient. *Requests* are what the scheduler reserves, *limits*
#   where a pod is throttled or killed.
# - **Service**: one address for all ready pods, from its `port` to their `targetPort`.
# - **HorizontalPodAutoscaler**: pods by the use of processors, as a share of their *requests*.
# - **PodDisruptionBudget**: how many must stay when nodes are drained. If none may go, no node can ever be updated.
#
# What does a readiness probe buy? A rollout in which each new pod needs 20 seconds to load its model, in a simulation of forty lines (`helpers.rollouts`), with a probe and without one:

# %% nbgrader={"grade_id": "readiness_picture"}
fig, axes = plt.subplots(1, 2, figsize=(11, 3.2), sharey=True)
for axis, probe in zip(axes, (True, False)):
    simulated = rollouts.simulate(replicas=3, max_unavailable=0, max_surge=1, loading=20, probe=probe, seed=SEED)
    rollouts.draw(simulated, title=f"{'With' if probe else 'Without'} a readiness probe", ax=axis)
plt.show()

# %% [markdown]
# **Task `kubernetes`.** Write the four documents for the image of part 6. The server needs 20 seconds to load, half a processor and 512 MiB or MB (as requests, with a limit of memory), and a
# `/tmp` that it can write to. It runs neither as root nor with `allowPrivilegeEscalation`, on a read-only root file system, and without capabilities. API servers of two versions of Kubernetes
# must take the documents, unknown fields being errors.


# %% nbgrader={"grade_id": "kubernetes", "solution": true} long="four documents of YAML"
def manifests(image: str, replicas: int) -> str:
    """Give the YAML of a Deployment, a Service, a HorizontalPodAutoscaler and a PodDisruptionBudget.

    Parameters
    ----------
    image : what to run; its server listens on port 8080, and ``GET /ping`` is 200 when it can predict
    replicas : the fewest pods that the autoscaler keeps (its ``minReplicas``), 2 or more; it may add some. A number
    in the Deployment itself, if there is one, does not contradict the autoscaler
    """
    ### BEGIN SOLUTION
    return f"""\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: delays
spec:
  selector:
    matchLabels: {{app: delays}}
  strategy:
    rollingUpdate: {{maxUnavailable: 0, maxSurge: 1}}
  template:
    metadata:
      labels: {{app: delays}}
    spec:
      automountServiceAccountToken: false
      securityContext: {{runAsNonRoot: true, runAsUser: 10001, seccompProfile: {{type: RuntimeDefault}}}}
      containers:
        - name: server
          image: {image}
          ports: [{{name: http, containerPort: 8080}}]
          readinessProbe: {{httpGet: {{path: /ping, port: http}}, periodSeconds: 5, failureThreshold: 2}}
          livenessProbe: {{httpGet: {{path: /ping, port: http}}, periodSeconds: 10, failureThreshold: 6}}
          startupProbe: {{httpGet: {{path: /ping, port: http}}, periodSeconds: 2, failureThreshold: 60}}
          resources:
            requests: {{cpu: 500m, memory: 512Mi}}
            limits: {{memory: 1Gi}}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: {{drop: [ALL]}}
          volumeMounts: [{{name: tmp, mountPath: /tmp}}]
      volumes: [{{name: tmp, emptyDir: {{}}}}]
---
apiVersion: v1
kind: Service
metadata:
  name: delays
spec:
  selector: {{app: delays}}
  ports: [{{port: 80, targetPort: http}}]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: delays
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: delays}}
  minReplicas: {replicas}
  maxReplicas: {4 * replicas}
  metrics:
    - type: Resource
      resource: {{name: cpu, target: {{type: Utilization, averageUtilization: 60}}}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: delays
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {{app: delays}}
"""
    ### END SOLUTION


# %% nbgrader={"grade_id": "kubernetes_test", "points": 11} long="eleven parts of four documents"
mark = checks.Mark(11)
with mark.part("valid", 1.5, "Two versions of Kubernetes must take them, unknown fields being errors."):
    week5.kubernetes.is_valid(week5.kubernetes.described(manifests, IMAGE, 2))
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        for image, replicas in oracles.kubernetes_cases(SEED + 53):
            week5.kubernetes.is_valid(week5.kubernetes.described(manifests, image, replicas))
    ### END HIDDEN TESTS
with mark.part("labels", 1.5, "It finds things by labels: the same pods for Deployment, Service and budget."):
    week5.kubernetes.finds_pods(week5.kubernetes.described(manifests, IMAGE, 2))
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        for image, replicas in oracles.kubernetes_cases(SEED + 53):
            week5.kubernetes.finds_pods(week5.kubernetes.described(manifests, image, replicas))
    ### END HIDDEN TESTS
with mark.part("ports", 1, "Service: one address for all ready pods, from its `port` to the server's 8080."):
    week5.kubernetes.leads_to_server(week5.kubernetes.described(manifests, IMAGE, 2))
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        for image, replicas in oracles.kubernetes_cases(SEED + 53):
            week5.kubernetes.leads_to_server(week5.kubernetes.described(manifests, image, replicas))
    ### END HIDDEN TESTS
with mark.part("probes", 1.5, "Readiness and liveness ask `GET /ping`, and liveness is more patient."):
    week5.kubernetes.is_asked(week5.kubernetes.described(manifests, IMAGE, 2))
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        for image, replicas in oracles.kubernetes_cases(SEED + 53):
            week5.kubernetes.is_asked(week5.kubernetes.described(manifests, image, replicas))
    ### END HIDDEN TESTS
with mark.part("loading", 0.5, "The server needs 20 seconds to load.", after=("probes",)):
    week5.kubernetes.may_load(week5.kubernetes.described(manifests, IMAGE, 2))
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        for image, replicas in oracles.kubernetes_cases(SEED + 53):
            week5.kubernetes.may_load(week5.kubernetes.described(manifests, image, replicas))
    ### END HIDDEN TESTS
with mark.part("resources", 1, "Half a processor and 512 MiB as requests, and a limit of memory."):
    week5.kubernetes.has_enough(week5.kubernetes.described(manifests, IMAGE, 2))
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        for image, replicas in oracles.kubernetes_cases(SEED + 53):
            week5.kubernetes.has_enough(week5.kubernetes.described(manifests, image, replicas))
    ### END HIDDEN TESTS
with mark.part("image", 0.5, "`image` : what to run; no secret stands beside it."):
    week5.kubernetes.runs_image(week5.kubernetes.described(manifests, IMAGE, 2))
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        for image, replicas in oracles.kubernetes_cases(SEED + 53):
            week5.kubernetes.runs_image(week5.kubernetes.described(manifests, image, replicas))
    ### END HIDDEN TESTS
with mark.part("rights", 1, "Not root, no privilege escalation, a read-only root file system, no capabilities."):
    week5.kubernetes.may_little(week5.kubernetes.described(manifests, IMAGE, 2))
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        for image, replicas in oracles.kubernetes_cases(SEED + 53):
            week5.kubernetes.may_little(week5.kubernetes.described(manifests, image, replicas))
    ### END HIDDEN TESTS
with mark.part("tmp", 0.5, "A `/tmp` that it can write to.", after=("rights",)):
    week5.kubernetes.can_write(week5.kubernetes.described(manifests, IMAGE, 2))
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        for image, replicas in oracles.kubernetes_cases(SEED + 53):
            week5.kubernetes.can_write(week5.kubernetes.described(manifests, image, replicas))
    ### END HIDDEN TESTS
with mark.part("scaling", 1, "Pods by the use of processors; `replicas` : the fewest that the autoscaler keeps."):
    week5.kubernetes.follows_processors(week5.kubernetes.described(manifests, IMAGE, 2))
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        for image, replicas in oracles.kubernetes_cases(SEED + 53):
            week5.kubernetes.follows_processors(week5.kubernetes.described(manifests, image, replicas))
    ### END HIDDEN TESTS
with mark.part("budget", 1, "Neither a rollout nor a drained node takes away all pods, and nodes can be drained."):
    week5.kubernetes.stays_up(week5.kubernetes.described(manifests, IMAGE, 2))
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        for image, replicas in oracles.kubernetes_cases(SEED + 53):
            week5.kubernetes.stays_up(week5.kubernetes.described(manifests, image, replicas))
    ### END HIDDEN TESTS
mark

# %% [markdown]
# ## 8 · The registry leads, the server follows
#
# In the registry the alias `champion` is moved from one version to the next; moving it back is the shortest rollback there is. Whoever deploys `models:/flight-delays@champion` deploys a
# name that means something else tomorrow: a restart at night brings up another model than the one that was tested. So the *alias* is what you ask, and the *version* is what you
# deploy and write down: `models:/flight-delays/7`.
#
# MLflow can also serve by itself. Its scoring server takes `{"dataframe_split": {"columns": […], "data": […]}}` on `/invocations`, and answers `{"predictions": …}`: for each row, both columns of `predict_proba`.
# `registry.scoring_server(model)` gives it in this process (`mlflow models serve` would be the same with a process of its own): `model` is what `mlflow.pyfunc.load_model` gives, and
# `.post("/invocations", json=…).json()` asks it. Two servers of one model are the best test of both: they must agree to the last digit.
#
# **Task `champion`.** `registry.connect(folder)` first: folders change, and in each of them the champion may be older than the newest version.


# %% nbgrader={"grade_id": "champion", "solution": true}
def promote(folder: str, model_folder: str) -> int:
    """Register a saved model (as in part 1) as ``registry.MODEL``, make it the champion, and give its version."""
    ### BEGIN SOLUTION
    import mlflow

    registry.connect(folder)
    version = mlflow.register_model(f"file://{model_folder}", registry.MODEL).version
    mlflow.MlflowClient().set_registered_model_alias(registry.MODEL, registry.ALIAS, version)
    return int(version)
    ### END SOLUTION


def due(folder: str, serving: int | None) -> str | None:
    """Give the address of the champion, by version, if it is not the version that serves; None if it is."""
    ### BEGIN SOLUTION
    import mlflow

    registry.connect(folder)
    version = int(mlflow.MlflowClient().get_model_version_by_alias(registry.MODEL, registry.ALIAS).version)
    return None if version == serving else f"models:/{registry.MODEL}/{version}"
    ### END SOLUTION


def served_by_mlflow(folder: str, rows: pd.DataFrame) -> np.ndarray:
    """Give the probabilities of late, shape (n,), that MLflow's scoring server answers for the champion."""
    ### BEGIN SOLUTION
    import mlflow

    registry.connect(folder)
    server = registry.scoring_server(mlflow.pyfunc.load_model(f"models:/{registry.MODEL}@{registry.ALIAS}"))
    data = rows.astype(object).where(rows.notna(), None).to_numpy().tolist()
    answer = server.post("/invocations", json={"dataframe_split": {"columns": [*rows.columns], "data": data}})
    return np.asarray(answer.json()["predictions"])[:, 1]
    ### END SOLUTION


# %% nbgrader={"grade_id": "champion_test", "points": 6}
mark = checks.Mark(6)
rows, models = X.head(15), [week5.archives.small_model(X, y, seed) for seed in (SEED, SEED + 1)]
saved, late = [week5.champion.saved(model, rows) for model in models], models[-1].predict_proba(rows)[:, 1]
with mark.part("promote", 2, "Register a saved model as `registry.MODEL`, make it the champion, and give its version."):
    week5.champion.promotes(promote, saved)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        week5.champion.promotes(promote, [saved[1], saved[0], saved[1]])
    ### END HIDDEN TESTS
with mark.part(
    "due", 2, "Give the address of the champion, by version, if it is not the version that serves; None if it is."
):
    week5.champion.due_for(due, week5.champion.promoted(promote, saved), 2, [None, 1])
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        made = oracles.champion_registries(X.head(500), y.head(500), SEED + 64)
        both = [(checks.hand_over(files), best) for files, best in made]
        for folder, best in (*both, both[0]):
            week5.champion.due_for(due, folder, best, [None, *{1, 2, 3} - {best}])
    ### END HIDDEN TESTS
with mark.part(
    "served", 2, "Give the probabilities of late, shape `(n,)`, that MLflow's scoring server answers for the champion."
):
    week5.champion.served(served_by_mlflow, week5.champion.promoted(promote, saved), rows, late)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        lates = [model.predict_proba(rows)[:, 1] for model in models]
        week5.champion.follows(promote, served_by_mlflow, saved, rows, lates)
        made = oracles.champion_registries(X.head(500), y.head(500), SEED + 64)
        both = [(checks.hand_over(files), files, best) for files, best in made]
        for number, (what, rows) in enumerate(oracles.champion_rows(X, SEED)):
            folder, files, best = both[number % 2]
            expected = oracles.champion_scores(files, best, rows)
            week5.champion.served(served_by_mlflow, folder, rows, expected, what)
    ### END HIDDEN TESTS
mark

# %% nbgrader={"grade_id": "two_servers"}
place = str(registry.connect())
rows = X.sample(200, random_state=SEED)
by_endpoint = np.array(json.loads(ask("delays", as_json(rows))[1])["late"])
by_mlflow = served_by_mlflow(place, rows)
print(f"Largest difference of the two servers: {np.abs(by_endpoint - by_mlflow).max():.1e}")
print(f"Deployed when nothing serves yet: {due(place, None)}")

# %% [markdown]
# ## 9 · p99, and what a million predictions cost
#
# "It takes 8 milliseconds" is a mean of one user on a quiet machine. Users come together, and the slow answers are the ones that they remember: report percentiles, p50, p95 and p99.
#
# **Where the clock starts** decides everything. A load generator that waits for each answer before it sends the next stops asking when the server hangs: of a pause of two seconds it notes *one* slow request,
# where fifty users would have waited. This is *coordinated omission*. So every request has a time at which it is **due**, and its latency runs from then on, sent or not.
#
# **Percentiles do not add up.** The p99 of four workers is not the mean of four p99s. Put all latencies together first.
#
# **Throughput** is what was answered well in the time from the first request due to the last one done. An error is quick, so count it among the errors and nowhere else.
#
# An instance costs the same per hour, asked or not. With $s$ predictions a second at full load, and a share $b$ of it used on average, a million predictions cost
#
# $$ \frac{\text{dollars an hour}}{3600 \, s \, b} \cdot 10^6 . $$
#
# **The price.** What we found and could cite in November 2026; AWS's own list was not among it.
#
# | instance | dollars an hour | as of | who says so |
# |---|---|---|---|
# | `ml.m5.xlarge`, us-east-1 | 0.269 | October 2025 | [zircon.tech](https://zircon.tech/blog/the-real-cost-of-running-ai-models-on-aws-sagemaker-inference-deep-dive) |
# | `ml.m5.xlarge`, us-east-1 | 0.135 | undated | [theneuralbase.com](https://theneuralbase.com/aws-sagemaker/learn/intermediate/cost-comparison-vs-real-time/) |
# | `ml.c7g.large` | 0.10 | 15 March 2026 | [wring.co](https://www.wring.co/blog/aws-sagemaker-inference-guide) |
# | `ml.t3.medium` | 0.05 | 15 March 2026 | the same |
#
# One instance, two prices, one twice the other: a price from anybody but the seller is a rumour. `USD_PER_HOUR` in the first cell is the first line, for the arithmetic. Before you promise a
# cost, look up the current price at aws.amazon.com/sagemaker/pricing, for your region and instance, and write the date beside it.
#
# **Task `load_test`.** Sum up a load test; price it; choose.


# %% nbgrader={"grade_id": "load_test", "solution": true}
def summarise(requests: pd.DataFrame) -> dict[str, float]:
    """Sum up a load test.

    Parameters
    ----------
    requests : one row each, in any order: ``due``, ``sent``, ``done`` (seconds), ``rows`` (flights in it), ``ok`` (bool)

    Returns
    -------
    ``p50``, ``p95``, ``p99``: latency of the answered requests in milliseconds (percentiles as NumPy's default has them);
    ``per_second``: rows answered well, over the seconds from the first ``due`` to the last ``done`` of all requests;
    ``errors``: share of the requests that failed

    Raises
    ------
    ValueError
        when no request was answered, or there is none
    """
    ### BEGIN SOLUTION
    answered = requests[requests["ok"].astype(bool)]
    if answered.empty:
        raise ValueError("no request was answered: there is no latency")
    latency = (answered["done"] - answered["due"]) * 1e3
    seconds = requests["done"].max() - requests["due"].min()
    percentiles = {f"p{level}": float(np.percentile(latency, level)) for level in (50, 95, 99)}
    errors = 1 - len(answered) / len(requests)
    return {**percentiles, "per_second": float(answered["rows"].sum() / seconds), "errors": errors}
    ### END SOLUTION


def cost_per_million(usd_per_hour: float, per_second: float, busy: float = 1.0) -> float:
    """Give the dollars for a million predictions; ValueError unless 0 < busy <= 1 and per_second > 0."""
    ### BEGIN SOLUTION
    if not (0 < busy <= 1 and per_second > 0):
        raise ValueError("an instance that predicts nothing has no price for a prediction")
    return usd_per_hour / (3_600 * per_second * busy) * 1e6
    ### END SOLUTION


def choose(table: pd.DataFrame, p99: float, errors: float):
    """Give the index label of the cheapest set-up whose p99 and errors are within these limits; ValueError if none is.

    Parameters
    ----------
    table : one row for each set-up of one instance, with ``p99``, ``errors`` and ``per_second``
    p99 : the most milliseconds
    errors : the largest share of errors
    """
    ### BEGIN SOLUTION
    within = table[(table["p99"] <= p99) & (table["errors"] <= errors)]
    if within.empty:
        raise ValueError("no set-up keeps the promise")
    return within["per_second"].idxmax()
    ### END SOLUTION


# %% nbgrader={"grade_id": "load_test_test", "points": 7} long="a load test, prices and a choice, worked out by hand"
mark = checks.Mark(7)
plain = pd.DataFrame({"due": [3.0, 0.0, 1.0, 2.0], "done": [3.2, 0.1, 1.1, 2.5], "rows": 10, "ok": True})
plain.insert(1, "sent", plain["due"])
hung = plain.assign(sent=[3.0, 0.0, 1.0, 3.0], done=[3.2, 0.1, 1.1, 3.1])  # the server, from 2.0 to 3.0
failed = pd.concat([hung, pd.DataFrame({"due": 4.0, "sent": 4.0, "done": 5.0, "rows": 10, "ok": False}, index=[0])])
with mark.part(
    "latency", 1.5, "`p50`, `p95`, `p99`: latency of the answered requests in milliseconds; from when one is due."
):
    week5.load_test.latency(summarise, plain, {"p50": 150.0, "p95": 455.0, "p99": 491.0}, "plain")
    for what, requests in {"pause": hung, "failed": failed}.items():
        week5.load_test.latency(summarise, requests, {"p50": 150.0, "p95": 965.0, "p99": 1_073.0}, what)
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        for what, requests, expected in oracles.load_test_cases(SEED):
            week5.load_test.latency(summarise, requests, expected, what)
    ### END HIDDEN TESTS
with mark.part(
    "throughput",
    1,
    "`per_second`: rows answered well, over the seconds from the first `due` to the last `done` of all.",
):
    week5.load_test.throughput(summarise, failed, {"per_second": 8.0})
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        for _, requests, expected in oracles.load_test_cases(SEED + 10):
            week5.load_test.throughput(summarise, requests, expected)
    ### END HIDDEN TESTS
with mark.part("errors", 0.5, "`errors`: share of the requests that failed."):
    week5.load_test.errors(summarise, failed, {"errors": 0.2})
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        for _, requests, expected in oracles.load_test_cases(SEED + 20):
            week5.load_test.errors(summarise, requests, expected)
    ### END HIDDEN TESTS
with mark.part("unanswered", 0.5, "`ValueError` when no request was answered, or there is none.", after=("latency",)):
    week5.load_test.unanswered(summarise, failed)
with mark.part("cost", 1, "Give the dollars for a million predictions."):
    week5.load_test.costs(cost_per_million, {(0.36, 100.0, 1.0): 1.0, (0.36, 100.0, 0.5): 2.0, (0.36, 100.0): 1.0})
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        for seed in range(SEED, SEED + 5):
            week5.load_test.costs(cost_per_million, oracles.load_test_costs(seed))
    ### END HIDDEN TESTS
with mark.part("no cost", 0.5, "`ValueError` unless `0 < busy <= 1` and `per_second > 0`.", after=("cost",)):
    week5.load_test.costs_nothing(cost_per_million, [(0.36, 0.0, 1.0), (0.36, 100.0, 0.0), (0.36, 100.0, 1.5)])
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        week5.load_test.costs_nothing(cost_per_million, oracles.LOAD_TEST_SENSELESS)
    ### END HIDDEN TESTS
numbers = {
    "p99": [30.0, 90.0, 60.0, 160.0],
    "errors": [0.0, 0.005, 0.01, 0.0],
    "per_second": [50.0, 400.0, 200.0, 900.0],
}
table = pd.DataFrame(numbers, index=["idle", "busy", "calm", "slow"])
with mark.part(
    "choice", 1, "Give the index label of the cheapest set-up whose p99 and errors are within these limits."
):
    week5.load_test.chooses(choose, table, {(100.0, 0.02): "busy", (70.0, 0.02): "calm", (100.0, 0.001): "idle"})
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        for drawn in map(oracles.load_test_table, range(SEED, SEED + 6)):
            week5.load_test.chooses(choose, drawn, oracles.load_test_choices(drawn))
    ### END HIDDEN TESTS
with mark.part(
    "limits", 0.5, "`p99` : the most milliseconds; `errors` : the largest share of errors.", after=("choice",)
):
    week5.load_test.keeps_to_the_dot(choose, table, {(90.0, 0.005): "busy", (60.0, 0.02): "calm", (200.0, 0.0): "slow"})
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        for drawn in map(oracles.load_test_table, range(SEED + 6, SEED + 10)):
            week5.load_test.keeps_to_the_dot(choose, drawn, oracles.load_test_edges(drawn))
    ### END HIDDEN TESTS
with mark.part("no choice", 0.5, "`ValueError` if none is.", after=("choice",)):
    week5.load_test.chooses_none(choose, table, [(20.0, 0.02), (1_000.0, -0.1)])
    ### BEGIN HIDDEN TESTS
    with mark.hidden():
        from source.week5 import oracles

        for drawn in map(oracles.load_test_table, range(SEED + 10, SEED + 14)):
            week5.load_test.chooses_none(choose, drawn, oracles.load_test_impossible(drawn))
    ### END HIDDEN TESTS
mark

# %% [markdown]
# Your endpoint under load, from a second process, with batches of 1 to 200 flights and up to four requests at a time. Latency is measured at sixteen
# requests a second; throughput when more is due than can be answered, for a server that is not busy does not show what it can do. Cloud, server and load share this machine, so read the
# shape and not the numbers. It takes some ten seconds.

# %% nbgrader={"grade_id": "under_load"}
batches = {rows: [as_json(X.sample(rows, random_state=k)) for k in range(5)] for rows in (1, 20, 200)}
requests = load.run("delays", batches, workers=(1, 4), rates=(16, 1_000), count=20)
found = []
for (workers, batch), part in requests.groupby(["workers", "rows"]):
    calm, full = (summarise(one) for _, one in part.groupby("rate"))
    found.append({"workers": workers, "batch": batch, **calm, "per_second": full["per_second"]})
loads = pd.DataFrame(found)
loads["usd_per_million"] = [cost_per_million(USD_PER_HOUR, s, busy=0.5) for s in loads["per_second"]]
loads.round(3)

# %% nbgrader={"grade_id": "load_picture"}
fig, (left, right) = plt.subplots(1, 2, figsize=(11, 3.4))
for colour, workers in zip(plots.COLOURS, (1, 4)):
    part = loads[loads["workers"] == workers]
    for level, style in {"p50": "-", "p99": "--"}.items():
        left.plot(part["batch"], part[level], style, marker="o", color=colour, label=f"{level}, {workers} at a time")
    right.plot(part["batch"], part["usd_per_million"], marker="o", color=colour, label=f"{workers} at a time")
left.set(xscale="log", xlabel="flights in a request", ylabel="milliseconds", title="What one request takes")
right.set(xscale="log", yscale="log", xlabel="flights in a request", title="Dollars a million, at half load")
left.legend(), right.legend()
plt.show()
limit = 1.2 * loads["p99"].median()
print(f"With p99 up to {limit:.0f} ms: row {choose(loads, limit, 0.01)} of the table.")

# %% [markdown]
# The way back, once, before you need it: another model is deployed, and taken back by its configuration's name. Then everything is deleted, which is the line that ends the cost on a real account.

# %% nbgrader={"grade_id": "and_back"}
later = week5.archives.saved(week5.archives.small_model(X, y, SEED), X.head(3))
second = deploy("delays", package(later, inference_script(), registry.requirements()), "delay-desk", "delay-server")
for config in (second["config"], first["config"]):
    reason = move("delays", config)
    late = json.loads(ask("delays", as_json(X.head(3)))[1])["late"]
    print(f"{config}: {reason or 'it serves'}, {np.round(late, 3)}")
boto3.client("sagemaker").delete_endpoint(EndpointName="delays")

# %% [markdown]
# ## 10 · The rollout and rollback plan
#
# Write one page (250 to 400 words) to **the operator who will be on call when you are asleep**. She did not build this. Next Tuesday a new champion goes live. Your plan must
#
# 1. say what happens in which order, with the shares of the traffic, the times, and what is looked at before each step (3 points);
# 2. give the alarms with their thresholds, and say why these numbers and not others; what a 4xx means, and why it is no alarm (3 points);
# 3. give the way back as steps that she can do at three in the morning: what to call, with which name, how long it takes, how she knows that it worked (3 points);
# 4. say what will *not* come back by itself: answers already given, records, a model that is wrong but never errs; who decides then (2 points);
# 5. say what it costs, running and idle, and on what day the old configuration may be deleted (1 point).

# %% [markdown] nbgrader={"grade_id": "plan", "points": 12}
# ### BEGIN SOLUTION
# *Rubric and an example of a full answer. Mark each point by itself; numbers differ with seed and machine.*
#
# 1. **Order (3).** Shares and times 1; a thing to look at before each step 1; somebody awake for the first step, or a reason why not 1.
# 2. **Alarms (3).** Thresholds with the promise behind them 1; share of the canary and threshold belong together 1; 4xx is the callers' fault 1.
# 3. **The way back (3).** One command with the configuration's name 1; time 1; how to know that it worked 1. "Redeploy the old version" without a name: at most 1.
# 4. **What does not come back (2).** A model that is wrong without an error: no alarm sees it 1; who decides 1.
# 5. **Cost (1).** That an idle endpoint costs the same as a busy one, and a day for the clean-up.
#
# > On Tuesday at 10:00, with the two of us at the desk, `update_endpoint` starts servers for the new configuration `delays-4f…` beside the old ones. Nothing changes for users until they answer `/ping`. Then 20 % of the
# > requests go to them for five minutes, and after that all. The old servers stay for another five. Before 10:05 look at the two alarms and at the share of 4xx; if both alarms say OK, do nothing.
# > `delays-errors` goes off above 3 % of 5xx in a minute: we promise 1 %, and with 20 % of the traffic a version that always fails shows as 20 %, one that fails for every sixth request just shows. `delays-slow` goes off when one request in twenty takes over 0.8 seconds. Answers of
# > 400 or 415 are the callers' mistakes. They are no alarm; if they jump at 10:00 the contract has changed, so call me.
# > The way back is automatic while the update runs: the status says InService, and the configuration is the old one. After that it is one call: `move("delays", "delays-81…")`, the old configuration's name, which is
# > in the ticket. It takes some five minutes on AWS; you know that it worked when `describe_endpoint` shows that name. Do not delete anything.
# > What does not come back: answers that were given, about 20 % of five minutes' requests at worst. And no alarm sees a model that is wrong politely. The captured requests are compared each morning with those of training; if the mean
# > probability moves by more than a third, the head of operations decides, not you.
# > The endpoint costs its price for every hour, asked or not; during the update twice that. The old configuration may go after two weeks, on the 8th.
# ### END SOLUTION

# %% [markdown]
# ## What to take with you
#
# - Pack what learned, and nothing that only your notebook has.
# - 4xx is theirs, 5xx is ours, and 200 to nonsense is the worst of the three.
# - The way back is a configuration that still exists, by its name.
# - Canary, threshold and traffic are one decision.
# - Most outages that manifests cause are two documents that disagree.
# - The clock starts when the user clicks.
# - **Next week** asks of the thing that runs: whom does it fail, and who answers for it?
#
# ### Reading
#
# - Beyer, Jones, Petoff and Murphy (editors), *Site Reliability Engineering* (O'Reilly 2016), chapters 4 and 8: service level objectives and release engineering. For part 4; free to read online.
# - The Amazon SageMaker developer guide, *Deployment guardrails* and *Use your own inference code*. The reference for parts 1 to 5.
# - The Docker documentation, *Building best practices*, and hadolint's wiki. For part 6, rule by rule.
# - Burns, Beda, Hightower and Evenson, *Kubernetes: Up and Running* (O'Reilly). The book to begin with; then the Kubernetes documentation on probes and on disruptions.
# - Gil Tene, *How NOT to Measure Latency* (talk). Coordinated omission, with the pictures that convince.
# - The MLflow documentation on deployment and the model registry. For part 8.
