"""Week 5's property checks. The visible and the hidden tests call the same ones, on different models and names.

Archives, scripts and configurations that a student hands over are deployed for real, by `checks.isolated`: in
grading in a sandboxed process of their own. What was answered is compared with what the model itself predicts.
"""

from __future__ import annotations

import gzip
import io
import json
import math
import re
import tarfile
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pandas as pd

from helpers import aws, models, registry, work
from helpers.aws import permissions
from helpers.aws.archives import BadArchive, unpack
from helpers.checks import (
    CheckFailed,
    NotAttempted,
    call,
    close,
    dockerfiles,
    hand_over,
    isolated,
    manifests,
    refuses,
    registries,
    require,
    returns,
)

MODEL, SCRIPT, REQUIREMENTS = "model.joblib", "code/inference.py", "code/requirements.txt"
JSON, CSV = "application/json", "text/csv"
SAME = 1e-9  # two predictions of one model
DAY = 86_400.0
Rows = pd.DataFrame


# --- models, archives and requests of the tests' own ---


def small_model(X: Rows, y: pd.Series, seed: int, columns: Sequence[str] | None = None) -> Any:
    """A pipeline of the course's kind, quickly trained; no two seeds give the same predictions."""
    rows = np.random.default_rng(seed).choice(len(X), size=min(1_500, len(X)), replace=False)
    chosen = X[list(columns)] if columns is not None else X
    model = models.pipeline("lightgbm", seed, n_estimators=12, num_leaves=8)
    return model.fit(chosen.iloc[rows], y.iloc[rows])


def mlflow_files(model: Any, X: Rows) -> dict[str, bytes]:
    """What MLflow saves of a model: its files by their paths."""
    from mlflow.models import infer_signature
    from mlflow.sklearn import save_model

    registry.silence()
    with tempfile.TemporaryDirectory(prefix=work.PREFIX) as folder:
        place = Path(folder) / "model"
        save_model(
            model,
            str(place),
            signature=infer_signature(X, model.predict_proba(X)),
            pip_requirements=registry.requirements(),
            serialization_format="cloudpickle",
            pyfunc_predict_fn="predict_proba",
        )
        return work.contents(place)


def saved(model: Any, X: Rows) -> str:
    """A new folder in which MLflow saved a model."""
    from helpers.checks.remote import new_folder

    return new_folder(mlflow_files(model, X))


def pack(files: Mapping[str, str | bytes]) -> bytes:
    """An archive of these files."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as tar:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return stream.getvalue()


def dumped(model: Any) -> bytes:
    """A model as joblib writes it."""
    import joblib

    stream = io.BytesIO()
    joblib.dump(model, stream)
    return stream.getvalue()


def records(X: Rows) -> list[dict[str, Any]]:
    """Rows as JSON has them: a missing number is None."""
    return [
        {str(name): None if isinstance(value, float) and math.isnan(value) else value for name, value in row.items()}
        for row in X.to_dict("records")
    ]


def as_json(X: Rows) -> bytes:
    """A request of the desk's contract."""
    return json.dumps({"rows": records(X)}).encode()


def as_csv(X: Rows) -> bytes:
    """The same as CSV."""
    return X.to_csv(index=False).encode()


def names(seed: int, number: int) -> list[str]:
    """Names that nobody could have guessed, fit for buckets, endpoints and images."""
    rng = np.random.default_rng([5, seed])
    return ["desk-" + "".join(rng.choice(list("abcdefghijkmnpqrstuvwxyz"), 9)) for _ in range(number)]


# --- archive ---

PROBE = """
# probabilités, from the second column
import json, os
import joblib, pandas as pd
def model_fn(folder): return joblib.load(os.path.join(folder, "model.joblib"))
def input_fn(body, content_type): return pd.DataFrame(json.loads(body)["rows"])
def predict_fn(rows, model):
    texts = {"carrier", "origin", "dest"}
    kinds = {name: "object" if name in texts else "float64" for name in rows}
    return model.predict_proba(rows.astype(kinds))[:, 1]
"""


def packaged(function: Callable[..., Any], model: Any, X: Rows, requirements: Sequence[str]) -> None:
    """Check an archive by its files, and by what an endpoint made of it predicts."""
    folder = hand_over(mlflow_files(model, X))
    archive = returns(call(function, folder, PROBE, list(requirements)), bytes, "the archive")
    files = _unpacked(archive)
    _three_files(files, requirements)
    _anonymous(archive)
    outcome = isolated(aws.try_archive, archive, [{"body": as_json(X)}])
    require(
        outcome["status"] == "InService",
        "no server can be started from the archive" + _missing_class(outcome["reason"]),
        seen=outcome["reason"],
        why="the endpoint is Failed, and the log is all that whoever is on call has",
        where="the last line of the log; a pickle holds the name of a class and not the class",
    )
    (reply,) = outcome["replies"]
    require(
        reply["status"] == 200,
        "the packed model cannot take the columns that the saved model takes",
        seen=reply["message"],
        why="preprocessing is part of the model: what the notebook did before `predict`, no server does",
        where="dump the whole pipeline that MLflow loads, not one of its steps",
    )
    close(
        np.array(json.loads(reply["body"])),
        model.predict_proba(X)[:, 1],
        what="what the packed model predicts",
        tolerance=SAME,
        why="users get the archive's answers, not the registry's",
        where="the pipeline as MLflow loads it, without fitting anything again",
    )


def _missing_class(reason: str) -> str:
    found = re.search(r"Can't get attribute '(\w+)'", reason)
    return f": its pickle needs the class {found[1]}, which only your notebook has" if found else ""


def _unpacked(archive: bytes) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory(prefix=work.PREFIX) as folder:
        try:
            unpack(archive, Path(folder))
        except BadArchive as error:
            problem = CheckFailed(
                "what was returned is no archive that SageMaker would unpack",
                seen=str(error),
                why="the endpoint fails before any of your code has run",
                where="a tar file, compressed with gzip, names relative to its top",
            )
        else:
            return work.contents(Path(folder))
    raise problem


