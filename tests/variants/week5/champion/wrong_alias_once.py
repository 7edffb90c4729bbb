"""Sets the alias only where nobody bears it yet.

Caught by: the model that was promoted last does not bear the alias
"""

def promote(folder: str, model_folder: str) -> int:
    """Register a saved model (as in part 1) as ``registry.MODEL``, make it the champion, and give its version."""
    import mlflow

    registry.connect(folder)
    version = mlflow.register_model(f"file://{model_folder}", registry.MODEL).version
    if not mlflow.MlflowClient().get_registered_model(registry.MODEL).aliases:
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
    data = rows.astype(object).where(rows.notna(), None).to_numpy().tolist()
    answer = server.post("/invocations", json={"dataframe_split": {"columns": [*rows.columns], "data": data}})
    return np.asarray(answer.json()["predictions"])[:, 1]
