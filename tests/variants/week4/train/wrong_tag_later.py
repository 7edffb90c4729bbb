"""Sets the tag in a call of its own: a crash before it leaves a version of nobody.

Caught by: makes a second version for the day
"""

def train(day: str, lake_folder: str, folder: str, window: int = 28, holdout: int = 7) -> int:
    registry.connect(folder)
    client = mlflow.MlflowClient()
    for version in client.search_model_versions(f"name = '{registry.MODEL}'"):
        if version.tags.get("day") == day:
            return int(version.version)
    days = lake.days_before(day, holdout + window - 1, holdout)
    if not set(days) <= set(lake.days(lake_folder, "features")):
        return 0
    known = lake.read(lake_folder, "features", days).dropna(subset=["late"])
    X, y = registry.plain(known[list(lake.FEATURES)]), known["late"].astype(int)
    model = models.pipeline("lightgbm", 0, n_estimators=60, num_leaves=15).fit(X, y)
    with mlflow.start_run(run_name=day):
        mlflow.log_params({"day": day, "first": days[0], "last": days[-1], "rows": len(X)})
        logged = mlflow.sklearn.log_model(
            model, name="model", input_example=X.head(3), pip_requirements=registry.requirements(),
            signature=mlflow.models.infer_signature(X, model.predict_proba(X)),
            serialization_format="cloudpickle", pyfunc_predict_fn="predict_proba",
        )  # fmt: skip
    if not client.search_registered_models(f"name = '{registry.MODEL}'"):
        client.create_registered_model(registry.MODEL)
    made = client.create_model_version(registry.MODEL, logged.model_uri, logged.run_id)
    client.set_model_version_tag(registry.MODEL, made.version, "day", day)
    return int(made.version)