def _three_files(files: Mapping[str, bytes], requirements: Sequence[str]) -> None:
    for name in (MODEL, SCRIPT, REQUIREMENTS):
        require(
            name in files,
            f"the archive has no {name}",
            seen=", ".join(sorted(files)[:10]),
            why="SageMaker looks for it at this place and nowhere else",
            where="names in the archive have no folder before them",
        )
    extra = sorted(set(files) - {MODEL, SCRIPT, REQUIREMENTS})
    require(
        not extra,
        "the archive holds more than the three files",
        seen=", ".join(extra[:10]),
        why="it goes through many hands: notebooks, keys and data travel along, and stay in a bucket for years",
        where="add files by name, never a whole folder",
    )
    require(
        files[SCRIPT].decode(errors="replace") == PROBE,
        "code/inference.py is not the script that was given",
        why="the server runs what is in the archive: half a script, or another one",
        where="its text in UTF-8; the size of a member of a tar file is in bytes, and é has two",
    )
    lines = list(filter(None, map(str.strip, files[REQUIREMENTS].decode(errors="replace").splitlines())))
    require(
        lines == list(requirements),
        "code/requirements.txt does not hold the requirements, one a line",
        seen=" ".join(lines[:6]),
        why="the container would take whatever version is newest on the day",
        where="a line for each item of `requirements`, a newline after each",
    )


def _anonymous(archive: bytes) -> None:
    """Require headers without times and without names of people."""
    now = time.time()
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(archive))) as tar:
        members = tar.getmembers()
    dated = [member.name for member in members if abs(now - member.mtime) < 2 * DAY]
    zipped = int.from_bytes(archive[4:8], "little")
    require(
        not dated and not abs(now - zipped) < 2 * DAY,
        "the archive holds the time at which it was packed",
        seen=f"in the headers of {', '.join(dated) or 'gzip'}",
        why="the same model gives another archive each second, and no digest can be compared",
        where="`tarfile` and `gzip` both write times: gzip.GzipFile takes mtime, a TarInfo of your own has 0",
    )
    people = {name for member in members for name in (member.uname, member.gname)} - {"", "root", "wheel"}
    require(
        not people,
        "the archive holds the name of a user or group of this machine",
        why="who gets the file learns who made it, and the next person's archive differs",
        where="a TarInfo of your own has no owner; `tar.add` writes the file's",
    )


# --- server ---


def serves(script: str, model: Any, X: Rows, *, seed: int, everything: bool = False) -> None:
    """Check an inference script on an endpoint: right answers, the caller's errors, and right answers after them."""
    good = _good_requests(X, seed)
    bad = list(_bad_requests(X, seed))
    if not everything:
        bad = [case for case in bad if case[0] in _SHOWN]
    archive = pack({MODEL: dumped(model), SCRIPT: script})
    requests = [request for _, request, _ in good]
    for _, request, _ in bad:
        requests += [request, good[0][1]]
    outcome = isolated(aws.try_archive, archive, requests)
    require(
        outcome["status"] == "InService",
        "no server can be started with your script",
        seen=outcome["reason"],
        why="the endpoint is Failed before anybody could ask it",
        where="the last line of the log: what is imported, and where model_fn looks for model.joblib",
    )
    replies = iter(outcome["replies"])
    for what, request, rows in good:
        _answers(next(replies), model.predict_proba(rows)[:, 1], what, request.get("accept", JSON))
    for what, request, where in bad:
        _refuses(next(replies), what, where, _status_of(request))
        _answers(next(replies), model.predict_proba(good[0][2])[:, 1], f"a good request after {what}")


_SHOWN = (
    "malformed JSON",
    "a row without one of the columns",
    "NaN, which JSON does not know",
    "an unknown content type",
)


def _good_requests(X: Rows, seed: int) -> list[tuple[str, dict[str, Any], Rows]]:
    mixed = X[list(np.random.default_rng(seed).permutation(X.columns))]
    backwards = X.iloc[::-1]
    csv = {"content_type": CSV, "accept": CSV}
    return [
        ("JSON", {"body": as_json(X)}, X),
        ("JSON with the columns in another order", {"body": as_json(mixed)}, X),
        ("JSON of a single row", {"body": as_json(X.head(1))}, X.head(1)),
        ("JSON of the same rows in another order", {"body": as_json(backwards)}, backwards),
        ("CSV", {"body": as_csv(mixed), **csv}, X),
        ("CSV, answered in JSON", {"body": as_csv(X), "content_type": CSV}, X),
    ]


def _answers(reply: Mapping[str, Any], expected: np.ndarray, what: str, accept: str = JSON) -> None:
    """Require that a good request is answered with the model's own predictions."""
    require(
        reply["status"] == 200,
        f"a good request is refused: {what}",
        seen=f"{reply['status']}: {reply['message']}",
        why="to the caller, a server that refuses good requests is down",
        where="the contract in part 2: what comes in, in which form; columns in any order; null is a missing number",
    )
    body = reply["body"].decode(errors="replace")
    got = _numbers(body, reply["content_type"])
    require(
        got is not None and reply["content_type"].startswith(accept),
        f"the answer has not the form of the contract ({what})",
        seen=f"{reply['content_type']}: {body[:200]}",
        why="the screen that asked cannot read it",
        where='{"late": [...]} for application/json, one number a line for text/csv, as `accept` says',
    )
    where = (
        "the second column of predict_proba; the whole pipeline; columns by name and not by place; text stays text, "
        "null stays missing; the order of the rows"
    )
    close(got, expected, what=f"the prediction for {what}", tolerance=SAME, where=where)


def _numbers(body: str, kind: str) -> np.ndarray | None:
    try:
        if kind.startswith("application/json"):
            return np.array(json.loads(body)["late"], dtype=float)
        return np.array([float(line) for line in body.split()])
    except (ValueError, KeyError, TypeError):
        return None


