"""One list of kinds for the columns, checked value by value, and a table column by column."""


def inference_script():
    return r"""
import csv
import json
import math
import os

import joblib
import pandas as pd
from sagemaker_inference.errors import BaseInferenceToolkitError as Error

WORDS = ("carrier", "origin", "dest")
MISSING = float("nan")


class Unreadable(Exception):
    pass


def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "model.joblib"))


def from_json(body):
    def constant(word):
        raise Unreadable(word)

    try:
        content = json.loads(body, parse_constant=constant)
    except (ValueError, RecursionError) as error:
        raise Unreadable(str(error))
    rows = content.get("rows") if type(content) is dict else None
    if type(rows) is not list:
        raise Unreadable("rows")
    return rows


def from_csv(body):
    lines = list(csv.reader(body.splitlines()))
    names = lines[0] if lines else []
    if len(names) != len(set(names)):
        raise Unreadable("a name twice")
    rows = []
    for line in lines[1:]:
        if len(line) != len(names):
            raise Unreadable("a line of another length")
        row = {}
        for name, word in zip(names, line):
            if name in WORDS:
                row[name] = word if word != "" else None
            else:
                try:
                    row[name] = None if word == "" else float(word)
                except ValueError:
                    raise Unreadable(name)
        rows.append(row)
    return rows


READERS = {"application/json": from_json, "text/csv": from_csv}


def input_fn(body, content_type):
    if content_type not in READERS:
        raise Error(415, content_type, "Unsupported Media Type")
    try:
        return READERS[content_type](body)
    except Unreadable as error:
        raise Error(400, str(error), "Bad Request")


def fits(name, value):
    if name in WORDS:
        return type(value) is str
    if value is None:
        return True
    if type(value) is int:
        return -(10**300) < value < 10**300
    return type(value) is float and math.isfinite(value)


def predict_fn(rows, model):
    names = [str(name) for name in model.feature_names_in_]
    good = rows and all(type(row) is dict and set(row) == set(names) for row in rows)
    if not good or not all(fits(name, row[name]) for row in rows for name in names):
        raise Error(400, "rows with these columns: " + ", ".join(names), "Bad Request")
    table = pd.DataFrame({name: [row[name] for row in rows] for name in names})
    table = table.astype({name: "float64" for name in names if name not in WORDS})
    return model.predict_proba(table)[:, 1]


def output_fn(prediction, accept):
    if accept == "application/json":
        return json.dumps({"late": [float(p) for p in prediction]}), accept
    if accept == "text/csv":
        return "\n".join(str(float(p)) for p in prediction), accept
    raise Error(406, accept, "Not Acceptable")
"""
