"""Loads and logs the model again; the request as pandas writes it; the version from the client."""

def promote(folder, model_folder):
    import mlflow

    registry.connect(folder)
    model = mlflow.sklearn.load_model(model_folder)
    signature = mlflow.models.get_model_info(model_folder).signature
    with mlflow.start_run():
        info = mlflow.sklearn.log_model(
            model,
            name="model",
            signature=signature,
            pip_requirements=registry.requirements(),
            serialization_format="cloudpickle",
            pyfunc_predict_fn="predict_proba",
            registered_model_name=registry.MODEL,
        )
    mlflow.MlflowClient().set_registered_model_alias(registry.MODEL, registry.ALIAS, info.registered_model_version)
    return int(info.registered_model_version)


def due(folder, serving):
    from mlflow import MlflowClient

    registry.connect(folder)
    champion = MlflowClient().get_model_version_by_alias(registry.MODEL, registry.ALIAS)
    if str(serving) == str(champion.version):
        return None
    return "models:/" + champion.name + "/" + str(champion.version)


def served_by_mlflow(folder, rows):
    import mlflow

    registry.connect(folder)
    model = mlflow.pyfunc.load_model("models:/flight-delays@champion")
    body = {"dataframe_records": json.loads(rows.to_json(orient="records", double_precision=15))}
    response = registry.scoring_server(model).post("/invocations", json=body)
    response.raise_for_status()
    return np.array([late for _, late in response.json()["predictions"]])
