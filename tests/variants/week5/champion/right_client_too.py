"""The client's own calls, and JSON by hand."""

import mlflow
from mlflow.exceptions import MlflowException


def _client(folder):
    registry.connect(folder)
    return mlflow.MlflowClient()


def promote(folder: str, model_folder: str) -> int:
    client, name = _client(folder), registry.MODEL
    with mlflow.start_run() as run:
        mlflow.log_artifacts(model_folder, artifact_path="saved")
    try:
        client.get_registered_model(name)
    except MlflowException:
        client.create_registered_model(name)
    made = client.create_model_version(name, source=f"{run.info.artifact_uri}/saved", run_id=run.info.run_id)
    client.set_registered_model_alias(name, "champion", made.version)
    return int(made.version)


def due(folder: str, serving: int | None) -> str | None:
    champion = _client(folder).get_model_version_by_alias(registry.MODEL, "champion")
    if serving is not None and int(champion.version) == int(serving):
        return None
    return "models:/" + champion.name + "/" + str(champion.version)


def served_by_mlflow(folder: str, rows: pd.DataFrame) -> np.ndarray:
    champion = _client(folder).get_model_version_by_alias(registry.MODEL, "champion")
    model = mlflow.pyfunc.load_model(f"models:/{champion.name}/{champion.version}")
    lines = [[None if pd.isna(value) else getattr(value, "item", lambda: value)() for value in line]
             for line in rows.itertuples(index=False, name=None)]
    server = registry.scoring_server(model)
    if not hasattr(server, "post"):
        from starlette.testclient import TestClient

        server = TestClient(server)
    answer = server.post("/invocations", json={"dataframe_split": {"columns": [*rows.columns], "data": lines}})
    found = json.loads(answer.text)["predictions"]
    return np.array([one[1] if isinstance(one, list) else one for one in found], dtype=float)
