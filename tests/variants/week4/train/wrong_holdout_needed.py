"""No model is trained where a day of the holdout is missing.

Clause: "the version; 0 where a day of the window has no partition"

Caught by: no model is trained although every day of the window is there
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
    for version in client.search_model_versions(f"name = '{registry.MODEL}'"):
        if version.tags.get("day") == day:
            return int(version.version)
    last = pd.Timestamp(day) - pd.Timedelta(days=holdout)
    days = [f"{date:%Y-%m-%d}" for date in pd.date_range(end=last, periods=window)]
    there = set(lake.days(lake_folder, "features"))
    if not there.issuperset(days) or not there.issuperset(lake.days_before(day, holdout - 1)):
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
    made = client.create_model_version(registry.MODEL, logged.model_uri, logged.run_id, tags={"day": day})
    return int(made.version)
