"""Week 5's references and hidden cases: what a model must answer, what a role must not do, and how alarms behave."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from copy import deepcopy
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone

from helpers import models, registry, work
from helpers.checks.week5.requests import CSV, as_csv, as_json, records
from helpers.checks.week5.rollout import ERRORS, SLOW, Story
from helpers.internal.folders import new_folder, write_folder
from source.oracles import registries

Request = dict[str, Any]
Refusal = tuple[str, Request, int | None, str]  # as `helpers.checks.week5.server.serves` takes them


def names(seed: int, number: int) -> list[str]:
    """Draw names that nobody could have guessed, fit for buckets, endpoints and images."""
    rng = np.random.default_rng([5, seed])
    return ["desk-" + "".join(rng.choice(list("abcdefghijkmnpqrstuvwxyz"), 9)) for _ in range(number)]


def late(model: Any, X: pd.DataFrame) -> np.ndarray:
    """Return the probabilities of late that a model predicts, shape (n,)."""
    return model.predict_proba(X)[:, 1]


# --- archive ---

# Scripts and requirements that a model may be packed with.
ARCHIVE_TEXTS: tuple[tuple[str, list[str]], ...] = (
    ("def model_fn(folder):\n    return 'Zürich → 東京'\n", ["numpy==1.26.4", "pandas==2.2.2"]),
    ("# one line, and no newline after it", ["scikit-learn==1.9.0"]),
    ("import json\n\n\n" * 3_000, []),
)

# --- server ---


def server_good_requests(model: Any, X: pd.DataFrame, seed: int) -> dict[str, list[tuple[str, Request, np.ndarray]]]:
    """Return good requests by part, each with what it is and the probabilities to be answered."""
    mixed = X[list(np.random.default_rng(seed).permutation(X.columns))]
    numbers = [name for name in X if name not in models.CATEGORIES]
    whole = X.assign(**{str(name): X[name].fillna(0).round() for name in numbers[:2]})
    unknown = X.head(20).assign(**dict.fromkeys(map(str, numbers), np.nan))
    csv = {"content_type": CSV, "accept": CSV}
    integers = [{**row, **{str(name): int(row[str(name)]) for name in numbers[:2]}} for row in records(whole)]
    cases: dict[str, list[tuple[str, Request, pd.DataFrame]]] = {
        "json": [
            ("JSON", {"body": as_json(X)}, X),
            ("JSON of a single row", {"body": as_json(X.head(1))}, X.head(1)),
            ("JSON of the same rows in another order", {"body": as_json(X[::-1])}, X[::-1]),
            ("JSON with whole numbers", {"body": as_json(integers)}, whole),
        ],
        "csv": [
            ("CSV", {"body": as_csv(X), **csv}, X),
            ("CSV of a single row", {"body": as_csv(X.head(1)), **csv}, X.head(1)),
            ("CSV with the line ends of Windows", {"body": as_csv(X).replace(b"\n", b"\r\n"), **csv}, X),
            ("CSV, answered in JSON", {"body": as_csv(X), "content_type": CSV}, X),
            ("JSON, answered in CSV", {"body": as_json(X), "accept": CSV}, X),
        ],
        "columns": [
            ("JSON with the columns in another order", {"body": as_json(mixed)}, X),
            ("CSV with the columns in another order", {"body": as_csv(mixed), **csv}, X),
            ("JSON whose rows have other orders", {"body": as_json([*records(mixed[:5]), *records(X[5:9])])}, X[:9]),
        ],
        "missing": [
            ("JSON with numbers that are null", {"body": as_json(unknown)}, unknown),
            ("JSON of a single row whose numbers are null", {"body": as_json(unknown[:1])}, unknown[:1]),
            ("CSV with empty numbers", {"body": as_csv(unknown), **csv}, unknown),
        ],
    }
    return {part: [(what, sent, late(model, rows)) for what, sent, rows in group] for part, group in cases.items()}


def server_broken(model: Any) -> Any:
    """Return a model that has lost what it learned: `predict_proba` raises, and the error is a ValueError."""
    broken = deepcopy(model)
    broken.steps[-1] = (broken.steps[-1][0], clone(broken.steps[-1][1]))
    return broken


def server_bad_requests(X: pd.DataFrame, seed: int) -> dict[str, list[Refusal]]:
    """Return requests that the caller got wrong, by part: what it is, the request, the status, and where to look."""
    rng = np.random.default_rng(seed)
    number = str(rng.choice([name for name in X.columns if name not in models.CATEGORIES]))
    place = int(rng.integers(1, 4))
    found = {
        "unreadable": _bad_bodies(X),
        "other columns": _bad_columns(X, number, place),
        "values": _bad_values(X, number, place),
    }
    asked = {"content_type": "application/xml"}, {"accept": "image/png"}
    csv = {"body": as_csv(X), "content_type": CSV, "accept": "image/png"}
    none = "an answer in a form that nobody can write"
    return {
        **{part: [(what, request, 400, where) for what, request, where in cases] for part, cases in found.items()},
        "types": [
            ("an unknown content type", {"body": as_json(X), **asked[0]}, 415, "the end of input_fn"),
            (none, {"body": as_json(X), **asked[1]}, 406, "the end of output_fn"),
            (f"{none}, to CSV", csv, 406, "the end of output_fn"),
            ("10 MB", {"body": b'{"rows": [' + b" " * 10_000_000 + b"]}"}, None, "the service itself refuses it"),
        ],
    }


_CHECK = "check the rows against feature_names_in_ before you make a table of them"


def _bad_bodies(X: pd.DataFrame) -> Iterator[tuple[str, Request, str]]:
    rows, csv = records(X.head(4)), {"content_type": CSV, "accept": CSV}
    broken = {
        "no rows": ({"rows": []}, "an empty list"),
        "a list in place of the object": (rows, 'what json.loads gives need not have "rows"'),
        "an object without rows": ({"flights": rows}, "json.loads gives an object, and KeyError is no ValueError"),
        "a number in place of the rows": ({"rows": 7}, "rows must be a list; len() of a number is a TypeError"),
        "null in place of the rows": ({"rows": None}, "rows must be a list"),
        "an object in place of the rows": ({"rows": rows[0]}, "rows must be a list: an object has a length, too"),
        "text in place of the object": ("rows", 'what json.loads gives need not have "rows"'),
        "rows that are no objects": ({"rows": [1, 2]}, _CHECK),
        "rows that are lists": ({"rows": [list(row.values()) for row in rows]}, _CHECK),
    }
    yield "malformed JSON", {"body": as_json(X)[:-9]}, "json.loads raises ValueError"
    yield "an empty body", {"body": b""}, "json.loads raises ValueError"
    yield "JSON of a great depth", {"body": b"[" * 100_000}, "json.loads raises RecursionError, which is no ValueError"
    for what, (content, where) in broken.items():
        yield what, {"body": json.dumps(content).encode()}, where
    head = as_csv(X.head(3)).splitlines()[0]
    yield "an empty CSV", {"body": head, **csv}, "a header and no rows"
    yield "CSV of no line at all", {"body": b"", **csv}, "neither a header nor rows"


def _rows_with(X: pd.DataFrame, place: int, **more: Any) -> Request:
    """Return a request of four rows, one of which has these values."""
    rows = records(X.head(4))
    return {"body": as_json([{**row, **(more if k == place else {})} for k, row in enumerate(rows)])}


def _bad_columns(X: pd.DataFrame, number: str, place: int) -> Iterator[tuple[str, Request, str]]:
    few, csv = X.head(3), {"content_type": CSV, "accept": CSV}
    head, *lines = as_csv(few).decode().splitlines()
    last = few.columns[-1]
    for name in (number, last):
        without = [{k: v for k, v in row.items() if at != place or k != name} for at, row in enumerate(records(X[:4]))]
        yield "a row without one of the columns", {"body": as_json(without)}, _CHECK
    yield "a column that the model does not know", _rows_with(X, place, captain=1.0), _CHECK
    turned = as_csv(few[[*few.columns.drop(number), number]]).decode().splitlines()
    short = "\n".join([turned[0], *(line.rpartition(",")[0] for line in turned[1:])])
    twice = "\n".join([f"{head},{last}", *(f"{line},{line.rpartition(',')[2]}" for line in lines)])
    bodies = {
        "a CSV without its line of names": ("\n".join(lines).encode(), _CHECK),
        "a CSV with a line that is too short": (f"{head}\n1,2".encode(), "missing fields are None"),
        "a CSV whose lines lack their last number": (short.encode(), "a field that is not there is not an empty one"),
        "a CSV with a line that is too long": (f"{head}\n{lines[0]},9".encode(), "more fields than names"),
        "a CSV without one of the columns": (as_csv(few.drop(columns=number)), _CHECK),
        "a CSV with a column that the model does not know": (as_csv(few.assign(captain=1.0)), _CHECK),
        "a CSV with a column twice": (twice.encode(), "a dictionary or a table keeps one of the two, or renames one"),
    }
    for what, (content, where) in bodies.items():
        yield what, {"body": content, **csv}, where


def _bad_values(X: pd.DataFrame, number: str, place: int) -> Iterator[tuple[str, Request, str]]:
    """Yield requests in which one value is wrong."""
    csv = {"content_type": CSV, "accept": CSV}
    values: dict[str, tuple[Any, str]] = {
        "NaN, which JSON does not know": (math.nan, "parse_constant of json.loads"),
        "an infinite number": (math.inf, "parse_constant, and math.isfinite"),
        "text in place of a number": ("soon", "float() raises ValueError"),
        "digits as text in place of a number": ("615", "float() takes text, too: ask for the type first"),
        "empty text in place of a number": ("", "unknown is null, and nothing else"),
        "true in place of a number": (True, "to Python, True is an int and float() makes 1.0 of it"),
        "a list in place of a number": ([1.0], "float() of a list: TypeError"),
        "an object in place of a number": ({"at": 1.0}, "float() of a dictionary: TypeError"),
        "a whole number of 400 digits": (10**400, "float() raises OverflowError, which is no ValueError"),
    }
    for what, (value, where) in values.items():
        yield what, _rows_with(X, place, **{number: value}), where
    bounds = "JSON has no bounds, and float() makes infinity of what is beyond its own: math.isfinite"
    for what, digits in {"above all bounds": b"1e999", "below all bounds": b"-1e999"}.items():
        body = _rows_with(X, place, **{number: "HUGE"})["body"].replace(b'"HUGE"', digits)
        yield f"a number {what}", {"body": body}, bounds
    for text in [name for name in X.columns if name in models.CATEGORIES]:
        yield "a number in place of a text", _rows_with(X, place, **{text: 7}), "isinstance(value, str)"
        yield "null in place of a text", _rows_with(X, place, **{text: None}), "only a number may be null"
        yield "a list in place of a text", _rows_with(X, place, **{text: ["UA"]}), "isinstance(value, str)"
        yield (
            "a CSV with an empty text",
            {"body": as_csv(X[:3].assign(**{text: ""})), **csv},
            "only a number may be empty",
        )
    for word in ("soon", "NA", "nan", "inf"):
        body = as_csv(X.head(3).astype(object).assign(**{number: word}))
        yield (
            f"a CSV with {word} in place of a number",
            {"body": body, **csv},
            "unknown is empty in CSV, and nothing else",
        )


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
        "read who else may use its bucket": ("s3:GetBucketPolicy", place),
        "read who else may use an object": ("s3:GetObjectAcl", f"{place}/models/x/model.tar.gz"),
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
    kinds = ("errors", "few errors", "callers", "slow", "few slow", "nearly slow")
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
    }[kind]
    bad = ill + calm[len(ill) :]
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


# --- operate ---


def operate_cases(seed: int) -> Iterator[tuple[dict[str, float], float, tuple[int, int], tuple[str, str, str]]]:
    """Yield shares, requests a minute, limits of instances, and names of configuration, endpoint and bucket."""
    one, two, three, *rest = names(seed, 9)
    yield {one: 1.0, two: 3.0}, 40.0, (2, 5), (rest[0], rest[1], rest[2])
    yield {three: 0.06, one: 0.02, two: 0.02}, 12.0, (1, 4), (rest[3], rest[4], rest[5])


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


# --- kubernetes ---


def kubernetes_cases(seed: int) -> list[tuple[str, int]]:
    """Return images and numbers of pods: two, a few and many."""
    return [
        (f"registry.example.com/{name}:2.{number}.1", 2 + 3 * number) for number, name in enumerate(names(seed, 4))
    ] + [("python@sha256:" + "1" * 64, 3)]


# --- champion ---


_REGISTRIES: dict[int, list[tuple[dict[str, bytes], int]]] = {}  # by seed: making one takes seconds


def champion_registries(X: pd.DataFrame, y: pd.Series, seed: int) -> list[tuple[dict[str, bytes], int]]:
    """Return the files of two registries of the same three versions, each with its champion's version: 2 and 1."""
    if seed in _REGISTRIES:
        return _REGISTRIES[seed]
    files, _, _ = registries.of_three(X, y, seed, 2)
    folder = work.new_private()
    write_folder(folder, files)
    with closing(sqlite3.connect(folder / registry.DATABASE)) as database, database:
        database.execute("UPDATE registered_model_aliases SET version = 1")
    _REGISTRIES[seed] = [(files, 2), (work.contents(folder), 1)]
    return _REGISTRIES[seed]


