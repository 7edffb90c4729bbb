"""Another pickler, which writes the same kind of file, and a fixed date in the headers."""

def package(model_folder: str, script: str, requirements: list[str]) -> bytes:
    import gzip
    import io
    import tarfile

    import cloudpickle
    import mlflow

    model = mlflow.pyfunc.load_model(model_folder).get_raw_model()
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as tar:

        def add(name, data):
            info = tarfile.TarInfo(name)
            info.size, info.mtime, info.mode = len(data), 1_000_000_000, 0o444
            tar.addfile(info, io.BytesIO(data))

        add("model.joblib", cloudpickle.dumps(model))
        add("code/inference.py", bytes(script, "utf-8"))
        add("code/requirements.txt", "\n".join([*requirements, ""]).encode())
    return gzip.compress(plain.getvalue(), compresslevel=6, mtime=0)
