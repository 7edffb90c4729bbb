"""Days by pandas, an earlier version by a dictionary of tags, parameters one by one."""

def train(day: str, lake_folder: str, folder: str, window: int = 28, holdout: int = 7) -> int:
    registry.connect(folder)
    client = mlflow.MlflowClient()
    known = client.search_model_versions(f"name = '{registry.MODEL}'")
    by_day = {one.tags["day"]: int(one.version) for one in known if "day" in one.tags}
    if day in by_day:
        return by_day[day]
    last = pd.Timestamp(day) - pd.Timedelta(days=holdout)
    days = pd.date_range(last - pd.Timedelta(days=window - 1), last).strftime("%Y-%m-%d").tolist()
    if set(days) - set(lake.days(lake_folder, "features")):
        return 0
    table = lake.read(lake_folder, "features", days)
    table = table.loc[table["late"].notna()]
    X = registry.plain(table[list(lake.FEATURES)])
    model = models.pipeline("lightgbm", 0, n_estimators=60, num_leaves=15)
    model.fit(X, (table["late"] == 1).astype(int))
    with mlflow.start_run():
        for name, value in {"day": day, "first": days[0], "last": days[-1], "rows": len(table)}.items():
            mlflow.log_param(name, value)
        logged = mlflow.sklearn.log_model(
            model, name="lightgbm", signature=mlflow.models.infer_signature(X, model.predict_proba(X)),
            pip_requirements=registry.requirements(), serialization_format="cloudpickle",
            pyfunc_predict_fn="predict_proba",
        )
    if not known and not client.search_registered_models(f"name = '{registry.MODEL}'"):
        client.create_registered_model(registry.MODEL)
    tags = {"day": day, "window": f"{days[0]} to {days[-1]}"}
    return int(client.create_model_version(registry.MODEL, logged.model_uri, logged.run_id, tags=tags).version)
