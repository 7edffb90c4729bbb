"""A version is known by day and window, so another window on the same day makes a second one.

Clause: "Idempotent here means: whoever trains for 7 March a second time gets the version that is there."

Caught by: run twice for the same day, train registers a second version
"""

import mlflow
import pandas as pd
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

INPUTS = ["departs", "weekday", "distance", "carrier", "origin", "dest"]
INPUTS += ["origin_departed", "origin_delay", "origin_waiting"]


def train(day: str, lake_folder: str, folder: str, window: int = 28, holdout: int = 7) -> int:
    registry.connect(folder)
    client = MlflowClient()
    last = pd.Timestamp(day) - pd.Timedelta(days=holdout)
    days = [f"{date:%Y-%m-%d}" for date in pd.date_range(end=last, periods=window)]
    tags = {"day": day, "first": days[0], "last": days[-1]}
    for version in client.search_model_versions(f"name = '{registry.MODEL}'"):
        if all(version.tags.get(name) == value for name, value in tags.items()):
            return int(version.version)
    there = set(lake.days(lake_folder, "features"))
    if not there.issuperset(days):
        return 0
    rows = lake.read(lake_folder, "features", days)
    rows = rows[rows["late"].notna()]
    X, y = registry.plain(rows[INPUTS]), rows["late"].astype(int)
    with mlflow.start_run():
        mlflow.log_params({"day": day, "first": days[0], "last": days[-1], "rows": len(rows)})
        model = models.pipeline("lightgbm", 0, n_estimators=60, num_leaves=15).fit(X, y)
        logged = mlflow.sklearn.log_model(
            model,
            name="model",
            signature=mlflow.models.infer_signature(X, model.predict_proba(X)),
            input_example=X.head(3),
            pip_requirements=registry.requirements(),
            serialization_format="cloudpickle",
            pyfunc_predict_fn="predict_proba",
        )
    try:
        client.create_registered_model(registry.MODEL)
    except MlflowException:
        pass  # it is there already
    made = client.create_model_version(registry.MODEL, logged.model_uri, logged.run_id, tags=tags)
    return int(made.version)
