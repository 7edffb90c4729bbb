"""Week 5's references and hidden cases: what a model must answer, what a role must not do, and how alarms behave."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from helpers import models
from helpers.checks.week5.requests import CSV, as_csv, as_json, records
from helpers.checks.week5.rollout import ERRORS, SLOW, Story

Request = dict[str, Any]
Refusal = tuple[str, Request, int | None, str]  # as `helpers.checks.week5.server.serves` takes them


def names(seed: int, number: int) -> list[str]:
    """Draw names that nobody could have guessed, fit for buckets, endpoints and images."""
    rng = np.random.default_rng([5, seed])
    return ["desk-" + "".join(rng.choice(list("abcdefghijkmnpqrstuvwxyz"), 9)) for _ in range(number)]


def late(model: Any, X: pd.DataFrame) -> np.ndarray:
    """Return the probabilities of late that a model predicts, shape (n,)."""
    return model.predict_proba(X)[:, 1]


# --- server ---


def server_good_requests(model: Any, X: pd.DataFrame, seed: int) -> list[tuple[str, Request, np.ndarray]]:
    """Return good requests by name, each with the probabilities to be answered."""
    mixed = X[list(np.random.default_rng(seed).permutation(X.columns))]
    backwards = X.iloc[::-1]
    csv = {"content_type": CSV, "accept": CSV}
    cases: list[tuple[str, Request, pd.DataFrame]] = [
        ("JSON", {"body": as_json(X)}, X),
        ("JSON with the columns in another order", {"body": as_json(mixed)}, X),
        ("JSON of a single row", {"body": as_json(X.head(1))}, X.head(1)),
        ("JSON of the same rows in another order", {"body": as_json(backwards)}, backwards),
        ("CSV", {"body": as_csv(mixed), **csv}, X),
        ("CSV, answered in JSON", {"body": as_csv(X), "content_type": CSV}, X),
    ]
    return [(what, request, late(model, rows)) for what, request, rows in cases]


def server_bad_requests(X: pd.DataFrame, seed: int) -> list[Refusal]:
    """Return requests that the caller got wrong: name, request, the contract's status, and where to look."""
    rng = np.random.default_rng(seed)
    number = str(rng.choice([name for name in X.columns if name not in models.CATEGORIES]))
    place = int(rng.integers(1, 4))
    found = [*_bad_bodies(X), *_bad_rows(X, number, place), *_bad_csv(X, number)]
    asked = {"content_type": "application/xml"}, {"accept": "image/png"}
    return [
        *((what, request, 400, where) for what, request, where in found),
        ("an unknown content type", {"body": as_json(X), **asked[0]}, 415, "the end of input_fn"),
        ("an answer in a form that nobody can write", {"body": as_json(X), **asked[1]}, 406, "the end of output_fn"),
        ("10 MB", {"body": b'{"rows": [' + b" " * 10_000_000 + b"]}"}, None, "the service itself refuses it"),
    ]


_CHECK = "check the rows against feature_names_in_ before you make a table of them"


def _bad_bodies(X: pd.DataFrame) -> Iterator[tuple[str, Request, str]]:
    rows = records(X.head(4))
    broken = {
        "no rows": ({"rows": []}, "an empty list"),
        "a list in place of the object": (rows, 'what json.loads gives need not have "rows"'),
        "an object without rows": ({"flights": rows}, "json.loads gives an object, and KeyError is no ValueError"),
        "a number in place of the rows": ({"rows": 7}, "rows must be a list; len() of a number is a TypeError"),
        "rows that are no objects": ({"rows": [1, 2]}, _CHECK),
    }
    yield "malformed JSON", {"body": as_json(X)[:-9]}, "json.loads raises ValueError"
    yield "an empty body", {"body": b""}, "json.loads raises ValueError"
    for what, (content, where) in broken.items():
        yield what, {"body": json.dumps(content).encode()}, where


