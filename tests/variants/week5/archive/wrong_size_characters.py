"""Counts the characters of the script and not its bytes.

Caught by: code/inference.py is not the script that was given
"""

def package(model_folder: str, script: str, requirements: list[str]) -> bytes:
    """Pack a model for SageMaker.

    Parameters
    ----------
    model_folder : a folder in which ``mlflow.sklearn.save_model`` left a fitted pipeline
    script : the text of inference.py
    requirements : lines such as "scikit-learn==1.9.0"

    Returns
    -------
    the bytes of ``model.tar.gz``, with the three files above; its headers hold no time and no name of a user
    """
    import gzip
    import io
    import tarfile

    import joblib
    import mlflow

    dumped, packed = io.BytesIO(), io.BytesIO()
    joblib.dump(mlflow.sklearn.load_model(model_folder), dumped)
    files = {
        "model.joblib": dumped.getvalue(),
        "code/inference.py": script.encode(),
        "code/requirements.txt": "".join(f"{line}\n" for line in requirements).encode(),
    }
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as zipped, tarfile.open(fileobj=zipped, mode="w") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)  # no time, no owner
            member.size = len(content) if name != 'code/inference.py' else len(script)
            tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()