def _status_of(request: Mapping[str, Any]) -> int | None:
    """The contract's status for a request that is wrong; None where the service refuses it before any script."""
    if len(request["body"]) > 6 * 2**20:
        return None
    if request.get("content_type", JSON) not in (JSON, CSV):
        return 415
    return 406 if request.get("accept", JSON) not in (JSON, CSV) else 400


def _refuses(reply: Mapping[str, Any], what: str, where: str, status: int | None) -> None:
    """Require that a bad request is the caller's fault."""
    require(
        reply["status"] != 200,
        f"the server predicts for a request that makes no sense: {what}",
        seen=reply["body"].decode(errors="replace")[:120],
        why="the number looks like all others, and somebody acts on it",
        where=where,
    )
    require(
        400 <= reply["status"] < 500,
        f"the server takes the blame (5xx) for its caller's mistake: {what}",
        seen=reply["message"],
        why="5xx is what alarms and canaries look at: any caller can wake the desk, and roll back a good version",
        where=f"{where}; raise BaseInferenceToolkitError with a status of 4xx",
    )
    require(
        status is None or reply["status"] == status,
        f"the server refuses with another status than the contract's: {what}",
        seen=f"{reply['status']}, the contract says {status}",
        why="callers' programs decide by the number: mend the rows, send another type, ask for another form",
        where="the last line of the contract: 400, or 415 for a content type, or 406 for an `accept`",
    )


def _bad_requests(X: Rows, seed: int) -> Iterator[tuple[str, dict[str, Any], str]]:
    """What the caller got wrong, the request, and where to look."""
    rng = np.random.default_rng(seed)
    rows = records(X.head(4))
    texts = [name for name in X.columns if name in models.CATEGORIES]
    number = str(rng.choice([name for name in X.columns if name not in models.CATEGORIES]))
    where = "check the rows against feature_names_in_ before you make a table of them"
    place = int(rng.integers(1, len(rows)))

    def changed(**more: Any) -> list[dict[str, Any]]:
        return [{**row, **(more if k == place else {})} for k, row in enumerate(rows)]

    def body(content: Any) -> dict[str, Any]:
        return {"body": json.dumps(content).encode()}

    without = [{name: row[name] for name in row if k != place or name != number} for k, row in enumerate(rows)]
    csv = {"content_type": CSV, "accept": CSV}
    lines = as_csv(X.head(3)).decode().splitlines()
    yield "malformed JSON", {"body": as_json(X)[:-9]}, "json.loads raises ValueError"
    yield "an empty body", {"body": b""}, "json.loads raises ValueError"
    yield "no rows", body({"rows": []}), "an empty list"
    yield "a list in place of the object", body(rows), 'what json.loads gives need not have "rows"'
    yield "an object without rows", body({"flights": rows}), "json.loads gives an object, and KeyError is no ValueError"
    yield "a number in place of the rows", body({"rows": 7}), "rows must be a list; len() of a number is a TypeError"
    yield "rows that are no objects", body({"rows": [1, 2]}), where
    yield "a row without one of the columns", body({"rows": without}), where
    yield "a column that the model does not know", body({"rows": changed(captain="Kirk")}), where
    yield "NaN, which JSON does not know", body({"rows": changed(**{number: math.nan})}), "parse_constant of json.loads"
    yield "an infinite number", body({"rows": changed(**{number: math.inf})}), "parse_constant, and math.isfinite"
    yield "text in place of a number", body({"rows": changed(**{number: "soon"})}), "float() raises ValueError"
    huge = json.dumps({"rows": changed(**{number: "HUGE"})}).replace('"HUGE"', "1e999").encode()
    yield "a number beyond all bounds", {"body": huge}, "1e999 is JSON, and infinite in Python: math.isfinite"
    yield "a list in place of a number", body({"rows": changed(**{number: [1.0]})}), "float() of a list: TypeError"
    if texts:
        yield "a number in place of a text", body({"rows": changed(**{texts[0]: 7})}), "isinstance(value, str)"
        yield "null in place of a text", body({"rows": changed(**{texts[0]: None})}), "only a number may be null"
    yield "a CSV without its line of names", {"body": "\n".join(lines[1:]).encode(), **csv}, where
    yield "a CSV with a line that is too short", {"body": f"{lines[0]}\n1,2".encode(), **csv}, "missing fields are None"
    few = X.head(3)
    yield "a CSV without one of the columns", {"body": as_csv(few.drop(columns=number)), **csv}, where
    yield "a CSV with a column that the model does not know", {"body": as_csv(few.assign(captain="Kirk")), **csv}, where
    soon = as_csv(few.assign(**{number: "soon"}))
    yield "a CSV with text in place of a number", {"body": soon, **csv}, "float() raises ValueError"
    yield "an empty CSV", {"body": lines[0].encode(), **csv}, "a header and no rows"
    kind = {"content_type": "application/xml"}
    yield "an unknown content type", {"body": as_json(X), **kind}, "the end of input_fn"
    asked = {"accept": "image/png"}
    yield "an answer in a form that nobody can write", {"body": as_json(X), **asked}, "the end of output_fn"
    yield "10 MB", {"body": b'{"rows": [' + b" " * 10_000_000 + b"]}"}, "the service itself refuses it"


# --- deploy ---


