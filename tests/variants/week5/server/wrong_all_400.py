"""Turns whatever happens into a 400: an error of the model is the caller's fault.

Caught by: an error of the model is told as 400
"""


def inference_script() -> str:
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
    try:
        return model.predict_proba(frame)[:, 1]
    except Exception as error:
        raise bad(str(error))


def output_fn(prediction, accept):
    values = [float(value) for value in prediction]
    if accept == "application/json":
        return json.dumps({"late": values}), accept
    if accept == "text/csv":
        return "".join(f"{value!r}\\n" for value in values), accept
    raise bad("accept application/json or text/csv", 406, "Not Acceptable")
"""
