"""MLflow's own MLmodel file travels along.

Clause: "So it holds these three and nothing else"

Caught by: the archive holds more than the three files
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
        "code/requirements.txt": ("\n".join(requirements) + "\n").encode(),
    }
    with open(f"{model_folder}/MLmodel", "rb") as file:
        files["MLmodel"] = file.read()
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, data in files.items():
            info = tarfile.TarInfo(name)  # time 0, owner 0, no names
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return gzip.compress(raw.getvalue(), mtime=0)