def policies(trust: Callable[..., Any], role_policy: Callable[..., Any], bucket: str) -> None:
    """Check what a role's two documents allow, and what they do not."""
    trusting = returns(call(trust), dict, "the trust policy")
    rights = returns(call(role_policy, bucket), dict, "the role's policy")
    for document in (trusting, rights):
        require(_is_policy(document), "that is no policy document", where='"Version" and a list "Statement"')
    require(
        permissions.trusts(trusting),
        "the role cannot be taken by SageMaker",
        why="create_model is refused: the role is for the server, and the server cannot take it",
        where="Principal: Service: sagemaker.amazonaws.com; Action: sts:AssumeRole",
    )
    others = ("lambda.amazonaws.com", "*")
    text = json.dumps(trusting)
    require(
        not any(permissions.trusts(trusting, one) for one in others) and '"AWS"' not in text and '"*"' not in text,
        "somebody else than SageMaker can take the role",
        why="whoever can take it has all its rights",
        where="one principal, and no star",
    )
    place = f"arn:aws:s3:::{bucket}"
    for action, resource in (
        ("s3:GetObject", f"{place}/models/x/model.tar.gz"),
        ("s3:PutObject", f"{place}/captured/x"),
    ):
        require(
            permissions.allows([rights], action, resource),
            f"the role may not do {action} where it must",
            why="the endpoint fails, or captures nothing and says nothing",
            where="the resource of an object is arn:aws:s3:::BUCKET/KEY; the bucket's name is the argument",
        )
    too_much = {
        "read another bucket": ("s3:GetObject", "arn:aws:s3:::somebody-elses/x"),
        "read a bucket whose name begins like its own": ("s3:GetObject", f"{place}-salaries/x"),
        "write beside captured/": ("s3:PutObject", f"{place}/captured-models/x"),
        "overwrite its own model": ("s3:PutObject", f"{place}/models/x/model.tar.gz"),
        "delete its own model": ("s3:DeleteObject", f"{place}/models/x/model.tar.gz"),
        "delete what was captured": ("s3:DeleteObject", f"{place}/captured/x"),
        "delete an endpoint": ("sagemaker:DeleteEndpoint", "arn:aws:sagemaker:us-east-1:111122223333:endpoint/x"),
        "make other roles": ("iam:CreateRole", "arn:aws:iam::111122223333:role/x"),
    }
    for what, (action, resource) in too_much.items():
        require(
            not permissions.allows([rights], action, resource),
            f"the role may {what}",
            why="who gets into the server gets what its role may do",
            where="two actions, each with its own resource, and no star where a name will do",
        )


def _is_policy(document: Mapping[str, Any]) -> bool:
    statements = document.get("Statement")
    return isinstance(statements, dict | list) and bool(statements)


FACTOR = """
import json
from sagemaker_inference.errors import BaseInferenceToolkitError

def model_fn(folder):
    return FACTOR

def transform_fn(model, body, content_type, accept):
    if accept != "application/json":
        raise BaseInferenceToolkitError(406, "JSON only", "Not Acceptable")
    try:
        values = map(float, body.split(",")) if content_type == "text/csv" else json.loads(body)
        return json.dumps([model * value for value in values]), accept
    except ValueError:
        raise BaseInferenceToolkitError(422, "WORD", "Unprocessable Entity")
"""


def _factor(factor: int, word: str) -> bytes:
    return pack({SCRIPT: FACTOR.replace("FACTOR", str(factor)).replace("WORD", word)})


def deployed(
    deploy: Callable[..., Any],
    move: Callable[..., Any],
    ask: Callable[..., Any],
    *,
    endpoint: str,
    bucket: str,
    role: str,
    seed: int,
) -> None:
    """Deploy three versions of a tiny server with the student's functions, one of them broken, and go back."""
    # What an earlier answer left behind under these names must not matter to this one.
    fresh = uuid.uuid4().hex[:6]
    endpoint, bucket, role = (f"{name}-{fresh}" for name in (endpoint, bucket, role))
    rng = np.random.default_rng(seed)
    first, second = (int(number) for number in rng.choice(np.arange(3, 90), 2, replace=False))
    word, reason = names(seed + 1, 2)
    given = {"bucket": bucket, "role": role}
    one = _deployment(call(deploy, endpoint, _factor(first, word), **given))
    require(
        not one["reason"],
        "the first deployment does not serve",
        seen=one["reason"],
        why="nobody can ask it",
        where="the reason: a role that SageMaker may take and that may read the object; a waiter before you look",
    )
    _asked(ask, endpoint, first, word, "after the first deployment")
    two = _deployment(call(deploy, endpoint, _factor(second, word), **given))
    require(
        not two["reason"],
        "deploying a second version under the same name does not work",
        seen=two["reason"],
        why="each new model would need a new name, and all callers a new address",
        where="update_endpoint where the endpoint exists; names of models and configurations that are new each time",
    )
    _asked(ask, endpoint, second, word, "after the second deployment")
    require(
        one["config"] != two["config"],
        "two deployments have one endpoint configuration between them: the first was overwritten",
        why="the way back is the old configuration: it is gone",
        where="a name that is new each time: the archive's digest, a version, a uuid",
    )
    broken = pack({SCRIPT: f"def model_fn(folder):\n    raise OSError({reason!r})\n"})
    three = _deployment(call(deploy, endpoint, broken, **given))
    require(
        reason in str(three["reason"]),
        "a version that does not start is reported without SageMaker's reason",
        seen=repr(three["reason"]),
        why="whoever is on call sees that it failed and not why; or, worse, hears that all is well",
        where="FailureReason of describe_endpoint, and whether EndpointConfigName is the new one: "
        "after an update that failed, the status is InService",
    )
    _asked(ask, endpoint, second, word, "after a version that does not start")
    back = call(move, endpoint, one["config"])
    require(
        back == "",
        "going back to the first configuration does not work",
        seen=repr(back),
        why="that is the call at three in the morning",
        where="`move` with a configuration that exists: update_endpoint, wait, compare names",
    )
    _asked(ask, endpoint, first, word, "after going back")
    # Its name is part of the other one's: who looks for names that contain it finds the wrong endpoint.
    another = endpoint[:-1]
    new = call(move, another, one["config"])
    require(
        new == "",
        "`move` does not create an endpoint where there is none",
        seen=repr(new),
        why="the day on which somebody deleted the endpoint is the day on which the way back is needed",
        where="whether this very name exists: `NameContains` also finds longer names; create_endpoint if it does not",
    )
    _asked(ask, another, first, word, "when `move` has created it")


