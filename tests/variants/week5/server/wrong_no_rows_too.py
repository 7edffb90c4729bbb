"""No rows get an empty answer.

Clause: "No rows, a missing or an unknown column, text or a list for a number, `null` for a text, what cannot be read: 400."

Caught by: the server predicts for a request that makes no sense: no rows
"""

def inference_script() -> str:
    return '''
import csv
import io
import json
import math
import os

import joblib
import pandas as pd
from sagemaker_inference.errors import BaseInferenceToolkitError

TEXT = ("carrier", "origin", "dest")


def refuse(message, status=400, phrase="Bad Request"):
    raise BaseInferenceToolkitError(status, message, phrase)


def plain(mime):
    return (mime or "").split(";")[0].strip().lower()


def no_constant(name):
    raise ValueError(name + " is not JSON")


def from_json(text):
    data = json.loads(text, parse_constant=no_constant)
    if not isinstance(data, dict) or not isinstance(data.get("rows"), list):
        refuse("a list of rows is missing")
    if not all(isinstance(row, dict) for row in data["rows"]):
        refuse("a row is an object")
    return data["rows"]


def from_csv(text):
    lines = [line for line in csv.reader(io.StringIO(text, newline=""), strict=True) if line]
    if not lines:
        refuse("nothing to read")
    names, rows = lines[0], []
    if len(set(names)) < len(names):
        refuse("a column stands there twice")
    for line in lines[1:]:
        if len(line) != len(names):
            refuse("a line has another number of fields than the first")
        row = {}
        for name, field in zip(names, line):
            if field == "":
                row[name] = None
            elif name in TEXT:
                row[name] = field
            elif "_" in field:
                refuse(name + " is no number")
            else:
                row[name] = float(field)
        rows.append(row)
    return rows


def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "model.joblib"))


def input_fn(body, content_type):
    readers = {"application/json": from_json, "text/csv": from_csv}
    kind = plain(content_type)
    if kind not in readers:
        refuse("JSON or CSV, please", 415, "Unsupported Media Type")
    try:
        text = body if isinstance(body, str) else bytes(body).decode("utf-8")
        return readers[kind](text)
    except (ValueError, csv.Error, RecursionError) as error:
        refuse("cannot be read: " + str(error))


def checked(name, value):
    if name in TEXT:
        if not isinstance(value, str):
            refuse(name + " is text")
        return value
    if value is None:
        return math.nan
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        refuse(name + " is a number")
    try:
        value = float(value)
    except OverflowError:
        refuse(name + " is too large")
    if not math.isfinite(value):
        refuse(name + " is not finite")
    return value


def predict_fn(data, model):
    needed = [str(name) for name in model.feature_names_in_]
    if not data:
        return []
    for row in data:
        if set(row) != set(needed):
            refuse("a row has exactly the columns " + ", ".join(needed))
    table = pd.DataFrame({name: [checked(name, row[name]) for row in data] for name in needed})
    return model.predict_proba(table)[:, 1]


def output_fn(prediction, accept):
    late = [float(one) for one in prediction]
    kind = plain(accept or "application/json")
    if kind == "application/json":
        return json.dumps({"late": late})
    if kind == "text/csv":
        return "\\n".join(repr(one) for one in late)
    refuse("JSON or CSV, please", 406, "Not Acceptable")
'''
