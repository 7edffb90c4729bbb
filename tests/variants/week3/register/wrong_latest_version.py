"""champion_scores loads the newest version, whatever the alias says.

Clause: "Give the probabilities of late by the champion of the registry in ``folder``, found by its alias"

Caught by: the prediction of the version with the alias is not what it should be
"""

import mlflow
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from mlflow import MlflowClient


def _log_trial(trial):
    losses = [float(loss) for loss in trial["fold_log_loss"]]
    with mlflow.start_run() as run:
        mlflow.log_params(trial["settings"])
        for fold in range(len(losses)):
            mlflow.log_metric("log_loss", losses[fold], step=fold)
        mlflow.log_metric("mean_log_loss", sum(losses) / len(losses))
    return sum(losses) / len(losses), run.info.run_id


def register_champion(folder: str, trials: list[dict], X: pd.DataFrame, y: pd.Series, seed: int) -> int:
    registry.connect(folder)
    logged = [_log_trial(trial) for trial in trials]
    best = min(range(len(trials)), key=lambda k: logged[k][0])
    model = models.pipeline("lightgbm", seed, **trials[best]["settings"])
    model.fit(X, y)
    figure = Figure()
    figure.subplots().plot(trials[best]["fold_log_loss"], marker="o")
    with mlflow.start_run(run_id=logged[best][1]):  # its own run, opened once more
        mlflow.log_figure(figure, "folds.png")
        info = mlflow.sklearn.log_model(
            model,
            name="champion",
            signature=mlflow.models.infer_signature(X, model.predict_proba(X)),
            input_example=X.iloc[:5],
            pip_requirements=registry.requirements(),
            serialization_format="cloudpickle",
            pyfunc_predict_fn="predict_proba",
        )
    version = mlflow.register_model(info.model_uri, "flight-delays").version
    MlflowClient().set_registered_model_alias("flight-delays", "champion", version)
    return int(version)


def champion_scores(folder: str, X: pd.DataFrame) -> np.ndarray:
    registry.connect(folder)
    version = max(int(v.version) for v in MlflowClient().search_model_versions("name = 'flight-delays'"))
    model = mlflow.sklearn.load_model(f"models:/flight-delays/{version}")
    return model.predict_proba(X)[:, 1]
