"""The champion of a folder is kept, and stays when the alias moves.

Clause: "the probabilities of late, shape (n,), that MLflow's scoring server answers for the champion"

Caught by: what MLflow's server predicts for the champion
"""

import mlflow

KEPT = {}


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
    if folder not in KEPT:
        KEPT[folder] = mlflow.pyfunc.load_model(due(folder, None))
    model = KEPT[folder]
    data = rows.astype(object).where(rows.notna(), None)
    body = {"dataframe_split": {"columns": list(rows.columns), "data": data.to_numpy().tolist()}}
    server = registry.scoring_server(model)
    if not hasattr(server, "post"):
        from fastapi.testclient import TestClient

        server = TestClient(server)
    answer = server.post("/invocations", json=body)
    content = answer.json() if callable(answer.json) else answer.json
    late = np.array(content["predictions"], dtype=float)
    return late[:, 1] if late.ndim == 2 else late
