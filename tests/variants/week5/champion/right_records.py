"""Sends records, and makes JSON of the rows by hand."""

def promote(folder: str, model_folder: str) -> int:
    """Register a saved model (as in part 1) as ``registry.MODEL``, make it the champion, and give its version."""
    import mlflow

    registry.connect(folder)
    version = mlflow.register_model(f"file://{model_folder}", registry.MODEL).version
    mlflow.MlflowClient().set_registered_model_alias(registry.MODEL, registry.ALIAS, version)
    return int(version)


def due(folder: str, serving: int | None) -> str | None:
    """Give the address of the champion, by version, if it is not the version that serves; None if it is."""
    import mlflow

    registry.connect(folder)
    version = int(mlflow.MlflowClient().get_model_version_by_alias(registry.MODEL, registry.ALIAS).version)
    return None if version == serving else f"models:/{registry.MODEL}/{version}"


def served_by_mlflow(folder: str, rows: pd.DataFrame) -> np.ndarray:
    """Give the probabilities of late, shape (n,), that MLflow's scoring server answers for the champion."""
    import mlflow

    registry.connect(folder)
    server = registry.scoring_server(mlflow.pyfunc.load_model(f"models:/{registry.MODEL}@{registry.ALIAS}"))
    records = [{k: None if v != v else v for k, v in row.items()} for row in rows.to_dict("records")]
    answer = server.post("/invocations", content=json.dumps({"dataframe_records": records}), headers={"Content-Type": "application/json"})
    return np.array([late for _, late in answer.json()["predictions"]])
