"""The trial whose worst fold is the best becomes champion.

Caught by: the trial of lowest mean log loss
"""

def register_champion(folder: str, trials: list[dict], X: pd.DataFrame, y: pd.Series, seed: int) -> int:
    import mlflow

    registry.connect(folder)
    best = min(range(len(trials)), key=lambda place: np.max(trials[place]["fold_log_loss"]))
    for place, trial in enumerate(trials):
        with mlflow.start_run(run_name=f"trial {place}"):
            mlflow.log_params(trial["settings"])
            for fold, loss in enumerate(trial["fold_log_loss"]):
                mlflow.log_metric("log_loss", loss, step=fold)
            mlflow.log_metric("mean_log_loss", float(np.mean(trial["fold_log_loss"])))
            if place != best:
                continue
            figure, axes = plt.subplots()
            axes.plot(trial["fold_log_loss"], marker="o")
            mlflow.log_figure(figure, "folds.png")
            plt.close(figure)
            model = models.pipeline("lightgbm", seed, **trial["settings"]).fit(X, y)
            logged = mlflow.sklearn.log_model(
                model, name="model", input_example=X.head(3), pip_requirements=registry.requirements(),
                signature=mlflow.models.infer_signature(X, model.predict_proba(X)), registered_model_name=registry.MODEL,
                serialization_format="cloudpickle", pyfunc_predict_fn="predict_proba",
            )  
    version = int(logged.registered_model_version)
    mlflow.MlflowClient().set_registered_model_alias(registry.MODEL, registry.ALIAS, version)
    return version


def champion_scores(folder: str, X: pd.DataFrame) -> np.ndarray:
    import mlflow

    registry.connect(folder)
    champion = mlflow.sklearn.load_model(f"models:/{registry.MODEL}@{registry.ALIAS}")
    return champion.predict_proba(X)[:, 1]
