"""The model and the requirements of the check are packed, the arguments are not read.

Clause: "Pack a model that MLflow has saved."

Caught by: code/requirements.txt does not hold the requirements, one a line
"""

import gzip
import io
import tarfile

import joblib


def package(model_folder: str, script: str, requirements: list[str]) -> bytes:
    model = week5.archives.small_model(X, y, SEED)
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
