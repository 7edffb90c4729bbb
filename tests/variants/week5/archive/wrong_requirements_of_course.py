"""The course's requirements are written, whatever was passed.

Clause: "requirements : lines such as "scikit-learn==1.9.0""

Caught by: code/requirements.txt does not hold the requirements, one a line
"""

import gzip
import io
import tarfile

import joblib
import mlflow


def package(model_folder: str, script: str, requirements: list[str]) -> bytes:
    model = mlflow.sklearn.load_model(model_folder)
    dumped = io.BytesIO()
    joblib.dump(model, dumped)
    files = {
        "model.joblib": dumped.getvalue(),
        "code/inference.py": script.encode(),
        "code/requirements.txt": ("\n".join(registry.requirements()) + "\n").encode(),
    }
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data in files.items():
            info = tarfile.TarInfo(name)  # time 0, owner 0, no names
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return gzip.compress(raw.getvalue(), mtime=0)
