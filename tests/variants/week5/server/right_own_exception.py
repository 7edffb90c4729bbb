"""An exception of its own that becomes a 400, and csv's DictReader."""

def inference_script() -> str:
    return r'''
import csv
import io
import json
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from sagemaker_inference.errors import BaseInferenceToolkitError

WORDS = {"carrier", "origin", "dest"}


class Refused(ValueError):
    pass


def constant(name):
    raise Refused(name)


def model_fn(model_dir):
    return joblib.load(Path(model_dir) / "model.joblib")


def read_json(text):
    asked = json.loads(text, parse_constant=constant)
    if type(asked) is not dict or type(asked.get("rows")) is not list:
        raise Refused("rows are missing")
    for row in asked["rows"]:
        if type(row) is not dict:
            raise Refused("a row is an object")
        for name, value in row.items():
            if name not in WORDS and value is not None and type(value) not in (int, float):
                raise Refused(f"{name}: a number, please")
    return asked["rows"]


def read_csv(text):
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="", restval=[], strict=True)
    names = reader.fieldnames or []
    if len(names) != len(set(names)) or "" in names:
        raise Refused("names of the columns")
    rows = []
    for row in reader:
        if "" in row or [] in row.values():
            raise Refused("a line is too long or too short")
        rows.append({n: v if n in WORDS and v else (float(v.replace("_", "x")) if v else None) for n, v in row.items()})
    return rows


def input_fn(body, content_type):
    read = {"application/json": read_json, "text/csv": read_csv}.get((content_type or "").split(";")[0].strip().lower())
    if read is None:
        raise BaseInferenceToolkitError(415, f"{content_type} is not known here", "Unsupported Media Type")
    try:
        return read(body.decode("utf-8") if isinstance(body, (bytes, bytearray)) else body)
    except (ValueError, RecursionError, csv.Error) as problem:
        raise BaseInferenceToolkitError(400, f"not readable: {problem}", "Bad Request")


def as_table(rows, columns):
    if not rows:
        raise Refused("no rows")
    if any(sorted(row) != sorted(columns) for row in rows):
        raise Refused(f"columns are {columns}")
    made = {}
    for name in columns:
        values = [row[name] for row in rows]
        if name in WORDS:
            if not all(isinstance(value, str) for value in values):
                raise Refused(f"{name}: text, please")
            made[name] = values
        else:
            try:
                numbers = np.array([np.nan if value is None else float(value) for value in values])
            except OverflowError:
                raise Refused(f"{name}: too large")
            if not all(value is None or np.isfinite(number) for value, number in zip(values, numbers)):
                raise Refused(f"{name}: a finite number, please")
            made[name] = numbers
    return pd.DataFrame(made)


def predict_fn(data, model):
    try:
        table = as_table(data, [*map(str, model.feature_names_in_)])
    except Refused as problem:
        raise BaseInferenceToolkitError(400, str(problem), "Bad Request")
    return model.predict_proba(table)[:, 1]


def output_fn(prediction, accept):
    kind = (accept or "application/json").split(";")[0].strip().lower()
    if kind == "text/csv":
        return "\n".join(map(str, np.asarray(prediction).tolist())) + "\n"
    if kind == "application/json":
        return json.dumps({"late": np.asarray(prediction).tolist()})
    raise BaseInferenceToolkitError(406, f"{accept} is not offered", "Not Acceptable")
'''
