"""Rows are written by pandas with its ten decimals: more than any of these numbers has."""
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
    model = mlflow.pyfunc.load_model(due(folder, None))
    body = {"dataframe_split": json.loads(rows.to_json(orient="split", index=False))}
    server = registry.scoring_server(model)
    if not hasattr(server, "post"):
        from fastapi.testclient import TestClient

        server = TestClient(server)
    answer = server.post("/invocations", json=body)
    content = answer.json() if callable(answer.json) else answer.json
    late = np.array(content["predictions"], dtype=float)
    return late[:, 1] if late.ndim == 2 else late
