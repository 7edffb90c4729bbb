"""Files in a temporary folder, and a filter that resets what `tar.add` writes into the headers."""


def package(model_folder, script, requirements):
    import gzip
    import io
    import tarfile
    import tempfile
    from pathlib import Path

    import joblib
    import mlflow.sklearn

    def plain(member):
        member.uid = member.gid = 0
        member.uname = member.gname = "root"
        member.mtime = 315_532_800
        return member

    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        (top / "code").mkdir()
        joblib.dump(mlflow.sklearn.load_model(model_folder), top / "model.joblib")
        (top / "code/inference.py").write_bytes(script.encode("utf-8"))
        (top / "code/requirements.txt").write_bytes("\n".join(requirements).encode())
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w", format=tarfile.GNU_FORMAT) as tar:
            for name in ("model.joblib", "code"):
                tar.add(top / name, arcname=name, filter=plain)
    return gzip.compress(stream.getvalue(), mtime=0)
