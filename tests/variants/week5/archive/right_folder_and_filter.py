"""A temporary folder and a filter that cleans each header."""

import gzip
import io
import tarfile
import tempfile
from pathlib import Path

import joblib
import mlflow


def package(model_folder: str, script: str, requirements: list[str]) -> bytes:
    def clean(info):
        info.mtime = info.uid = info.gid = 0
        info.uname = info.gname = ""
        return info

    buffer = io.BytesIO()
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        (root / "code").mkdir()
        joblib.dump(mlflow.sklearn.load_model(model_folder), root / "model.joblib")
        (root / "code" / "inference.py").write_bytes(script.encode())
        (root / "code" / "requirements.txt").write_bytes("".join(line + "\n" for line in requirements).encode())
        with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0) as zipped:
            with tarfile.open(fileobj=zipped, mode="w") as tar:
                for name in ("model.joblib", "code/inference.py", "code/requirements.txt"):
                    tar.add(root / name, arcname=name, filter=clean)
    return buffer.getvalue()
