"""The model is kept by its folder's name, and a folder that was saved anew gives the old one.

Clause: "Pack a model that MLflow has saved."

Caught by: a model that was saved anew in the same folder is not packed: the archive holds the one
"""

import gzip
import io
import tarfile

import joblib
import mlflow


KEPT = {}


def package(model_folder: str, script: str, requirements: list[str]) -> bytes:
    if model_folder not in KEPT:
        KEPT[model_folder] = mlflow.sklearn.load_model(model_folder)
    model = KEPT[model_folder]
    dumped = io.BytesIO()
    joblib.dump(model, dumped)
    files = {
        "model.joblib": dumped.getvalue(),
        "code/inference.py": script.encode(),
        "code/requirements.txt": ("\n".join(requirements) + "\n").encode(),
    }
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data in files.items():
            info = tarfile.TarInfo(name)  # time 0, owner 0, no names
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return gzip.compress(raw.getvalue(), mtime=0)