def _deployment(result: Any) -> dict[str, Any]:
    result = returns(result, dict, "deploy's result")
    for name in ("config", "reason"):
        require(isinstance(result.get(name), str), f"deploy's result has no text `{name}`", where="the docstring")
    return dict(result)


def _asked(ask: Callable[..., Any], endpoint: str, factor: int, word: str, when: str) -> None:
    wrong = f"the endpoint does not answer as the version that should serve ({when})"
    why = "users get another model than the one that you believe to be live, or none at all"
    waiter = "`create_endpoint` and `update_endpoint` only begin: a waiter comes back when the endpoint serves"
    # Whether nobody answers yet, or the version before does, may depend on milliseconds: one message for both.
    answer, raised = None, ""
    try:
        answer = call(ask, endpoint, b"[1, 2.5]")
    except NotAttempted:
        raise
    except CheckFailed as failure:
        raised = str(failure)
    require(not raised, wrong, seen=raised, why=why, where=f"{waiter}; or what `ask` does besides asking")
    status, body = _reply(answer)
    try:
        right = status == 200 and json.loads(body) == [factor, 2.5 * factor]
    except ValueError:
        right = False
    require(
        right,
        wrong,
        seen=f"{status}: {body[:200]!r}",
        why=why,
        where=f"{waiter}; one that is changed keeps serving meanwhile, one that is deleted and made anew does not",
    )
    status, body = _reply(call(ask, endpoint, b"1,2.5", content_type=CSV))
    require(
        status == 200 and body.strip().startswith(b"["),
        "a request in CSV is not answered in JSON",
        seen=f"{status}: {body[:200]!r}",
        why="a server reads a body as its content type says: the wrong one makes nonsense of a good request",
        where="ContentType is the argument, Accept is always application/json",
    )
    status, body = _reply(call(ask, endpoint, b"nonsense", content_type=JSON))
    require(
        status == 422 and word.encode() in body,
        "the server's own status and message are lost on the way to the caller",
        seen=f"{status}: {body[:200]!r}",
        why="SageMaker wraps every error of a model in a 424: without the original, whose fault it is cannot be told",
        where="ModelError has OriginalStatusCode and OriginalMessage in the exception's response",
    )


def _reply(result: Any) -> tuple[int, bytes]:
    result = returns(result, tuple, "ask's result")
    require(len(result) == 2 and isinstance(result[1], bytes | str), "ask gives a status and the body's bytes")
    body = result[1].encode() if isinstance(result[1], str) else result[1]
    return returns(result[0], int, "the status"), body


# --- rollout ---

ERRORS, SLOW = "errors", "slow"


