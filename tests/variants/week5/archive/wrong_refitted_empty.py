"""Dumps a copy that has learned nothing.

Caught by: the packed model cannot take the columns
"""


def package(model_folder: str, script: str, requirements: list[str]) -> bytes:
    import gzip
    import io
    import tarfile

    import joblib
    import mlflow

    dumped, packed = io.BytesIO(), io.BytesIO()
    joblib.dump(__import__('sklearn.base').base.clone(mlflow.sklearn.load_model(model_folder)), dumped)
    files = {
        "model.joblib": dumped.getvalue(),
        "code/inference.py": script.encode(),
        "code/requirements.txt": "".join(f"{line}\n" for line in requirements).encode(),
    }
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as zipped, tarfile.open(fileobj=zipped, mode="w") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)  # no time, no owner
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()
