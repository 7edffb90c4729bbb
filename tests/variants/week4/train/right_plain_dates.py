"""Plain dates counted backwards; fitted before the run begins."""

import datetime as dt

import mlflow

INPUTS = ("departs weekday distance carrier origin dest origin_departed origin_delay origin_waiting").split()


def train(day: str, lake_folder: str, folder: str, window: int = 28, holdout: int = 7) -> int:
    registry.connect(folder)
    client = mlflow.MlflowClient()
    made = [v for v in client.search_model_versions(f"name='{registry.MODEL}'") if v.tags.get("day") == day]
    if made:
        return min(int(v.version) for v in made)

    days, cursor = [], dt.date.fromisoformat(day) - dt.timedelta(days=holdout)
    while len(days) < window:
        days.insert(0, cursor.isoformat())
        cursor -= dt.timedelta(days=1)
    there = lake.days(lake_folder, "features")
    for one in days:
        if one not in there:
            return 0

    rows = lake.read(lake_folder, "features", days).dropna(subset=["late"]).reset_index(drop=True)
    X = registry.plain(rows[INPUTS])
    model = models.pipeline("lightgbm", 0, n_estimators=60, num_leaves=15)
    model.fit(X, rows["late"].astype(int))
    with mlflow.start_run(run_name=day):
        for name, value in (("day", day), ("first", days[0]), ("last", days[-1]), ("rows", len(rows))):
            mlflow.log_param(name, value)
        logged = mlflow.sklearn.log_model(
            model,
            name="model",
            signature=mlflow.models.infer_signature(X, model.predict_proba(X)),
            pip_requirements=registry.requirements(),
            serialization_format="cloudpickle",
            pyfunc_predict_fn="predict_proba",
        )
    if not client.search_registered_models(f"name='{registry.MODEL}'"):
        client.create_registered_model(registry.MODEL)
    version = client.create_model_version(
        name=registry.MODEL, source=logged.model_uri, run_id=logged.run_id, tags={"day": day}
    )
    return int(version.version)