def watches(
    alarms: Callable[..., Any], deployment_config: Callable[..., Any], *, seed: int, rounds: int = 1
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Check when alarms go off, and what a deployment promises; both are returned."""
    endpoint, variant = names(seed, 2)
    given = [dict(one) for one in returns(call(alarms, endpoint, variant), list, "the alarms")]
    wanted = [f"{endpoint}-{ERRORS}", f"{endpoint}-{SLOW}"]
    require(
        sorted(str(one.get("AlarmName")) for one in given) == sorted(wanted),
        "the two alarms are not named ENDPOINT-errors and ENDPOINT-slow",
        seen=str([one.get("AlarmName") for one in given]),
        why="the deployment speaks of alarms by name",
    )
    _dimensions(given, {"EndpointName": endpoint, "VariantName": variant})
    given = [_own(one) for one in given]
    rng = np.random.default_rng(seed)
    stories = [_story(kind, int(number), rng) for kind in _STORIES for number in rng.choice([40, 100, 300], rounds)]
    outcome = isolated(aws.try_alarms, given, [minutes for minutes, _ in stories])
    require(
        not outcome["refused"],
        "CloudWatch refuses one of the alarms",
        seen=outcome["refused"],
        why="an alarm that does not exist never goes off",
        where="the arguments of put_metric_alarm",
    )
    for (minutes, should), states in zip(stories, outcome["states"], strict=True):
        for name, expected in should.items():
            _goes_off(name, expected, [state.get(f"{endpoint}-{name}") for state in states], minutes)
    return given, _promises(deployment_config, wanted)


def _dimensions(given: Sequence[Mapping[str, Any]], wanted: Mapping[str, str]) -> None:
    """Require that an alarm which names an endpoint or a variant names those of the arguments."""
    for one in given:
        pairs = [pair for pair in one.get("Dimensions") or [] if isinstance(pair, dict)]
        other = {str(pair.get("Name")): pair.get("Value") for pair in pairs if pair.get("Name") in wanted}
        require(
            all(wanted[name] == value for name, value in other.items()),
            "an alarm looks at another endpoint or variant than the one it was asked for",
            seen=f"{one.get('AlarmName')}: {other}",
            why="it finds no data there, and says OK for ever",
            where="both arguments, each as the Value of its dimension",
        )


_STORIES = ("errors", "few errors", "callers", "slow", "few slow", "nearly slow", "nobody")
Minutes = list[list[tuple[int, float]]]


def _story(kind: str, number: int, rng: np.random.Generator) -> tuple[Minutes, dict[str, bool]]:
    """Two calm minutes of requests and two that are as ``kind`` says, and which alarm must go off in these."""
    calm = [(200, 0.01)] * number
    ill = {
        "errors": [(500, 0.01)] * (int(0.03 * number) + 1),
        "few errors": [(500, 0.01)] * int(0.01 * number),
        "callers": [(400, 0.01)] * (number // 2),
        "slow": [(200, 0.9)] * math.ceil(0.12 * number),
        "few slow": [(200, 5.0)] * int(0.01 * number),
        "nearly slow": [(200, 0.6)] * (number // 2),
        "nobody": [],
    }[kind]
    bad = [] if kind == "nobody" else ill + calm[len(ill) :]
    order = [[bad[k] for k in rng.permutation(len(bad))] for _ in range(2)]
    return [calm, calm, *order], {ERRORS: kind == "errors", SLOW: kind == "slow"}


def _goes_off(name: str, expected: bool, found: list[str | None], minutes: Minutes) -> None:
    last = minutes[-1]
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


def _promises(deployment_config: Callable[..., Any], wanted: list[str]) -> dict[str, Any]:
    """Check the stages of a deployment as SageMaker would carry them out."""
    from helpers.aws.rollout import Refused, stages

    config = returns(call(deployment_config, list(wanted)), dict, "the deployment's configuration")
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
    require(
        sorted(watched) == sorted(wanted),
        "no alarm, or not both, can take the new version back",
        seen=str(watched),
        why="a canary that nobody looks at only delays the outage",
        where="AutoRollbackConfiguration: Alarms: AlarmName, for each name that was given",
    )
    require(
        kept >= 300,
        "the old servers are stopped at once",
        seen=f"TerminationWaitInSeconds {kept}",
        why="while they still run, going back takes no time; afterwards it takes as long as starting them",
        where="TerminationWaitInSeconds in BlueGreenUpdatePolicy",
    )
    return config


BEHAVIOUR = """
import json, time
from sagemaker_inference.errors import BaseInferenceToolkitError

def model_fn(folder): return 0

def transform_fn(model, body, content_type, accept):
    number = int(body)
    WHAT
    return json.dumps("NAME"), accept
"""
_WHAT = {
    "good": "pass",
    "errs": "raise RuntimeError('no such column')",
    "errs half the time": "if number % 2: raise RuntimeError('no such column')",
    "callers err": "if number % 3: raise BaseInferenceToolkitError(400, 'not a flight', 'Bad Request')",
    "slow": "time.sleep(0.85)",
}


def _version(what: str, name: str) -> dict[str, dict[str, Any]]:
    script = BEHAVIOUR.replace("WHAT", _WHAT[what]).replace("NAME", name)
    return {aws.trial.VARIANT: {"archive": pack({SCRIPT: script})}}


def _minutes(number: int, requests: int, seed: int) -> list[dict[str, Any]]:
    bodies = np.random.default_rng(seed).integers(0, 10**6, (number, requests))
    return [{"requests": [{"body": str(n).encode()} for n in minute], "seconds": 60} for minute in bodies]


def rollout_of_errors(alarms: Sequence[Mapping[str, Any]], config: Mapping[str, Any] | None) -> dict[str, Any]:
    """For a picture: twelve minutes in which a version that always errs is rolled out."""
    watching = [_own(one) for one in alarms] if config else []
    return aws.try_rollout(
        _version("good", "old"), _version("errs", "new"), _minutes(12, 40, 0), deployment=config, alarms=watching
    )


def _own(alarm: Mapping[str, Any]) -> dict[str, Any]:
    """The alarm with the variant that trials have."""
    dimensions = [
        {**one, "Value": aws.trial.VARIANT} if one.get("Name") == "VariantName" else one
        for one in alarm.get("Dimensions", [])
    ]
    return {**alarm, "Dimensions": dimensions}


def rolls_out(what: str, watching: Sequence[Mapping[str, Any]], config: Mapping[str, Any], *, seed: int) -> None:
    """Roll a version out that behaves as ``what`` says, while requests arrive, with the student's alarms."""
    stays = what in ("good", "callers err")
    requests = 25 if what == "slow" else 40
    traffic = [*_minutes(6, requests, seed), {"seconds": 7_200}, *_minutes(1, 20, seed + 1)]
    old = _version("callers err" if what == "callers err" else "good", "old")
    outcome = isolated(
        aws.try_rollout, old, _version(what, "new"), traffic, deployment=dict(config), alarms=list(watching)
    )
    require(not outcome["refused"], "update_endpoint refuses the deployment", seen=outcome["refused"])
    minutes = pd.DataFrame([{**reply, "minute": reply["seconds"] // 60} for reply in outcome["replies"]])
    story = minutes.groupby("minute").agg(new=("version", lambda v: (v == "new").sum()), worst=("status", "max"))
    if stays:
        require(
            outcome["serves"] == "new" and set(minutes["version"].tail(20)) == {"new"},
            f"a version that is well does not get through: {what}",
            seen=f"{outcome['reason']}\n{story}",
            why="whoever cannot deploy goes on with the old model for ever",
            where="what the alarms count; the times of the deployment together",
        )
        return
    require(
        outcome["serves"] == "old",
        f"a bad version is not taken back: {what}",
        seen=f"{outcome['status']}, {outcome['serves']}\n{story}",
        why="all users get it, until somebody wakes up",
        where="share and threshold belong together: what share of all requests fails while the canary runs?",
    )
    failed = minutes[(minutes["version"] == "new")]
    require(
        len(failed) <= 0.45 * requests * 2 and set(minutes.loc[minutes["minute"] >= 4, "version"]) == {"old"},
        f"a bad version reached more users than it had to: {what}",
        seen=f"{story}",
        why="the canary is there so that few users find out for all",
        where="the first step's share, and how soon the alarm goes off",
    )
    lost = minutes[(minutes["version"] == "old") & (minutes["status"] >= 500)]
    require(lost.empty, "requests to the good version failed while the bad one was taken back", seen=f"{story}")


# --- operate ---

ECHO = "def model_fn(folder): return 0\ndef transform_fn(model, body, kind, accept): return body, kind\n"


def operates(
    configuration: Callable[..., Any],
    scaling: Callable[..., Any],
    shares: Mapping[str, float],
    *,
    per_minute: float,
    seed: int,
) -> None:
    """Bring up an endpoint with the student's arguments, and look at shares, records and instances."""
    name, endpoint, bucket = names(seed, 3)
    config = returns(call(configuration, name, dict(shares), bucket), dict, "the endpoint's configuration")
    least, most = 1 + seed % 2, 4 + seed % 2
    given = returns(call(scaling, endpoint, next(iter(shares)), per_minute, least, most), list, "the two arguments")
    require(len(given) == 2, "there are not two sets of arguments", where="the target first, then the policy")
    load = [int(2.5 * per_minute)] * 9 + [int(6 * per_minute)] * 9 + [int(0.2 * per_minute)] * 45
    asked = [{"body": b"%d" % k, "content_type": kind, "accept": kind} for k in range(50) for kind in (JSON, CSV)]
    archives = {model: pack({SCRIPT: ECHO}) for model in shares}
    outcome = isolated(
        aws.try_configuration, endpoint, archives, dict(config), asked, bucket=bucket, scaling=given, load=load
    )
    require(
        not outcome["refused"] and outcome["status"] == "InService",
        "the service refuses the arguments, or the endpoint fails",
        seen=outcome["refused"] or outcome["reason"],
        where="every name that was given is in its place; ResourceId is endpoint/NAME/variant/NAME",
    )
    _shares(outcome["replies"], shares)
    _captured(outcome["captured"], asked)
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
    _follows(np.array(outcome["instances"]), least, most)


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
    busy, rush = instances[8], instances[17]
    require(
        busy == 3,
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


# --- container ---


def context(seed: int) -> dict[str, int]:
    """The files of a build's context with their sizes; names of the unneeded ones vary."""
    rng = np.random.default_rng(seed)
    word = names(seed, 1)[0]
    needed = {
        "requirements.txt": 240,
        "server.py": 9_000,
        "model/model.joblib": 223_000,
        "model/code/inference.py": 2_000,
    }
    own = {"Dockerfile": 900, ".dockerignore": 80}
    if seed % 4 < 2:
        needed["model/code/requirements.txt"] = 240
    rest = {
        ".env": 120,
        ".git/config": 300,
        f".git/objects/{word}": int(rng.integers(10**6, 10**8)),
        f"notebooks/{word}.ipynb": int(rng.integers(10**6, 10**7)),
        "notebooks/deployment.ipynb": 2_000_000,
        f"data/{word}.parquet": int(rng.integers(10**7, 10**9)),
        "data/raw/flights.csv": 300_000_000,
    }
    return {**needed, **own, **rest}


def image(function: Callable[..., Any], files: Mapping[str, int]) -> None:
    """Check Dockerfile and .dockerignore for a context."""
    found = returns(call(function), dict, "the two texts")
    for name in ("Dockerfile", ".dockerignore"):
        require(isinstance(found.get(name), str), f"there is no text {name!r}", where="the docstring names both")
    dockerfiles.dockerfile({name: str(text) for name, text in found.items()}, files)


def write_context(folder: Path, texts: Mapping[str, str], archive: bytes) -> Path:
    """Write what an image is built from: the texts, the server, the requirements and the unpacked archive."""
    from shutil import rmtree

    from helpers.aws import serve

    rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    unpack(archive, folder / "model")
    requirements = folder / "model" / "code" / "requirements.txt"
    server = Path(serve.__file__).read_text(encoding="utf-8")
    files = {**texts, "server.py": server, "requirements.txt": requirements.read_text(encoding="utf-8")}
    for name, text in files.items():
        (folder / PurePosixPath(name).name).write_text(text, encoding="utf-8")
    return folder


# --- kubernetes ---


def cluster(function: Callable[..., Any], image_name: str, replicas: int) -> None:
    """Check the four documents for an image and a number of pods."""
    manifests.manifests(returns(call(function, image_name, replicas), str, "the manifests"), image_name, replicas)


# --- champion ---


def follows(
    promote: Callable[..., Any],
    due: Callable[..., Any],
    served: Callable[..., Any],
    folder: str,
    fitted: Sequence[Any],
    X: Rows,
) -> None:
    """Promote models one after the other, and see whether deployment and scoring server follow."""
    versions: list[int] = []
    for model in fitted:
        version = returns(call(promote, folder, hand_over(mlflow_files(model, X))), int, "the version")
        require(
            version not in versions,
            "a second model was registered under a version that is taken",
            why="a version that means two models is no record of what was live",
            where="register a new version of the same name each time; return the version that MLflow gives",
        )
        versions.append(version)
        _champion(served, folder, model, X)
        _due(due, folder, version, versions[-2] if len(versions) > 1 else None)


def goes_back(due: Callable[..., Any], served: Callable[..., Any], X: Rows, y: pd.Series, seed: int) -> None:
    """Take the shortest way back there is: the alias is on an older version, and the newest one serves."""
    files, model, _ = registries.of_three(X, y, seed, 2)
    folder = hand_over(files)
    _champion(served, folder, model, X.head(20))
    _due(due, folder, 2, 3)


def _champion(served: Callable[..., Any], folder: str, model: Any, X: Rows) -> None:
    """Require that MLflow's server predicts what the champion predicts."""
    close(
        np.asarray(returns(call(served, folder, X), np.ndarray, "the scores"), dtype=float),
        model.predict_proba(X)[:, 1],
        what="what MLflow's server predicts for the champion",
        tolerance=SAME,
        why="two servers of one model that differ: which of them is wrong?",
        where="the champion by its alias, which need not be the newest version; dataframe_split with all columns by "
        "name, NaN as null; second column",
    )


def _due(due: Callable[..., Any], folder: str, version: int, before: int | None) -> None:
    for serving in dict.fromkeys((before, None)):
        address = call(due, folder, serving)
        require(
            address is not None,
            "the alias has moved, and nothing is due",
            seen=f"version {serving} serves, {version} is champion",
            why="the endpoint goes on with the old champion, and nobody knows",
            where="is the champion's version another than `serving`, older or newer? MLflow gives versions as text",
        )
        require(
            str(address) != f"models:/{registry.MODEL}@{registry.ALIAS}",
            "what is to be deployed is named by its alias",
            seen=str(address),
            why="the alias is another model tomorrow: a restart at night brings up what nobody tested",
            where=f"models:/{registry.MODEL}/VERSION",
        )
        require(
            str(address) == f"models:/{registry.MODEL}/{version}",
            "what is to be deployed is not the champion's version",
            seen=str(address),
            where=f"models:/{registry.MODEL}/VERSION, of the version that bears the alias",
        )
    require(
        call(due, folder, version) is None,
        "a deployment is due although the champion serves already",
        why="each look would deploy again, for ever",
        where="version and `serving` are both whole numbers when you compare them",
    )


# --- load ---


def load(summarise: Callable[..., Any], cost: Callable[..., Any], choose: Callable[..., Any], *, seed: int) -> None:
    """Check the sums of a load test, its price, and the choice."""
    requests = _requests(seed)
    found = returns(call(summarise, requests), dict, "the summary")
    missing = [name for name in ("p50", "p95", "p99", "per_second", "errors") if name not in found]
    require(not missing, f"the summary has no {', '.join(missing)}", where="the docstring names its keys")
    ok = requests[requests["ok"]]
    latency = (ok["done"] - ok["due"]) * 1e3
    from_due = "from `due`, not from `sent`; answered requests only; milliseconds; all of them in one percentile"
    for level in (50, 95, 99):
        close(
            found[f"p{level}"],
            np.percentile(latency, level),
            what=f"p{level}",
            why="a pause of the server that hits fifty users would count as one slow request",
            where=from_due,
        )
    seconds = requests["done"].max() - requests["due"].min()
    rows_where = "rows of the answered requests, over the time from the first due to the last done"
    close(found["per_second"], ok["rows"].sum() / seconds, what="throughput", where=rows_where)
    close(found["errors"], 1 - len(ok) / len(requests), what="the share of errors", where="of all requests")
    _priced(cost, seed)
    _chosen(choose, seed)
    _raises(summarise, (requests.assign(ok=False),), "a load test without a single answer")
    _raises(summarise, (requests.head(0),), "a load test without a single request")


def _requests(seed: int) -> pd.DataFrame:
    """A load test with a pause of the server in it, errors that are quick, and rows out of order."""
    rng = np.random.default_rng(seed)
    number = int(rng.integers(80, 400))
    due = np.arange(number) / rng.uniform(5, 60) + rng.uniform(0, 3)
    hang = due.min() + 0.4 * np.ptp(due)
    sent = np.where((due > hang) & (due < hang + 1.5), hang + 1.5, due) + rng.exponential(0.001, number)
    ok = rng.random(number) > 0.07
    done = sent + np.where(ok, rng.gamma(2.0, 0.01, number), 0.001)
    frame = pd.DataFrame({"due": due, "sent": sent, "done": done, "rows": rng.integers(1, 50, number), "ok": ok})
    return frame.sample(frac=1, random_state=seed)


def _priced(cost: Callable[..., Any], seed: int) -> None:
    rng = np.random.default_rng(seed)
    dollars, speed, busy = rng.uniform(0.05, 3), rng.uniform(5, 5_000), rng.uniform(0.05, 1)
    where = "dollars an hour over predictions an hour, times a million; an instance that is half idle costs twice"
    close(
        returns(call(cost, dollars, speed, busy), float, "the cost"),
        dollars / (3_600 * speed * busy) * 1e6,
        what="the cost of a million predictions",
        where=where,
    )
    close(
        returns(call(cost, dollars, speed), float, "the cost"),
        dollars / (3_600 * speed) * 1e6,
        what="the cost at full load",
        where="busy=1.0",
    )
    for speed, busy in ((0.0, 1.0), (10.0, 0.0), (10.0, 1.5), (-1.0, 0.5), (10.0, -0.5)):
        _raises(cost, (1.0, speed, busy), "the cost of predictions that are not made")


def _chosen(choose: Callable[..., Any], seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "p99": rng.uniform(10, 200, 12).round(1),
            "errors": rng.choice([0.0, 0.004, 0.02], 12),
            "per_second": rng.permutation(12) * 40.0 + 10,
        },
        index=[f"set-up {k}" for k in rng.permutation(12)],
    )
    p99, errors = float(rng.choice([70.0, 120.0, 170.0])), float(rng.choice([0.001, 0.01, 0.03]))
    fits = table[(table["p99"] <= p99) & (table["errors"] <= errors)]
    if fits.empty:
        _raises(choose, (table, p99, errors), "a promise that no set-up keeps")
        return
    chosen = call(choose, table, p99, errors)
    require(
        chosen in set(fits.index),
        "the chosen set-up breaks the promise, or is no label of the table",
        seen=f"{chosen!r}\n{table}",
        why="cheap and too slow is not cheap",
        where="both limits, p99 and errors; the index label, not a position",
    )
    require(
        chosen == fits["per_second"].idxmax(),
        "a cheaper set-up keeps the promise too",
        seen=f"{chosen!r}\n{table}",
        why="one instance costs the same whatever it does: the cheapest is the one that does most",
        where="largest per_second among those within the limits, not the lowest p99",
    )
    best = table.loc[fits["per_second"].idxmax()]
    try:
        edge = call(choose, table, float(best["p99"]), float(best["errors"]))
    except NotAttempted:
        raise
    except CheckFailed:  # a ValueError, when no other one is within the limits
        edge = None
    require(
        edge == best.name,
        "a set-up that just keeps the promise is not chosen",
        seen=f"limits {best['p99']} ms and {best['errors']}, the best within them is {best.name!r}\n{table}",
        why="the limit is the most that was promised: who keeps it to the dot keeps it",
        where="<= for both limits",
    )
    strict = float(table["p99"].min()) - 1
    _raises(choose, (table, strict, 1.0), "a promise that no set-up keeps")


def _raises(function: Callable[..., Any], arguments: tuple[Any, ...], what: str) -> None:
    refuses(
        function,
        arguments,
        what,
        instead="is given a value, though there is none",
        why="a zero or an infinity goes into a report, and nobody asks where it came from",
        where="the docstring's section Raises: test first, then compute",
    )