def _bad_rows(X: pd.DataFrame, number: str, place: int) -> Iterator[tuple[str, Request, str]]:
    """Yield requests of four rows, one of which is wrong."""
    rows = records(X.head(4))

    def body(**more: Any) -> Request:
        return {"body": as_json([{**row, **(more if k == place else {})} for k, row in enumerate(rows)])}

    without = [{name: row[name] for name in row if k != place or name != number} for k, row in enumerate(rows)]
    huge = body(**{number: "HUGE"})["body"].replace(b'"HUGE"', b"1e999")
    yield "a row without one of the columns", {"body": as_json(without)}, _CHECK
    yield "a column that the model does not know", body(captain="Kirk"), _CHECK
    yield "NaN, which JSON does not know", body(**{number: math.nan}), "parse_constant of json.loads"
    yield "an infinite number", body(**{number: math.inf}), "parse_constant, and math.isfinite"
    yield "text in place of a number", body(**{number: "soon"}), "float() raises ValueError"
    yield (
        "a number beyond all bounds",
        {"body": huge},
        "JSON has no bounds, and float() makes infinity of what is beyond its own: math.isfinite",
    )
    yield "a list in place of a number", body(**{number: [1.0]}), "float() of a list: TypeError"
    for text in [name for name in X.columns if name in models.CATEGORIES][:1]:
        yield "a number in place of a text", body(**{text: 7}), "isinstance(value, str)"
        yield "null in place of a text", body(**{text: None}), "only a number may be null"


def _bad_csv(X: pd.DataFrame, number: str) -> Iterator[tuple[str, Request, str]]:
    few, csv = X.head(3), {"content_type": CSV, "accept": CSV}
    head, *lines = as_csv(few).decode().splitlines()
    bodies = {
        "a CSV without its line of names": ("\n".join(lines).encode(), _CHECK),
        "a CSV with a line that is too short": (f"{head}\n1,2".encode(), "missing fields are None"),
        "a CSV without one of the columns": (as_csv(few.drop(columns=number)), _CHECK),
        "a CSV with a column that the model does not know": (as_csv(few.assign(captain="Kirk")), _CHECK),
        "a CSV with text in place of a number": (as_csv(few.assign(**{number: "soon"})), "float() raises ValueError"),
        "an empty CSV": (head.encode(), "a header and no rows"),
    }
    for what, (content, where) in bodies.items():
        yield what, {"body": content, **csv}, where


# --- deploy ---


def deploy_allowed(bucket: str) -> dict[str, str]:
    """Return resources by the action that the role must be allowed on each."""
    place = f"arn:aws:s3:::{bucket}"
    return {"s3:GetObject": f"{place}/models/x/model.tar.gz", "s3:PutObject": f"{place}/captured/x"}


def deploy_forbidden(bucket: str) -> dict[str, tuple[str, str]]:
    """Return actions with a resource that would be too much, by what they would let the role do."""
    place, ours = f"arn:aws:s3:::{bucket}", "111122223333"
    return {
        "read another bucket": ("s3:GetObject", "arn:aws:s3:::somebody-elses/x"),
        "read a bucket whose name begins like its own": ("s3:GetObject", f"{place}-salaries/x"),
        "write beside captured/": ("s3:PutObject", f"{place}/captured-models/x"),
        "overwrite its own model": ("s3:PutObject", f"{place}/models/x/model.tar.gz"),
        "delete its own model": ("s3:DeleteObject", f"{place}/models/x/model.tar.gz"),
        "delete what was captured": ("s3:DeleteObject", f"{place}/captured/x"),
        "delete an endpoint": ("sagemaker:DeleteEndpoint", f"arn:aws:sagemaker:us-east-1:{ours}:endpoint/x"),
        "make other roles": ("iam:CreateRole", f"arn:aws:iam::{ours}:role/x"),
    }


def deploy_factors(seed: int) -> tuple[int, int]:
    """Draw what two versions of a tiny server multiply by."""
    first, second = np.random.default_rng(seed).choice(np.arange(3, 90), 2, replace=False)
    return int(first), int(second)


# --- rollout ---


def rollout_stories(seed: int, rounds: int) -> list[Story]:
    """Draw stories of four minutes, of one and another number of requests, and the alarms that must go off in each."""
    rng = np.random.default_rng(seed)
    kinds = ("errors", "few errors", "callers", "slow", "few slow", "nearly slow", "nobody")
    return [_story(kind, int(number), rng) for kind in kinds for number in rng.choice([40, 100, 300], rounds)]


