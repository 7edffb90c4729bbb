"""Files in a temporary folder, added by name, with a filter that clears the headers."""

def package(model_folder, script, requirements):
    import gzip, os, shutil, tarfile, tempfile
    import joblib, mlflow
    here = tempfile.mkdtemp()
    try:
        os.makedirs(os.path.join(here, "code"))
        joblib.dump(mlflow.sklearn.load_model(model_folder), os.path.join(here, "model.joblib"))
        with open(os.path.join(here, "code", "inference.py"), "w") as file:
            file.write(script)
        with open(os.path.join(here, "code", "requirements.txt"), "w") as file:
            file.write("\n".join(requirements) + "\n")

        def clear(member):
            member.mtime = member.uid = member.gid = 0
            member.uname = member.gname = ""
            return member

        path = os.path.join(here, "plain.tar")
        with tarfile.open(path, "w") as tar:
            tar.add(os.path.join(here, "model.joblib"), "model.joblib", filter=clear)
            tar.add(os.path.join(here, "code"), "code", filter=clear)
        with open(path, "rb") as file:
            return gzip.compress(file.read(), mtime=0)
    finally:
        shutil.rmtree(here)