def champion_scores(files: dict[str, bytes], version: int, X: pd.DataFrame) -> np.ndarray:
    """Return the probabilities of late that a version in a registry predicts."""
    scores = registry.score(new_folder(files), version, X)
    registry.connect(work.new_private())  # an answer that forgets to connect must not find these versions by luck
    return scores


def champion_rows(X: pd.DataFrame, seed: int) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield rows to be scored, with what is special in them."""
    rows = X.sample(40, random_state=seed)
    numbers = [name for name in rows if name not in models.CATEGORIES]
    yield "", rows
    yield "a single row", rows.head(1)
    yield "columns in another order", rows[rows.columns[::-1]]
    yield "numbers that are not known", rows.assign(**dict.fromkeys(map(str, numbers[1:3]), np.nan))
    yield "rows with the same label", rows.set_axis([7] * len(rows))


# --- load_test ---


def load_test_requests(seed: int, *, pause: bool = True, failures: bool = True) -> pd.DataFrame:
    """Draw a load test: rows out of order, and if wanted a pause of the server and errors, most of them quick.

    The first request due and the last one done, which is not the last one due, are errors, where there are any, and the index holds labels twice, as
    that of tables put together does.
    """
    rng = np.random.default_rng([70, seed])
    number = int(rng.integers(80, 400))
    due = np.arange(number) / rng.uniform(5, 60) + rng.uniform(0, 3)
    hang = due.min() + 0.4 * np.ptp(due) if pause else np.inf
    sent = np.where((due > hang) & (due < hang + 1.5), hang + 1.5, due) + rng.exponential(0.001, number) * pause
    ok = (rng.random(number) > 0.07) | (not failures)
    done = sent + np.where(ok, rng.gamma(2.0, 0.01, number), 0.001)
    if failures:
        ok[[0, -2]], done[-2] = False, done.max() + rng.uniform(1, 5)
    frame = pd.DataFrame({"due": due, "sent": sent, "done": done, "rows": rng.integers(1, 50, number), "ok": ok})
    frame.index = pd.Index(np.arange(number) % 40)
    return frame.sample(frac=1, random_state=seed)


def load_test_cases(seed: int) -> Iterator[tuple[str, pd.DataFrame, dict[str, float]]]:
    """Yield load tests with what is special in each, and its summary; one of them is of a single request."""
    plain = load_test_requests(seed, pause=False, failures=False)
    cases = {
        "plain": [plain, plain.head(1), plain.astype({"rows": "int32"}).assign(workers=2)[sorted([*plain, "workers"])]],
        "pause": [load_test_requests(seed + 100, failures=False)],
        "failed": [load_test_requests(seed + 200, pause=False), load_test_requests(seed + 300)],
    }
    for what, tests in cases.items():
        yield from ((what, requests, load_test_summary(requests)) for requests in tests)


def load_test_summary(requests: pd.DataFrame) -> dict[str, float]:
    """Sum up a load test: latencies of the answered requests from when they were due, throughput, share of errors."""
    ok = requests[requests["ok"]]
    latency = (ok["done"] - ok["due"]) * 1e3
    seconds = requests["done"].max() - requests["due"].min()
    percentiles = {f"p{level}": float(np.percentile(latency, level)) for level in (50, 95, 99)}
    return {**percentiles, "per_second": ok["rows"].sum() / seconds, "errors": 1 - len(ok) / len(requests)}


def load_test_costs(seed: int) -> dict[tuple[float, ...], float]:
    """Draw dollars an hour, predictions a second and the share in use, with the dollars for a million predictions."""
    rng = np.random.default_rng([71, seed])
    dollars, speed, busy = rng.uniform(0.05, 3), rng.uniform(5, 5_000), rng.uniform(0.05, 1)
    full = dollars / (3_600 * speed) * 1e6
    return {(dollars, speed, busy): full / busy, (dollars, speed): full, (2.0, 5, 1): 2.0 / 18_000 * 1e6}


LOAD_TEST_SENSELESS = (
    *((1.0, 0.0, 1.0), (1.0, 0, 0.5), (1.0, 10.0, 0.0), (1.0, 10.0, 1.5), (1.0, 10.0, 1.0001)),
    *((1.0, -1.0, 0.5), (1.0, 10.0, -0.5), (1.0, -10.0, -0.5)),
)


def load_test_table(seed: int) -> pd.DataFrame:
    """Draw a table of set-ups, with labels of text or of numbers, among them 0; no two have the same throughput."""
    rng = np.random.default_rng([72, seed])
    labels = rng.permutation(12)
    frame = pd.DataFrame(
        {
            "batch": rng.integers(1, 200, 12),
            "per_second": rng.permutation(12) * 40.0 + 10,
            "errors": rng.choice([0.0, 0.004, 0.02], 12),
            "p99": rng.uniform(10, 200, 12).round(1),
        },
        index=[f"set-up {k}" for k in labels] if seed % 2 else labels,
    )
    frame.iloc[0, 1:] = 1_000.0, 0.5, 5.0  # cheapest and quickest, and it errs
    frame.iloc[1, 1:] = 900.0, 0.0, 400.0  # cheap, without an error, and slow
    return frame


def load_test_choices(table: pd.DataFrame) -> dict[tuple[float, float], Any]:
    """Return the best label by limits that no set-up has itself."""
    limits = [(p99, errors) for p99 in (73.33, 121.11, 177.77, 1e4) for errors in (0.001, 0.01, 0.03, 0.9)]
    best = {one: _best(table, *one) for one in limits}
    return {one: label for one, label in best.items() if label is not None}


def load_test_edges(table: pd.DataFrame) -> dict[tuple[float, float], Any]:
    """Return the best label by limits one of which, or both, are its own figures."""
    found: dict[tuple[float, float], Any] = {}
    for label in load_test_choices(table).values():
        p99, errors = float(table.loc[label, "p99"]), float(table.loc[label, "errors"])
        candidates = ((p99, errors), (p99, errors + 0.001), (p99 + 0.01, errors))
        found |= {one: label for one in candidates if _best(table, *one) == label}
    return found


def load_test_impossible(table: pd.DataFrame) -> list[tuple[float, float]]:
    """Return limits within which there is no set-up: of latency, of errors, and of both only together."""
    best = table.loc[table["errors"].idxmin()]
    return [(4.9, 1.0), (1e4, float(best["errors"]) - 0.001), (5.0, 0.4)]


def _best(table: pd.DataFrame, p99: float, errors: float) -> Any:
    """Return the label of the largest throughput within both limits; None where no set-up is within them."""
    fits = table[(table["p99"] <= p99) & (table["errors"] <= errors)]
    return None if fits.empty else fits["per_second"].idxmax()
