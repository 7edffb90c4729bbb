"""Lets pandas read both, and checks the table against the rows that came in."""

def inference_script():
    return r"""
import io, json, os
import joblib
import numpy as np
import pandas as pd
from sagemaker_inference.errors import BaseInferenceToolkitError as Refuse

WORDS = ["carrier", "origin", "dest"]

def model_fn(model_dir):
    with open(os.path.join(model_dir, "model.joblib"), "rb") as file:
        return joblib.load(file)

def strict(text):
    def never(word):
        raise ValueError(word)
    return json.loads(text, parse_constant=never)

def input_fn(body, content_type):
    if content_type not in ("application/json", "text/csv"):
        raise Refuse(415, "only JSON and CSV", "Unsupported Media Type")
    try:
        if content_type == "text/csv":
            if len({line.count(",") for line in body.splitlines() if line}) != 1:
                raise ValueError("lines of different lengths")
            return pd.read_csv(io.StringIO(body), dtype=str, keep_default_na=False, na_values=[""], index_col=False, float_precision="round_trip")
        rows = strict(body)["rows"]
        keys = {tuple(sorted(row)) for row in rows}
        if len(keys) != 1:
            raise ValueError("rows differ in their columns, or there are none")
        for row in rows:
            for name, value in row.items():
                if name not in WORDS and (isinstance(value, bool) or not isinstance(value, int | float | None)):
                    raise ValueError(name + " is a number")
        return pd.DataFrame(rows, dtype=object)
    except Exception as error:
        raise Refuse(400, str(error), "Bad Request")

def predict_fn(table, model):
    wanted = list(model.feature_names_in_)
    if sorted(table.columns) != sorted(wanted) or len(table) == 0:
        raise Refuse(400, "send rows with exactly these columns: " + ", ".join(wanted), "Bad Request")
    table = table[wanted].copy()
    for name in wanted:
        if name in WORDS:
            if not table[name].map(lambda value: isinstance(value, str)).all():
                raise Refuse(400, name + " is text", "Bad Request")
            continue
        known = table[name].notna()
        try:
            found = table[name].astype("float64")
        except (ValueError, TypeError, OverflowError):
            raise Refuse(400, name + " is a number", "Bad Request")
        if not np.isfinite(found[known]).all():
            raise Refuse(400, name + " is not finite", "Bad Request")
        table[name] = found
    return model.predict_proba(table)[:, 1]

def output_fn(prediction, accept):
    if accept == "text/csv":
        return "\n".join(repr(float(p)) for p in prediction), "text/csv"
    if accept == "application/json":
        return json.dumps({"late": prediction.tolist()}), "application/json"
    raise Refuse(406, "only JSON and CSV", "Not Acceptable")
"""
