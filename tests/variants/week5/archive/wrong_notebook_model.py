"""The notebook's model is packed, whatever lies in the folder.

Clause: "model_folder : a folder in which ``mlflow.sklearn.save_model`` left a fitted pipeline"

Caught by: the packed model cannot take the columns that the saved model takes
"""

import gzip
import io
import tarfile

import joblib


def package(model_folder: str, script: str, requirements: list[str]) -> bytes:
    dumped = io.BytesIO()
    joblib.dump(few, dumped)
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
