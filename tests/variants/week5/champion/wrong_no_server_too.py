"""The model is asked itself, and MLflow's server never runs.

Clause: "Give the probabilities of late, shape (n,), that MLflow's scoring server answers for the champion."

Caught by: the champion was not asked by MLflow's scoring server
"""

import mlflow


def promote(folder: str, model_folder: str) -> int:
    registry.connect(folder)
    with mlflow.start_run() as run:
        mlflow.log_artifacts(model_folder, "model")
    version = int(mlflow.register_model(f"runs:/{run.info.run_id}/model", registry.MODEL).version)
    mlflow.MlflowClient().set_registered_model_alias(registry.MODEL, "champion", version)
    return version


def due(folder: str, serving: int | None) -> str | None:
    registry.connect(folder)
    version = int(mlflow.MlflowClient().get_model_version_by_alias(registry.MODEL, "champion").version)
    return None if version == serving else f"models:/{registry.MODEL}/{version}"


def served_by_mlflow(folder: str, rows: pd.DataFrame) -> np.ndarray:
    registry.connect(folder)
    model = mlflow.sklearn.load_model(due(folder, None))
    return model.predict_proba(rows)[:, 1]
