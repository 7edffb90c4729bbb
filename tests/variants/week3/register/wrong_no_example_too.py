"""The model is logged with a signature but without an input example.

Clause: "A **signature** says which columns go in and what comes out; an **input example** shows it."

Caught by: the model has no input example
"""

import matplotlib.pyplot as plt
import mlflow
import numpy as np
import pandas as pd

NAME = "flight-delays"


def register_champion(folder: str, trials: list[dict], X: pd.DataFrame, y: pd.Series, seed: int) -> int:
    registry.connect(folder)
    means = [float(np.mean(trial["fold_log_loss"])) for trial in trials]
    best = int(np.argmin(means))
    for position, (trial, mean) in enumerate(zip(trials, means)):
        with mlflow.start_run():
            mlflow.log_params(trial["settings"])
            for number, loss in enumerate(trial["fold_log_loss"]):
                mlflow.log_metric("log_loss", float(loss), step=number)
            mlflow.log_metric("mean_log_loss", mean)
            if position != best:
                continue
            figure, axes = plt.subplots()
            axes.bar(range(len(trial["fold_log_loss"])), trial["fold_log_loss"])
            axes.set(xlabel="fold", ylabel="log loss")
            mlflow.log_figure(figure, "folds.png")
            plt.close(figure)
            model = models.pipeline("lightgbm", seed, **trial["settings"]).fit(X, y)
            logged = mlflow.sklearn.log_model(
                model,
                name="model",
                signature=mlflow.models.infer_signature(X, model.predict_proba(X)),
                pip_requirements=registry.requirements(),
                serialization_format="cloudpickle",
                pyfunc_predict_fn="predict_proba",
                registered_model_name=NAME,
            )
    version = int(logged.registered_model_version)
    mlflow.MlflowClient().set_registered_model_alias(NAME, "champion", version)
    return version


def champion_scores(folder: str, X: pd.DataFrame) -> np.ndarray:
    registry.connect(folder)
    return mlflow.sklearn.load_model(f"models:/{NAME}@champion").predict_proba(X)[:, 1]
