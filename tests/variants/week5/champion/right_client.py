"""Makes the version with the client, and finds the alias among those of the registered model."""

def promote(folder: str, model_folder: str) -> int:
    """Register a saved model (as in part 1) as ``registry.MODEL``, make it the champion, and give its version."""
    import mlflow

    registry.connect(folder)
    client = mlflow.MlflowClient()
    if not client.search_registered_models(f"name = '{registry.MODEL}'"):
        client.create_registered_model(registry.MODEL)
    made = client.create_model_version(registry.MODEL, model_folder)
    client.set_registered_model_alias(registry.MODEL, registry.ALIAS, made.version)
    return made.version if isinstance(made.version, int) else int(made.version)


def due(folder: str, serving: int | None) -> str | None:
    """Give the address of the champion, by version, if it is not the version that serves; None if it is."""
    import mlflow

    registry.connect(folder)
    version = int(mlflow.MlflowClient().get_registered_model(registry.MODEL).aliases[registry.ALIAS])
    return None if version == serving else f"models:/{registry.MODEL}/{version}"


def served_by_mlflow(folder: str, rows: pd.DataFrame) -> np.ndarray:
    """Give the probabilities of late, shape (n,), that MLflow's scoring server answers for the champion."""
    import mlflow

    registry.connect(folder)
    server = registry.scoring_server(mlflow.pyfunc.load_model(f"models:/{registry.MODEL}@{registry.ALIAS}"))
    data = rows.astype(object).where(rows.notna(), None).to_numpy().tolist()
    answer = server.post("/invocations", json={"dataframe_split": {"columns": [*rows.columns], "data": data}})
    return np.asarray(answer.json()["predictions"])[:, 1]
