"""GNU tar and gzip do it, with their own options for reproducible archives."""


def package(model_folder, script, requirements):
    import os
    import subprocess
    import tempfile

    import joblib
    import mlflow

    with tempfile.TemporaryDirectory() as top:
        os.mkdir(f"{top}/code")
        joblib.dump(mlflow.sklearn.load_model(model_folder), f"{top}/model.joblib", compress=3)
        with open(f"{top}/code/inference.py", "w", encoding="utf-8", newline="") as file:
            file.write(script)
        with open(f"{top}/code/requirements.txt", "w") as file:
            file.writelines(line + os.linesep for line in requirements)
        options = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0"]
        command = ["tar", *options, "-C", top, "-cf", "-", "model.joblib", "code/inference.py", "code/requirements.txt"]
        tar = subprocess.run(command, capture_output=True, check=True).stdout
        return subprocess.run(["gzip", "-n"], input=tar, capture_output=True, check=True).stdout
