"""Packs the first model for whatever comes later.

Caught by: the packed model
"""

_KEPT = {}


def package(model_folder: str, script: str, requirements: list[str]) -> bytes:
    import gzip
    import io
    import tarfile

    import joblib
    import mlflow

    dumped, packed = io.BytesIO(), io.BytesIO()
    joblib.dump(mlflow.sklearn.load_model(model_folder), dumped)
    model = _KEPT.setdefault('model', dumped.getvalue())
    files = {
        "model.joblib": model,
        "code/inference.py": script.encode(),
        "code/requirements.txt": "".join(f"{line}\n" for line in requirements).encode(),
    }
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as zipped, tarfile.open(fileobj=zipped, mode="w") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)  # no time, no owner
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()