def _story(kind: str, number: int, rng: np.random.Generator) -> Story:
    """Return two calm minutes of requests and two that are as ``kind`` says."""
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
    return [calm, calm, *order], {kind} & {ERRORS, SLOW}


ROLLOUT_CALLERS = "if number % 3: raise BaseInferenceToolkitError(400, 'not a flight', 'Bad Request')"
# How a version behaves, in words; what it does; and the other arguments of `rolls_out`.
ROLLOUT_VERSIONS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("good", "pass", {"stays": True}),
    ("errs half the time", "if number % 2: raise RuntimeError('no such column')", {"stays": False}),
    ("callers err", ROLLOUT_CALLERS, {"stays": True, "old": ROLLOUT_CALLERS}),
    ("slow", "time.sleep(0.85)", {"stays": False, "requests": 25}),
)


# --- container ---


def container_context(seed: int) -> dict[str, int]:
    """Return the files of a build's context with their sizes; names of the unneeded ones vary."""
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


# --- load_test ---


def load_test_requests(seed: int) -> pd.DataFrame:
    """Draw a load test with a pause of the server in it, errors that are quick, and rows out of order."""
    rng = np.random.default_rng(seed)
    number = int(rng.integers(80, 400))
    due = np.arange(number) / rng.uniform(5, 60) + rng.uniform(0, 3)
    hang = due.min() + 0.4 * np.ptp(due)
    sent = np.where((due > hang) & (due < hang + 1.5), hang + 1.5, due) + rng.exponential(0.001, number)
    ok = rng.random(number) > 0.07
    done = sent + np.where(ok, rng.gamma(2.0, 0.01, number), 0.001)
    frame = pd.DataFrame({"due": due, "sent": sent, "done": done, "rows": rng.integers(1, 50, number), "ok": ok})
    return frame.sample(frac=1, random_state=seed)


def load_test_summary(requests: pd.DataFrame) -> dict[str, float]:
    """Sum up a load test: latencies of the answered requests from when they were due, throughput, share of errors."""
    ok = requests[requests["ok"]]
    latency = (ok["done"] - ok["due"]) * 1e3
    seconds = requests["done"].max() - requests["due"].min()
    percentiles = {f"p{level}": float(np.percentile(latency, level)) for level in (50, 95, 99)}
    return {**percentiles, "per_second": ok["rows"].sum() / seconds, "errors": 1 - len(ok) / len(requests)}


def load_test_costs(seed: int) -> dict[tuple[float, ...], float]:
    """Draw dollars an hour, predictions a second and the share in use, with the dollars for a million predictions."""
    rng = np.random.default_rng(seed)
    dollars, speed, busy = rng.uniform(0.05, 3), rng.uniform(5, 5_000), rng.uniform(0.05, 1)
    full = dollars / (3_600 * speed) * 1e6
    return {(dollars, speed, busy): full / busy, (dollars, speed): full}


LOAD_TEST_SENSELESS = ((1.0, 0.0, 1.0), (1.0, 10.0, 0.0), (1.0, 10.0, 1.5), (1.0, -1.0, 0.5), (1.0, 10.0, -0.5))


def load_test_choices(seed: int) -> tuple[pd.DataFrame, dict[tuple[float, float], str | None]]:
    """Draw a table of set-ups; return it with the best label by limits, None where no set-up is within them."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "p99": rng.uniform(10, 200, 12).round(1),
            "errors": rng.choice([0.0, 0.004, 0.02], 12),
            "per_second": rng.permutation(12) * 40.0 + 10,
        },
        index=[f"set-up {k}" for k in rng.permutation(12)],
    )
    limits = float(rng.choice([70.0, 120.0, 170.0])), float(rng.choice([0.001, 0.01, 0.03]))
    best = load_test_choice(table, *limits)
    strict = (float(table["p99"].min()) - 1, 1.0)
    edge = {(float(table["p99"][best]), float(table["errors"][best])): best} if best else {}
    return table, {limits: best, **edge, strict: None}


def load_test_choice(table: pd.DataFrame, p99: float, errors: float) -> str | None:
    """Return the label of the largest throughput within both limits; None where no set-up is within them."""
    fits = table[(table["p99"] <= p99) & (table["errors"] <= errors)]
    return None if fits.empty else str(fits["per_second"].idxmax())
