"""One transform_fn for everything, and the toolkit's own class for what it cannot read."""

def inference_script() -> str:
    lines = """
import csv
import json
import math
import os
import pickle

import joblib
import pandas
from sagemaker_inference import errors


class BadRequest(errors.BaseInferenceToolkitError):
    def __init__(self, message):
        super().__init__(400, message, "Bad Request")


def model_fn(folder):
    return joblib.load(folder + "/model.joblib")


def refuse_constant(name):
    raise BadRequest(name + " is no JSON")


def rows_of(body, kind):
    if kind == "application/json":
        try:
            content = json.loads(body, parse_constant=refuse_constant)
        except (json.JSONDecodeError, RecursionError) as error:
            raise BadRequest(str(error))
        if not isinstance(content, dict) or not isinstance(content.get("rows"), list):
            raise BadRequest("an object with a list of rows is wanted")
        return content["rows"]
    if kind == "text/csv":
        reader = csv.DictReader(body.splitlines())
        names = reader.fieldnames or []
        if sorted(names) != sorted(set(names)):
            raise BadRequest("a column twice")
        rows = list(reader)
        for row in rows:
            for name, value in row.items():
                if name not in ("carrier", "origin", "dest"):
                    row[name] = number_of(name, value)
                elif value == "":
                    row[name] = None
        return rows
    raise errors.UnsupportedFormatError(kind)


def number_of(name, word):
    if word is None:
        raise BadRequest(f"the line has no {name}")
    try:
        return float(word) if word else None
    except (TypeError, ValueError):
        raise BadRequest(str(name))


def value_of(name, value):
    if name in ("carrier", "origin", "dest"):
        if not isinstance(value, str):
            raise BadRequest(name)
        return value
    if value is None:
        return float("nan")
    try:
        if type(value) in (int, float) and math.isfinite(value):
            return float(value)
    except OverflowError:
        pass
    raise BadRequest(name)


def transform_fn(model, body, kind, accept):
    columns = model.feature_names_in_.tolist()
    if accept not in ("application/json", "text/csv"):
        raise errors.BaseInferenceToolkitError(406, accept, "Not Acceptable")
    found = {name: [] for name in columns}
    for row in rows_of(body, kind):
        if type(row) is not dict or sorted(map(str, row)) != sorted(columns):
            raise BadRequest("columns: " + " ".join(columns))
        for name in columns:
            found[name].append(value_of(name, row[name]))
    if not found[columns[0]]:
        raise BadRequest("no rows")
    late = model.predict_proba(pandas.DataFrame(found))[:, 1].tolist()
    if accept == "text/csv":
        return "\\n".join(map(repr, late)), accept
    return json.dumps({"late": late}), accept
"""
    return lines
